import { CronTime } from 'cron';
import { DateTime } from 'luxon';
import type { Slot } from '../store/slots.store.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** How far back the last slot of a schedule is looked for, in steps: few slots lie in the step that holds one. */
const LOOK_BACK_MS = [
  2 * MINUTE_MS,
  15 * MINUTE_MS,
  180 * MINUTE_MS,
  2 * DAY_MS,
  9 * DAY_MS,
  40 * DAY_MS,
  400 * DAY_MS,
];

const next = (time: CronTime, timeZone: string, after: number) =>
  time.getNextDateFrom(DateTime.fromMillis(after, { zone: timeZone })).toMillis();

/** The next instant of a cron expression after `after`, epoch ms. */
export const nextSlot = (cron: string, timeZone: string, after: number): number =>
  next(new CronTime(cron, timeZone), timeZone, after);

/** The last instant of a cron expression at or before `now`, epoch ms; null when there was none in more than a year. */
export function latestSlot(cron: string, timeZone: string, now: number): number | null {
  const time = new CronTime(cron, timeZone);
  for (const back of LOOK_BACK_MS) {
    let at = next(time, timeZone, now - back - 1);
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
const RETRY_MS = [1, 5, 15, 30, 60].map((minutes) => minutes * MINUTE_MS);
const LONGEST_RETRY_MS = Math.max(...RETRY_MS);

/** When a slot whose attempt failed is tried again. */
export const retryAt = (attempts: number, now: number): number =>
  now + (RETRY_MS[Math.min(attempts, RETRY_MS.length) - 1] ?? MINUTE_MS);

/**
 * Whether the slot at `slot.at`, the last one before now, has to be run. A slot that was missed while nobody ran is made
 * up for once: only the latest one counts.
 * @param slot `nextAt` is the one after it
 */
export function isDue(kept: Slot | null, slot: { at: number; nextAt: number }, now: number): boolean {
  if (!kept || kept.slotAt < slot.at) return true;
  // The clock was set back. By less than a period: what has been done stays done. By more: it had run ahead, and
  // waiting until it comes to that slot again could take years.
  if (kept.slotAt > slot.at) return kept.slotAt > slot.nextAt;
  if (kept.done) return false;
  return kept.retryAt === null || kept.retryAt <= now || kept.retryAt > now + LONGEST_RETRY_MS;
}
