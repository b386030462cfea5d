import { ROLES } from './sentence-roles.js';
import type { Grade, Mention } from './find-mentions.js';

/**
 * A tag's mentions in a paper as figures between 0 and about 3: where its phrases stand, how often, and what the
 * second witnesses say. The same figures for every tag of a facet; weights.ts says what they are worth.
 */
export const FEATURES = [
  'bias',
  ...ROLES,
  'keywords',
  'mesh',
  'mesh major',
  'publication type',
  'strong anywhere',
  'sentences',
  'share of sentences',
  'with the drug',
  'strong with the drug',
  'only labels',
  'another tag in the title',
  'another tag in the aim',
  'no abstract',
  'mention paper',
  'title or aim',
  'title and conclusion',
  'results twice',
] as const;
export type Feature = (typeof FEATURES)[number];

const AT = Object.fromEntries(FEATURES.map((name, at) => [name, at])) as Record<Feature, number>;
const WORTH: Record<Grade, number> = { strong: 1, phrase: 0.6, weak: 0.2, heading: 1 };

/** What a paper is, beside the mentions of one tag. */
export interface PaperFigures {
  sentences: number;
  hasAbstract: boolean;
  /** How far the paper is about the drug: 1 core, 0 not at all. */
  aboutDrug: number;
}

/** Which other tags of the facet the title and the aim name. */
export interface Siblings {
  inTitle: boolean;
  inAim: boolean;
}

export function measure(mentions: readonly Mention[], paper: PaperFigures, siblings: Siblings): Float64Array {
  const figures = new Float64Array(FEATURES.length);
  figures[AT.bias] = 1;
  const raise = (feature: Feature, value: number): void => {
    const at = AT[feature];
    if ((figures[at] ?? 0) < value) figures[at] = value;
  };
  const sentences = new Map<object, number>();
  let labels = 0;
  let inResults = 0;
  for (const mention of mentions) {
    if (mention.context) continue;
    const worth = WORTH[mention.grade];
    if (mention.label) {
      labels += 1;
      if (mention.place === 'keywords' || mention.place === 'substances') raise('keywords', worth);
      else if (mention.place === 'publicationTypes') raise('publication type', worth);
      else {
        raise('mesh', worth);
        if (mention.label.major) raise('mesh major', worth);
      }
      continue;
    }
    const { sentence } = mention;
    if (!sentence) continue;
    raise(sentence.role, worth);
    if (mention.grade === 'strong') raise('strong anywhere', 1);
    if (mention.withDrug) {
      raise('with the drug', worth);
      if (mention.grade === 'strong') raise('strong with the drug', 1);
    }
    if (sentence.role === 'results' && (sentences.get(sentence) ?? 0) === 0) inResults += worth;
    sentences.set(sentence, Math.max(sentences.get(sentence) ?? 0, worth));
  }
  let weight = 0;
  for (const worth of sentences.values()) weight += worth;
  figures[AT.sentences] = Math.log1p(weight);
  figures[AT['share of sentences']] = paper.sentences > 0 ? weight / paper.sentences : 0;
  if (sentences.size === 0 && labels > 0) raise('only labels', 1);
  const title = figures[AT.title] ?? 0;
  const aim = figures[AT.aim] ?? 0;
  if (siblings.inTitle && title < 0.5) raise('another tag in the title', 1);
  if (siblings.inAim && aim < 0.5 && title < 0.5) raise('another tag in the aim', 1);
  if (!paper.hasAbstract) raise('no abstract', 1);
  figures[AT['mention paper']] = 1 - paper.aboutDrug;
  raise('title or aim', Math.max(title, aim));
  raise('title and conclusion', Math.min(title, figures[AT.conclusion] ?? 0));
  if (inResults > 1.1) raise('results twice', 1);
  return figures;
}

/** The figures by name, for reports. */
export function nameFigures(figures: Float64Array): [Feature, number][] {
  return FEATURES.map((name, at): [Feature, number] => [name, figures[at] ?? 0]).filter(([, value]) => value !== 0);
}
