import 'reflect-metadata';
import { boot } from './boot.js';
import { AppError, PROBLEMS } from './problem.js';
import { serve, settlePort } from './serve.js';

async function main(): Promise<void> {
  const started = await settlePort(await boot());
  const { url } = await serve(started);
  started.log.info(`listening on ${url}`);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof AppError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(error instanceof AppError ? PROBLEMS[error.code].exit || 1 : 1);
});
