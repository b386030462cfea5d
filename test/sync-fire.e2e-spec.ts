import { existsSync } from 'node:fs';
import { startEutilsServer, type EutilsServer } from '../src/demo/eutils-server.js';
import { PUBMED_CLAIM } from '../src/jobs/pubmed-claim.js';
import type { Database } from '../src/store/database.js';
import { aRecord } from './support/a-record.js';
import { aSyncChild, isRun, type SyncChild } from './support/a-sync-child.js';
import { DIALECTS, testStore } from './support/database.js';
import { Random } from './support/random.js';
import { expectTrueStore } from './support/true-store.js';

/** Kills per database; two databases make a hundred. */
const KILLS = 50;
const NOW = '2026-11-24T15:00:00Z';
const originals = Array.from({ length: 20 }, (_, at) =>
  aRecord({
    pmid: String(101 + at),
    title: `Ketamine and invented outcome ${at}`,
    abstract: at % 2 ? `In ${at + 20} adults with depression, <i>S</i>-ketamine was compared with placebo.` : '',
    added: '2026-11-20',
  }),
);

// the files of the build: `npm test` makes them first
const built = existsSync('dist/cli.js');

(built ? describe : describe.skip).each(DIALECTS)('a back-fill on %s', (dialect) => {
  let server: EutilsServer;
  let store: Awaited<ReturnType<typeof testStore>>;
  let database: Database;
  /** Called at each request that PubMed's stand-in sees and at each step that a process has written. */
  let step: () => void = () => undefined;
  const pmids = originals.map((_, at) => String(101 + at));
  let nextPmid = 10_000;
  /** More literature: its records spread over years, so that windows of every length hold some. */
  const grow = (count: number) => {
    server.control({ clone: { count, from: '2019-01-01', to: '2026-11-20', base: nextPmid } });
    for (let at = 0; at < count; at++) pmids.push(String(nextPmid + at));
    nextPmid += count;
  };
  const child = (): Promise<SyncChild> =>
    aSyncChild({ DATABASE_URL: store.url, NCBI_BASE_URL: server.url, NOW }, () => step());

  beforeAll(async () => {
    server = await startEutilsServer({ records: originals, rate: 0, rateWithKey: 0, onRequest: () => step() });
    store = await testStore(dialect);
    database = store.database;
    grow(3_000);
  });
  afterAll(async () => {
    await server.close();
    await store.close();
  });

  it('survives fifty kills at any moment: every record once, the ledger true, nothing left running', async () => {
    const random = new Random(dialect === 'sqlite' ? 5 : 8);
    const warm = [child(), child()];
    let inTime = 0;
    for (let kills = 0; kills < KILLS; kills++) {
      const process = await warm.shift()!;
      warm.push(child());
      let isOver = false;
      void process.ended.then(() => (isOver = true));
      // at a step of the run, or a little later: while an answer is read, papers are stored, tags are made
      let left = 1 + random.below(14);
      const after = random.chance(0.5) ? random.below(120) : 0;
      await new Promise<void>((resolve) => {
        step = () => {
          if (--left === 0) setTimeout(resolve, after);
        };
        void process.ended.then(() => resolve());
        process.go();
      });
      step = () => undefined;
      if (!isOver && process.kill()) inTime++;
      const { code, verdict } = await process.ended;
      if (code === 0 && isRun(verdict)) {
        // all of it was there already: a new and longer back-fill
        grow(1_000);
        await database.run(`DELETE FROM "kept" WHERE "name" = 'sync'`);
      }
      // time passes: the claims of the dead run out
      await database.run('UPDATE "claim" SET "expires_at" = 1 WHERE "expires_at" > 1');
    }
    const last = await warm.shift()!;
    for (const rest of warm) void rest.then((unused) => unused.kill());
    last.go();
    const { code, verdict } = await last.ended;
    expect([code, verdict]).toMatchObject([0, { status: 'complete', error: null }]);

    // the point of the test: most processes died at work
    expect(inTime).toBeGreaterThan(KILLS * 0.6);
    const runs = await expectTrueStore(database, pmids);
    const abandoned = runs.filter(({ error }) => error?.code === 'abandoned');
    expect(abandoned.length).toBeGreaterThan(KILLS / 4);
    expect(await database.column('SELECT count(*) FROM "paper" WHERE "taxonomy_version" IS NULL')).toEqual([0]);
    expect(await database.column(`SELECT "expires_at" FROM "claim" WHERE "name" = ?`, [PUBMED_CLAIM])).toEqual([0]);
  }, 300_000);
});
