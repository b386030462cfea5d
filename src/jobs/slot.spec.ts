import { DateTime } from 'luxon';
import { Random } from '../../test/support/random.js';
import type { Slot } from '../store/slots.store.js';
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

  it('keeps to the time of day on the day on which clocks are set back', () => {
    const wall = (timeZone: string, from: string) =>
      DateTime.fromMillis(nextSlot('30 2 * * *', timeZone, at(from)), { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm');
    expect(wall('America/New_York', '2026-10-31T12:00:00Z')).toBe('2026-11-01 02:30');
    expect(wall('Australia/Lord_Howe', '2026-04-04T00:00:00Z')).toBe('2026-04-05 02:30');
    expect(wall('Europe/Vienna', '2026-10-24T12:00:00Z')).toBe('2026-10-25 02:30');
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

  /** What runs, and at which look, when somebody looks again and again and each slot is done at once. */
  const walk = (cron: string, timeZone: string, looks: readonly number[]) => {
    const ran: { look: number; slotAt: number }[] = [];
    let kept: Slot | null = null;
    let slot = { at: 0, nextAt: 0 };
    for (const [look, now] of looks.entries()) {
      // as the jobs do: reckoned anew only when it has passed, or the clock was set back
      if (now < slot.at || now >= slot.nextAt)
        slot = { at: latestSlot(cron, timeZone, now) ?? 0, nextAt: nextSlot(cron, timeZone, now) };
      if (!isDue(kept, slot, now)) continue;
      kept = { slotAt: slot.at, done: true, attempts: 1, retryAt: null };
      ran.push({ look, slotAt: slot.at });
    }
    return ran;
  };
  const QUARTER = 15 * 60_000;

  it.each([
    ['Europe/Vienna', '2026-03-29'],
    ['Europe/Vienna', '2026-10-25'],
    ['America/New_York', '2026-03-08'],
    ['America/New_York', '2026-11-01'],
    ['Australia/Lord_Howe', '2026-04-04'],
  ])('come each once and in order when clocks change in %s on %s', (timeZone, day) => {
    const looks = Array.from({ length: 4 * 72 }, (_, turn) => at(`${day}T00:00:00Z`) - 24 * 3_600_000 + turn * QUARTER);
    for (const [cron, hours] of [
      ['15 */4 * * *', 4],
      ['30 2 * * *', 24],
    ] as const) {
      const slots = walk(cron, timeZone, looks).map(({ slotAt }) => slotAt);
      // the first look makes up for the slot before it
      expect([1, 2]).toContain(slots.length - Math.floor(71 / hours));
      for (const [index, slot] of slots.slice(1).entries()) {
        const since = (slot - (slots[index] ?? 0)) / 3_600_000;
        expect(since).toBeGreaterThan(0);
        expect(Math.abs(since - hours)).toBeLessThanOrEqual(1);
      }
    }
  });

  it('come each once again after the clock has jumped, however often and however far', () => {
    const random = new Random(17);
    for (let round = 0; round < 15; round++) {
      let now = at('2026-11-24T00:00:00Z');
      const looks: number[] = [];
      for (let jumps = random.below(5); jumps >= 0; jumps--) {
        for (let turns = random.below(20); turns >= 0; turns--) looks.push((now += QUARTER));
        now += (random.chance(0.5) ? 1 : -1) * 60_000 * 10 ** random.below(7);
      }
      const settled = looks.length;
      for (let turn = 0; turn < 4 * 24; turn++) looks.push((now += QUARTER));
      const ran = walk('15 */4 * * *', 'UTC', looks).filter(({ look }) => look >= settled);
      expect(new Set(ran.map(({ slotAt }) => slotAt)).size).toBe(ran.length);
      // six a day; after a jump back the first ones may have been done before it, after one forward the last is made up for
      expect([5, 6, 7]).toContain(ran.length);
      const late = ran.filter(({ look, slotAt }) => look > settled + 4 * 8 && (looks[look] ?? 0) - slotAt > QUARTER);
      expect(late).toEqual([]);
    }
  });
});
