import { Worker } from 'node:worker_threads';
import { messagesOf } from './messages-of.js';
import { BrokenFile } from './split-records.js';
import { CHUNK, type Unpacked } from './unpack.js';

/** Chunks that may be unpacked ahead. */
const SLOTS = 3;
/** MB, of the worker's heap: nothing lives there for long. */
const HEAP_MB = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 };

export interface UnpackData {
  path: string;
  /** Of `CHUNK` bytes each. */
  slots: SharedArrayBuffer[];
}

export type UnpackMessage =
  | { kind: 'chunk'; slot: number; length: number; read: number }
  | { kind: 'end' }
  | { kind: 'broken'; reason: string; offset: number; of: BrokenFile['of'] }
  | { kind: 'unreadable'; code: string | undefined; message: string };

/**
 * As `unpack`, in a thread of its own: unpacking goes on by itself while the caller looks at what has come. The bytes
 * are valid until the next ones are asked for.
 */
export async function* unpackInWorker(path: string): AsyncGenerator<Unpacked> {
  const slots = Array.from({ length: SLOTS }, () => new SharedArrayBuffer(CHUNK));
  const worker = new Worker(new URL('./unpack-worker.js', import.meta.url), {
    workerData: { path, slots } satisfies UnpackData,
    resourceLimits: HEAP_MB,
  });
  for await (const message of messagesOf<UnpackMessage>(worker)) {
    if (message.kind === 'end') return;
    if (message.kind === 'broken') throw new BrokenFile(message.reason, message.offset, message.of);
    if (message.kind === 'unreadable') throw Object.assign(new Error(message.message), { code: message.code });
    yield { bytes: Buffer.from(slots[message.slot]!, 0, message.length), read: message.read };
    worker.postMessage(message.slot);
  }
}
