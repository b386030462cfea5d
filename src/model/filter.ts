import type { Facet } from './tag.js';

export const DATE_TYPES = ['added', 'published'] as const;
export type DateType = (typeof DATE_TYPES)[number];
export const SORTS = ['added', 'published', 'match'] as const;
export type Sort = (typeof SORTS)[number];
export const RETRACTED_CHOICES = ['include', 'exclude', 'only'] as const;
export type RetractedChoice = (typeof RETRACTED_CHOICES)[number];

/** `relevance=any`: no paper is left out for what it is about. */
export const ANY_RELEVANCE = 'any';

/** Values of one facet: any of `wanted` (none = no matter which), none of `unwanted`. A parent stands for its children too. */
export interface FacetChoice {
  wanted: readonly string[];
  unwanted: readonly string[];
}

/**
 * What a reader chose: the one filter language of every outlet. Lists are OR, everything together is AND; an empty list
 * and null choose nothing. `facets.relevance` absent = `core` with papers not yet tagged.
 */
export interface Filter {
  facets: Partial<Record<Facet, FacetChoice>>;
  /** Words, "phrases", -not, prefix*; a PMID, DOI or trial number finds that paper. */
  q: string | null;
  /** Inclusive days, `YYYY-MM-DD`. */
  from: string | null;
  to: string | null;
  dateType: DateType;
  pmids: readonly string[];
  /** Upper case. */
  trials: readonly string[];
  /** Title, abbreviation or ISSN as written by the reader; so are authors, publication types and MeSH headings. */
  journals: readonly string[];
  authors: readonly string[];
  languages: readonly string[];
  publicationTypes: readonly string[];
  mesh: readonly string[];
  minParticipants: number | null;
  freeFullText: boolean;
  retracted: RetractedChoice;
}

/** The defaults: every paper that is about the drug. */
export const NO_FILTER: Filter = {
  facets: {},
  q: null,
  from: null,
  to: null,
  dateType: 'added',
  pmids: [],
  trials: [],
  journals: [],
  authors: [],
  languages: [],
  publicationTypes: [],
  mesh: [],
  minParticipants: null,
  freeFullText: false,
  retracted: 'include',
};
