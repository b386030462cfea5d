import { CronTime } from 'cron';
import { DateTime } from 'luxon';
import { WEEKDAYS, type Period, type PeriodKind, type Weekday } from '../model/period.js';

/** Local hour at which mails go out at the earliest: in the inbox at breakfast, whatever the time zone. */
const DELIVERY_HOUR = 6;

const UNIT = { day: 'day', week: 'week', month: 'month' } as const;

/** ISO weeks carry the ISO year: 2027-01-01 is a Friday of 2026-W53. */
const KEY_FORMAT = { day: 'yyyy-MM-dd', week: "kkkk-'W'WW", month: 'yyyy-MM' } as const;

function periodAround(kind: PeriodKind, at: DateTime): Period {
  // luxon takes the first moment that exists where a change of the clock skips midnight
  const start = at.startOf(UNIT[kind]);
  const end = start.plus({ [UNIT[kind]]: 1 }).startOf(UNIT[kind]);
  return {
    kind,
    key: start.toFormat(KEY_FORMAT[kind]),
    from: start.toFormat('yyyy-MM-dd'),
    to: end.minus({ day: 1 }).toFormat('yyyy-MM-dd'),
    startsAt: start.toMillis(),
    endsAt: end.toMillis(),
  };
}

/** The day, ISO week or month in which an instant lies, in an IANA time zone. */
export function periodAt(kind: PeriodKind, at: number, timeZone: string): Period {
  return periodAround(kind, DateTime.fromMillis(at, { zone: timeZone, locale: 'en' }));
}

/** The one after (or before, when `steps` is negative) a period, in the same time zone. */
export function periodAfter(period: Period, timeZone: string, steps = 1): Period {
  const noon = DateTime.fromISO(`${period.from}T12:00:00`, { zone: timeZone, locale: 'en' });
  return periodAround(period.kind, noon.plus({ [UNIT[period.kind]]: steps }));
}

/** The ISO week to which a calendar day belongs. */
export function weekOfDay(day: string, timeZone: string): Period {
  return periodAround('week', DateTime.fromISO(`${day}T12:00:00`, { zone: timeZone, locale: 'en' }));
}

/** Reads the key of a period. @returns null when it is malformed or names a day, week or month that does not exist */
export function parsePeriod(key: string, timeZone: string): Period | null {
  const kind: PeriodKind | null = /^\d{4}-W\d{2}$/.test(key)
    ? 'week'
    : /^\d{4}-\d{2}-\d{2}$/.test(key)
      ? 'day'
      : /^\d{4}-\d{2}$/.test(key)
        ? 'month'
        : null;
  if (!kind) return null;
  const start =
    kind === 'week'
      ? DateTime.fromObject(
          { weekYear: Number(key.slice(0, 4)), weekNumber: Number(key.slice(6)), weekday: 1, hour: 12 },
          { zone: timeZone, locale: 'en' },
        )
      : DateTime.fromISO(`${key.length === 7 ? `${key}-01` : key}T12:00:00`, { zone: timeZone, locale: 'en' });
  return start.isValid ? periodAround(kind, start) : null;
}

/** What a reader may write for a week: its ISO name, or a word for one that moves. */
export type WeekReference = 'latest' | 'current' | { year: number; week: number };

/** @returns null when the text is malformed; a well-formed week may still not exist (`parsePeriod` tells) */
export function parseWeekReference(text: string): WeekReference | null {
  if (text === 'latest' || text === 'current') return text;
  const match = /^(\d{4})-W(\d{2})$/.exec(text);
  if (!match) return null;
  const reference = { year: Number(match[1]), week: Number(match[2]) };
  return reference.year > 0 && reference.week >= 1 && reference.week <= 53 ? reference : null;
}

/** The weeks from the one of `fromDay` to the last that has ended at `now`, oldest first. */
export function endedWeeks(fromDay: string, now: number, timeZone: string): Period[] {
  const weeks: Period[] = [];
  for (let week = weekOfDay(fromDay, timeZone); week.endsAt <= now; week = periodAfter(week, timeZone))
    weeks.push(week);
  return weeks;
}

/**
 * When a week's issue is due: the first time after its end that `DIGEST_CRON` strikes in `TIMEZONE`.
 * @param cron five fields; null (`off`) = never by itself
 */
export function issueDueAt(week: Period, cron: string | null, timeZone: string): number | null {
  if (cron === null) return null;
  // the search is exclusive of its start: a schedule of Monday 00:00 strikes at the end itself
  return new CronTime(cron, timeZone).getNextDateFrom(new Date(week.endsAt - 1000), timeZone).toMillis();
}

/**
 * When a reader's mail for a period is due: on the morning after a day or month, on the chosen weekday of the week
 * that follows a week. A morning that a change of the clock skips begins an hour later.
 */
export function deliveryDueAt(period: Period, timeZone: string, weekday: Weekday = 'monday'): number {
  const first = DateTime.fromISO(period.to, { zone: timeZone }).plus({ day: 1 });
  const wanted = period.kind === 'week' ? WEEKDAYS.indexOf(weekday) + 1 : first.weekday;
  const day = first.plus({ days: (wanted - first.weekday + 7) % 7 });
  return day.set({ hour: DELIVERY_HOUR }).toMillis();
}

/** The newest period whose mail is due at `now`. */
export function latestDuePeriod(kind: PeriodKind, now: number, timeZone: string, weekday: Weekday = 'monday'): Period {
  let period = periodAt(kind, now, timeZone);
  do period = periodAfter(period, timeZone, -1);
  while (deliveryDueAt(period, timeZone, weekday) > now);
  return period;
}

/** `days` after (before, when negative) a calendar day. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
