import { Worker } from 'node:worker_threads';
import { AppError, type ProblemCode } from '../problem.js';
import type { ParsedSet } from './parse-papers.js';

/** Of the thread's heap, MB: what is parsed goes over to the main thread at once, so little lives here. */
const HEAP = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 32 };
/** A thread that has had nothing to do for so long is ended; the next sync starts another. */
const IDLE_MS = 20_000;

export type ParseAnswer =
  { id: number; set: ParsedSet } | { id: number; problem: { code: ProblemCode; message: string } };

interface Waiting {
  resolve: (set: ParsedSet) => void;
  reject: (error: Error) => void;
}

/**
 * `parsePapers` in a thread of its own: a batch of records takes a tenth of a second to parse, and in a back-fill the
 * main thread has the one before to store and readers to answer. Started at the first batch, ended when idle.
 */
export class ParseThread {
  private worker: Worker | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;
  private idle: NodeJS.Timeout | null = null;

  /** @throws AppError as `parsePapers` */
  readonly parse = (body: Uint8Array): Promise<ParsedSet> =>
    new Promise((resolve, reject) => {
      const worker = (this.worker ??= this.start());
      const id = ++this.last;
      this.waiting.set(id, { resolve, reject });
      worker.ref();
      if (this.idle) clearTimeout(this.idle);
      worker.postMessage({ id, body });
    });

  async close(): Promise<void> {
    if (this.idle) clearTimeout(this.idle);
    const { worker } = this;
    this.worker = null;
    await worker?.terminate();
  }

  private start(): Worker {
    const worker = new Worker(new URL('./parse-worker.js', import.meta.url), { resourceLimits: HEAP });
    worker.on('message', (answer: ParseAnswer) => {
      const waiting = this.waiting.get(answer.id);
      this.waiting.delete(answer.id);
      if ('set' in answer) waiting?.resolve(answer.set);
      else waiting?.reject(new AppError(answer.problem.code, answer.problem.message));
      if (this.waiting.size === 0) this.rest(worker);
    });
    const ended = (error: Error) => {
      if (this.worker === worker) this.worker = null;
      for (const { reject } of this.waiting.values()) reject(error);
      this.waiting.clear();
    };
    worker.on('error', ended);
    worker.on('exit', (code) => ended(new Error(`The thread that parses records ended with ${code}`)));
    return worker;
  }

  private rest(worker: Worker): void {
    worker.unref();
    this.idle = setTimeout(() => void this.close(), IDLE_MS);
    this.idle.unref();
  }
}
