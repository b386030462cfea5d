import type { Facet } from '../model/tag.js';
import type { Taxonomy } from '../model/taxonomy.js';
import type { Recognition } from '../taxonomy/recognition.js';
import { analyse } from './analyse-text.js';
import { MentionFinder, type Mention } from './find-mentions.js';
import { fitForest } from './fit-forest.js';
import { fitLogit, type Sample } from './fit-logit.js';
import { fitWords, type WordSample } from './fit-words.js';
import { believeTypes, judgeAgain, judgeFacet, JUDGING_ORDER, type FittedFacets } from './judge-paper.js';
import {
  FIGURES,
  firstFigures,
  secondFigures,
  SLOPES,
  startJudging,
  type Candidate,
  type Judged,
} from './tag-figures.js';
import { placeOf, placeTags, type Chances, type PlacedTag, type TagTable } from './tag-table.js';
import { Lexicon, type PaperWords } from './lexicon.js';
import { Judge, type FacetWeights } from './logit.js';
import type { LabelledPaper } from './labelled.js';
import { SecondLook, type SecondLookWeights } from './second-look.js';
import { eachNear, phrasesIn } from './words.js';

interface Case {
  labelled: LabelledPaper;
  judged: Judged;
  words: PaperWords;
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
    const first = fitFirstLook(deal, seen);
    const again = seen.map((candidates, at) => secondFigures(candidates, first.heldOut[at] ?? new Float64Array()));
    const { heldOut, second, threshold } = fitSecondLook(deal, again, { finder, lexicon });
    const tags = table.facets.get(facet) ?? [];
    weights[facet] = { first: first.weights, second, threshold };
    for (const [at, { judged }] of cases.entries()) {
      for (const tag of tags) judged.chances[tag.at] = heldOut[at]?.[tag.at] ?? 0;
      believeTypes(table, facet, judged.mentions, judged.chances);
    }
  }
  return weights;
}

/**
 * What a forest counts beside the words. Measured on papers that it has not seen: elsewhere it changes nothing or harms.
 */
const FOREST_SHARES: Partial<Record<Facet, number>> = { condition: 1 / 2, direction: 1 / 3, care: 1 / 2 };

/**
 * The probability from which giving a tag raises F1. It is half the F1 that can be reached (Lipton et al., 2014): where
 * a facet is judged well, a tag must be as likely as not; where readers themselves waver, less will do.
 */
function bestThreshold(tags: readonly PlacedTag[], cases: readonly Case[], heldOut: readonly Chances[]): number {
  const even = f1From(EVEN, tags, cases, heldOut);
  return Math.round(Math.max(even / 2, LOWEST_THRESHOLD) * 100) / 100;
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

/** Weights from all papers, and each paper's chances from weights fitted without its fold. */
function fitFirstLook(
  { table, cases, facet, foldOf, folds }: Deal,
  figures: readonly (readonly Candidate[])[],
): { weights: FacetWeights; heldOut: Chances[] } {
  const tags = labelledTags(table.facets.get(facet) ?? [], cases);
  const samples = cases.map((one, at) => samplesOf(one, facet, tags, figures[at] ?? []));
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
      if (foldOf[at] === fold) judgeFacet(facet, judge, figures[at] ?? [], chances);
    }
  }
  return { weights, heldOut };
}

interface SecondFit {
  second: SecondLookWeights;
  threshold: number;
  heldOut: readonly Chances[];
}

/**
 * The second look from all papers, and each paper's chances by one fitted without its fold.
 * @param figures of the second look
 */
function fitSecondLook(
  { table, cases, facet, foldOf, folds }: Deal,
  figures: readonly (readonly Candidate[])[],
  { finder, lexicon }: { finder: MentionFinder; lexicon: Lexicon },
): SecondFit {
  const tags = table.facets.get(facet) ?? [];
  const learnable = labelledTags(tags, cases);
  const samples = cases.map((one, at): WordSample[] =>
    samplesOf(one, facet, learnable, figures[at] ?? []).map((sample) => ({
      ...sample,
      ...wordsAround(one, one.judged.mentions.byTag[placeOf(table, facet, sample.tag)] ?? []),
    })),
  );
  const phrases = new Map(tags.map(({ tag, at }) => [tag, finder.phrasesOf(at)]));
  const phrasesOf = (tag: string): ReadonlyMap<number, string> => phrases.get(tag) ?? new Map<number, string>();
  const names = { words: lexicon.list(), phrasesOf };
  const forestShare = FOREST_SHARES[facet] ?? 0;
  const fit = (keep: (at: number) => boolean): SecondLookWeights => {
    const kept = samples.filter((_, at) => keep(at)).flat();
    const words = fitWords(kept, FIGURES, SLOPES, names, HOLD[facet] ?? LOOSE);
    return { words, forest: forestShare > 0 ? fitForest(kept, FIGURES) : null, forestShare };
  };
  const heldOut = cases.map(() => new Float64Array(table.all.length));
  for (let fold = 0; fold < folds; fold += 1) {
    const weights = fit((at) => foldOf[at] !== fold);
    const look = new SecondLook(weights, FIGURES, lexicon, phrasesOf);
    for (const [at, one] of cases.entries()) {
      const chances = heldOut[at];
      if (chances && foldOf[at] === fold) {
        judgeAgain(facet, look, figures[at] ?? [], one.judged, one.words, chances);
      }
    }
  }
  return { second: fit(() => true), heldOut, threshold: bestThreshold(tags, cases, heldOut) };
}

function wordsAround({ words }: Case, mentions: readonly Mention[]): Pick<WordSample, 'near' | 'paper' | 'phrases'> {
  const near = new Set<number>();
  eachNear(mentions, words, (numbers) => {
    for (const number of numbers) near.add(number);
  });
  return { near: [...near], paper: words.paper, phrases: phrasesIn(mentions) };
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
  learnable: ReadonlySet<number>,
  candidates: readonly Candidate[],
): Sample[] {
  const given = labelled.labels[facet];
  if (!given || !teaches(labelled, facet)) return [];
  return candidates
    .filter(({ tag }) => learnable.has(tag.at))
    .map(({ tag: { tag }, figures }) => ({ tag, figures, given: given.includes(tag) }));
}

/** Whether somebody labelled this facet of the paper. */
function teaches(labelled: LabelledPaper | undefined, facet: Facet): boolean {
  if (!labelled?.labels[facet]) return false;
  const relevance = labelled.labels.relevance?.[0] ?? 'core';
  if (facet !== 'relevance' && relevance === 'incidental') return false;
  return relevance !== 'mention' || ALSO_FOR_MENTIONS.has(facet);
}
