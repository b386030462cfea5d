import fc from 'fast-check';
import {
  deliveryDueAt,
  endedWeeks,
  issueDueAt,
  latestDuePeriod,
  parsePeriod,
  parseWeekReference,
  periodAfter,
  periodAt,
  weekOfDay,
} from './week.js';

const at = (text: string) => Date.parse(text);
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

describe('periods', () => {
  it('is an ISO week from Monday to Sunday, its end no longer in it', () => {
    const week = periodAt('week', at('2026-11-18T10:00:00Z'), 'UTC');
    expect(week).toEqual({
      kind: 'week',
      key: '2026-W47',
      from: '2026-11-16',
      to: '2026-11-22',
      startsAt: at('2026-11-16T00:00:00Z'),
      endsAt: at('2026-11-23T00:00:00Z'),
    });
    expect(periodAt('week', week.endsAt - 1, 'UTC').key).toBe('2026-W47');
    expect(periodAt('week', week.endsAt, 'UTC').key).toBe('2026-W48');
  });

  it('counts the days around New Year to the ISO year that has the Thursday', () => {
    expect(weekOfDay('2027-01-01', 'UTC').key).toBe('2026-W53');
    expect(weekOfDay('2026-12-31', 'UTC')).toMatchObject({ key: '2026-W53', from: '2026-12-28', to: '2027-01-03' });
    expect(weekOfDay('2024-12-30', 'UTC').key).toBe('2025-W01');
    expect(weekOfDay('2026-01-01', 'UTC').key).toBe('2026-W01');
  });

  it('knows which years have a week 53', () => {
    expect(parsePeriod('2026-W53', 'UTC')?.to).toBe('2027-01-03');
    expect(parsePeriod('2025-W53', 'UTC')).toBeNull();
    expect(parsePeriod('2020-W53', 'UTC')?.from).toBe('2020-12-28');
  });

  it('lasts 23 hours on the day the clock goes forward and 25 on the day it goes back', () => {
    const hours = (key: string, zone: string) => {
      const period = parsePeriod(key, zone)!;
      return (period.endsAt - period.startsAt) / 3_600_000;
    };
    expect(hours('2026-03-29', 'Europe/Vienna')).toBe(23);
    expect(hours('2026-10-25', 'Europe/Vienna')).toBe(25);
    expect(hours('2026-W13', 'Europe/Vienna')).toBe(7 * 24 - 1);
    expect(hours('2026-W44', 'America/New_York')).toBe(7 * 24 + 1);
    expect(hours('2026-W44', 'Asia/Kolkata')).toBe(7 * 24);
  });

  it('begins with the first moment that exists where midnight is skipped', () => {
    const day = parsePeriod('2018-11-04', 'America/Sao_Paulo')!;
    expect(iso(day.startsAt)).toBe('2018-11-04T03:00:00.000Z');
    expect(periodAt('day', day.startsAt - 1, 'America/Sao_Paulo').key).toBe('2018-11-03');
  });

  it('puts the same instant in different weeks east and west', () => {
    const sundayNightUtc = at('2026-11-22T23:30:00Z');
    expect(periodAt('week', sundayNightUtc, 'Pacific/Auckland').key).toBe('2026-W48');
    expect(periodAt('week', sundayNightUtc, 'America/Los_Angeles').key).toBe('2026-W47');
  });

  it('refuses what is no period', () => {
    for (const key of ['2026-W00', '2026-W54', '2026-13', '2026-02-30', '2026', '2026-w47', '2026-W7', '', 'latest'])
      expect(parsePeriod(key, 'UTC')).toBeNull();
  });

  it('tiles time: what follows a period begins where it ends, and its key reads back', () => {
    const zones = ['UTC', 'Europe/London', 'America/St_Johns', 'Pacific/Chatham', 'Pacific/Apia', 'Africa/Casablanca'];
    fc.assert(
      fc.property(
        fc.constantFrom('day' as const, 'week' as const, 'month' as const),
        fc.integer({ min: at('2012-01-02'), max: at('2045-01-01') }),
        fc.constantFrom(...zones),
        (kind, instant, zone) => {
          const period = periodAt(kind, instant, zone);
          expect(period.startsAt).toBeLessThanOrEqual(instant);
          expect(period.endsAt).toBeGreaterThan(instant);
          expect(parsePeriod(period.key, zone)).toEqual(period);
          expect(periodAt(kind, period.endsAt, zone).startsAt).toBe(period.endsAt);
          expect(periodAfter(periodAfter(period, zone), zone, -1)).toEqual(period);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('week references', () => {
  it('reads latest, current and ISO weeks, and nothing else', () => {
    expect(parseWeekReference('latest')).toBe('latest');
    expect(parseWeekReference('current')).toBe('current');
    expect(parseWeekReference('2026-W47')).toEqual({ year: 2026, week: 47 });
    for (const text of ['2026-W00', '2026-W54', '2026-47', 'Latest', '2026-W471', '../etc', '0000-W01'])
      expect(parseWeekReference(text)).toBeNull();
  });
});

describe('due times', () => {
  it('finds an issue due at the first stroke of the schedule after the week', () => {
    const week = parsePeriod('2026-W47', 'UTC')!;
    expect(iso(issueDueAt(week, '0 12 * * 1', 'UTC'))).toBe('2026-11-23T12:00:00.000Z');
    expect(iso(issueDueAt(week, '0 0 * * 1', 'UTC'))).toBe('2026-11-23T00:00:00.000Z');
    expect(iso(issueDueAt(week, '0 8 * * 5', 'UTC'))).toBe('2026-11-27T08:00:00.000Z');
    expect(issueDueAt(week, null, 'UTC')).toBeNull();
  });

  it('keeps the local hour of the schedule when the clock changes', () => {
    const zone = 'Europe/Vienna';
    expect(iso(issueDueAt(parsePeriod('2026-W12', zone)!, '0 12 * * 1', zone))).toBe('2026-03-23T11:00:00.000Z');
    expect(iso(issueDueAt(parsePeriod('2026-W13', zone)!, '0 12 * * 1', zone))).toBe('2026-03-30T10:00:00.000Z');
  });

  it('lists every week that has ended since a day', () => {
    const keys = (now: string) => endedWeeks('2026-12-16', at(now), 'UTC').map((week) => week.key);
    expect(keys('2027-01-04T00:00:00Z')).toEqual(['2026-W51', '2026-W52', '2026-W53']);
    expect(keys('2027-01-03T23:59:59Z')).toEqual(['2026-W51', '2026-W52']);
    expect(keys('2026-12-17T00:00:00Z')).toEqual([]);
  });

  it('sends a weekly mail on the chosen weekday of the following week', () => {
    const week = parsePeriod('2026-W47', 'UTC')!;
    expect(iso(deliveryDueAt(week, 'UTC'))).toBe('2026-11-23T06:00:00.000Z');
    expect(iso(deliveryDueAt(week, 'America/New_York', 'sunday'))).toBe('2026-11-29T11:00:00.000Z');
  });

  it('sends a daily mail the next morning and a monthly one on the first', () => {
    expect(iso(deliveryDueAt(parsePeriod('2026-11-22', 'Asia/Tokyo')!, 'Asia/Tokyo'))).toBe('2026-11-22T21:00:00.000Z');
    expect(iso(deliveryDueAt(parsePeriod('2026-12', 'UTC')!, 'UTC'))).toBe('2027-01-01T06:00:00.000Z');
  });

  it('names the newest period that is due', () => {
    expect(latestDuePeriod('day', at('2026-11-22T05:59:59Z'), 'UTC').key).toBe('2026-11-20');
    expect(latestDuePeriod('day', at('2026-11-22T06:00:00Z'), 'UTC').key).toBe('2026-11-21');
    expect(latestDuePeriod('week', at('2026-11-26T12:00:00Z'), 'UTC', 'friday').key).toBe('2026-W46');
    expect(latestDuePeriod('week', at('2026-11-27T12:00:00Z'), 'UTC', 'friday').key).toBe('2026-W47');
    expect(latestDuePeriod('month', at('2027-01-01T05:00:00Z'), 'UTC').key).toBe('2026-11');
  });
});
