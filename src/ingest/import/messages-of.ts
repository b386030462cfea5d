import type { Worker } from 'node:worker_threads';

/**
 * The messages of a worker in order, for as long as the caller asks for more; the worker is ended then.
 * @throws Error when the worker fails, or ends although more is asked for
 */
export async function* messagesOf<Message extends object>(worker: Worker): AsyncGenerator<Message> {
  const arrived: Message[] = [];
  let failure: Error | null = null;
  let wake: () => void = () => undefined;
  worker.on('message', (message: Message) => {
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
      if (message) yield message;
      else if (failure) throw failure as Error;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    await worker.terminate();
  }
}
