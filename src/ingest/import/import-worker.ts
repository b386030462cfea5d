import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '../../problem.js';
import { readPubmedFile } from './read-file.js';
import { unpackInWorker } from './unpack-in-worker.js';
import { BATCHES_AHEAD, type WorkerData, type WorkerMessage } from './read-in-worker.js';

/** The thread that splits and parses a file while the main one stores. Its parent asks for each batch. */
async function work(): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('This file runs as a worker.');
  const { path, query } = workerData as WorkerData;
  const send = (message: WorkerMessage) => port.postMessage(message);
  let credit = BATCHES_AHEAD;
  let wake: () => void = () => undefined;
  port.on('message', () => {
    credit++;
    wake();
  });
  try {
    for await (const batch of readPubmedFile(path, query, unpackInWorker)) {
      while (credit === 0) await new Promise<void>((resolve) => (wake = resolve));
      credit--;
      send({ kind: 'batch', batch });
    }
    send({ kind: 'end' });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    send({ kind: 'problem', code: error.code, message: error.message });
  }
  port.close();
}

await work();
