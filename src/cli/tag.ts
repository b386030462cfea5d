import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { holderName } from '../jobs/pubmed-claim.js';
import type { JobRun } from '../model/job-run.js';
import { TaggingService, type TaggingProgress } from '../tagging/tagging.service.js';
import { print, stopSignal, withStore, type ExitCode } from './command.js';

/** `tag [--all]`: tags the stored papers whose tags are not those of the taxonomy and the overrides as they are now. */
export const tagCommand = (options: { all?: boolean }): Promise<ExitCode> =>
  withStore(async (boot) => {
    const app = await NestFactory.createApplicationContext(AppModule.of(boot, { serve: false }), {
      logger: ['error', 'warn'],
    });
    try {
      const tagging = app.get(TaggingService);
      await tagging.adopt();
      const run = await tagging.run({
        trigger: 'command',
        holder: holderName('`tag`'),
        signal: stopSignal(),
        all: options.all ?? false,
        ...(process.stderr.isTTY ? { onProgress: showProgress } : {}),
      });
      if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
      print(renderTagging(run, tagging.tagger.version));
      return run.status === 'complete' ? 0 : 2;
    } finally {
      await app.close();
    }
  });

/** What a run of tagging did, in a few lines. */
export function renderTagging(run: JobRun, version: string): string {
  const { tagged = 0, changed = 0, failed = 0 } = run.counts;
  const lines = [
    `${run.job} ${run.status}  ${run.id}  (${run.trigger}, ${run.startedAt}${run.finishedAt ? ` to ${run.finishedAt}` : ''})`,
    `  tagged ${tagged}, of which ${changed} changed; failed ${failed}`,
    `  tagger ${version}`,
  ];
  if (run.error) lines.push(`  ${run.error.code}: ${run.error.detail}`);
  return lines.join('\n');
}

let shownAt = 0;
function showProgress({ tagged, changed, expected }: TaggingProgress): void {
  if (Date.now() - shownAt < 100) return;
  shownAt = Date.now();
  process.stderr.write(`\r${tagged}/${Math.max(expected, tagged)} papers tagged, ${changed} changed\u001b[K`);
}
