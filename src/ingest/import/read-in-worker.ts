import { Worker } from 'node:worker_threads';
import type { TaxonomyQuery } from '../../model/taxonomy.js';
import { AppError, type ProblemCode } from '../../problem.js';
import type { Dialect } from '../../store/database.js';
import type { FileBatch } from './read-file.js';

/** Batches that the worker may be ahead of the store: more would only take memory. */
export const BATCHES_AHEAD = 2;
/** Of the worker's heap. A thread of its own would else let it grow as it likes. */
const HEAP_MB = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 16 };

export interface WorkerData {
  path: string;
  query: TaxonomyQuery;
  dialect: Dialect;
}

export type WorkerMessage =
  { kind: 'batch'; batch: FileBatch } | { kind: 'end' } | { kind: 'problem'; code: ProblemCode; message: string };

/** As `readPubmedFile`, in a thread of its own: one core parses while another stores. */
export async function* readInWorker(path: string, query: TaxonomyQuery, dialect: Dialect): AsyncGenerator<FileBatch> {
  const worker = new Worker(new URL('./import-worker.js', import.meta.url), {
    workerData: { path, query, dialect } satisfies WorkerData,
    resourceLimits: HEAP_MB,
  });
  const arrived: WorkerMessage[] = [];
  let failure: Error | null = null;
  let wake: () => void = () => undefined;
  worker.on('message', (message: WorkerMessage) => {
    arrived.push(message);
    wake();
  });
  worker.on('error', (error: Error) => {
    failure = error;
    wake();
  });
  worker.on('exit', (code) => {
    failure ??= new Error(`The thread that reads the file ended with ${code}`);
    wake();
  });
  try {
    for (;;) {
      const message = arrived.shift();
      if (message?.kind === 'batch') {
        worker.postMessage('next');
        yield message.batch;
      } else if (message?.kind === 'end') return;
      else if (message) throw new AppError(message.code, message.message);
      else if (failure) throw failure as Error;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    await worker.terminate();
  }
}
