import type { Facet } from '../model/tag.js';
import type { AnalysedText } from './analyse-text.js';
import type { Mentions } from './find-mentions.js';
import type { PaperWords } from './lexicon.js';
import type { FacetWeights, Judge } from './logit.js';
import type { SecondLook, SecondLookWeights } from './second-look.js';
import { firstFigures, secondFigures, startJudging, type Candidate, type Judged } from './tag-figures.js';
import type { Chances, PlacedTag, TagTable } from './tag-table.js';

/**
 * The order in which the facets are judged: each may look at the ones before. What the paper is comes first, then
 * what it gives and to whom, then what it finds.
 */
export const JUDGING_ORDER: readonly Facet[] = [
  'relevance',
  'species',
  'compound',
  'study',
  'route',
  'population',
  'condition',
  'safety',
  'direction',
  'mechanism',
  'care',
];

/** The judges of a facet: for the first look, and for the second, which knows what the first one found. */
export interface Looks {
  first: Judge;
  second: SecondLook;
}

/** What was learnt about a facet, for each look at it. */
export interface FittedFacet {
  first: FacetWeights;
  second: SecondLookWeights;
  threshold: number;
}
export type FittedFacets = Partial<Record<Facet, FittedFacet>>;

/**
 * Judges every facet in order, each in two looks.
 * @param words the paper's words in the lexicon of the second look
 */
export function judgePaper(
  table: TagTable,
  looks: ReadonlyMap<Facet, Looks>,
  text: AnalysedText,
  mentions: Mentions,
  words: PaperWords,
  room: readonly Float64Array[],
): Chances {
  const judged = startJudging(table, text, mentions, room);
  const firstLook = new Float64Array(table.all.length);
  for (const facet of JUDGING_ORDER) {
    const judges = looks.get(facet);
    if (!judges) continue;
    const candidates = firstFigures(table, facet, judged);
    if (candidates.length === 0) continue;
    judgeFacet(facet, judges.first, candidates, firstLook);
    const again = secondFigures(candidates, firstLook, true);
    judgeAgain(facet, judges.second, again, judged, words, judged.chances);
    believeTypes(table, facet, mentions, judged.chances);
  }
  return judged.chances;
}

/**
 * Writes the chances of a facet's candidates after the second look.
 * @param candidates with their figures of the second look
 */
export function judgeAgain(
  facet: Facet,
  look: SecondLook,
  candidates: readonly Candidate[],
  { mentions }: Pick<Judged, 'mentions'>,
  words: PaperWords,
  chances: Chances,
): void {
  for (let number = 0; number < candidates.length; number += 1) {
    const { tag, figures } = candidates[number] as Candidate;
    chances[tag.at] = look.judge({ tag: tag.tag, figures, mentions: mentions.byTag[tag.at] ?? [], words });
  }
  shareOut(facet, candidates, chances);
}

/** Writes the chances of a facet's candidates; those of a facet of one value add up to one. */
export function judgeFacet(facet: Facet, judge: Judge, candidates: readonly Candidate[], chances: Chances): void {
  for (let number = 0; number < candidates.length; number += 1) {
    const { tag, figures } = candidates[number] as Candidate;
    chances[tag.at] = judge.judge(tag.tag, figures);
  }
  shareOut(facet, candidates, chances);
}

/** Makes the chances of a facet of one value add up to one; those of relevance may stay below. */
export function shareOut(facet: Facet, candidates: readonly Candidate[], chances: Chances): void {
  if (facet !== 'relevance' && facet !== 'study') return;
  let total = 0;
  for (const { tag } of candidates) total += chances[tag.at] ?? 0;
  // Where the relevances that a paper names are not likely, the rest is a mention that has no words.
  const whole = facet === 'relevance' ? Math.max(total, 1) : total;
  if (total > 0) for (const { tag } of candidates) chances[tag.at] = (chances[tag.at] ?? 0) / whole;
}

/** How sure a publication type makes. */
const TYPE_CHANCE = 0.97;
/** A tag that another one gives way to wins from this chance on, however likely the other is. */
export const WINS_FROM = 0.35;

/**
 * What NLM's indexers or the publisher say a paper is comes first, unless the text is plainly something that this
 * gives way to: a "Review" that is a meta-analysis, a "Clinical Trial" that was randomised. For facets whose tags have
 * publication types.
 */
export function believeTypes(table: TagTable, facet: Facet, { byType }: Mentions, chances: Chances): void {
  if (byType.length === 0 || !table.typed.has(facet)) return;
  const tags = table.facets.get(facet) ?? [];
  const typed = tags.filter(({ at }) => byType.includes(at));
  let chosen: PlacedTag | null = null;
  for (const tag of typed) {
    if (tag.winners.some((at) => typed.some((other) => other.at === at))) continue;
    if (!chosen || (chances[tag.at] ?? 0) > (chances[chosen.at] ?? 0)) chosen = tag;
  }
  if (!chosen || chosen.winners.some((at) => (chances[at] ?? 0) > WINS_FROM)) return;
  for (const { at } of tags) chances[at] = (chances[at] ?? 0) * (1 - TYPE_CHANCE);
  chances[chosen.at] = TYPE_CHANCE;
}
