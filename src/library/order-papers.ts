import type { Sort } from '../model/filter.js';
import type { TextFieldName } from '../store/paper-words.js';
import { countBits, eachBit, hasBit, lastBits, type Bits } from './bits.js';
import { firstNotBefore, NO_DAY, once, type Catalogue } from './catalogue.js';
import type { Term } from './parse-query.js';
import { lookupsOf, type FindPapers } from './select-papers.js';

/** Where a page begins: behind this paper. It names the paper's place in the order, so it holds whatever is inserted. */
export interface Position {
  /** Score (`match`) or day (`published`); null where the sort has none. */
  key: number | null;
  added: number;
  pmid: number;
}

/** What a hit in a field is worth: no statistics of the whole store, so that a score stays what it is. */
const WORTH: Record<TextFieldName, number> = { title: 8, keywords: 4, abstract: 2, names: 1 };

/** Places of a page's papers, in order. One more than `limit` when there are more. */
export type Ordered = readonly number[];

export function newestFirst(catalogue: Catalogue, papers: Bits, after: Position | null, limit: number): Ordered {
  const end = after === null ? catalogue.size : firstNotBefore(catalogue, after.added, after.pmid);
  return lastBits(papers, end, limit);
}

/** All places in ascending order of a key, then of (added, pmid). Made once a catalogue. */
function orderBy(catalogue: Catalogue, name: string, keys: ArrayLike<number>): Uint32Array {
  return once(catalogue, `order by ${name}`, () => {
    const order = new Uint32Array(catalogue.size);
    for (let at = 0; at < order.length; at++) order[at] = at;
    return order.sort((a, b) => keys[a]! - keys[b]! || a - b);
  });
}

/** Last first by a column; those of equal value newest first. */
function lastFirst(
  catalogue: Catalogue,
  papers: Bits,
  name: 'published' | 'listedAt',
  after: Position | null,
  limit: number,
): Ordered {
  const keys = catalogue[name];
  const isBefore = (at: number) => {
    if (after === null) return true;
    const key = after.key ?? NO_DAY;
    return keys[at]! < key || (keys[at]! === key && (catalogue.added[at]! < after.added || (catalogue.added[at] === after.added && catalogue.pmids[at]! < after.pmid))); // prettier-ignore
  };
  // few papers are sorted, many are picked from the order of all
  if (countBits(papers) * 64 < catalogue.size) {
    const places: number[] = [];
    eachBit(papers, (at) => {
      if (isBefore(at)) places.push(at);
    });
    return places.sort((a, b) => keys[b]! - keys[a]! || b - a).slice(0, limit);
  }
  const order = orderBy(catalogue, name, keys);
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(order[middle]!)) low = middle + 1;
    else high = middle;
  }
  const found: number[] = [];
  for (let i = low - 1; i >= 0 && found.length < limit; i--) if (hasBit(papers, order[i]!)) found.push(order[i]!);
  return found;
}

/** How well each paper fits the words, by place. */
export async function scores(catalogue: Catalogue, terms: readonly Term[], find: FindPapers): Promise<Uint16Array> {
  const worth = new Uint16Array(catalogue.size);
  for (const term of terms) {
    if (term.not) continue;
    for (const lookup of lookupsOf(term)) {
      if (lookup.kind === 'exact') {
        const most = Object.values(WORTH).reduce((sum, value) => sum + value);
        eachBit(await find(lookup, null), (at) => {
          worth[at]! += most;
        });
        continue;
      }
      for (const [field, value] of Object.entries(WORTH) as [TextFieldName, number][])
        eachBit(await find(lookup, field), (at) => {
          worth[at]! += value;
        });
    }
  }
  return worth;
}

function bestFirst(
  catalogue: Catalogue,
  papers: Bits,
  worth: Uint16Array,
  after: Position | null,
  limit: number,
): Ordered {
  // the page's last score is found by counting, so that nothing has to be sorted
  const counts = new Map<number, number>();
  const end = after === null ? 0 : firstNotBefore(catalogue, after.added, after.pmid);
  const isBehind = (at: number) => {
    if (after === null) return true;
    const score = worth[at]!;
    return score < (after.key ?? 0) || (score === after.key && at < end);
  };
  eachBit(papers, (at) => {
    if (isBehind(at)) counts.set(worth[at]!, (counts.get(worth[at]!) ?? 0) + 1);
  });
  let lowest = 0;
  let places = 0;
  for (const [score, count] of [...counts].sort((a, b) => b[0] - a[0])) {
    lowest = score;
    places += count;
    if (places >= limit) break;
  }
  const found: number[] = [];
  eachBit(papers, (at) => {
    if (worth[at]! >= lowest && isBehind(at)) found.push(at);
  });
  return found.sort((a, b) => worth[b]! - worth[a]! || b - a).slice(0, limit);
}

/** A page of chosen papers. */
export function orderPapers(
  catalogue: Catalogue,
  papers: Bits,
  sort: Sort | 'listed',
  worth: Uint16Array | null,
  after: Position | null,
  limit: number,
): Ordered {
  switch (sort) {
    case 'added':
      return newestFirst(catalogue, papers, after, limit);
    case 'published':
      return lastFirst(catalogue, papers, 'published', after, limit);
    case 'listed':
      return lastFirst(catalogue, papers, 'listedAt', after, limit);
    case 'match':
      return worth === null
        ? newestFirst(catalogue, papers, after, limit)
        : bestFirst(catalogue, papers, worth, after, limit);
  }
}

/** The position behind a paper. */
export function positionOf(
  catalogue: Catalogue,
  at: number,
  sort: Sort | 'listed',
  worth: Uint16Array | null,
): Position {
  return {
    key:
      sort === 'published'
        ? catalogue.published[at]!
        : sort === 'listed'
          ? catalogue.listedAt[at]!
          : sort === 'match'
            ? (worth?.[at] ?? 0)
            : null,
    added: catalogue.added[at]!,
    pmid: catalogue.pmids[at]!,
  };
}
