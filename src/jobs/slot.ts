import { CronTime } from 'cron';
import { DateTime } from 'luxon';
import type { Slot } from '../store/slots.store.js';

/** How far back the last slot of a schedule is looked for, in steps: most schedules are daily or denser. */
const LOOK_BACK_DAYS = [2, 9, 40, 400];

const next = (time: CronTime, timeZone: string, after: number) =>
  time.getNextDateFrom(DateTime.fromMillis(after, { zone: timeZone })).toMillis();

/** The next instant of a cron expression after `after`, epoch ms. */
export const nextSlot = (cron: string, timeZone: string, after: number): number =>
  next(new CronTime(cron, timeZone), timeZone, after);

/** The last instant of a cron expression at or before `now`, epoch ms; null when there was none in more than a year. */
export function latestSlot(cron: string, timeZone: string, now: number): number | null {
  const time = new CronTime(cron, timeZone);
  for (const days of LOOK_BACK_DAYS) {
    let at = next(time, timeZone, now - days * 86_400_000 - 1);
    if (at > now) continue;
    for (
      let following = next(time, timeZone, at);
      following <= now && following > at;
      following = next(time, timeZone, at)
    )
      at = following;
    return at;
  }
  return null;
}

/** Waits between attempts at one slot, ms; the last one repeats. */
const RETRY_MS = [60_000, 5 * 60_000, 15 * 60_000, 30 * 60_000, 60 * 60_000];

/** When a slot whose attempt failed is tried again. */
export const retryAt = (attempts: number, now: number): number =>
  now + (RETRY_MS[Math.min(attempts, RETRY_MS.length) - 1] ?? 60_000);

/**
 * Whether the slot at `slotAt` has to be run now. A slot that was missed while nobody ran is made up for once: only the
 * latest one counts.
 */
export function isDue(kept: Slot | null, slotAt: number, now: number): boolean {
  if (!kept || kept.slotAt < slotAt) return true;
  // the clock was set back: what has been done stays done
  if (kept.slotAt > slotAt) return false;
  return !kept.done && (kept.retryAt === null || kept.retryAt <= now);
}
