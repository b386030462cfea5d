import { isDue, latestSlot, nextSlot, retryAt } from './slot.js';

const at = (text: string) => Date.parse(text);
const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());

describe('slots of a schedule', () => {
  it('finds the last one at or before an instant', () => {
    expect(iso(latestSlot('15 */4 * * *', 'UTC', at('2026-11-24T13:50:00Z')))).toBe('2026-11-24T12:15:00.000Z');
    expect(iso(latestSlot('15 */4 * * *', 'UTC', at('2026-11-24T12:15:00Z')))).toBe('2026-11-24T12:15:00.000Z');
    expect(iso(latestSlot('* * * * *', 'UTC', at('2026-11-24T13:50:30Z')))).toBe('2026-11-24T13:50:00.000Z');
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
    const slot = { at: at('2026-11-24T12:15:00Z'), nextAt: at('2026-11-24T16:15:00Z') };
    const now = slot.at + 60_000;
    const failed = { slotAt: slot.at, done: false, attempts: 1 };
    expect(isDue(null, slot, now)).toBe(true);
    expect(isDue({ slotAt: slot.at, done: true, attempts: 1, retryAt: null }, slot, now)).toBe(false);
    expect(isDue({ slotAt: slot.at - 14_400_000, done: true, attempts: 1, retryAt: null }, slot, now)).toBe(true);
    expect(isDue({ ...failed, retryAt: now + 1 }, slot, now)).toBe(false);
    expect(isDue({ ...failed, retryAt: now }, slot, now)).toBe(true);
    // its holder died in the middle
    expect(isDue({ ...failed, retryAt: null }, slot, now)).toBe(true);
  });

  it('stays done when the clock is set back a little, and is not waited for when the clock had run far ahead', () => {
    const slot = { at: at('2026-11-24T12:15:00Z'), nextAt: at('2026-11-24T16:15:00Z') };
    const now = slot.at + 60_000;
    const doneAt = (slotAt: number) => ({ slotAt, done: true, attempts: 1, retryAt: null });
    expect(isDue(doneAt(slot.nextAt), slot, now)).toBe(false);
    expect(isDue(doneAt(slot.nextAt + 14_400_000), slot, now)).toBe(true);
    expect(isDue(doneAt(at('2031-01-01T00:15:00Z')), slot, now)).toBe(true);
    const retryIn2031 = { slotAt: slot.at, done: false, attempts: 3, retryAt: at('2031-01-01T00:15:00Z') };
    expect(isDue(retryIn2031, slot, now)).toBe(true);
  });

  it('waits longer after each failed attempt', () => {
    expect([1, 2, 3, 4, 5, 50].map((attempts) => retryAt(attempts, 0) / 60_000)).toEqual([1, 5, 15, 30, 60, 60]);
  });
});
