import { once } from 'node:events';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { processSettings, readTagger } from '../boot.js';
import { holderName } from '../jobs/pubmed-claim.js';
import type { JobRun } from '../model/job-run.js';
import { AppError } from '../problem.js';
import { parseRecord } from '../tagging/labelled.js';
import type { Tagger } from '../tagging/tag-paper.js';
import { TaggingService, type TaggingProgress } from '../tagging/tagging.service.js';
import { readTaxonomy } from '../taxonomy/read-taxonomy.js';
import { print, stopSignal, withStore, type ExitCode } from './command.js';
import { readLines, type Line } from './read-lines.js';

export interface TagOptions {
  all?: boolean;
  input?: string;
}

/** `tag`: of the store, or of records that are given. */
export function tagCommand(options: TagOptions): Promise<ExitCode> {
  if (options.input === undefined) return tagStore(options);
  if (options.all) throw new AppError('usage', '--all is about the stored papers; --input touches no store');
  return tagInput(options.input);
}

/** The tagger of this process's taxonomy, without a store. */
export async function processTagger(): Promise<Tagger> {
  const { TAXONOMY } = processSettings().settings;
  return readTagger(TAXONOMY, await readTaxonomy(TAXONOMY));
}

/** `tag --input`: each record goes out with its tags, facts and evidence; a bad line says what is wrong with it. */
async function tagInput(file: string): Promise<ExitCode> {
  const tagger = await processTagger();
  let bad = 0;
  for await (const line of readLines(file)) {
    const { text, failed } = tagLine(line, tagger);
    if (failed) bad += 1;
    if (!process.stdout.write(`${text}\n`)) await once(process.stdout, 'drain');
  }
  return bad > 0 ? 2 : 0;
}

function tagLine(line: Line, tagger: Tagger): { text: string; failed: boolean } {
  try {
    if (line.text === null) throw new AppError('record-unreadable', 'the line is too long for a record');
    const { record, paper } = parseRecord(line.text);
    const { tags, facts, evidence, factEvidence } = tagger(paper);
    return { text: JSON.stringify({ ...record, tags, facts, evidence, factEvidence }), failed: false };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { text: JSON.stringify({ line: line.number, error: error.code, detail: error.message }), failed: true };
  }
}

/** `tag [--all]`: tags the stored papers whose tags are not those of the taxonomy and the overrides as they are now. */
const tagStore = (options: TagOptions): Promise<ExitCode> =>
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
