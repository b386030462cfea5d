import fc from 'fast-check';
import { listWindow, type Listing } from './list-slices.js';
import { addDays, daysBetween } from './pubmed-day.js';
import {
  backfillWindows,
  FIRST_DAY,
  splitSlice,
  watchWindows,
  type Bound,
  type Slice,
  type SliceField,
} from './window.js';

type Dates = Record<Exclude<SliceField, 'uid'>, string>;
interface FakeRecord extends Dates {
  pmid: string;
}

const holds = (record: FakeRecord, bound: Bound) => {
  const value = bound.field === 'uid' ? Number(record.pmid) : record[bound.field];
  const [from, to] =
    bound.field === 'uid'
      ? [Number(bound.from), bound.to === null ? Infinity : Number(bound.to)]
      : [bound.from, bound.to ?? '9999'];
  return value >= from && value <= to;
};

/** A PubMed in memory that lists no more than its ceiling. */
const searchIn =
  (records: readonly FakeRecord[], ceiling: number) =>
  (slice: Slice): Promise<Listing> => {
    const found = records.filter((record) => slice.every((bound) => holds(record, bound))).map((record) => record.pmid);
    return Promise.resolve({ count: found.length, pmids: found.slice(0, ceiling) });
  };

const today = '2026-11-24';
const day = fc.integer({ min: 0, max: 400 }).map((back) => addDays(today, -back));
const fewDays = fc.constantFrom('2026-11-24', '2026-11-23', '2026-11-01');

describe('windows', () => {
  it('cut until every part is below the ceiling, and list every record, however dense', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ crdt: fewDays, edat: fewDays, dp: day, lr: fewDays, mhda: fewDays }), { maxLength: 120 }),
        fc.integer({ min: 3, max: 20 }),
        async (dates, ceiling) => {
          const records = dates.map((date, at) => ({ ...date, pmid: String(1000 + at) }));
          const listed: string[] = [];
          for await (const { slice, pmids } of listWindow(
            { field: 'crdt', from: FIRST_DAY, to: null },
            today,
            searchIn(records, ceiling),
            ceiling,
          )) {
            expect(pmids.length).toBeLessThanOrEqual(ceiling);
            expect(slice[0]?.field).toBe('crdt');
            listed.push(...pmids);
          }
          expect([...listed].sort()).toEqual(records.map((record) => record.pmid).sort());
        },
      ),
      { numRuns: 150 },
    );
  });

  it('list newer parts before older ones', async () => {
    const records = Array.from({ length: 60 }, (_, at) => {
      const date = addDays(today, -at);
      return { pmid: String(5000 - at), crdt: date, edat: date, dp: date, lr: date, mhda: date };
    });
    const firstDays: string[] = [];
    for await (const { slice } of listWindow(
      { field: 'crdt', from: FIRST_DAY, to: null },
      today,
      searchIn(records, 10),
      10,
    ))
      firstDays.push(slice[0]?.from ?? '');
    expect(firstDays).toEqual([...firstDays].sort().reverse());
  });

  it('cut a single day by another date, and by PMIDs when all dates are the same', async () => {
    const one = '2026-11-20';
    const records = Array.from({ length: 25 }, (_, at) => ({
      pmid: String(at + 1),
      crdt: one,
      edat: one,
      dp: one,
      lr: one,
      mhda: one,
    }));
    const listed: string[] = [];
    for await (const { pmids } of listWindow({ field: 'crdt', from: one, to: one }, today, searchIn(records, 4), 4))
      listed.push(...pmids);
    expect(listed.sort((a, b) => Number(a) - Number(b))).toEqual(records.map((record) => record.pmid));
  });

  it('goes on to the next field when the parts of one do not add up to the whole', async () => {
    const one = '2026-11-20';
    // without an Entrez date: in no part that is cut by it
    const records = Array.from({ length: 12 }, (_, at) => ({
      pmid: String(at + 1),
      crdt: one,
      edat: '',
      dp: addDays(one, -at),
      lr: one,
      mhda: one,
    }));
    const listed: string[] = [];
    for await (const { pmids } of listWindow({ field: 'crdt', from: one, to: one }, today, searchIn(records, 4), 4))
      listed.push(...pmids);
    expect(listed).toHaveLength(12);
  });

  it('search again for a list shorter than its count, and give up with a reason', async () => {
    let tries = 0;
    const short = (): Promise<Listing> =>
      Promise.resolve({ count: 3, pmids: ++tries < 3 ? ['1', '2'] : ['1', '2', '3'] });
    const listed: string[] = [];
    for await (const { pmids } of listWindow({ field: 'crdt', from: today, to: null }, today, short))
      listed.push(...pmids);
    expect(listed).toEqual(['1', '2', '3']);
    const never = (): Promise<Listing> => Promise.resolve({ count: 3, pmids: ['1'] });
    await expect(listWindow({ field: 'crdt', from: today, to: null }, today, never).next()).rejects.toMatchObject({
      code: 'ncbi-cut-short',
    });
  });

  it('split into halves that hold the same days, once', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 3000 }), (from, days) => {
        const parts = splitSlice([{ field: 'crdt', from, to: addDays(from, days) }], today);
        const [newer, older] = parts ?? [];
        expect(newer?.[0]?.to).toBe(addDays(from, days));
        expect(older?.[0]?.from).toBe(from);
        expect(addDays(older?.[0]?.to ?? '', 1)).toBe(newer?.[0]?.from);
      }),
    );
  });

  it('of a back-fill lie side by side from the open present to the beginning', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000 }), (days) => {
        const from = addDays(today, -days);
        const windows = [...backfillWindows(from, today)];
        expect(windows[0]?.to).toBeNull();
        expect(windows[windows.length - 1]?.from).toBe(from);
        for (let at = 1; at < windows.length; at++)
          expect(addDays(windows[at]?.to ?? '', 1)).toBe(windows[at - 1]?.from);
      }),
    );
  });

  it('of a watch cover every day since, today being open, one day each', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), (days) => {
        const from = addDays(today, -days);
        const windows = watchWindows('lr', from, today);
        expect(windows[0]).toEqual({ field: 'lr', from: today, to: null });
        const covered = windows
          .slice(1)
          .reduce((sum, window) => sum + daysBetween(window.from, window.to ?? '') + 1, 0);
        expect(covered).toBe(days);
        if (days <= 31) expect(windows).toHaveLength(days + 1);
      }),
    );
  });
});
