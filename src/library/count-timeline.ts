import type { DateType, Filter } from '../model/filter.js';
import type { Facet } from '../model/tag.js';
import { AppError } from '../problem.js';
import { eachBit, type Bits } from './bits.js';
import { dayNumber, dayText, NO_DAY, type Catalogue } from './catalogue.js';

export const INTERVALS = ['week', 'month', 'year'] as const;
export type Interval = (typeof INTERVALS)[number];

export interface Timeline {
  /** null = only the total. */
  by: Facet | null;
  interval: Interval;
  dateType: DateType;
  /** `2026-W47`, `2026-09` or `2026`: contiguous, zero-filled. */
  buckets: string[];
  series: { value: string; label: string; counts: number[] }[];
  /** Distinct papers of each bucket. */
  total: number[];
  /** Papers without such a date. */
  unplaced: number;
  /** First bucket that may still grow: what follows is not over, or not yet seen; null = none shown. */
  openFrom: string | null;
}

/** More are not plotted by anybody; a date that is centuries off must not make a million of them. */
const MOST_BUCKETS = 10_000;

/** Number of a day's bucket; numbers of following buckets follow. */
function bucketOf(day: number, interval: Interval): number {
  // 1970-01-01 was a Thursday: weeks begin on Mondays
  if (interval === 'week') return Math.floor((day + 3) / 7);
  const date = new Date(day * 86_400_000);
  return interval === 'year' ? date.getUTCFullYear() : date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function bucketName(bucket: number, interval: Interval): string {
  if (interval === 'year') return String(bucket).padStart(4, '0');
  if (interval === 'month')
    return `${String(Math.floor(bucket / 12)).padStart(4, '0')}-${String((bucket % 12) + 1).padStart(2, '0')}`;
  // an ISO week is of the year of its Thursday
  const thursday = bucket * 7;
  const year = Number(dayText(thursday).slice(0, 4));
  const week = Math.floor((thursday - dayNumber(`${String(year).padStart(4, '0')}-01-01`)) / 7) + 1;
  return `${String(year).padStart(4, '0')}-W${String(week).padStart(2, '0')}`;
}

/**
 * Counts papers over time.
 * @param openDay the first day that is not over or not yet seen whole: today, or the day of the last complete sync
 */
export function countTimeline(
  catalogue: Catalogue,
  papers: Bits,
  filter: Filter,
  query: { by: Facet | null; interval: Interval; openDay: string },
): Timeline {
  const { by, interval } = query;
  const days = filter.dateType === 'published' ? catalogue.published : catalogue.added;
  let first = Infinity;
  let last = -Infinity;
  let unplaced = 0;
  eachBit(papers, (at) => {
    const day = days[at]!;
    if (day === NO_DAY) unplaced++;
    else {
      if (day < first) first = day;
      if (day > last) last = day;
    }
  });
  const [from, to] = first > last ? [0, -1] : [bucketOf(first, interval), bucketOf(last, interval)];
  if (to - from >= MOST_BUCKETS)
    throw new AppError('unknown-value', `interval ${interval} would make ${to - from + 1} buckets; choose month or year, or set from and to`, {
      items: [{ parameter: 'interval', value: interval, message: `makes more than ${MOST_BUCKETS} buckets`, allowed: INTERVALS }],
    }); // prettier-ignore
  const size = to - from + 1;
  const span = (by !== null && catalogue.table.spans[by]) || { from: 0, to: 0 };
  const counts = Array.from({ length: span.to - span.from }, () => new Float64Array(size));
  const total = new Float64Array(size);
  // a day's bucket is looked up, not worked out a million times
  const buckets = new Int32Array(size > 0 ? last - first + 1 : 0);
  for (let day = 0; day < buckets.length; day++) buckets[day] = bucketOf(first + day, interval) - from;
  const { tagStarts, tagNumbers } = catalogue;
  eachBit(papers, (at) => {
    const day = days[at]!;
    if (day === NO_DAY) return;
    const bucket = buckets[day - first]!;
    total[bucket]! += 1;
    if (by === null) return;
    for (let tag = tagStarts[at]!; tag < tagStarts[at + 1]!; tag++) {
      const number = tagNumbers[tag]!;
      if (number >= span.from && number < span.to) counts[number - span.from]![bucket]! += 1;
    }
  });
  const names = Array.from({ length: size }, (_, index) => bucketName(from + index, interval));
  const open = bucketOf(dayNumber(query.openDay), interval);
  return {
    by,
    interval,
    dateType: filter.dateType,
    buckets: names,
    series: counts.map((list, index) => {
      const { value, label } = catalogue.table.tags[span.from + index]!;
      return { value, label, counts: [...list] };
    }),
    total: [...total],
    unplaced,
    openFrom: open > to ? null : (names[Math.max(0, open - from)] ?? null),
  };
}
