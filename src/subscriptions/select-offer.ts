import { addDays } from '../digest/week.js';
import type { Period } from '../model/period.js';

/** How long after its `added` a paper that comes to match only later is still offered, days. */
export const OFFER_DAYS = 56;

/** What of a paper decides whether it is offered. */
export interface Candidate {
  pmid: string;
  added: string;
  /** When it became visible here, epoch ms. */
  listedAt: number;
  /** The week in whose issue it was news; null = in none yet. */
  issue: string | null;
}

/** The filters of a reader, from an instant on, and the candidates that match them. */
export interface MatchedFilters {
  since: number;
  matches: ReadonlySet<string>;
}

export interface OfferReader {
  confirmedAt: number;
  /** Oldest first; the last are those of now. */
  filters: readonly MatchedFilters[];
  /** Everything ever sent to this reader. */
  sent: ReadonlySet<string>;
}

/**
 * The oldest `added` that a paper may have to be offered for a period, unless it came late.
 */
export const oldestAdded = (period: Pick<Period, 'to'>): string => addDays(period.to, -OFFER_DAYS);

/**
 * Whether a paper is offered to a reader in a period. The one rule behind every delivery:
 * never twice, never what was listed before they confirmed, for values added to their filters nothing listed before
 * they were added, and nothing older than eight weeks unless it reached us late.
 * @param newsFrom papers added before this day are never news
 */
export function isOffered(
  paper: Candidate,
  reader: OfferReader,
  period: Pick<Period, 'kind' | 'key' | 'to'>,
  newsFrom: string,
): boolean {
  if (paper.added < newsFrom || paper.added > period.to) return false;
  if (reader.sent.has(paper.pmid) || paper.listedAt <= reader.confirmedAt) return false;
  // a week's mail is its issue and what earlier issues had for this reader
  if (period.kind === 'week' && (paper.issue === null || paper.issue > period.key)) return false;
  const oldest = oldestAdded(period);
  if (paper.added < oldest && paper.listedAt < Date.parse(`${oldest}T00:00:00Z`)) return false;
  return reader.filters.every((version, index) => {
    const next = reader.filters[index + 1];
    const overBefore = next !== undefined && next.since <= paper.listedAt;
    return overBefore || version.matches.has(paper.pmid);
  });
}
