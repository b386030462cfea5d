import type { Facet } from '../model/tag.js';
import type { Taxonomy } from '../model/taxonomy.js';
import type { Recognition } from '../taxonomy/recognition.js';
import { analyse } from './analyse-text.js';
import { MentionFinder } from './find-mentions.js';
import { CompanyJudge, type CompanyWeights } from './company.js';
import { fitCompany, type CompanyNames, type CompanySample } from './fit-company.js';
import { fitLogit, type Sample } from './fit-logit.js';
import {
  believeTypes,
  FIGURES,
  firstFigures,
  judgeFacet,
  JUDGING_ORDER,
  placeTags,
  secondFigures,
  shareOut,
  SLOPES,
  startJudging,
  type Chances,
  type FittedFacets,
  type Judged,
  type PlacedTag,
  type TagTable,
} from './judge-paper.js';
import { Lexicon } from './lexicon.js';
import { Judge, type FacetWeights } from './logit.js';
import type { LabelledPaper } from './labelled.js';

interface Case {
  labelled: LabelledPaper;
  judged: Judged;
  /** Numbers of the paper's words in the lexicon. */
  words: readonly number[];
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
  const lexicon = new Lexicon();
  const cases: Case[] = labelled.map((entry) => {
    const text = analyse(entry.paper);
    return { labelled: entry, judged: startJudging(table, text, finder.find(text)), words: lexicon.read(text) };
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
    const tags = table.facets.get(facet) ?? [];
    const plain = { company: {}, heldOut: second.heldOut, ...bestF1(tags, cases, second.heldOut) };
    const best = TRIED_WITH_COMPANY.has(facet)
      ? better(plain, correct(deal, { finder, lexicon, seen, heldOut: second.heldOut }))
      : plain;
    const { heldOut, company, threshold } = best;
    weights[facet] = { first: first.weights, second: second.weights, company, threshold };
    for (const [at, { judged }] of cases.entries()) {
      for (const tag of tags) judged.chances[tag.at] = heldOut[at]?.[tag.at] ?? 0;
      believeTypes(table, facet, judged.mentions, judged.chances);
    }
  }
  return weights;
}

/**
 * The facets that how a paper is written tells more of than what it names: those the third look is tried for. Elsewhere
 * it was measured to change nothing or to harm.
 */
const TRIED_WITH_COMPANY: ReadonlySet<Facet> = new Set(['study', 'population']);
/** A third look that gains less F1 on papers that it has not seen is not worth its weights. */
const LEAST_GAIN = 0.003;

/**
 * The probability from which giving a tag raises F1, and the F1 with it. It is half the F1 that can be reached (Lipton
 * et al., 2014): where a facet is judged well, a tag must be as likely as not; where readers themselves waver, less
 * will do.
 */
function bestF1(tags: readonly PlacedTag[], cases: readonly Case[], heldOut: readonly Chances[]): Threshold {
  const even = f1From(EVEN, tags, cases, heldOut);
  const threshold = Math.round(Math.max(even / 2, LOWEST_THRESHOLD) * 100) / 100;
  return { threshold, f1: f1From(threshold, tags, cases, heldOut) };
}

interface Threshold {
  threshold: number;
  f1: number;
}

const EVEN = 0.5;
const LOWEST_THRESHOLD = 0.3;

function f1From(
  threshold: number,
  tags: readonly PlacedTag[],
  cases: readonly Case[],
  heldOut: readonly Chances[],
): number {
  const counts = { right: 0, all: 0 };
  for (const [at, { labelled }] of cases.entries()) {
    const relevance = labelled.labels.relevance?.[0] ?? 'core';
    for (const { facet, tag, at: place } of tags) {
      const given = labelled.labels[facet];
      if (!given || (facet !== 'relevance' && relevance !== 'core')) continue;
      const said = (heldOut[at]?.[place] ?? 0) > threshold;
      if (given.includes(tag) && said) counts.right += 1;
      counts.all += (given.includes(tag) ? 1 : 0) + (said ? 1 : 0);
    }
  }
  return counts.all === 0 ? 1 : (2 * counts.right) / counts.all;
}

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
  const fit = (keep: (at: number) => boolean, from: FacetWeights | null): FacetWeights =>
    fitLogit(samples.filter((_, at) => keep(at)).flat(), FIGURES, SLOPES, { hold: HOLD[facet] ?? LOOSE, from });
  const weights = fit(() => true, null);
  const heldOut = cases.map(() => new Float64Array(table.all.length));
  for (let fold = 0; fold < folds; fold += 1) {
    const judge = new Judge(
      fit((at) => foldOf[at] !== fold, weights),
      FIGURES,
    );
    for (const [at, chances] of heldOut.entries()) {
      if (foldOf[at] === fold) judgeFacet(table, facet, judge, figures[at] ?? [], chances);
    }
  }
  return { weights, heldOut };
}

interface Seen {
  finder: MentionFinder;
  lexicon: Lexicon;
  /** Figures of the first look: null for a tag that has nothing to show. */
  seen: readonly FacetFigures[];
  /** Chances of the second look. */
  heldOut: readonly Chances[];
}

interface Outcome extends Threshold {
  company: Record<string, CompanyWeights>;
  heldOut: readonly Chances[];
}

function better(plain: Outcome, corrected: Outcome): Outcome {
  return corrected.f1 > plain.f1 + LEAST_GAIN ? corrected : plain;
}

/** Corrections of the second look from all papers, and each paper's chances by corrections fitted without its fold. */
function correct({ table, cases, facet, foldOf, folds }: Deal, { finder, lexicon, seen, heldOut }: Seen): Outcome {
  const before = JUDGING_ORDER.slice(0, JUDGING_ORDER.indexOf(facet));
  const beside = table.all.filter((tag) => before.includes(tag.facet));
  const words = lexicon.list();
  const corrected = heldOut.map((chances) => chances.slice());
  const company: Record<string, CompanyWeights> = {};
  for (const [place, tag] of (table.facets.get(facet) ?? []).entries()) {
    const names: CompanyNames = { phrases: finder.phrasesOf(tag.at), words, tags: beside };
    const samples = cases.map((one, at): CompanySample | null => {
      if (!seen[at]?.[place]) return null;
      const { judged } = one;
      const mentions = judged.mentions.byTag[tag.at] ?? [];
      const given = one.labelled.labels[facet]?.includes(tag.tag) ?? false;
      return { given, chance: heldOut[at]?.[tag.at] ?? 0, mentions, words: one.words, chances: judged.chances };
    });
    const learn = (keep: (at: number) => boolean): CompanyWeights | null =>
      fitCompany(
        samples.flatMap((sample, at) => (sample && keep(at) && teaches(cases[at]?.labelled, facet) ? [sample] : [])),
        names,
      );
    const all = learn(() => true);
    if (!all) continue;
    company[tag.tag] = all;
    for (let fold = 0; fold < folds; fold += 1) {
      const weights = learn((at) => foldOf[at] !== fold);
      if (!weights) continue;
      const judge = new CompanyJudge(weights, lexicon, table.all, names.phrases);
      for (const [at, sample] of samples.entries()) {
        const chances = corrected[at];
        if (!sample || !chances || foldOf[at] !== fold) continue;
        chances[tag.at] = judge.judge(sample.chance, sample.mentions, sample);
      }
    }
  }
  for (const chances of corrected) shareOut(table, facet, chances);
  return { company, heldOut: corrected, ...bestF1(table.facets.get(facet) ?? [], cases, corrected) };
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
  if (!given || !teaches(labelled, facet)) return [];
  return tags.flatMap((tag, place): Sample[] => {
    const own = figures[place];
    return own && learnable.has(tag.at) ? [{ tag: tag.tag, figures: own, given: given.includes(tag.tag) }] : [];
  });
}

/** Whether somebody labelled this facet of the paper. */
function teaches(labelled: LabelledPaper | undefined, facet: Facet): boolean {
  if (!labelled?.labels[facet]) return false;
  const relevance = labelled.labels.relevance?.[0] ?? 'core';
  if (facet !== 'relevance' && relevance === 'incidental') return false;
  return relevance !== 'mention' || ALSO_FOR_MENTIONS.has(facet);
}
