import { addDays } from './pubmed-day.js';
import type { Bound } from './window.js';

/** How many of our own papers a slice may hold: leaves room below PubMed's ceiling for those that are not here yet. */
const PAPERS_A_SLICE = 8_000;

/**
 * Create-date windows that together hold everything from `from` on, newest first, each with about as many records as
 * PubMed lists in one search. Where to cut is known from the days on which the papers here were added: halving blindly
 * would spend most searches on years that are empty or too full.
 * @param added the create dates of the papers here, in any order
 */
export function sweepSlices(added: readonly string[], from: string, papersASlice = PAPERS_A_SLICE): Bound[] {
  const days = added.filter((day) => day >= from).sort();
  const slices: Bound[] = [];
  let to: string | null = null;
  for (let at = days.length - papersASlice; at > 0; at -= papersASlice) {
    const begin = days[at] ?? from;
    // a day with more papers than a slice holds is cut by the listing itself
    if (begin <= from || (to !== null && begin > to)) continue;
    slices.push({ field: 'crdt', from: begin, to });
    to = addDays(begin, -1);
  }
  slices.push({ field: 'crdt', from, to });
  return slices;
}
