import { deliveryDueAt, latestDuePeriod, parsePeriod, periodAfter, periodAt } from '../digest/week.js';
import { PERIOD_KIND, type Period } from '../model/period.js';
import type { Wish } from '../model/subscription.js';

type Rhythm = Pick<Wish, 'frequency' | 'weekday' | 'timeZone'>;

/** When the first mail after a confirmation is due: that of the period in which it falls. */
export const firstDueAt = (wish: Rhythm, confirmedAt: number): number =>
  deliveryDueAt(periodAt(PERIOD_KIND[wish.frequency], confirmedAt, wish.timeZone), wish.timeZone, wish.weekday);

/** When the mail of the period after this one is due. */
export const nextDueAt = (wish: Rhythm, period: Period): number =>
  deliveryDueAt(periodAfter(period, wish.timeZone), wish.timeZone, wish.weekday);

/** The period whose mail is due now: the newest, which has all that earlier ones would have had. */
export const duePeriod = (wish: Rhythm, now: number): Period =>
  latestDuePeriod(PERIOD_KIND[wish.frequency], now, wish.timeZone, wish.weekday);

/**
 * When the next mail is due after a change of rhythm. Another frequency begins with the period that is under way;
 * another weekday or time zone moves the mail that is still to come.
 */
export function changedDueAt(before: Rhythm & { dueAt: number }, after: Rhythm, now: number): number {
  const same = (['frequency', 'weekday', 'timeZone'] as const).every((part) => before[part] === after[part]);
  if (same || (before.frequency === after.frequency && before.dueAt <= now)) return before.dueAt;
  const kind = PERIOD_KIND[after.frequency];
  if (before.frequency !== after.frequency)
    return deliveryDueAt(periodAt(kind, now, after.timeZone), after.timeZone, after.weekday);
  const current = periodAt(kind, now, before.timeZone);
  const previous = periodAfter(current, before.timeZone, -1);
  const waits = deliveryDueAt(previous, before.timeZone, before.weekday) === before.dueAt ? previous : current;
  const period = parsePeriod(waits.key, after.timeZone) ?? waits;
  return deliveryDueAt(period, after.timeZone, after.weekday);
}
