import type { Tags } from '../model/tag.js';
import type { Wanted } from './place.js';

/** Filters as a canonical query string, `condition=ptsd&study=rct`; empty = the defaults. */
export type CanonicalFilters = string;

/** What digests ask of the library: which papers match a reader's filters. The same door for every outlet. */
export interface PaperMatcher {
  /** Of these papers, those that match as they are now. */
  match(filters: CanonicalFilters, pmids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Of these papers, those that match with the tags with which they were issued. */
  matchIssued(filters: CanonicalFilters, papers: readonly { pmid: string; tags: Tags }[]): Promise<ReadonlySet<string>>;
  /** How many papers added from a day on and before another match, week by week (both days Mondays). */
  countWeeks(filters: CanonicalFilters, from: string, before: string): Promise<number[]>;
  /** Values that the filters ask for, without those they exclude. */
  wanted(filters: CanonicalFilters): Wanted;
  /** In words for a reader; null = the defaults. */
  describe(filters: CanonicalFilters): string | null;
}
