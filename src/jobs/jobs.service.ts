import type { OnApplicationBootstrap, BeforeApplicationShutdown } from '@nestjs/common';
import type { SchedulerRegistry } from '@nestjs/schedule';
import { CronJob } from 'cron';
import type { Clock } from '../clock.js';
import type { Log } from '../log.js';
import { AppError } from '../problem.js';
import type { ClaimsStore } from '../store/claims.store.js';
import { takeLease, type Lease } from '../store/lease.js';
import type { Slot, SlotsStore } from '../store/slots.store.js';
import { holderName } from './pubmed-claim.js';
import type { Schedule } from './schedule.js';
import { isDue, latestSlot, nextSlot, retryAt } from './slot.js';

/** How often every schedule is looked at besides its own cron: retries, crashed holders, a machine that slept. */
const LOOK_MS = 15_000;
/** How soon a job looks again whether PubMed is free, when another process was working with it. */
const HELD_MS = 60_000;

/** Where a schedule stands: its last slot before now, and the one after it. */
interface SlotTimes {
  at: number;
  nextAt: number;
}

/**
 * Runs each logical slot (job, time) once, whatever number of processes share the store: an attempt takes the job's
 * claim by one atomic statement, looks whether the slot is still to be done, and writes what became of it.
 */
export class JobsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly times = new Map<string, SlotTimes>();
  /** What each job last failed with: a database that is away for a night fills no log. */
  private readonly troubles = new Map<string, string>();

  constructor(
    private readonly schedules: readonly Schedule[],
    private readonly timeZone: string,
    private readonly registry: SchedulerRegistry,
    private readonly claims: ClaimsStore,
    private readonly slots: SlotsStore,
    private readonly clock: Clock,
    private readonly log: Log,
    /** Clears up after processes that died; called every time the schedules are looked at. */
    private readonly tidy: () => Promise<unknown> = () => Promise.resolve(),
  ) {}

  onApplicationBootstrap(): void {
    if (this.schedules.length === 0) return;
    for (const schedule of this.schedules) {
      if (schedule.cron === null) continue;
      this.registry.addCronJob(
        schedule.job,
        CronJob.from({
          cronTime: schedule.cron,
          timeZone: this.timeZone,
          onTick: () => this.look(schedule),
          start: true,
          unrefTimeout: true,
        }),
      );
    }
    const interval = setInterval(() => this.lookAtAll(), LOOK_MS);
    interval.unref();
    this.registry.addInterval('schedules', interval);
    this.lookAtAll();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort(new AppError('aborted', 'The program was stopped; the next run goes on where this one was'));
    for (const name of this.registry.getCronJobs().keys()) this.registry.deleteCronJob(name);
    if (this.registry.doesExist('interval', 'schedules')) this.registry.deleteInterval('schedules');
    await this.idle();
  }

  /** Ends when nothing is under way in this process. */
  async idle(): Promise<void> {
    while (this.underWay.size > 0) await Promise.allSettled(this.underWay.values());
  }

  /** When a job is due next, retries included; null when it is off. Epoch ms. */
  async nextAt(job: string): Promise<number | null> {
    const schedule = this.schedules.find((candidate) => candidate.job === job);
    if (!schedule?.cron) return null;
    const next = nextSlot(schedule.cron, this.timeZone, this.clock.now());
    const kept = await this.slots.find(job);
    return kept && !kept.done && kept.retryAt !== null ? Math.min(next, kept.retryAt) : next;
  }

  /** Attempts whatever is due and not under way; returns at once. */
  lookAtAll(): void {
    for (const schedule of this.schedules) this.look(schedule);
    this.keepBusy('tidy', () => this.tidy());
  }

  /** Attempts the latest slot of a schedule unless this process is at it already. */
  private look(schedule: Schedule): void {
    this.keepBusy(schedule.job, () => this.attempt(schedule));
  }

  /** Does the work unless this process is at it already; a failure is told once, not every time it repeats. */
  private keepBusy(name: string, work: () => Promise<unknown>): void {
    if (this.stop.signal.aborted || this.underWay.has(name)) return;
    const attempt = work()
      .then(() => void this.troubles.delete(name))
      .catch((error: unknown) => {
        const trouble = error instanceof Error ? error.message : String(error);
        const isNew = this.troubles.get(name) !== trouble;
        this.troubles.set(name, trouble);
        this.log[isNew ? 'error' : 'debug']('job failed', { job: name, error: trouble });
      })
      .finally(() => this.underWay.delete(name));
    this.underWay.set(name, attempt);
  }

  private async attempt(schedule: Schedule): Promise<void> {
    const { job } = schedule;
    const slot = this.slotTimes(schedule);
    if (!slot || !isDue(await this.slots.find(job), slot, this.clock.now())) return;
    const lease = await takeLease(this.claims, `job:${job}`, holderName('server'), this.stop.signal);
    if (!lease) return;
    try {
      // somebody else may have done it between the look and the claim
      const kept = await this.slots.find(job);
      if (!isDue(kept, slot, this.clock.now())) return;
      if (kept === null && !schedule.onFirstStart) {
        await this.slots.write(job, { slotAt: slot.at, done: true, attempts: 0, retryAt: null }, lease.claim);
        return;
      }
      await this.runSlot(schedule, slot.at, kept, lease);
    } finally {
      await lease.release();
    }
  }

  private async runSlot(schedule: Schedule, slotAt: number, kept: Slot | null, lease: Lease): Promise<void> {
    const { job } = schedule;
    const before = kept?.slotAt === slotAt ? kept.attempts : 0;
    const note = (slot: Omit<Slot, 'slotAt'>) => this.slots.write(job, { slotAt, ...slot }, lease.claim);
    await note({ done: false, attempts: before + 1, retryAt: null });
    const again = () => retryAt(before + 1, this.clock.now());
    try {
      const outcome = await schedule.run({ trigger: kept === null ? 'start' : 'schedule', signal: lease.signal });
      const done = outcome === true;
      // stopped: the next process takes it up at once
      const retry = done || this.stop.signal.aborted ? null : again();
      await note({ done, attempts: before + 1, retryAt: retry });
      if (retry === null) return;
      const why = outcome || `The job ${job} did not end well.`;
      this.log.warn(`${why} Next try ${new Date(retry).toISOString()}.`, { job });
    } catch (error) {
      if (this.stop.signal.aborted) return;
      if (error instanceof AppError && error.code === 'claim-held') {
        this.log.info('job waits', { job, reason: error.message });
        await note({ done: false, attempts: before, retryAt: this.clock.now() + HELD_MS });
        return;
      }
      // the store itself may be what failed: then the slot stays as it is and is due at the next look
      await note({ done: false, attempts: before + 1, retryAt: again() }).catch(() => undefined);
      throw error;
    }
  }

  /** Reckoned anew only when a slot has passed, or the clock was set back. */
  private slotTimes(schedule: Schedule): SlotTimes | null {
    if (schedule.cron === null) return null;
    const now = this.clock.now();
    const known = this.times.get(schedule.job);
    if (known && known.at <= now && now < known.nextAt) return known;
    const at = latestSlot(schedule.cron, this.timeZone, now);
    if (at === null) return null;
    const times = { at, nextAt: nextSlot(schedule.cron, this.timeZone, now) };
    this.times.set(schedule.job, times);
    return times;
  }
}
