import { addDays, daysBetween } from './pubmed-day.js';

/** A PubMed date field, or the PMID itself. */
export type SliceField = 'crdt' | 'lr' | 'mhda' | 'edat' | 'dp' | 'uid';

/** One bound of a search. Both ends count; `to` null = open (PubMed's year 3000). Days `YYYY-MM-DD`, PMIDs for `uid`. */
export interface Bound {
  field: SliceField;
  from: string;
  to: string | null;
}

/** A part of the query that is listed by one search: all bounds hold at once. The first is the window's own field. */
export type Slice = readonly Bound[];

/** Nothing in PubMed is older: the first day of every unbounded search. */
export const FIRST_DAY = '1800-01-01';
const LAST_DAY = '3000-12-31';
/** PMIDs have at most 9 digits for a long time to come. */
const LAST_PMID = 999_999_999;

/**
 * Fields by which a slice of one single day is cut further when it still holds more than PubMed lists, in this order.
 * Publication dates serve here, and only here: they cut a set that is known to be whole, and the parts are summed up
 * against it.
 */
export const FURTHER_FIELDS: readonly SliceField[] = ['edat', 'dp', 'lr', 'mhda', 'uid'];

const middlePmid = (from: string, to: string | null) => Math.floor((Number(from) + Number(to ?? LAST_PMID)) / 2);

/** Halves a bound; the newer half comes first. Null when it holds a single day or PMID. */
export function halveBound(bound: Bound): [newer: Bound, older: Bound] | null {
  if (bound.field === 'uid') {
    if (bound.to !== null && Number(bound.to) <= Number(bound.from)) return null;
    const middle = middlePmid(bound.from, bound.to);
    return [
      { ...bound, from: String(middle + 1) },
      { ...bound, to: String(middle) },
    ];
  }
  const days = daysBetween(bound.from, bound.to ?? LAST_DAY);
  if (days <= 0) return null;
  const middle = addDays(bound.from, Math.floor(days / 2));
  return [
    { ...bound, from: addDays(middle, 1) },
    { ...bound, to: middle },
  ];
}

/**
 * The open end of a window lies in the year 3000, but nothing is newer than today: an open bound is halved between its
 * beginning and today, the newer part staying open.
 */
function halveWindow(bound: Bound, today: string): [Bound, Bound] | null {
  if (bound.to !== null || bound.field === 'uid') return halveBound(bound);
  if (daysBetween(bound.from, today) <= 0) return null;
  const halves = halveBound({ ...bound, to: today });
  return halves && [{ ...halves[0], to: null }, halves[1]];
}

/**
 * Cuts a slice in two that together hold the same records, the newer one first: the window's own field down to single
 * days, then the further fields one after the other.
 * @returns null when nothing is left to cut by
 */
export function splitSlice(slice: Slice, today: string): [Slice, Slice] | null {
  const [own, ...others] = slice;
  if (!own) return null;
  if (others.length === 0) {
    const halves = halveWindow(own, today);
    if (halves) return [[halves[0]], [halves[1]]];
  }
  const last = others[others.length - 1];
  if (last) {
    const halves = halveBound(last);
    if (halves) {
      const rest = slice.slice(0, -1);
      return [
        [...rest, halves[0]],
        [...rest, halves[1]],
      ];
    }
  }
  return cutByNextField(slice);
}

/** Starts cutting by the field after `last` (by default the slice's last one); null when all have been used. */
export function cutByNextField(
  slice: Slice,
  last: SliceField | undefined = slice[slice.length - 1]?.field,
): [Slice, Slice] | null {
  const used = new Set(slice.map((bound) => bound.field));
  const begin = last === undefined ? 0 : FURTHER_FIELDS.indexOf(last) + 1;
  const next = FURTHER_FIELDS.slice(begin).find((field) => !used.has(field));
  if (!next) return null;
  const halves = halveBound({ field: next, from: next === 'uid' ? '1' : FIRST_DAY, to: null });
  return (
    halves && [
      [...slice, halves[0]],
      [...slice, halves[1]],
    ]
  );
}

/**
 * The back-fill, newest first, in windows that grow as they go back: the last month is there after two requests.
 * The newest window is open at its end.
 */
export function* backfillWindows(from: string, today: string): Generator<Bound> {
  let to: string | null = null;
  let end = today;
  for (let days = 30; ; days *= 3) {
    const begin = addDays(end, -days);
    if (begin <= from) {
      yield { field: 'crdt', from, to };
      return;
    }
    yield { field: 'crdt', from: begin, to };
    to = addDays(begin, -1);
    end = to;
  }
}

/**
 * The days from `from` on, one window each so that what was fetched after a day is known not to have changed since;
 * the last, today's, is open. After a long pause whole weeks are taken together. Newest first.
 */
export function watchWindows(field: SliceField, from: string, today: string): Bound[] {
  const span = Math.max(0, daysBetween(from, today));
  const step = span > 31 ? 7 : 1;
  const windows: Bound[] = [{ field, from: from > today ? from : today, to: null }];
  for (let to = addDays(today, -1); to >= from; to = addDays(to, -step)) {
    const begin = addDays(to, 1 - step);
    windows.push({ field, from: begin < from ? from : begin, to });
  }
  return windows;
}
