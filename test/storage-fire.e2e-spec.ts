import BetterSqlite3 from 'better-sqlite3';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEutilsServer, type EutilsServer } from '../src/demo/eutils-server.js';
import { ClaimsStore } from '../src/store/claims.store.js';
import type { Database, Sql } from '../src/store/database.js';
import { migrate } from '../src/store/migrate.js';
import { openDatabase } from '../src/store/open-database.js';
import { SlotsStore } from '../src/store/slots.store.js';
import { aRecord } from './support/a-record.js';
import { aSyncChild, isRun, type SyncChild } from './support/a-sync-child.js';
import { Random } from './support/random.js';
import { runCommand } from './support/run-command.js';
import { aSmallDisk, type SmallDisk } from './support/small-disk.js';
import { startPostgres, type OwnPostgres } from './support/start-postgres.mjs';
import { expectTrueStore } from './support/true-store.js';

const SLOT = Date.parse('2026-11-24T12:15:00Z');
const after = (minutes: number) => new Date(SLOT + minutes * 60_000).toISOString();
const isRoot = process.getuid?.() === 0;

// the files of the build: `npm test` makes them first
const built = existsSync('dist/cli.js');

/** Long texts, so that a few hundred of them fill a disk; of odd words, so that tagging them is soon done. */
const text = Array.from({ length: 60 }, (_, at) => `${at}x`.repeat(20)).join(' ');
const pmids = Array.from({ length: 400 }, (_, at) => String(1000 + at));
const records = pmids.map((pmid, at) =>
  aRecord({
    pmid,
    title: `Ketamine, ${pmid}`,
    abstract: text,
    added: new Date(Date.UTC(2026, 10, 20) - at * 90 * 3_600_000).toISOString().slice(0, 10),
  }),
);

(built ? describe : describe.skip)('a store whose ground gives way', () => {
  let pubmed: EutilsServer;
  let step: () => void = () => undefined;
  const children: SyncChild[] = [];
  const undo: (() => void | Promise<void>)[] = [];
  beforeAll(async () => {
    pubmed = await startEutilsServer({ records, rate: 0, rateWithKey: 0, onRequest: () => step() });
  });
  afterEach(async () => {
    step = () => undefined;
    for (const child of children) child.kill();
    await Promise.all(children.splice(0).map((child) => child.ended));
    for (const one of undo.splice(0).reverse()) await one();
  });
  afterAll(() => pubmed.close());

  const open = async (url: string): Promise<Database> => {
    const database = await openDatabase(url);
    undo.push(() => database.close());
    await migrate(database);
    return database;
  };
  const child = async (url: string, fileKb?: number) => {
    const env = { DATABASE_URL: url, NCBI_BASE_URL: pubmed.url, NOW: after(5) };
    const process = await aSyncChild(env, () => step(), fileKb);
    children.push(process);
    return process;
  };
  /** After so many steps: requests that PubMed sees, and writes of the run. */
  const steps = (count: number) => {
    let left = count;
    return new Promise<void>((resolve) => {
      step = () => void (--left === 0 && resolve());
    });
  };
  const slot = (database: Database) => new SlotsStore(database, new ClaimsStore(database)).find('sync');
  const leasesEnd = (database: Database) => database.run('UPDATE "claim" SET "expires_at" = 1 WHERE "expires_at" > 1');

  /** A command says what is wrong in words that help, and ends with 2. */
  const expectRefusal = async (process: SyncChild, words: RegExp) => {
    const { code, verdict } = await process.ended;
    expect(code).toBe(2);
    const said = isRun(verdict) ? verdict.error : verdict;
    expect(said).toMatchObject({ code: 'database-unavailable', detail: expect.stringMatching(words) as string });
    if (isRun(verdict)) expect(verdict.status).not.toBe('complete');
  };
  /** The next command has everything, and what the one before left behind is accounted for. */
  const expectRecovery = async (url: string, database: Database) => {
    await leasesEnd(database);
    const next = await child(url);
    next.go();
    expect((await next.ended).verdict).toMatchObject({ status: 'complete', error: null });
    return expectTrueStore(database, pmids);
  };
  /**
   * A server in whose run the ground gives way says so, stays alive, and goes on by itself once it is mended.
   * @param fail makes it fail; returns how to mend it
   */
  const expectPatience = async (
    url: string,
    database: () => Promise<Database>,
    { at, fail, words }: { at: number; fail: () => Promise<() => void | Promise<void>>; words: RegExp },
  ) => {
    const server = await child(url);
    const reached = steps(at);
    const look = server.look(after(5));
    await reached;
    const mend = await fail();
    expect(await look).toBe(true);
    expect(server.log()).toMatch(words);
    await mend();
    const store = await database();
    for (let minutes = 10; (await slot(store))?.done !== true && minutes < 100; minutes += 10) {
      await leasesEnd(store);
      expect(await server.look(after(minutes))).toBe(true);
    }
    expect(await slot(store)).toMatchObject({ slotAt: SLOT, done: true });
    await expectTrueStore(store, pmids);
  };

  describe('sqlite', () => {
    const aFolder = () => {
      const folder = mkdtempSync(join(tmpdir(), 'tracker-fire-'));
      undo.push(() => rmSync(folder, { recursive: true, force: true }));
      return folder;
    };
    const aDisk = (kilobytes: number): SmallDisk | null => {
      const disk = aSmallDisk(kilobytes);
      if (disk) undo.push(() => disk.remove());
      return disk;
    };

    it('that may not grow: the sync says so and ends, nothing is broken, the next one has all', async () => {
      const url = `sqlite:${join(aFolder(), 'tracker.sqlite')}`;
      const database = await open(url);
      const cramped = await child(url, 2_500);
      cramped.go();
      await expectRefusal(cramped, /the disk reports an error.*room/);
      const runs = await expectRecovery(url, database);
      const ends = runs.filter(({ job }) => job === 'sync').map(({ status }) => status);
      expect(ends.sort().join(' ')).toMatch(/^complete (failed|incomplete)$/);
    }, 120_000);

    it('on a full disk: a server says so once, and goes on by itself when there is room', async () => {
      const disk = aDisk(4_000);
      if (!disk) return console.warn('skipped: this user cannot mount a small disk');
      const url = `sqlite:${join(disk.folder, 'tracker.sqlite')}`;
      const database = await open(url);
      await expectPatience(url, () => Promise.resolve(database), {
        at: 1,
        fail: () => Promise.resolve(() => disk.resize(200_000)),
        words: /the disk is full; make room/,
      });
    }, 120_000);

    it('that cannot be written: every command says so and ends with 2, and nothing is changed', async () => {
      const disk = isRoot ? aDisk(50_000) : null;
      if (isRoot && !disk) return console.warn('skipped: nothing is read-only for this user');
      const folder = disk?.folder ?? aFolder();
      const file = join(folder, 'tracker.sqlite');
      const url = `sqlite:${file}`;
      await (await openDatabase(url)).close();
      const env = { DATABASE_URL: url, NCBI_BASE_URL: pubmed.url };
      expect(await runCommand(['migrate'], { env })).toMatchObject({ code: 0 });
      const lock = (is: boolean) => {
        if (disk) return disk.readOnly(is);
        chmodSync(file, is ? 0o444 : 0o644);
        chmodSync(folder, is ? 0o555 : 0o755);
      };
      lock(true);
      for (const command of ['migrate', 'sync']) {
        const { code, stdout, stderr } = await runCommand([command], { env });
        expect([command, code, stdout]).toEqual([command, 2, '']);
        expect(stderr).toMatch(/^The database cannot be used: the database file cannot be (written|opened); check/);
        expect(stderr.trim().split('\n')).toHaveLength(1);
      }
      lock(false);
      await expectRecovery(url, await open(url));
    }, 120_000);

    it('that another program has locked: the sync waits, says so, and the next one has all', async () => {
      const file = join(aFolder(), 'tracker.sqlite');
      const database = await open(`sqlite:${file}`);
      const process = await child(`sqlite:${file}`);
      const reached = steps(8);
      process.go();
      await reached;
      const other = new BetterSqlite3(file, { timeout: 60_000 });
      other.exec('BEGIN IMMEDIATE');
      await expectRefusal(process, /locked by another program; close it, or wait/);
      other.exec('ROLLBACK');
      other.close();
      await expectRecovery(`sqlite:${file}`, database);
    }, 120_000);
  });

  describe('postgres', () => {
    let postgres: OwnPostgres;
    beforeAll(async () => {
      postgres = await startPostgres();
    }, 120_000);
    afterAll(() => postgres.remove());
    let names = 0;
    const admin = async <T extends object>(statement: string): Promise<T[]> => {
      const client = new pg.Client({ connectionString: `${postgres.url}/postgres` });
      await client.connect();
      try {
        return (await client.query<T>(statement)).rows;
      } finally {
        await client.end();
      }
    };
    const aDatabase = async (also = '') => {
      const name = `fire_${++names}`;
      await admin(`CREATE DATABASE ${name} ${also}`);
      return { name, url: `${postgres.url}/${name}` };
    };
    const cut = (name: string) =>
      admin(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND application_name = 'tracker'`,
      );

    it('that is restarted in the middle: a server says so, and goes on by itself', async () => {
      const { url } = await aDatabase();
      await (await open(url)).close();
      undo.pop();
      await expectPatience(url, () => open(url), {
        at: 8,
        fail: async () => {
          await postgres.stop();
          return () => postgres.start();
        },
        words: /PostgreSQL (ended the connection|cannot be reached)/,
      });
    }, 120_000);

    it('that cuts connections at any moment: nothing is lost, nothing twice', async () => {
      const { name, url } = await aDatabase();
      const database = await open(url);
      const random = new Random(3);
      const server = await child(url);
      let cuts = 0;
      for (let hours = 0; hours < 24; hours += 4) {
        const slotAt = SLOT + hours * 3_600_000;
        let last = { done: false };
        for (let minutes = 5; !last.done && minutes < 235; minutes += 10) {
          const reached = steps(2 + random.below(12));
          const look = server.look(after(60 * hours + minutes));
          const isAtWork = await Promise.race([reached.then(() => true), look.then(() => false)]);
          // not for ever: each slot is to be done at last
          if (isAtWork && minutes < 30) cuts += (await cut(name)).length;
          expect(await look).toBe(true);
          await leasesEnd(database).catch(() => leasesEnd(database));
          last = (await slot(database)) ?? last;
        }
        expect(last).toMatchObject({ slotAt, done: true });
      }
      // the point of the test
      expect(cuts).toBeGreaterThan(5);
      await expectTrueStore(database, pmids);
    }, 120_000);

    it('that cuts the connection of a command: it says so and ends with 2, the next one has all', async () => {
      const { name, url } = await aDatabase();
      const database = await open(url);
      const process = await child(url);
      let isOver = false;
      void process.ended.then(() => (isOver = true));
      process.go();
      await steps(6);
      // whatever it does about it, until it gives up
      while (!isOver) await cut(name);
      await expectRefusal(process, /PostgreSQL ended the connection/);
      await expectRecovery(url, database);
    }, 120_000);

    it('whose disk is full: a server says so, and goes on by itself when there is room', async () => {
      const disk = aSmallDisk(64_000);
      if (!disk) return console.warn('skipped: this user cannot mount a small disk');
      undo.push(() => disk.remove());
      const user = (kind: string) => Number(execFileSync('id', [kind, 'postgres'], { encoding: 'utf8' }));
      chownSync(disk.folder, user('-u'), user('-g'));
      chmodSync(disk.folder, 0o700);
      await admin(`CREATE TABLESPACE small LOCATION '${disk.folder}'`);
      const { name, url } = await aDatabase('TABLESPACE small');
      undo.push(async () => {
        await admin(`DROP DATABASE ${name} WITH (FORCE)`);
        await admin('DROP TABLESPACE small');
      });
      const database = await open(url);
      // room to begin, and not for the papers
      disk.resize(disk.used() + 300);
      await expectPatience(url, () => Promise.resolve(database), {
        at: 1,
        fail: () => Promise.resolve(() => disk.resize(200_000)),
        words: /PostgreSQL's disk is full; make room/,
      });
    }, 120_000);

    it('that is read-only: a command says so and ends with 2', async () => {
      const { name, url } = await aDatabase();
      const database = await open(url);
      await admin(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
      const env = { DATABASE_URL: url, NCBI_BASE_URL: pubmed.url };
      const { code, stderr } = await runCommand(['sync'], { env });
      expect([code, stderr.trim()]).toEqual([
        2,
        'The database cannot be used: PostgreSQL is read-only (a standby?) (25006)',
      ]);
      await admin(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
      await expectRecovery(url, database);
    }, 120_000);

    it('lets nobody keep its locks who stalls in the middle of a write', async () => {
      const { url } = await aDatabase();
      const database = await open(url);
      const limit = (sql: Sql) => sql.column(`SELECT current_setting('idle_in_transaction_session_timeout')`);
      expect(await database.transaction(limit)).toEqual(['1min']);
      // a reader of a long export may be slow
      expect(await limit(database)).toEqual(['0']);
    });

    it('in which somebody has locked a table: the sync waits and then goes on', async () => {
      const { name, url } = await aDatabase();
      const database = await open(url);
      const other = new pg.Client({ connectionString: url });
      await other.connect();
      await other.query('BEGIN; LOCK TABLE "paper" IN ACCESS EXCLUSIVE MODE');
      const process = await child(url);
      process.go();
      const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = '${name}' AND application_name = 'tracker' AND wait_event_type = 'Lock'`;
      while ((await admin(waiting)).length === 0);
      await other.query('COMMIT');
      await other.end();
      expect((await process.ended).verdict).toMatchObject({ status: 'complete' });
      await expectTrueStore(database, pmids);
    }, 120_000);
  });
});
