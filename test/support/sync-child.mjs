// One process that syncs and tags, as `sync` does; told when to begin, so that it can be killed at any moment of it.
// It tells of its steps: a line for each written step of the run, and the run at its end.
import { systemClock, clockFrom } from '../../dist/clock.js';
import { IngestService } from '../../dist/ingest/ingest.service.js';
import { pubmedPort } from '../../dist/ingest/pubmed-adapter.js';
import { holderName } from '../../dist/jobs/pubmed-claim.js';
import { SyncJob } from '../../dist/jobs/sync-job.js';
import { TaggingJob } from '../../dist/jobs/tagging-job.js';
import { createLog } from '../../dist/log.js';
import { Pacer, realTiming } from '../../dist/pubmed/pacer.js';
import { ClaimsStore } from '../../dist/store/claims.store.js';
import { KeptStore } from '../../dist/store/kept.store.js';
import { openDatabase } from '../../dist/store/open-database.js';
import { PapersStore } from '../../dist/store/papers.store.js';
import { RunsStore } from '../../dist/store/runs.store.js';
import { TaggingStore } from '../../dist/store/tagging.store.js';
import { createTagger } from '../../dist/tagging/tag-paper.js';
import { TaggingService } from '../../dist/tagging/tagging.service.js';
import { readTaxonomy } from '../../dist/taxonomy/read-taxonomy.js';

const { DATABASE_URL, NCBI_BASE_URL, NOW, PACED, TAXONOMY = 'data/taxonomy.yaml' } = process.env;
const say = (line) => process.stdout.write(`${line}\n`);

const clock = NOW ? clockFrom(Date.parse(NOW)) : systemClock;
const log = createLog({
  level: 'error',
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

process.stdin.once('data', async (word) => {
  const request = {
    trigger: 'command',
    holder: holderName('child'),
    signal: new AbortController().signal,
    wait: String(word).trim() === 'wait',
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
});
say('ready');
