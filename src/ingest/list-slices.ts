import { AppError } from '../problem.js';
import { cutByNextField, splitSlice, type Bound, type Slice } from './window.js';

/** What a search of one slice answered. */
export interface Listing {
  count: number;
  pmids: string[];
}

export interface ListedSlice {
  slice: Slice;
  pmids: string[];
}

/** PubMed lists only the first 9,999 records of a search. */
export const SEARCH_CEILING = 9_999;

/** A list shorter than its own count is asked for again this many times. */
const SHORT_LIST_TRIES = 3;

/**
 * Lists a window whole, in as many searches as it needs, newest part first: a slice with more records than PubMed
 * lists is cut until every part is below the ceiling.
 * @param today PubMed's day now, where an open window is cut
 * @param search lists a slice, at most `ceiling` PMIDs of it
 * @throws AppError `ncbi-cut-short` when PubMed keeps listing fewer PMIDs than it counts, `ncbi-ceiling` when nothing
 * is left to cut by
 */
export async function* listWindow(
  window: Bound,
  today: string,
  search: (slice: Slice) => Promise<Listing>,
  ceiling = SEARCH_CEILING,
): AsyncGenerator<ListedSlice> {
  yield* listSlice([window], await search([window]), today, search, ceiling);
}

async function* listSlice(
  slice: Slice,
  listing: Listing,
  today: string,
  search: (slice: Slice) => Promise<Listing>,
  ceiling: number,
): AsyncGenerator<ListedSlice> {
  if (listing.count <= ceiling) {
    yield { slice, pmids: await wholeList(slice, listing, search) };
    return;
  }
  let parts = splitSlice(slice, today);
  while (parts) {
    const [newer, older] = [await search(parts[0]), await search(parts[1])];
    const cutBy = parts[0][parts[0].length - 1]?.field;
    // A record without the date it is cut by would stand in neither part. (New ones may arrive in between: more is fine.)
    if (newer.count + older.count >= listing.count || parts[0].length === 1) {
      yield* listSlice(parts[0], newer, today, search, ceiling);
      yield* listSlice(parts[1], older, today, search, ceiling);
      return;
    }
    parts = parts[0].length > slice.length ? cutByNextField(slice, cutBy) : null;
  }
  throw new AppError(
    'ncbi-ceiling',
    `PubMed counts ${listing.count} records in ${describeSlice(slice)} and lists at most ${ceiling}; nothing is left to cut them by`,
  );
}

async function wholeList(
  slice: Slice,
  listing: Listing,
  search: (slice: Slice) => Promise<Listing>,
): Promise<string[]> {
  const pmids = new Set(listing.pmids);
  let count = listing.count;
  for (let tries = 1; pmids.size < count; tries++) {
    if (tries > SHORT_LIST_TRIES)
      throw new AppError(
        'ncbi-cut-short',
        `PubMed counts ${count} records in ${describeSlice(slice)} but lists only ${pmids.size}`,
      );
    const again = await search(slice);
    count = again.count;
    for (const pmid of again.pmids) pmids.add(pmid);
  }
  return [...pmids];
}

/** `crdt 2024-01-01…2024-12-31`, for messages. */
export const describeSlice = (slice: Slice): string =>
  slice.map((bound) => `${bound.field} ${bound.from}…${bound.to ?? ''}`).join(', ');
