import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { holderName } from '../jobs/pubmed-claim.js';
import { SyncJob } from '../jobs/sync-job.js';
import { TaggingJob } from '../jobs/tagging-job.js';
import { print, stopSignal, tell, withStore, type ExitCode } from './command.js';
import { progressLine, renderLedger } from './sync.js';

/** `import FILE…`: takes in PubMed's files, ending with the ledger. Exit 2 unless all of them were whole. */
export const importCommand = (files: readonly string[], options: { wait?: boolean }): Promise<ExitCode> =>
  withStore(async (boot) => {
    const app = await NestFactory.createApplicationContext(AppModule.of(boot, { serve: false }), {
      logger: ['error', 'warn'],
    });
    const progress = progressLine();
    const tagging = app.get(TaggingJob);
    const signal = stopSignal();
    signal.addEventListener('abort', () => void tagging.beforeApplicationShutdown(), { once: true });
    const run = await app
      .get(SyncJob)
      .run({
        trigger: 'command',
        holder: holderName('`import`'),
        signal,
        files,
        wait: options.wait ?? false,
        onWait: (holder) => tell(`waiting: ${holder} is working with PubMed`),
        onProgress: progress.show,
      })
      .finally(progress.end);
    if (tagging.isUnderWay() && run.stored + run.updated > 0) tell('tagging what came in');
    await tagging.finish();
    print(renderLedger(run));
    await app.close();
    return run.status === 'complete' ? 0 : 2;
  });
