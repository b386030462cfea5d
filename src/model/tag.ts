import type { TextField } from './taggable.js';

/** The facets of data/taxonomy.yaml that the program knows by name; each is a filter parameter. */
export const FACETS = [
  'condition',
  'direction',
  'relevance',
  'study',
  'route',
  'compound',
  'mechanism',
  'safety',
  'care',
  'population',
  'species',
] as const;
export type Facet = (typeof FACETS)[number];

/** Facets of which a paper has one value or none. */
export const SINGLE_FACETS = ['relevance', 'study'] as const;
export type SingleFacet = (typeof SINGLE_FACETS)[number];
export type ManyFacet = Exclude<Facet, SingleFacet>;

/** Tags of a paper by facet, many-valued ones in taxonomy order. `relevance` null = not yet tagged. */
export type Tags = { relevance: string | null; study: string | null } & Record<ManyFacet, string[]>;

/** Of a paper that has none. */
export const noTags = (): Tags => ({
  relevance: null,
  study: null,
  condition: [],
  direction: [],
  route: [],
  compound: [],
  mechanism: [],
  safety: [],
  care: [],
  population: [],
  species: [],
});

/**
 * Words that carried a tag. `start` and `end` are UTF-16 offsets into the field's value, so that
 * `value.slice(start, end) === text`; `rule` names the rule that accepted them.
 */
export interface Span {
  field: TextField;
  index: number;
  start: number;
  end: number;
  text: string;
  rule: string;
}

export interface Evidence {
  facet: Facet;
  tag: string;
  /** Calibrated probability that a careful reader gives this tag too, 0–1. */
  confidence: number;
  /** Never empty. */
  spans: Span[];
}

/** Something the tagger saw and did not count, for `--explain`. */
export interface Rejection {
  facet: Facet;
  tag: string;
  span: Span;
  /** Why not, in words a reader understands: "negated", "in a list of examples", "background sentence" … */
  reason: string;
}

export interface Dose {
  text: string;
  value: number;
  unit: string;
  /** A value of the route facet. */
  route: string | null;
}

export interface Facts {
  participants: { value: number; unit: 'participants' | 'animals' } | null;
  doses: Dose[];
  comparator: string | null;
  trials: string[];
  /** The one or two sentences that state the main result or conclusion, as in the abstract. */
  finding: string | null;
}

/** Of a paper that states none. */
export const noFacts = (): Facts => ({ participants: null, doses: [], comparator: null, trials: [], finding: null });
export type FactName = keyof Facts;

export interface FactEvidence {
  fact: FactName;
  spans: Span[];
}

export interface Tagging {
  tags: Tags;
  facts: Facts;
  evidence: Evidence[];
  factEvidence: FactEvidence[];
  rejected: Rejection[];
}
