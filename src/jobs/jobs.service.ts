import type { OnApplicationBootstrap, BeforeApplicationShutdown } from '@nestjs/common';
import type { SchedulerRegistry } from '@nestjs/schedule';
import { CronJob } from 'cron';
import type { Clock } from '../clock.js';
import type { Log } from '../log.js';
import { AppError } from '../problem.js';
import type { ClaimsStore } from '../store/claims.store.js';
import { takeLease } from '../store/lease.js';
import type { SlotsStore } from '../store/slots.store.js';
import { holderName } from './pubmed-claim.js';
import type { Schedule } from './schedule.js';
import { isDue, latestSlot, nextSlot, retryAt } from './slot.js';

/** How often every schedule is looked at besides its own cron: retries, crashed holders, a machine that slept. */
const LOOK_MS = 15_000;

/**
 * Runs each logical slot (job, time) once, whatever number of processes share the store: an attempt takes the job's
 * claim by one atomic statement, looks whether the slot is still to be done, and writes what became of it.
 */
export class JobsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(
    private readonly schedules: readonly Schedule[],
    private readonly timeZone: string,
    private readonly registry: SchedulerRegistry,
    private readonly claims: ClaimsStore,
    private readonly slots: SlotsStore,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
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
    await Promise.allSettled(this.underWay.values());
  }

  /** When a job is due next, retries included; null when it is off. Epoch ms. */
  async nextAt(job: string): Promise<number | null> {
    const schedule = this.schedules.find((candidate) => candidate.job === job);
    if (!schedule?.cron) return null;
    const next = nextSlot(schedule.cron, this.timeZone, this.clock.now());
    const kept = await this.slots.find(job);
    return kept && !kept.done && kept.retryAt !== null ? Math.min(next, kept.retryAt) : next;
  }

  private lookAtAll(): void {
    for (const schedule of this.schedules) this.look(schedule);
  }

  /** Attempts the latest slot of a schedule unless this process is at it already. */
  private look(schedule: Schedule): void {
    if (this.stop.signal.aborted || this.underWay.has(schedule.job)) return;
    const attempt = this.attempt(schedule)
      .catch((error: unknown) =>
        this.log.error('job failed', {
          job: schedule.job,
          error: error instanceof Error ? error.message : String(error),
        }),
      )
      .finally(() => this.underWay.delete(schedule.job));
    this.underWay.set(schedule.job, attempt);
  }

  private async attempt(schedule: Schedule): Promise<void> {
    const slotAt = schedule.cron === null ? null : latestSlot(schedule.cron, this.timeZone, this.clock.now());
    if (slotAt === null || !isDue(await this.slots.find(schedule.job), slotAt, this.clock.now())) return;
    const lease = await takeLease(this.claims, `job:${schedule.job}`, holderName('server'), this.stop.signal);
    if (!lease) return;
    try {
      // somebody else may have done it between the look and the claim
      const kept = await this.slots.find(schedule.job);
      if (!isDue(kept, slotAt, this.clock.now())) return;
      if (kept === null && !schedule.onFirstStart) {
        await this.slots.write(schedule.job, { slotAt, done: true, attempts: 0, retryAt: null });
        return;
      }
      const attempts = (kept?.slotAt === slotAt ? kept.attempts : 0) + 1;
      await this.slots.write(schedule.job, { slotAt, done: false, attempts, retryAt: null });
      const outcome = await schedule.run({ trigger: kept === null ? 'start' : 'schedule', signal: lease.signal });
      const done = outcome === true;
      const again = retryAt(attempts, this.clock.now());
      // stopped: the next process takes it up at once
      await this.slots.write(schedule.job, {
        slotAt,
        done,
        attempts,
        retryAt: done || this.stop.signal.aborted ? null : again,
      });
      if (!done && !this.stop.signal.aborted) {
        const at = new Date((await this.nextAt(schedule.job)) ?? again).toISOString();
        this.log.warn(`${outcome || `The job ${schedule.job} did not end well.`} Next try ${at}.`, {
          job: schedule.job,
        });
      }
    } finally {
      await lease.release();
    }
  }
}
