import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { withLogFields, type Log } from '../log.js';
import type { JobRun, Trigger } from '../model/job-run.js';
import { AppError } from '../problem.js';
import type { TaggingProgress, TaggingService } from '../tagging/tagging.service.js';

/** So long a run waits for more before it ends: a back-fill's batches follow one another, and are one run. */
const LINGER_MS = 2_000;
/** Progress lines in the log are at least this far apart, ms. */
const PROGRESS_EVERY_MS = 10_000;

/**
 * Tags what comes in, in this process: one run at a time, woken by whoever stores papers. When another process of the
 * same store is at it, that one finds them.
 */
export class TaggingJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private underWay: Promise<boolean> | null = null;
  private woken = false;
  private lingers = true;
  private ring: () => void = () => undefined;

  constructor(
    private readonly tagging: TaggingService,
    private readonly options: { holder: string; begins: boolean },
    private readonly log: Log,
  ) {}

  /** At the start of a server: this process's taxonomy counts from now on, and whatever is not of it is tagged. */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.options.begins) return;
    await this.tagging.adopt();
    this.wake('start');
  }

  /** Papers may have come in. Returns at once. */
  wake(trigger: Trigger): void {
    if (this.stop.signal.aborted) return;
    this.woken = true;
    this.ring();
    if (!this.underWay) void this.run(trigger);
  }

  /** Runs if anything is due. @returns true when nothing is left, or another process is at it */
  run(trigger: Trigger): Promise<boolean> {
    this.underWay ??= this.attempt(trigger).finally(() => {
      this.underWay = null;
    });
    return this.underWay;
  }

  isUnderWay(): boolean {
    return this.underWay !== null;
  }

  /** Nothing more comes in for now: ends as soon as all is tagged. */
  async finish(): Promise<void> {
    this.lingers = false;
    this.ring();
    while (this.underWay) await this.underWay;
    this.lingers = true;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort(new AppError('aborted', 'The program was stopped; the next run goes on where this one was'));
    await this.finish();
  }

  private async attempt(trigger: Trigger): Promise<boolean> {
    try {
      this.woken = false;
      if (!(await this.tagging.hasDue())) return true;
      const run = await this.tagging.run({
        trigger,
        holder: this.options.holder,
        signal: this.stop.signal,
        waitForMore: () => this.waitForMore(),
        onProgress: progressLog(this.log),
      });
      withLogFields({ runId: run.id }, () => this.tell(run));
      return run.status === 'complete';
    } catch (error) {
      if (error instanceof AppError && error.code === 'claim-held') return true;
      this.log.error('tagging failed', { error: error instanceof Error ? error.message : String(error) });
      return false;
    }
  }

  private async waitForMore(): Promise<boolean> {
    if (!this.woken && this.lingers)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LINGER_MS);
        this.ring = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    this.ring = () => undefined;
    const more = this.woken;
    this.woken = false;
    return more;
  }

  private tell(run: JobRun): void {
    this.log[run.status === 'complete' ? 'info' : 'warn'](`tagging ${run.status}`, {
      ...run.counts,
      ...(run.error ? { code: run.error.code, detail: run.error.detail } : {}),
    });
  }
}

function progressLog(log: Log): (progress: TaggingProgress) => void {
  let toldAt = Date.now();
  return ({ tagged, changed, expected }) => {
    if (Date.now() - toldAt < PROGRESS_EVERY_MS) return;
    toldAt = Date.now();
    log.info('tagging under way', { tagged, changed, of: Math.max(expected, tagged) });
  };
}
