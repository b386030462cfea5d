import type { Mention } from './find-mentions.js';
import type { PlacedTag } from './judge-paper.js';
import { ELSEWHERE, type Lexicon } from './lexicon.js';

/**
 * The third look: a tag is known by the company it keeps. Not all phrases of a grade prove the same, some words go
 * with a tag although they do not name it, and so do tags of the facets judged before. It only corrects what the
 * second look found of a tag that the paper names: nothing is given for words that could not be shown as evidence.
 */
export interface CompanyWeights {
  bias: number;
  /** What is added for each unit of the second look's log-odds. */
  look: number;
  /** By place and phrase: `own: …` where the paper speaks of itself, `other: …` elsewhere, `label: …`. */
  phrases: Record<string, number>;
  /** By `facet/tag`, for a certain tag. */
  tags: Record<string, number>;
  /** By word of the lexicon. */
  words: Record<string, number>;
}

/** A tag that is less likely does not count as company. */
export const LEAST_LIKELY = 0.05;

/** Phrases and words of one paper that may stand beside a tag. */
export interface PaperCompany {
  /** Numbers in the lexicon. */
  words: readonly number[];
  /** Chances of every tag so far. */
  chances: Float64Array;
}

export const PLACES = ['own', 'other', 'label'] as const;

/** A phrase and the kind of its place as one number. */
export function companyKey({ phrase, sentence }: Mention): number {
  return phrase * PLACES.length + (sentence === null ? 2 : ELSEWHERE.has(sentence.role) ? 1 : 0);
}

/** Log-odds of a probability, kept within bounds. */
export function logOdds(chance: number): number {
  const within = Math.min(Math.max(chance, 1e-4), 1 - 1e-4);
  return Math.log(within / (1 - within));
}

/** The weights of one tag, laid out for quick reading. */
export class CompanyJudge {
  private readonly bias: number;
  private readonly look: number;
  private readonly phrases = new Map<number, number>();
  private readonly tags: { at: number; weight: number }[];
  private readonly words: Float64Array;

  /** @param phrases the tag's phrases by their number */
  constructor(
    weights: CompanyWeights,
    lexicon: Lexicon,
    tags: readonly PlacedTag[],
    phrases: ReadonlyMap<number, string>,
  ) {
    this.bias = weights.bias;
    this.look = 1 + weights.look;
    for (const [number, text] of phrases) {
      for (const [place, name] of PLACES.entries()) {
        const weight = weights.phrases[`${name}: ${text}`];
        if (weight !== undefined) this.phrases.set(number * PLACES.length + place, weight);
      }
    }
    this.tags = Object.entries(weights.tags).flatMap(([key, weight]) => {
      const at = tags.findIndex((tag) => tag.key === key);
      return at === -1 ? [] : [{ at, weight }];
    });
    this.words = new Float64Array(lexicon.size);
    for (const [word, weight] of Object.entries(weights.words)) {
      const number = lexicon.numberOf(word);
      if (number !== -1) this.words[number] = weight;
    }
  }

  /** @param chance what the second look gave */
  judge(chance: number, mentions: readonly Mention[], { words, chances }: PaperCompany): number {
    let sum = this.bias + this.look * logOdds(chance);
    for (let at = 0; at < words.length; at += 1) sum += this.words[words[at] as number] ?? 0;
    for (const { at, weight } of this.tags) {
      const other = chances[at] ?? 0;
      if (other > LEAST_LIKELY) sum += weight * other;
    }
    const seen = new Set<number>();
    for (const mention of mentions) {
      if (mention.context || mention.phrase === -1) continue;
      const key = companyKey(mention);
      const weight = this.phrases.get(key);
      if (weight === undefined || seen.has(key)) continue;
      seen.add(key);
      sum += weight;
    }
    return 1 / (1 + Math.exp(-sum));
  }
}
