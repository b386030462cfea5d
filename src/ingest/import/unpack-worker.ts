import { parentPort, workerData } from 'node:worker_threads';
import { BrokenFile } from './split-records.js';
import type { UnpackData, UnpackMessage } from './unpack-in-worker.js';
import { unpack } from './unpack.js';

/** The thread that unpacks a file. Its parent gives each slot back when it has looked at it. */
async function work(): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('This file runs as a worker.');
  const { path, slots } = workerData as UnpackData;
  const send = (message: UnpackMessage) => port.postMessage(message);
  const free = slots.map((_, slot) => slot);
  let wake: () => void = () => undefined;
  port.on('message', (slot: number) => {
    free.push(slot);
    wake();
  });
  try {
    for await (const { bytes, read } of unpack(path)) {
      while (free.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const slot = free.pop()!;
      new Uint8Array(slots[slot]!).set(bytes);
      send({ kind: 'chunk', slot, length: bytes.length, read });
    }
    send({ kind: 'end' });
  } catch (error) {
    if (error instanceof BrokenFile) send({ kind: 'broken', reason: error.reason, offset: error.offset, of: error.of });
    else if (error instanceof Error)
      send({ kind: 'unreadable', code: (error as NodeJS.ErrnoException).code, message: error.message });
    else throw error;
  }
  port.close();
}

await work();
