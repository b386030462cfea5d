import 'reflect-metadata';
import { boot } from './boot.js';
import { createHttpApp } from './http.js';
import { AppError, PROBLEMS } from './problem.js';

/** The stop signal is obeyed within this, whatever is under way. */
const STOP_WITHIN_MS = 9_000;

async function main(): Promise<void> {
  const started = await boot();
  const { settings, log, database } = started;
  const stopping = { stopping: false };
  const app = await createHttpApp(started, { stopping });
  await app.listen(settings.PORT, settings.HOST);
  const address = app.getHttpServer().address();
  const port = typeof address === 'object' && address ? address.port : settings.PORT;
  log.info(`listening on http://${settings.HOST.includes(':') ? `[${settings.HOST}]` : settings.HOST}:${port}`);

  const stop = (signal: string) => {
    if (stopping.stopping) return;
    stopping.stopping = true;
    log.info('stopping', { signal });
    setTimeout(() => {
      log.error('stopped the hard way: something did not end in time');
      process.exit(2);
    }, STOP_WITHIN_MS).unref();
    void app
      .close()
      .then(() => database.close())
      .then(() => {
        log.info('stopped');
        process.exit(0);
      });
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal));
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof AppError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(error instanceof AppError ? PROBLEMS[error.code].exit || 1 : 1);
});
