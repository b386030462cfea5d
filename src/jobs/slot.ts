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

/** Whether a field of a cron expression, such as `1-5,30`, holds a value. */
const holds = (field: string, value: number) =>
  field.split(',').some((part) => {
    const [range = '*', step] = part.split('/');
    const [from = 0, to = step === undefined ? from : 59] = range === '*' ? [0, 59] : range.split('-').map(Number);
    return value >= from && value <= to && (value - from) % Number(step ?? 1) === 0;
  });

const HOUR_MS = 60 * MINUTE_MS;

/**
 * The library's answer, except on the day on which clocks are set back: there it gives an instant an hour early, which
 * is none of the schedule's, and then the right one. (What it gives instead of a time that a day leaves out is kept.)
 */
function next(time: CronTime, timeZone: string, after: number): number {
  const following = (from: number) => time.getNextDateFrom(DateTime.fromMillis(from, { zone: timeZone })).toMillis();
  const [minute = '*', hour = '*'] = String(time.source).trim().split(/\s+/);
  const isOnTime = (instant: number) => {
    const wall = DateTime.fromMillis(instant, { zone: timeZone });
    return holds(minute, wall.minute) && holds(hour, wall.hour);
  };
  const first = following(after);
  if (isOnTime(first)) return first;
  for (let later = following(first); later - first <= 2 * HOUR_MS; later = following(later))
    if (isOnTime(later)) return later;
  return first;
}

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
