import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEutilsServer, type EutilsServer } from '../src/demo/eutils-server.js';
import { PUBMED_CLAIM } from '../src/jobs/pubmed-claim.js';
import type { JobRun } from '../src/model/job-run.js';
import { ClaimsStore } from '../src/store/claims.store.js';
import type { Database } from '../src/store/database.js';
import { PapersStore } from '../src/store/papers.store.js';
import { RunsStore } from '../src/store/runs.store.js';
import { aProcess, type AProcess } from './support/a-process.js';
import { aRecord } from './support/a-record.js';
import { DIALECTS, testStore } from './support/database.js';
import { Random } from './support/random.js';
import { expectTrueRun, expectTrueStore } from './support/true-store.js';

const STOP_WITHIN_MS = 10_000;
const day = (at: number) => new Date(Date.UTC(2026, 10, 20) - at * 3 * 86_400_000).toISOString().slice(0, 10);
const some = (count: number, from: number) =>
  Array.from({ length: count }, (_, at) =>
    aRecord({ pmid: String(from + at), title: `Ketamine and outcome ${at}`, added: day(at % 600) }),
  );

const until = async (isSo: () => boolean | Promise<boolean>) => {
  while (!(await isSo())) await sleep(5);
};

// the files of the build: `npm test` makes them first
const built = existsSync('dist/cli.js');

(built ? describe : describe.skip).each(DIALECTS)('the stop signal, with a %s store', (dialect) => {
  let pubmed: EutilsServer;
  let store: Awaited<ReturnType<typeof testStore>>;
  let database: Database;
  let runs: RunsStore;
  let step: () => void = () => undefined;
  let running: AProcess | null = null;
  beforeEach(async () => {
    pubmed = await startEutilsServer({ records: some(500, 1000), rate: 0, rateWithKey: 0, onRequest: () => step() });
    store = await testStore(dialect);
    database = store.database;
    runs = new RunsStore(database);
  });
  afterEach(async () => {
    step = () => undefined;
    await running?.stop('SIGKILL');
    await pubmed.close();
    await store.close();
  });

  const start = (...args: [string, ...string[]]): AProcess =>
    (running = aProcess(args, {
      env: { DATABASE_URL: store.url, NCBI_BASE_URL: pubmed.url, NCBI_API_KEY: 'test-key-1234567890' },
    }));
  const requests = (count: number) => {
    let left = count;
    return new Promise<void>((resolve) => {
      step = () => void (--left === 0 && resolve());
    });
  };
  const last = async (job: JobRun['job']) => {
    const run = await runs.last(job);
    const whole = run && (await runs.get(run.id));
    if (!whole) throw new Error(`no run of ${job}`);
    return whole;
  };
  /** It ends in time and in order: every run has ended and accounts for what it listed, every claim is given back. */
  const expectStop = async (process: AProcess, code: number) => {
    const since = performance.now();
    const ended = await process.stop('SIGTERM');
    expect([ended, process.output()]).toEqual([code, expect.not.stringContaining('the hard way')]);
    expect(performance.now() - since).toBeLessThan(STOP_WITHIN_MS);
    expect((await runs.find({ status: 'running', limit: 1 })).runs).toEqual([]);
    for (const { id } of (await runs.find({ limit: 100 })).runs) {
      const run = await runs.get(id);
      if (run) expectTrueRun(run);
    }
    expect(await database.all('SELECT "name" FROM "claim" WHERE "expires_at" > 0')).toEqual([]);
  };

  it('ends a server in its back-fill: while PubMed says nothing, and at any other moment', async () => {
    const random = new Random(dialect === 'sqlite' ? 1 : 2);
    const silences = ['esearch', 'efetch', null] as const;
    for (const util of silences) {
      if (util) pubmed.control({ faults: [{ kind: 'hang', util, skip: util === 'efetch' ? 1 : 0 }] });
      const reached = util ? null : requests(3 + random.below(10));
      const server = start('dist/main.js');
      if (util) await until(() => pubmed.stats().faults > 0);
      await reached;
      await expectStop(server, 0);
      expect(await last('sync')).toMatchObject({ status: 'incomplete', error: { code: 'aborted' } });
      pubmed.control({ clearFaults: true, resetLog: true });
    }
    const after = start('dist/cli.js', 'sync');
    expect([await after.ended, after.output()]).toEqual([0, expect.stringMatching(/sync complete/)]);
    await expectTrueStore(
      database,
      Array.from({ length: 500 }, (_, at) => String(1000 + at)),
    );
  }, 120_000);

  it('ends a command that syncs, says what it has done, and exits with 2', async () => {
    pubmed.control({ faults: [{ kind: 'stall', util: 'efetch', skip: 1 }] });
    const sync = start('dist/cli.js', 'sync');
    await until(() => pubmed.stats().faults > 0);
    await expectStop(sync, 2);
    expect(sync.output()).toMatch(/sync incomplete[\s\S]*aborted: Stopped before the end; the next run goes on/);
  }, 120_000);

  it('ends a command that waits for another', async () => {
    const claims = new ClaimsStore(database);
    const claim = await claims.take(PUBMED_CLAIM, 'somebody', 60_000);
    const sync = start('dist/cli.js', 'sync', '--wait');
    await sync.says(/waiting: somebody is working with PubMed/);
    if (claim) await claims.release(claim);
    await claims.take(PUBMED_CLAIM, 'somebody else', 60_000);
    const ended = await sync.stop('SIGTERM');
    expect([ended, sync.output()]).toEqual([2, expect.stringContaining('Stopped before the end')]);
    expect((await claims.holder(PUBMED_CLAIM))?.holder).toBe('somebody else');
  }, 120_000);

  it('ends an import and a tagging: what was whole is kept, the next one does the rest', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tracker-stop-'));
    const file = join(folder, 'many.xml');
    writeFileSync(file, `<?xml version="1.0"?><PubmedArticleSet>${some(4_000, 10_000).join('')}</PubmedArticleSet>`);
    const first = start('dist/cli.js', 'import', file);
    await first.says(/import under way/);
    await expectStop(first, 2);
    const stopped = await last('import');
    expect(stopped).toMatchObject({ status: 'incomplete', error: { code: 'aborted' } });
    expect((await new PapersStore(database).count()).papers).toBe(stopped.stored);

    const second = start('dist/cli.js', 'import', file);
    // all is there, and being tagged
    await second.says(/tagging what came in/);
    await expectStop(second, 0);
    expect(await last('import')).toMatchObject({ status: 'complete', stored: 4_000 - stopped.stored });
    expect(await last('tag')).toMatchObject({ status: 'incomplete', error: { code: 'aborted' } });

    const tag = start('dist/cli.js', 'tag');
    await until(async () => (await runs.last('tag'))?.status === 'running');
    await expectStop(tag, 2);
    const { papers, untagged } = await new PapersStore(database).count();
    expect([papers, untagged > 0]).toEqual([4_000, true]);
    rmSync(folder, { recursive: true });
  }, 120_000);
});
