import { isDue, latestSlot, nextSlot, retryAt } from './slot.js';

const at = (text: string) => Date.parse(text);
const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());

describe('slots of a schedule', () => {
  it('finds the last one at or before an instant', () => {
    expect(iso(latestSlot('15 */4 * * *', 'UTC', at('2026-11-24T13:50:00Z')))).toBe('2026-11-24T12:15:00.000Z');
    expect(iso(latestSlot('15 */4 * * *', 'UTC', at('2026-11-24T12:15:00Z')))).toBe('2026-11-24T12:15:00.000Z');
    expect(iso(latestSlot('30 3 * * 6', 'UTC', at('2026-11-24T12:15:00Z')))).toBe('2026-11-21T03:30:00.000Z');
    expect(iso(latestSlot('0 0 1 1 *', 'UTC', at('2026-11-24T12:15:00Z')))).toBe('2026-01-01T00:00:00.000Z');
  });

  it('finds the next one in the time zone of the schedule', () => {
    expect(iso(nextSlot('0 12 * * 1', 'Europe/Vienna', at('2026-11-24T12:15:00Z')))).toBe('2026-11-30T11:00:00.000Z');
  });

  it('has a daily slot on the days when clocks change', () => {
    // 02:30 does not exist in Vienna on 2026-03-29 and comes twice on 2026-10-25
    const spring = latestSlot('30 2 * * *', 'Europe/Vienna', at('2026-03-29T12:00:00Z'));
    expect(iso(spring)?.slice(0, 10)).toBe('2026-03-29');
    const autumn = latestSlot('30 2 * * *', 'Europe/Vienna', at('2026-10-25T12:00:00Z'));
    expect(iso(autumn)?.slice(0, 10)).toBe('2026-10-25');
  });

  it('is due once: not when done, not when a later one was done, again when its retry has come', () => {
    const slotAt = at('2026-11-24T12:15:00Z');
    const now = slotAt + 60_000;
    expect(isDue(null, slotAt, now)).toBe(true);
    expect(isDue({ slotAt, done: true, attempts: 1, retryAt: null }, slotAt, now)).toBe(false);
    expect(isDue({ slotAt: slotAt + 1, done: false, attempts: 1, retryAt: null }, slotAt, now)).toBe(false);
    expect(isDue({ slotAt: slotAt - 14_400_000, done: true, attempts: 1, retryAt: null }, slotAt, now)).toBe(true);
    expect(isDue({ slotAt, done: false, attempts: 1, retryAt: now + 1 }, slotAt, now)).toBe(false);
    expect(isDue({ slotAt, done: false, attempts: 1, retryAt: now }, slotAt, now)).toBe(true);
    // its holder died in the middle
    expect(isDue({ slotAt, done: false, attempts: 1, retryAt: null }, slotAt, now)).toBe(true);
  });

  it('waits longer after each failed attempt', () => {
    expect([1, 2, 3, 4, 5, 50].map((attempts) => retryAt(attempts, 0) / 60_000)).toEqual([1, 5, 15, 30, 60, 60]);
  });
});
