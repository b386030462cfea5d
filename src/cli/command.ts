import { boot, type Boot } from '../boot.js';
import { AppError, PROBLEMS } from '../problem.js';

/** 0 all done, 1 usage or configuration, 2 done in part or not complete. */
export type ExitCode = 0 | 1 | 2;

/** Writes data to stdout; a reader that has gone (`| head`) is no error. */
export const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Text of others for a terminal: nothing in it can steer it. */
export const inTerminal = (text: string) =>
  text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, ' ');

/** Writes much data to stdout, waiting for a reader that is slower. */
export const send = (text: string): Promise<void> =>
  new Promise((resolve) => {
    if (text === '' || process.stdout.write(text)) resolve();
    else process.stdout.once('drain', resolve);
  });

/** Everything that is not data. */
export const tell = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** The stop signal is obeyed within this, whatever is under way. */
const STOP_WITHIN_MS = 9_000;

/** Aborts when the process is told to stop. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      stop.abort(new AppError('aborted', 'Stopped before the end; the next run goes on where this one was'));
      setTimeout(() => {
        tell('Stopped the hard way: something did not end in time.');
        process.exit(2);
      }, STOP_WITHIN_MS).unref();
    });
  return stop.signal;
}

/** Runs a command on the open store and closes it again. */
export async function withStore(work: (boot: Boot) => Promise<ExitCode>): Promise<ExitCode> {
  const started = await boot();
  try {
    return await work(started);
  } finally {
    await started.database.close();
  }
}

/** One plain line on stderr for what went wrong, and the exit code of its kind. */
export function explain(error: unknown): ExitCode {
  if (error instanceof AppError) {
    tell(error.message);
    return PROBLEMS[error.code].exit;
  }
  tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 2;
}
