import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { BrokenFile } from './split-records.js';

/** So much is read at once; unpacked it is about one `CHUNK`. */
const READ = 128 * 1024;
/** No chunk is larger. */
export const CHUNK = 1024 * 1024;

/** The bytes of a file, unpacked when they are gzip's, and how many of the file's own bytes they took so far. */
export interface Unpacked {
  bytes: Buffer;
  read: number;
}

/**
 * Reads a plain or gzipped file in chunks; which it is, is told by its first bytes. While a chunk is looked at, the next
 * one is being unpacked. All that can be unpacked of a damaged file is given before the damage is told.
 * @throws BrokenFile with the place in the packed file
 */
export async function* unpack(path: string): AsyncGenerator<Unpacked> {
  if (!(await isGzip(path))) {
    let read = 0;
    for await (const bytes of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>)
      yield { bytes, read: (read += bytes.length) };
    return;
  }
  const gunzip = createGunzip({ chunkSize: CHUNK });
  let ready: Buffer[] = [];
  let damage: NodeJS.ErrnoException | null = null;
  let read = 0;
  gunzip.on('data', (bytes: Buffer) => ready.push(bytes));
  gunzip.on('error', (error) => (damage = error));
  const ended = new Promise<void>((resolve) => gunzip.once('close', resolve));
  const write = (bytes: Buffer) => new Promise<void>((resolve) => void gunzip.write(bytes, () => resolve()));
  const take = function* (): Generator<Unpacked> {
    const taken = ready;
    ready = [];
    for (const bytes of taken) yield { bytes, read };
  };
  try {
    let unpacking = Promise.resolve();
    for await (const bytes of createReadStream(path, { highWaterMark: READ }) as AsyncIterable<Buffer>) {
      await unpacking;
      if (damage) break;
      read += bytes.length;
      unpacking = write(bytes);
      yield* take();
    }
    await unpacking;
    yield* take();
    if (!damage) gunzip.end();
    await ended;
    yield* take();
    if (damage) throw new BrokenFile(reasonOf(damage), gunzip.bytesWritten, 'packed file');
  } finally {
    gunzip.destroy();
  }
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

const reasonOf = (error: NodeJS.ErrnoException) =>
  error.code === 'Z_BUF_ERROR' ? 'the gzip data end too early' : `the gzip data are damaged (${error.message})`;
