import type { BeforeApplicationShutdown } from '@nestjs/common';
import type { Log } from '../log.js';
import type { JobRun, Trigger } from '../model/job-run.js';
import { AppError } from '../problem.js';
import type { DeliveryService } from '../subscriptions/delivery.service.js';

/** So long after somebody asked for something it is looked for: others may ask at the same time. */
const WAKE_MS = 200;

/**
 * Delivers in this process, one round at a time: on schedule, and soon after somebody signed up or confirmed. Other
 * processes on the same store may do the same at once.
 */
export class DeliverJob implements BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private underWay: Promise<JobRun | null> | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly deliveries: DeliveryService,
    private readonly options: { holder: string; wakes: boolean },
    private readonly log: Log,
  ) {}

  /** Something may be waiting. Returns at once. */
  wake(): void {
    if (!this.options.wakes || this.stop.signal.aborted || this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      // a round that is under way may have looked already
      if (this.underWay) void this.underWay.finally(() => this.wake());
      else void this.run('schedule');
    }, WAKE_MS);
    this.timer.unref();
  }

  /** One round. @returns true: what has to be tried again stands in the ledger with its time */
  async run(trigger: Trigger): Promise<boolean> {
    this.underWay ??= this.deliveries
      .run({ trigger, holder: this.options.holder, signal: this.stop.signal })
      .finally(() => {
        this.underWay = null;
      });
    try {
      await this.underWay;
      return true;
    } catch (error) {
      this.log.error('deliveries failed', { error: error instanceof Error ? error.message : String(error) });
      return false;
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort(new AppError('aborted', 'The program was stopped; the next run goes on where this one was'));
    if (this.timer) clearTimeout(this.timer);
    await this.underWay?.catch(() => undefined);
  }
}
