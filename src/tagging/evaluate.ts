import { FACETS, SINGLE_FACETS, type Facet, type Tags } from '../model/tag.js';
import type { LabelledPaper } from './labelled.js';

export interface TagScore {
  tag: string;
  precision: number;
  recall: number;
  f1: number;
  /** Papers that have the tag. */
  support: number;
}

export interface FacetScore {
  facet: Facet;
  papers: number;
  micro: { precision: number; recall: number; f1: number };
  /** Mean F1 of the tags with at least five papers; null when there is none. */
  macroF1: number | null;
  /** Share of papers whose value is exact; for facets of one value. */
  accuracy: number | null;
  tags: TagScore[];
}

export interface TaggingError {
  pmid: string | null;
  facet: Facet;
  tag: string;
  kind: 'missed' | 'wrong';
}

export interface Evaluation {
  papers: number;
  facets: FacetScore[];
  errors: TaggingError[];
}

const MACRO_SUPPORT = 5;

/**
 * Compares given tags with labels. Every labelled facet of every paper counts, including the empty ones: a tag on a
 * paper that should have none is wrong.
 */
export function evaluate(pairs: readonly { labelled: LabelledPaper; tags: Tags }[]): Evaluation {
  const errors: TaggingError[] = [];
  const facets = FACETS.flatMap((facet): FacetScore[] => {
    const scored = pairs.filter(({ labelled }) => labelled.labels[facet] !== undefined);
    if (scored.length === 0) return [];
    const counts = new Map<string, Counts>();
    const count = (tag: string): Counts => {
      const known = counts.get(tag) ?? { right: 0, wrong: 0, missed: 0 };
      counts.set(tag, known);
      return known;
    };
    let exact = 0;
    for (const { labelled, tags } of scored) {
      const wanted = new Set(labelled.labels[facet]);
      const given = new Set(valuesOf(tags, facet));
      let same = true;
      for (const tag of new Set([...wanted, ...given])) {
        if (wanted.has(tag) && given.has(tag)) {
          count(tag).right += 1;
          continue;
        }
        same = false;
        const kind = wanted.has(tag) ? 'missed' : 'wrong';
        count(tag)[kind] += 1;
        errors.push({ pmid: labelled.paper.pmid, facet, tag, kind });
      }
      if (same) exact += 1;
    }
    return [score(facet, scored.length, exact, counts)];
  });
  return { papers: pairs.length, facets, errors };
}

interface Counts {
  right: number;
  wrong: number;
  missed: number;
}

function score(facet: Facet, papers: number, exact: number, counts: ReadonlyMap<string, Counts>): FacetScore {
  const tags = [...counts]
    .map(([tag, count]): TagScore => ({ tag, ...rates(count), support: count.right + count.missed }))
    .sort((one, other) => other.support - one.support || one.tag.localeCompare(other.tag));
  const sum = { right: 0, wrong: 0, missed: 0 };
  for (const { right, wrong, missed } of counts.values()) {
    sum.right += right;
    sum.wrong += wrong;
    sum.missed += missed;
  }
  const large = tags.filter(({ support }) => support >= MACRO_SUPPORT);
  const single = (SINGLE_FACETS as readonly string[]).includes(facet);
  return {
    facet,
    papers,
    micro: rates(sum),
    macroF1: large.length > 0 ? round(large.reduce((total, { f1 }) => total + f1, 0) / large.length) : null,
    accuracy: single ? round(exact / papers) : null,
    tags,
  };
}

function rates({ right, wrong, missed }: Counts): { precision: number; recall: number; f1: number } {
  const share = (whole: number): number => (whole === 0 ? 0 : round(right / whole));
  return {
    precision: share(right + wrong),
    recall: share(right + missed),
    f1: right === 0 ? 0 : round((2 * right) / (2 * right + wrong + missed)),
  };
}

function valuesOf(tags: Tags, facet: Facet): string[] {
  const value = tags[facet];
  if (value === null) return [];
  return typeof value === 'string' ? [value] : value;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
