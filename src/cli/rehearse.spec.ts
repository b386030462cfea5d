import { rehearsalBegins, rehearsalInstants, REHEARSED_WEEKS } from './rehearse.js';

const iso = (instant: number | undefined) => new Date(instant ?? NaN).toISOString();

describe('the weeks that the demo plays through', () => {
  it('begin on the Monday nine weeks before this one', () => {
    expect(REHEARSED_WEEKS).toBe(9);
    expect(rehearsalBegins(Date.parse('2026-11-25T10:00:00Z'), 'UTC')).toBe('2026-09-21');
    expect(rehearsalBegins(Date.parse('2026-11-23T00:00:00Z'), 'UTC')).toBe('2026-09-21');
    expect(rehearsalBegins(Date.parse('2026-11-22T23:59:59Z'), 'UTC')).toBe('2026-09-14');
  });

  it('are asked for before the first week, and then after the digest of every Monday, also when clocks change', () => {
    const instants = rehearsalInstants(Date.parse('2026-11-25T10:00:00Z'), 'Europe/Vienna');
    expect(iso(instants[0])).toBe('2026-09-19T22:00:00.000Z');
    expect(iso(instants[1])).toBe('2026-09-21T11:00:00.000Z');
    // Vienna left summer time on 2026-10-25
    expect(iso(instants.at(-2))).toBe('2026-11-23T12:00:00.000Z');
    expect([...instants].sort((a, b) => a - b)).toEqual(instants);
  });

  it('end an hour ago, so that the store is fresh when it is served', () => {
    const instants = rehearsalInstants(Date.parse('2026-11-23T12:30:00Z'), 'UTC');
    expect(iso(instants.at(-1))).toBe('2026-11-23T11:30:00.000Z');
    expect(iso(instants.at(-2))).toBe('2026-11-19T13:00:00.000Z');
  });
});
