import { Worker } from 'node:worker_threads';
import type { TaxonomyQuery } from '../../model/taxonomy.js';
import { AppError, type ProblemCode } from '../../problem.js';
import { messagesOf } from './messages-of.js';
import type { FileBatch } from './read-file.js';

/** Batches that the worker may be ahead of the store: more would only take memory. */
export const BATCHES_AHEAD = 2;
/** Of the worker's heap. A thread of its own would else let it grow as it likes. */
const HEAP_MB = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 16 };

export interface WorkerData {
  path: string;
  query: TaxonomyQuery;
}

export type WorkerMessage =
  { kind: 'batch'; batch: FileBatch } | { kind: 'end' } | { kind: 'problem'; code: ProblemCode; message: string };

/** As `readPubmedFile`, in a thread of its own: one core parses while another stores. */
export async function* readInWorker(path: string, query: TaxonomyQuery): AsyncGenerator<FileBatch> {
  const worker = new Worker(new URL('./import-worker.js', import.meta.url), {
    workerData: { path, query } satisfies WorkerData,
    resourceLimits: HEAP_MB,
  });
  for await (const message of messagesOf<WorkerMessage>(worker)) {
    if (message.kind === 'end') return;
    if (message.kind === 'problem') throw new AppError(message.code, message.message);
    worker.postMessage('next');
    yield message.batch;
  }
}
