import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import type { Progress } from '../ingest/ingest.service.js';
import { holderName } from '../jobs/pubmed-claim.js';
import { SyncJob } from '../jobs/sync-job.js';
import { TaggingJob } from '../jobs/tagging-job.js';
import { AppError } from '../problem.js';
import type { JobRun } from '../model/job-run.js';
import { print, stopSignal, tell, withStore, type ExitCode } from './command.js';

export interface SyncOptions {
  from?: string;
  to?: string;
  full?: boolean;
  wait?: boolean;
}

/** `sync`: one run now, ending with its ledger. Exit 2 unless it is complete. */
export async function syncCommand(options: SyncOptions): Promise<ExitCode> {
  if (options.full && (options.from ?? options.to) !== undefined)
    throw new AppError('usage', '--full compares everything: it cannot be combined with --from and --to');
  for (const day of [options.from, options.to])
    if (day !== undefined && !isDay(day))
      throw new AppError('invalid-date', `${JSON.stringify(day)} is not a day written as YYYY-MM-DD`);
  return withStore(async (boot) => {
    const app = await NestFactory.createApplicationContext(AppModule.of(boot, { serve: false }), {
      logger: ['error', 'warn'],
    });
    const progress = progressLine();
    const tagging = app.get(TaggingJob);
    const signal = stopSignal();
    signal.addEventListener('abort', () => void tagging.beforeApplicationShutdown(), { once: true });
    const run = await app
      .get(SyncJob)
      .run({
        trigger: 'command',
        holder: holderName('`sync`'),
        signal,
        wait: options.wait ?? false,
        full: options.full ?? false,
        ...(options.from === undefined ? {} : { from: options.from }),
        ...(options.to === undefined ? {} : { to: options.to }),
        onWait: (holder) => tell(`waiting: ${holder} is working with PubMed`),
        onProgress: progress.show,
      })
      .finally(progress.end);
    if (tagging.isUnderWay() && run.stored + run.updated > 0) tell('tagging what came in');
    await tagging.finish();
    print(renderLedger(run));
    await app.close();
    return run.status === 'complete' ? 0 : 2;
  });
}

const isDay = (text: string) =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);

/** A bar on a terminal; elsewhere the log's own progress lines are enough. */
export function progressLine(): { show: (progress: Progress) => void; end: () => void } {
  if (!process.stderr.isTTY) return { show: () => undefined, end: () => undefined };
  let shownAt = 0;
  return {
    show: ({ done, counted, expected, stored, updated, share }) => {
      if (Date.now() - shownAt < 100) return;
      shownAt = Date.now();
      const of = Math.max(expected ?? 0, counted, 1);
      const filled = Math.round(30 * (share ?? done / of));
      const where = share === null ? `${done}/${of} records` : `${Math.floor(100 * share)} %, ${done} records`;
      process.stderr.write(
        `\r[${'#'.repeat(filled)}${'.'.repeat(Math.max(0, 30 - filled))}] ${where}, ${stored} new, ${updated} changed\u001b[K`,
      );
    },
    end: () => process.stderr.write('\r\u001b[K'),
  };
}

/** The ledger of a run as a few lines for people. */
export function renderLedger(run: JobRun): string {
  const lines = [
    `${run.job} ${run.status}  ${run.id}  (${run.trigger}, ${run.startedAt}${run.finishedAt ? ` to ${run.finishedAt}` : ''})`,
    ...run.windows.map(
      (window) => `  ${window.field.padEnd(5)} ${window.from} to ${window.to}  ${window.counted} records`,
    ),
    `  counted ${run.counted} = stored ${run.stored} + updated ${run.updated} + unchanged ${run.unchanged} + excluded ${run.excluded} + missing ${run.missing} + failed ${run.failed}`,
    ...run.reasons.map(
      (reason) =>
        `  ${reason.outcome}: ${reason.count} ${reason.code} (${reason.detail}): ${reason.pmids.slice(0, 10).join(', ')}${reason.count > 10 ? ' …' : ''}`,
    ),
    ...Object.entries(run.counts).map(([name, figure]) => `  ${name} ${figure}`),
    `  requests ${run.requests.sent}, of which ${run.requests.retried} repeated`,
  ];
  if (run.error) lines.push(`  ${run.error.code}: ${run.error.detail}`);
  return lines.join('\n');
}
