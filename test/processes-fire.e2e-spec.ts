import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEutilsServer, type EutilsServer } from '../src/demo/eutils-server.js';
import { ClaimsStore } from '../src/store/claims.store.js';
import type { Database } from '../src/store/database.js';
import { SlotsStore } from '../src/store/slots.store.js';
import { aRecord } from './support/a-record.js';
import { aSyncChild, type SyncChild } from './support/a-sync-child.js';
import { DIALECTS, testStore } from './support/database.js';
import { Random } from './support/random.js';
import { expectTrueStore } from './support/true-store.js';

/** Requests a second that NCBI takes with a key. */
const RATE = 10;
const HOUR = 3_600_000;
const FIRST_SLOT = Date.parse('2026-11-24T12:15:00Z');
const iso = (at: number) => new Date(at).toISOString();

// the files of the build: `npm test` makes them first
const built = existsSync('dist/cli.js');

(built ? describe : describe.skip).each(DIALECTS)('processes that share a %s store', (dialect) => {
  let server: EutilsServer;
  let store: Awaited<ReturnType<typeof testStore>>;
  let database: Database;
  let step: () => void = () => undefined;
  let pmids: string[];
  beforeEach(async () => {
    pmids = Array.from({ length: 300 }, (_, at) => String(1000 + at));
    server = await startEutilsServer({
      records: pmids.map((pmid, at) =>
        aRecord({ pmid, title: `Ketamine, ${pmid}`, added: iso(Date.UTC(2026, 10, 20) - at * 90 * HOUR).slice(0, 10) }),
      ),
      rateWithKey: RATE,
      onRequest: () => step(),
    });
    store = await testStore(dialect);
    database = store.database;
  });
  afterEach(async () => {
    for (const process of started) process.kill();
    await Promise.all(started.splice(0).map((process) => process.ended));
    await server.close();
    await store.close();
  });

  const started: SyncChild[] = [];
  const child = async (): Promise<SyncChild> => {
    const env = { DATABASE_URL: store.url, NCBI_BASE_URL: server.url, PACED: 'yes' };
    const process = await aSyncChild(env, () => step());
    started.push(process);
    return process;
  };
  /** Time passes: the claims of the dead run out, which takes a minute, and so PubMed's second is over too. */
  const afterTheirLease = async () => {
    const last = server.log().at(-1)?.at ?? 0;
    await sleep(Math.max(0, last + 1_100 - Date.now()));
    await database.run('UPDATE "claim" SET "expires_at" = 1 WHERE "expires_at" > 1');
  };
  /** Processes by whom runs of a slot were made, in the order of their starts. */
  const runsOf = (slotAt: number) =>
    database.all<{ holder: string; status: string; startedAt: number; finishedAt: number }>(
      `SELECT "holder", "status", "started_at" AS "startedAt", "finished_at" AS "finishedAt" FROM "job_run"
       WHERE "job" = 'sync' AND "started_at" >= ? AND "started_at" < ? ORDER BY "id"`,
      [slotAt, slotAt + 4 * HOUR],
    );
  const slot = () => new SlotsStore(database, new ClaimsStore(database)).find('sync');

  it.each([
    [2, 3],
    [5, 2],
  ])(
    '%i of them, killed at random, run each slot once and keep to PubMed’s rate',
    async (count, slots) => {
      const random = new Random(count);
      let processes = await Promise.all(Array.from({ length: count }, child));
      const dead: number[] = [];
      for (let at = 0; at < slots; at++) {
        const slotAt = FIRST_SLOT + at * 4 * HOUR;
        const title = `Ketamine in slot ${at}`;
        const added = iso(slotAt).slice(0, 10);
        server.control({ append: aRecord({ pmid: String(5000 + at), title, added }) });
        pmids.push(String(5000 + at));
        // all at once; then some of them die at some step of the one that got the slot
        const looks = processes.map((process) => process.look(iso(slotAt + 60_000)));
        let left = 1 + random.below(10);
        await Promise.race([
          Promise.all(looks),
          new Promise<void>((resolve) => (step = () => void (--left === 0 && resolve()))),
        ]);
        step = () => undefined;
        const doomed = processes.filter(() => random.chance(0.6));
        for (const process of doomed) if (process.kill()) dead.push(process.pid);
        await Promise.all(doomed.map((process) => process.ended));
        const living = processes.filter((process) => !doomed.includes(process));
        await Promise.all(looks);
        if ((await slot())?.done !== true) await afterTheirLease();
        processes = [...living, ...(await Promise.all(doomed.map(child)))];
        // the others, and those that were started again, look a while later, all at once; who meets another that is
        // closing the books of the dead looks again after a minute
        for (let minutes = 30; (await slot())?.done !== true && minutes < 34; minutes++)
          await Promise.all(processes.map((process) => process.look(iso(slotAt + minutes * 60_000))));
        await Promise.all(processes.map((process) => process.look(iso(slotAt + 40 * 60_000))));

        expect(await slot()).toMatchObject({ slotAt, done: true });
        const runs = await runsOf(slotAt);
        const pidOf = ({ holder }: { holder: string }) => Number(/process (\d+)/.exec(holder)?.[1]);
        // it is run again only when the process died that had it
        expect(runs.slice(0, -1).filter((run) => !dead.includes(pidOf(run)))).toEqual([]);
        expect(runs.at(-1)?.status).toBe('complete');
        for (const [index, run] of runs.entries())
          expect(run.startedAt).toBeGreaterThanOrEqual(runs[index - 1]?.finishedAt ?? 0);
      }
      // the point of the test
      expect(dead.length).toBeGreaterThan(0);
      await expectTrueStore(database, pmids);
      const { limited, perSecondMax } = server.stats();
      expect(limited).toBe(0);
      expect(perSecondMax).toBeLessThanOrEqual(RATE);
    },
    300_000,
  );
});
