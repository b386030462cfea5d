import type { Facet } from '../model/tag.js';

/**
 * How a tag is recognised, as data/taxonomy.yaml says it. Phrases are written in the small language of phrase.ts.
 * `strong` phrases are about the tag wherever they stand, `phrases` count by their place, `weak` ones only in
 * company or in the most telling places. `not` phrases swallow what they cover: "respiratory depression".
 */
export interface TagRecognition {
  facet: Facet;
  tag: string;
  parent: string | null;
  /** Strong phrases by which a paper says what it is itself: "this review", "patients were randomized". */
  itself: string[];
  strong: string[];
  phrases: string[];
  weak: string[];
  not: string[];
  /** Descriptor UIs whose heading is a second witness. */
  mesh: string[];
  /** Their names, which stand for them where a record or the file gives no UI. */
  headings: string[];
  /** Tags (`facet/tag`) of other facets that this one may rest on: a nasal spray is a formulation. */
  from: string[];
  /** Tags (`facet/tag`) of facets judged before that speak for this one, without carrying it: patients for a predictor. */
  for: string[];
  /** Tags (`facet/tag`) of facets judged before that speak against this one: volunteers have no disease to treat. */
  against: string[];
  /** Tags of the same facet that win over this one where both fit. */
  yields: string[];
  /** PubMed's publication types that say so. */
  types: string[];
  /** What is printed above parts of abstracts only where a paper is of the tag: "AREAS COVERED". */
  sections: string[];
}

export interface Recognition {
  /** Word lists that phrases name as `{list}`: the drug's names, other drugs, species … */
  vocabulary: Record<string, string[]>;
  tags: TagRecognition[];
}
