import type { Facet } from '../model/tag.js';
import type { Recognition, TagRecognition } from '../taxonomy/recognition.js';
import type { AnalysedText } from './analyse-text.js';
import { FEATURES, measure } from './features.js';
import type { Mentions } from './find-mentions.js';
import type { Judge } from './logit.js';

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
  'condition',
  'population',
  'mechanism',
  'safety',
  'direction',
  'care',
];

/** The figures of a tag: those of its mentions, then what the facets before say. */
export const FIGURES: readonly string[] = [...FEATURES, 'derived', 'animal', 'review', 'about drug'];
/** The figures whose weight may differ from tag to tag. */
export const SLOPES: readonly string[] = ['title', 'aim', 'title or aim', 'results', 'conclusion', 'strong anywhere', 'sentences', 'keywords', 'derived', 'animal', 'review']; // prettier-ignore

/** Values of facets that the judgement itself refers to; a taxonomy without them loses only these hints. */
const REVIEWS = ['meta-analysis', 'systematic-review', 'review', 'guideline'].map((tag) => `study/${tag}`);
const CORE = 'relevance/core';
const ANIMAL = 'species/animal';

/** Probabilities by `facet/tag`. */
export type Chances = Map<string, number>;

/** A tag with its place in `recognition.tags`. */
export interface PlacedTag extends TagRecognition {
  key: string;
  at: number;
}

/** The tags of a recognition by facet. */
export function tagsByFacet(recognition: Recognition): Map<Facet, PlacedTag[]> {
  const facets = new Map<Facet, PlacedTag[]>(JUDGING_ORDER.map((facet) => [facet, []]));
  for (const [at, tag] of recognition.tags.entries()) {
    facets.get(tag.facet)?.push({ ...tag, key: `${tag.facet}/${tag.tag}`, at });
  }
  return facets;
}

/** Figures of every tag of a facet, given what the facets before were judged to be. */
export function figuresOf(
  tags: readonly PlacedTag[],
  text: AnalysedText,
  mentions: Mentions,
  chances: Chances,
): Float64Array[] {
  const chance = (key: string): number => chances.get(key) ?? 0;
  const facet = tags[0]?.facet;
  const about = facet === 'relevance' ? 1 : chance(CORE);
  const paper = { sentences: text.sentences.length, hasAbstract: text.sentences.length > 1, aboutDrug: about };
  const extra = [chance(ANIMAL), Math.min(1, sum(REVIEWS.map(chance))), about];
  const inTitle = tags.filter((tag) => isNamed(mentions, tag, 'title'));
  const inAim = tags.filter((tag) => isNamed(mentions, tag, 'aim'));
  return tags.map((tag) => {
    const others = {
      inTitle: inTitle.some((other) => areRivals(tag, other)),
      inAim: inAim.some((other) => areRivals(tag, other)),
    };
    const own = measure(mentions.byTag[tag.at] ?? [], paper, others);
    const figures = new Float64Array(FIGURES.length);
    figures.set(own);
    figures.set([Math.max(0, ...tag.from.map(chance)), ...extra], own.length);
    return figures;
  });
}

/** Judges every facet in order. */
export function judgePaper(
  facets: ReadonlyMap<Facet, readonly PlacedTag[]>,
  judges: ReadonlyMap<Facet, Judge>,
  text: AnalysedText,
  mentions: Mentions,
): Chances {
  const chances: Chances = new Map();
  for (const facet of JUDGING_ORDER) {
    const tags = facets.get(facet) ?? [];
    const judge = judges.get(facet);
    if (!judge || tags.length === 0) continue;
    const figures = figuresOf(tags, text, mentions, chances);
    const judged = tags.map((tag, at) => judge.judge(tag.tag, figures[at] ?? new Float64Array()));
    for (const [key, chance] of normalised(facet, tags, judged)) chances.set(key, chance);
  }
  return chances;
}

/** Probabilities of a facet of one value add up to one; those of the others stand for themselves. */
export function normalised(facet: Facet, tags: readonly PlacedTag[], judged: readonly number[]): [string, number][] {
  const total = facet === 'relevance' || facet === 'study' ? sum(judged) || 1 : 1;
  return tags.map((tag, at) => [tag.key, (judged[at] ?? 0) / total]);
}

function isNamed(mentions: Mentions, tag: PlacedTag, role: 'title' | 'aim'): boolean {
  return (mentions.byTag[tag.at] ?? []).some(
    ({ place, context, grade }) => place === role && !context && grade !== 'weak',
  );
}

function areRivals(tag: PlacedTag, other: PlacedTag): boolean {
  return other.at !== tag.at && other.parent !== tag.tag && tag.parent !== other.tag;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
