import { firstNewsDay } from './news-from.js';
import { pubmedDay } from './pubmed-day.js';
import { OVERLAP_DAYS, planRange, planSync, type SyncState } from './sync-state.js';

const today = '2026-11-24';
const now = { query: 'q1', from: null, today };
const done: SyncState = { query: 'q1', from: '1800-01-01', watchFrom: '2026-01-01', cursor: '2026-11-23' };

describe('what a sync has to list', () => {
  it('is the whole literature, newest first, when the store is empty', () => {
    const windows = [...planSync(null, now).windows];
    expect(windows[0]).toEqual({ field: 'crdt', from: '2026-10-25', to: null });
    expect(windows[windows.length - 1]?.from).toBe('1800-01-01');
    expect(windows.every((window) => window.field === 'crdt')).toBe(true);
  });

  it('is what is new, changed or newly indexed since the cursor, with an overlap', () => {
    const windows = [...planSync(done, now).windows];
    for (const field of ['crdt', 'lr', 'mhda']) {
      const days = windows.filter((window) => window.field === field);
      expect(days).toHaveLength(OVERLAP_DAYS + 2);
      expect(days[0]).toEqual({ field, from: today, to: null });
    }
  });

  it('looks for changes since the first attempt when the back-fill took days', () => {
    const windows = [...planSync({ ...done, cursor: null, watchFrom: '2026-11-22' }, now).windows];
    expect(windows.filter((window) => window.field === 'lr').map((window) => window.from)).toEqual([
      '2026-11-24',
      '2026-11-23',
      '2026-11-22',
      '2026-11-21',
    ]);
  });

  it('begins again with another query or an earlier beginning, not with a later one', () => {
    expect(planSync(done, { ...now, query: 'q2' }).state).toMatchObject({
      query: 'q2',
      cursor: null,
      watchFrom: '2026-01-01',
    });
    expect(planSync({ ...done, from: '2020-01-01' }, now).state.cursor).toBeNull();
    expect(planSync(done, { ...now, from: '2020-01-01' }).state.cursor).toBe('2026-11-23');
  });

  it('is everything again when the clock had run ahead, and nothing more when it was ahead by less than the overlap', () => {
    const ahead = planSync({ ...done, cursor: '2031-01-01' }, now);
    expect(ahead.state).toEqual({ ...done, cursor: null });
    expect([...ahead.windows].filter((window) => window.field === 'crdt').at(-1)?.from).toBe('1800-01-01');
    expect(planSync({ ...done, watchFrom: '2031-01-01', cursor: '2031-01-01' }, now).state.watchFrom).toBe(today);
    expect(planSync({ ...done, cursor: '2026-11-27' }, now).state.cursor).toBe('2026-11-27');
  });

  it('of a run between two dates is just that', () => {
    expect(planRange('2024-01-01', '2024-01-31', today)).toEqual([
      { field: 'crdt', from: '2024-01-01', to: '2024-01-31' },
    ]);
    expect(planRange('2026-11-20', null, today)).toEqual([{ field: 'crdt', from: '2026-11-20', to: null }]);
  });
});

describe("PubMed's day", () => {
  it('is the day in US Eastern time', () => {
    expect(pubmedDay(Date.parse('2026-11-24T04:59:00Z'))).toBe('2026-11-23');
    expect(pubmedDay(Date.parse('2026-11-24T05:00:00Z'))).toBe('2026-11-24');
    expect(pubmedDay(Date.parse('2026-07-01T03:59:00Z'))).toBe('2026-06-30');
  });

  it('news begin on the Monday of the week of the first sync', () => {
    expect(firstNewsDay(Date.parse('2026-11-24T12:00:00Z'), 'UTC')).toBe('2026-11-23');
    expect(firstNewsDay(Date.parse('2026-11-22T23:30:00Z'), 'UTC')).toBe('2026-11-16');
    expect(firstNewsDay(Date.parse('2026-11-22T23:30:00Z'), 'Europe/Vienna')).toBe('2026-11-23');
  });
});
