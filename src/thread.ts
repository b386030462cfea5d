import { parentPort, Worker, type ResourceLimits } from 'node:worker_threads';
import { AppError, type ProblemCode } from './problem.js';

/** A thread that has had nothing to do for so long is ended; the next question starts another. */
const IDLE_MS = 20_000;

interface Asked<Question> {
  id: number;
  question: Question;
}
type Answered<Answer> =
  { id: number; answer: Answer } | { id: number; problem: { code: ProblemCode; message: string } };

interface Waiting<Answer> {
  resolve: (answer: Answer) => void;
  reject: (error: Error) => void;
}

/**
 * A function in a thread of its own, for work that would hold up the main one: started at the first question, ended
 * when idle. Questions are answered in turn; a thread that dies fails those that wait, and the next starts another.
 */
export class Thread<Question, Answer> {
  private worker: Worker | null = null;
  private readonly waiting = new Map<number, Waiting<Answer>>();
  private last = 0;
  private idle: NodeJS.Timeout | null = null;

  /**
   * @param file the module that calls `answerQuestions`
   * @param heap of the thread: it would else let its garbage grow as it likes
   */
  constructor(
    private readonly file: URL,
    private readonly heap: ResourceLimits,
    private readonly data?: unknown,
  ) {}

  /** Questions that are not answered yet. */
  get asked(): number {
    return this.waiting.size;
  }

  /** @throws AppError that the function throws */
  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const worker = (this.worker ??= this.start());
      const id = ++this.last;
      this.waiting.set(id, { resolve, reject });
      worker.ref();
      if (this.idle) clearTimeout(this.idle);
      worker.postMessage({ id, question } satisfies Asked<Question>);
    });
  }

  async close(): Promise<void> {
    if (this.idle) clearTimeout(this.idle);
    const { worker } = this;
    this.worker = null;
    for (const { reject } of this.waiting.values()) reject(new Error('The thread was ended.'));
    this.waiting.clear();
    await worker?.terminate();
  }

  private start(): Worker {
    const worker = new Worker(this.file, { resourceLimits: this.heap, workerData: this.data });
    worker.on('message', (message: Answered<Answer>) => {
      const waiting = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if ('answer' in message) waiting?.resolve(message.answer);
      else waiting?.reject(new AppError(message.problem.code, message.problem.message));
      if (this.waiting.size === 0) this.rest(worker);
    });
    const ended = (error: Error) => {
      // one that was ended on purpose may have a successor, whose questions are none of its business
      if (this.worker !== worker) return;
      this.worker = null;
      for (const { reject } of this.waiting.values()) reject(error);
      this.waiting.clear();
    };
    worker.on('error', ended);
    worker.on('exit', (code) =>
      ended(new Error(`The thread ${this.file.pathname.split('/').pop()} ended with ${code}`)),
    );
    return worker;
  }

  private rest(worker: Worker): void {
    // it keeps no process alive
    worker.unref();
    this.idle = setTimeout(() => void this.close(), IDLE_MS);
    this.idle.unref();
  }
}

/** In the thread: one answer for each question. What is no `AppError` ends the thread, and fails whoever waits. */
export function answerQuestions<Question, Answer>(answer: (question: Question) => Answer): void {
  const port = parentPort;
  if (!port) throw new Error('This file runs as a thread.');
  port.on('message', ({ id, question }: Asked<Question>) => {
    let message: Answered<Answer>;
    try {
      message = { id, answer: answer(question) };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      message = { id, problem: { code: error.code, message: error.message } };
    }
    port.postMessage(message);
  });
}
