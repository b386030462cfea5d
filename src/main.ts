import 'reflect-metadata';
import { boot } from './boot.js';
import { AppError, PROBLEMS } from './problem.js';
import { serve, settlePort } from './serve.js';
import { PapersStore } from './store/papers.store.js';
import { RunsStore } from './store/runs.store.js';
import { welcome } from './welcome.js';

async function main(): Promise<void> {
  const started = await settlePort(await boot());
  const { url } = await serve(started);
  const { settings, taxonomy, database, clock, log } = started;
  const { papers } = await new PapersStore(database).count();
  const completeAt = await new RunsStore(database, () => clock.now()).lastCompleteSyncAt();
  for (const line of welcome({ url, settings, noun: taxonomy.noun, papers, completeAt })) log.info(line);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof AppError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(error instanceof AppError ? PROBLEMS[error.code].exit || 1 : 1);
});
