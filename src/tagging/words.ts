import type { Mention } from './find-mentions.js';
import { ELSEWHERE, type Lexicon, type PaperWords } from './lexicon.js';
import { Judge, type FacetWeights } from './logit.js';

/**
 * What the words around a tag tell: those of the sentences that name it, which are much the same for every tag of a
 * facet ("predicted", "as an adjunct"), those of the paper as a whole, and which of its phrases it was. Fitted together
 * with the figures.
 */
export interface WordWeights {
  figures: FacetWeights;
  /** Words of the sentences that name a tag. */
  near: Record<string, number>;
  tags: Record<string, TagWords>;
}

export interface TagWords {
  /** As above, what is peculiar to this tag. */
  near: Record<string, number>;
  /** Words of the paper, its title and its headings, as the lexicon names them. */
  paper: Record<string, number>;
  /** By place and phrase: `own: …` where the paper speaks of itself, `other: …` elsewhere, `label: …`. */
  phrases: Record<string, number>;
}

export const PLACES = ['own', 'other', 'label'] as const;

/** A phrase and the kind of its place as one number. */
function phraseKey({ phrase, sentence }: Mention): number {
  return phrase * PLACES.length + (sentence === null ? 2 : ELSEWHERE.has(sentence.role) ? 1 : 0);
}

/** How weights name what `phraseKey` numbers. */
export function phraseName(key: number, phrases: ReadonlyMap<number, string>): string {
  return `${PLACES[key % PLACES.length]}: ${phrases.get(Math.floor(key / PLACES.length)) ?? ''}`;
}

/** The phrases by which a paper names a tag, each once for each kind of place. */
export function phrasesIn(mentions: readonly Mention[]): number[] {
  const keys: number[] = [];
  for (let at = 0; at < mentions.length; at += 1) {
    const mention = mentions[at] as Mention;
    if (mention.context || mention.phrase === -1) continue;
    const key = phraseKey(mention);
    if (!keys.includes(key)) keys.push(key);
  }
  return keys;
}

/** Calls `each` with the numbers of every sentence that names a tag; mentions are in the order of the text. */
export function eachNear(
  mentions: readonly Mention[],
  words: PaperWords,
  each: (numbers: readonly number[]) => void,
): void {
  let last: object | null = null;
  for (let at = 0; at < mentions.length; at += 1) {
    const { context, sentence } = mentions[at] as Mention;
    if (context || !sentence || sentence === last) continue;
    last = sentence;
    each(words.of(sentence));
  }
}

/** Weights of all tags of a facet for words, word by word: of most words few tags know anything. */
class WordRows {
  /** By word: where its row begins; nothing is known of words that got their number later. */
  private readonly starts: Int32Array;
  private readonly tags: number[] = [];
  private readonly weights: number[] = [];

  /** @param weights by tag, in the order of the tags' numbers */
  constructor(weights: readonly Record<string, number>[], lexicon: Lexicon) {
    const rows = new Map<number, [tag: number, weight: number][]>();
    for (const [tag, own] of weights.entries()) {
      for (const [word, weight] of Object.entries(own)) {
        const number = lexicon.numberOf(word);
        if (number === -1) continue;
        const row = rows.get(number);
        if (row) row.push([tag, weight]);
        else rows.set(number, [[tag, weight]]);
      }
    }
    this.starts = new Int32Array(lexicon.size + 1);
    for (let number = 0; number < lexicon.size; number += 1) {
      for (const [tag, weight] of rows.get(number) ?? []) {
        this.tags.push(tag);
        this.weights.push(weight);
      }
      this.starts[number + 1] = this.tags.length;
    }
  }

  /** Of one tag for one word. */
  of(tag: number, word: number): number {
    const end = this.starts[word + 1] ?? 0;
    for (let at = this.starts[word] as number; at < end; at += 1) if (this.tags[at] === tag) return this.weights[at] as number; // prettier-ignore
    return 0;
  }

  /** Adds those of all tags for some words, each once. */
  addTo(sums: Float64Array, words: readonly number[]): void {
    for (let place = 0; place < words.length; place += 1) {
      const word = words[place] as number;
      const end = this.starts[word + 1] ?? 0;
      for (let at = this.starts[word] as number; at < end; at += 1) {
        const tag = this.tags[at] as number;
        sums[tag] = (sums[tag] as number) + (this.weights[at] as number);
      }
    }
  }
}

/** Weights laid out for quick reading. */
export class WordJudge {
  private readonly figures: Judge;
  /** The numbers of the tags here, and by these what is theirs. */
  private readonly numbers = new Map<string, number>();
  /** Weights of the tags' phrases by `phraseKey`; a phrase belongs to one tag. */
  private readonly phrases: Float32Array;
  private readonly near: WordRows;
  private readonly paper: WordRows;
  /** For every tag. */
  private readonly shared: Float32Array;
  /** What the words of the paper that was asked about last say of each tag. */
  private readonly sums: Float64Array;
  private read: PaperWords | null = null;
  /** By word: the last question that met it, so that each counts once. */
  private readonly met: Int32Array;
  private question = 0;

  /**
   * @param names the figures, in their order
   * @param phrasesOf a tag's phrases by their number
   */
  constructor(
    weights: WordWeights,
    names: readonly string[],
    lexicon: Lexicon,
    phrasesOf: (tag: string) => ReadonlyMap<number, string>,
  ) {
    this.figures = new Judge(weights.figures, names);
    this.met = new Int32Array(lexicon.size);
    this.shared = new Float32Array(lexicon.size);
    for (const [word, weight] of Object.entries(weights.near)) {
      const number = lexicon.numberOf(word);
      if (number !== -1) this.shared[number] = weight;
    }
    const own = Object.entries(weights.tags);
    const phrases: [key: number, weight: number][] = [];
    for (const [number, [tag, weightsOf]] of own.entries()) {
      this.numbers.set(tag, number);
      phrases.push(...numbered(weightsOf.phrases, phrasesOf(tag)));
    }
    this.phrases = new Float32Array(phrases.reduce((most, [key]) => Math.max(most, key + 1), 0));
    for (const [key, weight] of phrases) this.phrases[key] = weight;
    this.near = new WordRows(
      own.map(([, { near }]) => near),
      lexicon,
    );
    this.paper = new WordRows(
      own.map(([, { paper }]) => paper),
      lexicon,
    );
    this.sums = new Float64Array(own.length);
  }

  /** Log-odds that a careful reader gives the tag. */
  sum(tag: string, figures: Float64Array, mentions: readonly Mention[], words: PaperWords): number {
    const number = this.numbers.get(tag) ?? -1;
    let sum = this.figures.sum(tag, figures) + this.sumNear(number, mentions, words);
    if (number === -1) return sum;
    if (words !== this.read) {
      this.read = words;
      this.sums.fill(0);
      this.paper.addTo(this.sums, words.paper);
    }
    sum += this.sums[number] as number;
    return sum + this.sumPhrases(mentions);
  }

  /** Each phrase once for each kind of place. */
  private sumPhrases(mentions: readonly Mention[]): number {
    let sum = 0;
    for (let at = 0; at < mentions.length; at += 1) {
      const mention = mentions[at] as Mention;
      if (mention.context || mention.phrase === -1) continue;
      const weight = this.phrases[phraseKey(mention)] ?? 0;
      if (weight !== 0 && !isRepeated(mentions, at)) sum += weight;
    }
    return sum;
  }

  private sumNear(tag: number, mentions: readonly Mention[], words: PaperWords): number {
    const question = (this.question = (this.question + 1) | 0);
    let sum = 0;
    let last: object | null = null;
    for (let number = 0; number < mentions.length; number += 1) {
      const { context, sentence } = mentions[number] as Mention;
      if (context || !sentence || sentence === last) continue;
      last = sentence;
      const numbers = words.of(sentence);
      for (let at = 0; at < numbers.length; at += 1) {
        const word = numbers[at] as number;
        if (this.met[word] === question) continue;
        this.met[word] = question;
        sum += (this.shared[word] ?? 0) + (tag === -1 ? 0 : this.near.of(tag, word));
      }
    }
    return sum;
  }
}

/** Whether the phrase of a mention was met before in the same kind of place. */
function isRepeated(mentions: readonly Mention[], at: number): boolean {
  const key = phraseKey(mentions[at] as Mention);
  for (let before = 0; before < at; before += 1) {
    const mention = mentions[before] as Mention;
    if (!mention.context && mention.phrase !== -1 && phraseKey(mention) === key) return true;
  }
  return false;
}

/** Weights of phrases by `phraseKey`. */
function numbered(weights: Record<string, number>, known: ReadonlyMap<number, string>): [number, number][] {
  const phrases: [number, number][] = [];
  for (const number of known.keys()) {
    for (let place = 0; place < PLACES.length; place += 1) {
      const key = number * PLACES.length + place;
      const weight = weights[phraseName(key, known)];
      if (weight !== undefined) phrases.push([key, weight]);
    }
  }
  return phrases;
}

/** The words that the weights name. */
export function wordsOf({ near, tags }: WordWeights): string[] {
  const own = Object.values(tags).flatMap((tag) => [...Object.keys(tag.near), ...Object.keys(tag.paper)]);
  return [...Object.keys(near), ...own];
}
