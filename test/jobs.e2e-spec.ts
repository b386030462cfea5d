import { SchedulerRegistry } from '@nestjs/schedule';
import { closeAbandoned } from '../src/jobs/close-abandoned.js';
import { JobsService } from '../src/jobs/jobs.service.js';
import { PUBMED_CLAIM, takePubmed } from '../src/jobs/pubmed-claim.js';
import type { Attempt, Schedule } from '../src/jobs/schedule.js';
import { AppError } from '../src/problem.js';
import { ClaimsStore } from '../src/store/claims.store.js';
import type { Database } from '../src/store/database.js';
import { takeLease } from '../src/store/lease.js';
import { openDatabase } from '../src/store/open-database.js';
import { RunsStore } from '../src/store/runs.store.js';
import { SlotsStore } from '../src/store/slots.store.js';
import { aLog } from './support/an-ingest.js';
import { DIALECTS, testStore } from './support/database.js';

const LEASE = 60_000;
const never = new AbortController().signal;
const rejection = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );
const aborted = (signal: AbortSignal) =>
  new Promise<unknown>((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    signal.addEventListener('abort', () => resolve(signal.reason), { once: true });
  });

describe.each(DIALECTS)('work shared by processes on one %s store', (dialect) => {
  let here: Database;
  /** Another process's view of the same store. */
  let there: Database;
  let url: string;
  let close: () => Promise<void>;
  const time = { now: Date.parse('2026-11-24T13:00:00Z') };
  beforeEach(async () => {
    const store = await testStore(dialect);
    url = store.url;
    [here, there] = [store.database, await openDatabase(url)];
    close = async () => {
      await there.close();
      await store.close();
    };
    time.now = Date.parse('2026-11-24T13:00:00Z');
  });
  afterEach(() => close());

  const claimsOf = (database: Database) => new ClaimsStore(database);
  const expire = (name: string) => here.run('UPDATE "claim" SET "expires_at" = ? WHERE "name" = ?', [1, name]);

  describe('a claim', () => {
    it('is given to one of many that ask at once', async () => {
      const taken = await Promise.all(
        Array.from({ length: 20 }, (_, at) => claimsOf(at % 2 ? here : there).take('thing', `process ${at}`, LEASE)),
      );
      expect(taken.filter((claim) => claim !== null)).toHaveLength(1);
    });

    it('of a holder that crashed is free when its lease is over, and not before', async () => {
      await claimsOf(here).take('thing', 'crashed', LEASE);
      expect(await claimsOf(there).take('thing', 'next', LEASE)).toBeNull();
      await expire('thing');
      expect(await claimsOf(there).holder('thing')).toBeNull();
      expect(await claimsOf(there).take('thing', 'next', LEASE)).toMatchObject({ holder: 'next', token: 2 });
    });

    it('tells a holder that stalled that it is too late, and lets it write nothing', async () => {
      const claim = await claimsOf(here).take('thing', 'stalled', LEASE);
      if (!claim) throw new Error('not taken');
      await expire('thing');
      await claimsOf(there).take('thing', 'next', LEASE);
      expect(await rejection(claimsOf(here).renew(claim, LEASE))).toBe('claim-lost');
      const writing = here.transaction(async (sql) => {
        await claimsOf(here).assertHeld(sql, claim);
        await sql.run(`INSERT INTO "kept" ("name", "value") VALUES ('too late', '1')`);
      });
      expect(await rejection(writing)).toBe('claim-lost');
      expect(await here.all('SELECT * FROM "kept"')).toEqual([]);
      // its late release takes nothing from the new holder
      await claimsOf(here).release(claim);
      expect((await claimsOf(there).holder('thing'))?.holder).toBe('next');
    });

    it('whose end lies further off than any lease is free: the clock was set back', async () => {
      const claims = claimsOf(here);
      await claims.take('thing', 'before', LEASE);
      const now = await here.now();
      await here.run('UPDATE "claim" SET "expires_at" = ?', [now + 3_600_000]);
      expect(await claimsOf(there).take('thing', 'after', LEASE)).toMatchObject({ holder: 'after' });
    });
  });

  describe('a lease', () => {
    it('ends its work when another process took over', async () => {
      const lease = await takeLease(claimsOf(here), 'thing', 'first', never, { leaseMs: LEASE, renewMs: 20 });
      await expire('thing');
      await claimsOf(there).take('thing', 'second', LEASE);
      expect(await aborted(lease?.signal ?? never)).toMatchObject({ code: 'claim-lost' });
      await lease?.release();
    });

    it('ends its work when no sign of life reached the store for its whole time', async () => {
      const lease = await takeLease(claimsOf(there), 'thing', 'cut off', never, { leaseMs: 200, renewMs: 20 });
      await there.close();
      expect(await aborted(lease?.signal ?? never)).toMatchObject({ code: 'claim-lost' });
      await lease?.release();
      there = await openDatabase(url);
    });
  });

  describe('the schedules', () => {
    /** A process's jobs on this store, with one schedule that does `work`. */
    const jobs = (database: Database, work: Schedule['run'], also: Partial<Schedule> = {}) => {
      const { log, lines } = aLog();
      const claims = claimsOf(database);
      const schedule: Schedule = { job: 'sync', cron: '15 */4 * * *', onFirstStart: true, run: work, ...also };
      const service = new JobsService(
        [schedule],
        'UTC',
        new SchedulerRegistry(),
        claims,
        new SlotsStore(database, claims),
        { now: () => time.now },
        log,
      );
      return { service, lines };
    };
    /** Looks once, as at start-up, and ends when what was due has been done. */
    const look = async ({ service }: { service: JobsService }) => {
      service.onApplicationBootstrap();
      await service.idle();
      await service.beforeApplicationShutdown();
    };
    const slot = () => new SlotsStore(here, claimsOf(here)).find('sync');

    it('run a slot once, however many processes start at the same moment', async () => {
      const runs: Attempt[] = [];
      const work = (attempt: Attempt) => {
        runs.push(attempt);
        return Promise.resolve(true);
      };
      const processes = Array.from({ length: 6 }, (_, at) => jobs(at % 2 ? here : there, work));
      await Promise.all(processes.map(look));
      expect(runs.map((attempt) => attempt.trigger)).toEqual(['start']);
      time.now = Date.parse('2026-11-24T16:15:00Z');
      await Promise.all(Array.from({ length: 4 }, (_, at) => look(jobs(at % 2 ? here : there, work))));
      expect(runs.map((attempt) => attempt.trigger)).toEqual(['start', 'schedule']);
    });

    it('make up once for all slots that were missed while nobody ran', async () => {
      let runs = 0;
      const work = () => Promise.resolve(++runs > 0);
      await look(jobs(here, work));
      time.now += 9 * 86_400_000;
      await look(jobs(here, work));
      await look(jobs(there, work));
      expect(runs).toBe(2);
    });

    it('take up at once what a process left in the middle, and wait after what failed', async () => {
      const outcomes = [false, true];
      let runs = 0;
      const work = () => {
        runs++;
        return Promise.resolve(outcomes.shift() ?? true);
      };
      await look(jobs(here, work));
      expect(await slot()).toMatchObject({ done: false, attempts: 1, retryAt: time.now + 60_000 });
      await look(jobs(there, work));
      expect(runs).toBe(1);
      time.now += 60_000;
      await look(jobs(there, work));
      expect(await slot()).toMatchObject({ done: true, attempts: 2 });
      // killed in the middle of the next slot: its claim ends with its lease
      time.now += 4 * 3_600_000;
      const slots = new SlotsStore(here, claimsOf(here));
      const dead = await claimsOf(here).take('job:sync', 'killed', LEASE);
      const slotAt = Date.parse('2026-11-24T16:15:00Z');
      if (dead) await slots.write('sync', { slotAt, done: false, attempts: 1, retryAt: null }, dead);
      await look(jobs(here, work));
      expect(runs).toBe(2);
      await expire('job:sync');
      await look(jobs(here, work));
      expect([runs, await slot()]).toMatchObject([3, { slotAt, done: true, attempts: 2 }]);
    });

    it('write nothing about a slot whose claim was lost meanwhile', async () => {
      const work = async () => {
        await expire('job:sync');
        await claimsOf(there).take('job:sync', 'took over', LEASE);
        return true;
      };
      const late = jobs(here, work);
      await look(late);
      expect(await slot()).toMatchObject({ done: false });
      expect(late.lines.join('')).toContain('no longer holds the claim');
    });

    it('wait while another process works with PubMed, without counting that as a failure', async () => {
      const lease = await takePubmed(claimsOf(there), 'an import', { wait: false, signal: never });
      const work = async ({ signal }: Attempt) => {
        const mine = await takePubmed(claimsOf(here), 'a sync', { wait: false, signal });
        await mine.release();
        return true;
      };
      const waiting = jobs(here, work);
      await look(waiting);
      expect(waiting.lines.map((line) => JSON.parse(line) as object)).toEqual([
        expect.objectContaining({
          level: 'info',
          event: 'job waits',
          reason: expect.stringContaining('an import') as string,
        }),
      ]);
      expect(await slot()).toMatchObject({ done: false, attempts: 0, retryAt: time.now + 60_000 });
      await lease.release();
      time.now += 60_000;
      await look(jobs(here, work));
      expect(await slot()).toMatchObject({ done: true });
    });

    it('go on after the clock was set back, by a little or by years', async () => {
      let runs = 0;
      const work = () => Promise.resolve(++runs > 0);
      await look(jobs(here, work));
      time.now -= 3_600_000;
      await look(jobs(here, work));
      expect(runs).toBe(1);
      time.now += 5 * 365 * 86_400_000;
      await look(jobs(here, work));
      expect(runs).toBe(2);
      time.now = Date.parse('2026-11-24T13:00:00Z');
      await look(jobs(here, work));
      expect(runs).toBe(3);
    });

    it('leave a slot that was stopped to the next process, at once', async () => {
      const { service } = jobs(here, ({ signal }) => aborted(signal).then(() => false));
      service.onApplicationBootstrap();
      // under way as soon as the slot is written
      while ((await slot()) === null) await new Promise((resolve) => setImmediate(resolve));
      await service.beforeApplicationShutdown();
      expect(await slot()).toMatchObject({ done: false, retryAt: null });
      expect(await claimsOf(there).holder('job:sync')).toBeNull();
    });

    it('say once what goes wrong while it stays the same, and stay alive', async () => {
      const broken = jobs(here, () => Promise.reject(new Error('the same trouble')));
      broken.service.onApplicationBootstrap();
      for (let look = 0; look < 3; look++) {
        await broken.service.idle();
        time.now += 3_600_000;
        broken.service.lookAtAll();
      }
      await broken.service.beforeApplicationShutdown();
      const errors = broken.lines.filter((line) => line.includes('"level":"error"'));
      expect(errors).toHaveLength(1);
    });
  });

  it('a run whose process is dead is closed while nobody works with PubMed, and only then', async () => {
    const runs = new RunsStore(here);
    const clock = { now: () => time.now };
    const id = await runs.start('sync', 'command', 'a dead process', time.now);
    const lease = await takePubmed(claimsOf(there), 'another', { wait: false, signal: never });
    expect(await closeAbandoned(claimsOf(here), runs, clock)).toEqual([]);
    await lease.release();
    expect(await closeAbandoned(claimsOf(here), runs, clock)).toEqual([id]);
    expect(await runs.get(id)).toMatchObject({ status: 'failed', error: { code: 'abandoned' } });
    expect(await claimsOf(here).holder(PUBMED_CLAIM)).toBeNull();
  });

  it('a delivery whose process is dead is closed after hours, one that may be under way is left alone', async () => {
    const runs = new RunsStore(here);
    const clock = { now: () => time.now };
    const dead = await runs.start('deliver', 'schedule', 'a dead process', time.now - 7 * 3_600_000);
    const living = await runs.start('deliver', 'schedule', 'a process', time.now - 3_600_000);
    expect(await closeAbandoned(claimsOf(here), runs, clock)).toEqual([dead]);
    expect(await runs.get(dead)).toMatchObject({ status: 'failed', error: { code: 'abandoned' } });
    expect(await runs.get(living)).toMatchObject({ status: 'running' });
  });

  it('a command says who works with PubMed and does not wait unless asked to', async () => {
    const lease = await takePubmed(claimsOf(there), 'server on host (process 7)', { wait: false, signal: never });
    const refused = takePubmed(claimsOf(here), 'a command', { wait: false, signal: never });
    await expect(refused).rejects.toThrow('server on host (process 7) is working with PubMed since');
    const told: string[] = [];
    const waiting = takePubmed(claimsOf(here), 'a command', {
      wait: true,
      signal: never,
      onWait: (holder) => {
        told.push(holder);
        void lease.release();
      },
    });
    await (await waiting).release();
    expect(told).toEqual(['server on host (process 7)']);
  });
});
