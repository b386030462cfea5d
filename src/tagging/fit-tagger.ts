import type { Facet } from '../model/tag.js';
import type { Taxonomy } from '../model/taxonomy.js';
import type { Recognition } from '../taxonomy/recognition.js';
import { analyse } from './analyse-text.js';
import { MentionFinder } from './find-mentions.js';
import { fitLogit, type Sample } from './fit-logit.js';
import {
  believeTypes,
  FIGURES,
  firstFigures,
  judgeFacet,
  JUDGING_ORDER,
  placeTags,
  secondFigures,
  SLOPES,
  startJudging,
  type Chances,
  type Judged,
  type PlacedTag,
  type TagTable,
} from './judge-paper.js';
import { Judge, type FacetWeights } from './logit.js';
import type { LabelledPaper } from './labelled.js';

/** Weights by facet, for both looks. */
export type FittedFacets = Partial<Record<Facet, { first: FacetWeights; second: FacetWeights; threshold: number }>>;

interface Case {
  labelled: LabelledPaper;
  judged: Judged;
}

/**
 * Fits the tagger's weights to labelled papers. What later facets, and the second look, see of earlier judgements is
 * always held out: the papers are dealt into folds, and each is judged by weights fitted without its fold.
 */
export function fitTagger(
  taxonomy: Taxonomy<Recognition>,
  labelled: readonly LabelledPaper[],
  { folds = 8 }: { folds?: number } = {},
): FittedFacets {
  const finder = new MentionFinder(taxonomy.recognition);
  const table = placeTags(taxonomy.recognition);
  const cases: Case[] = labelled.map((entry) => {
    const text = analyse(entry.paper);
    return { labelled: entry, judged: startJudging(table, text, finder.find(text)) };
  });
  const foldOf = cases.map((_, at) => (Math.imul(at + 1, 2654435761) >>> 8) % folds);
  const weights: FittedFacets = {};
  for (const facet of JUDGING_ORDER) {
    if (!labelled.some(({ labels }) => (labels[facet]?.length ?? 0) > 0)) continue;
    const deal = { table, cases, facet, foldOf, folds };
    const seen = cases.map(({ judged }) => firstFigures(table, facet, judged));
    const first = fitLook(deal, seen);
    const again = seen.map((figures, at) =>
      secondFigures(table, facet, figures, first.heldOut[at] ?? new Float64Array()),
    );
    const second = fitLook(deal, again);
    const threshold = fitThreshold(table.facets.get(facet) ?? [], cases, second.heldOut);
    weights[facet] = { first: first.weights, second: second.weights, threshold };
    for (const [at, { judged }] of cases.entries()) {
      for (const tag of table.facets.get(facet) ?? []) judged.chances[tag.at] = second.heldOut[at]?.[tag.at] ?? 0;
      believeTypes(table, facet, judged.mentions, judged.chances);
    }
  }
  return weights;
}

/**
 * The probability from which giving a tag raises F1. It is half the F1 that can be reached (Lipton et al., 2014): where
 * a facet is judged well, a tag must be as likely as not; where readers themselves waver, less will do.
 */
function fitThreshold(tags: readonly PlacedTag[], cases: readonly Case[], heldOut: readonly Chances[]): number {
  const counts = { right: 0, all: 0 };
  for (const [at, { labelled }] of cases.entries()) {
    const relevance = labelled.labels.relevance?.[0] ?? 'core';
    for (const { facet, tag, at: place } of tags) {
      const given = labelled.labels[facet];
      if (!given || (facet !== 'relevance' && relevance !== 'core')) continue;
      const said = (heldOut[at]?.[place] ?? 0) > 0.5;
      if (given.includes(tag) && said) counts.right += 1;
      counts.all += (given.includes(tag) ? 1 : 0) + (said ? 1 : 0);
    }
  }
  const f1 = counts.all === 0 ? 1 : (2 * counts.right) / counts.all;
  return Math.round(Math.max(f1 / 2, LOWEST_THRESHOLD) * 100) / 100;
}

const LOWEST_THRESHOLD = 0.3;

interface Deal {
  table: TagTable;
  cases: readonly Case[];
  facet: Facet;
  foldOf: readonly number[];
  folds: number;
}

type FacetFigures = readonly (Float64Array | null)[];

/** Weights from all papers, and each paper's chances from weights fitted without its fold. */
function fitLook(
  { table, cases, facet, foldOf, folds }: Deal,
  figures: readonly FacetFigures[],
): { weights: FacetWeights; heldOut: Chances[] } {
  const tags = labelledTags(table.facets.get(facet) ?? [], cases);
  const samples = cases.map((one, at) => samplesOf(one, facet, table.facets.get(facet) ?? [], tags, figures[at] ?? []));
  const fit = (keep: (at: number) => boolean): FacetWeights =>
    fitLogit(samples.filter((_, at) => keep(at)).flat(), FIGURES, SLOPES, { hold: HOLD[facet] ?? LOOSE });
  const heldOut = cases.map(() => new Float64Array(table.all.length));
  for (let fold = 0; fold < folds; fold += 1) {
    const judge = new Judge(
      fit((at) => foldOf[at] !== fold),
      FIGURES,
    );
    for (const [at, chances] of heldOut.entries()) {
      if (foldOf[at] === fold) judgeFacet(table, facet, judge, figures[at] ?? [], chances);
    }
  }
  return { weights: fit(() => true), heldOut };
}

/** Facets of one value have many tags with few papers each: they keep closer to their shared weights. */
const TIGHT = { shared: 0.5, bias: 0.6, slope: 2 };
const LOOSE = { shared: 1, bias: 1, slope: 2 };
const HOLD: Partial<Record<Facet, typeof TIGHT>> = { study: TIGHT, relevance: TIGHT };

/** Only what somebody labelled can be learnt: a tag that no paper has teaches nothing about itself. */
function labelledTags(tags: readonly PlacedTag[], cases: readonly Case[]): Set<number> {
  const known = tags.filter((tag) => cases.some(({ labelled }) => labelled.labels[tag.facet]?.includes(tag.tag)));
  return new Set(known.map(({ at }) => at));
}

/** Facets beyond these are labelled for papers about the drug only. */
const ALSO_FOR_MENTIONS: ReadonlySet<Facet> = new Set(['relevance', 'condition', 'direction', 'study', 'species']);

function samplesOf(
  { labelled }: Case,
  facet: Facet,
  tags: readonly PlacedTag[],
  learnable: ReadonlySet<number>,
  figures: FacetFigures,
): Sample[] {
  const given = labelled.labels[facet];
  const relevance = labelled.labels.relevance?.[0] ?? 'core';
  if (!given) return [];
  if (facet !== 'relevance' && relevance === 'incidental') return [];
  if (relevance === 'mention' && !ALSO_FOR_MENTIONS.has(facet)) return [];
  return tags.flatMap((tag, place): Sample[] => {
    const own = figures[place];
    return own && learnable.has(tag.at) ? [{ tag: tag.tag, figures: own, given: given.includes(tag.tag) }] : [];
  });
}
