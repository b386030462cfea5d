// One process that syncs and tags, told when to begin, so that it can be killed at any moment of it. Orders are lines:
// `go` and `wait` do as the command `sync` does and end with the run; `look INSTANT` looks at the schedules once, as a
// server does at that time, and says `idle` when all that was due is done. Each written step of a run is a line `step`.
import { SchedulerRegistry } from '@nestjs/schedule';
import { createInterface } from 'node:readline';
import { IngestService } from '../../dist/ingest/ingest.service.js';
import { pubmedPort } from '../../dist/ingest/pubmed-adapter.js';
import { closeAbandoned } from '../../dist/jobs/close-abandoned.js';
import { JobsService } from '../../dist/jobs/jobs.service.js';
import { holderName } from '../../dist/jobs/pubmed-claim.js';
import { SyncJob, whyNotComplete } from '../../dist/jobs/sync-job.js';
import { TaggingJob } from '../../dist/jobs/tagging-job.js';
import { createLog } from '../../dist/log.js';
import { Pacer, realTiming } from '../../dist/pubmed/pacer.js';
import { ClaimsStore } from '../../dist/store/claims.store.js';
import { KeptStore } from '../../dist/store/kept.store.js';
import { openDatabase } from '../../dist/store/open-database.js';
import { PapersStore } from '../../dist/store/papers.store.js';
import { RunsStore } from '../../dist/store/runs.store.js';
import { SetAsideStore } from '../../dist/store/set-aside.store.js';
import { SlotsStore } from '../../dist/store/slots.store.js';
import { TaggingStore } from '../../dist/store/tagging.store.js';
import { createTagger } from '../../dist/tagging/tag-paper.js';
import { TaggingService } from '../../dist/tagging/tagging.service.js';
import { readTaxonomy } from '../../dist/taxonomy/read-taxonomy.js';

const { DATABASE_URL, NCBI_BASE_URL, NOW, PACED, TAXONOMY = 'data/taxonomy.yaml' } = process.env;
const say = (line) => process.stdout.write(`${line}\n`);

let ahead = NOW ? Date.parse(NOW) - Date.now() : 0;
const clock = { now: () => Date.now() + ahead };
const log = createLog({
  level: 'warn',
  plain: false,
  now: () => clock.now(),
  write: (line) => process.stderr.write(`${line}\n`),
});
const taxonomy = await readTaxonomy(TAXONOMY);
const database = await openDatabase(DATABASE_URL);
const claims = new ClaimsStore(database);
const papers = new PapersStore(database);
const runs = new RunsStore(database);
const kept = new KeptStore(database);
const settings = {
  NCBI_BASE_URL,
  NCBI_API_KEY: 'test-key-1234567890',
  NCBI_EMAIL: 'tester@example.org',
  NCBI_TOOL: 'tracker',
};
const pace = PACED ? {} : { pacer: new Pacer({ perSecond: 10_000, gapMs: 0 }, realTiming) };
const ingest = new IngestService(
  {
    pubmed: pubmedPort(settings, taxonomy.query, log, pace),
    database,
    papers,
    setAside: new SetAsideStore(database),
    runs,
    claims,
    kept,
    clock,
    settings: { syncFrom: null, newsFrom: null, timeZone: 'UTC' },
  },
  {
    query: taxonomy.query,
    readFile: () => {
      throw new Error('no files here');
    },
  },
);
const tagging = new TaggingService(
  createTagger(taxonomy, new Map()),
  database,
  new TaggingStore(database),
  runs,
  claims,
  kept,
  clock,
);
const tagger = new TaggingJob(tagging, { holder: holderName('child'), begins: false }, log);
const job = new SyncJob(ingest, claims, log, (trigger) => tagger.wake(trigger));

const jobs = new JobsService(
  [
    {
      job: 'sync',
      cron: '15 */4 * * *',
      onFirstStart: true,
      run: async ({ trigger, signal }) => {
        const run = await job.run({ trigger, signal, holder: holderName('child'), onProgress: () => say('step') });
        return run.status === 'complete' || whyNotComplete(run, 1);
      },
    },
  ],
  'UTC',
  new SchedulerRegistry(),
  claims,
  new SlotsStore(database, claims),
  clock,
  log,
  () => closeAbandoned(claims, runs, clock),
);

async function sync(wait) {
  const request = {
    trigger: 'command',
    holder: holderName('child'),
    signal: new AbortController().signal,
    wait,
    onProgress: () => say('step'),
  };
  try {
    const run = await job.run(request);
    await tagger.finish();
    say(JSON.stringify(run));
    process.exitCode = run.status === 'complete' ? 0 : 2;
  } catch (error) {
    say(JSON.stringify({ code: error.code ?? 'internal', detail: error.message }));
    process.exitCode = 2;
  }
  await database.close();
  process.exit();
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const [word, instant] = line.split(' ');
  if (word !== 'look') return void sync(word === 'wait');
  ahead = Date.parse(instant) - Date.now();
  jobs.lookAtAll();
  void jobs.idle().then(async () => {
    await tagger.finish();
    say('idle');
  });
});
say('ready');
