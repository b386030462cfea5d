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

interface OwnWeights {
  near: Float32Array;
  paper: Float32Array;
  phrases: ReadonlyMap<number, number>;
}

/** Weights laid out for quick reading. */
export class WordJudge {
  private readonly figures: Judge;
  private readonly tags = new Map<string, OwnWeights>();
  /** A tag of which nothing was learnt. */
  private readonly other: OwnWeights;
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
    const shared = layOut(weights.near, lexicon);
    for (const [tag, own] of Object.entries(weights.tags)) {
      const near = shared.slice();
      for (const [at, weight] of layOut(own.near, lexicon).entries()) near[at] = (near[at] ?? 0) + weight;
      const phrases = new Map<number, number>();
      const known = phrasesOf(tag);
      for (const number of known.keys()) {
        for (let place = 0; place < PLACES.length; place += 1) {
          const key = number * PLACES.length + place;
          const weight = own.phrases[phraseName(key, known)];
          if (weight !== undefined) phrases.set(key, weight);
        }
      }
      this.tags.set(tag, { near, paper: layOut(own.paper, lexicon), phrases });
    }
    this.other = { near: shared, paper: new Float32Array(lexicon.size), phrases: new Map() };
  }

  /** Log-odds that a careful reader gives the tag. */
  sum(tag: string, figures: Float64Array, mentions: readonly Mention[], words: PaperWords): number {
    const { near, paper, phrases } = this.tags.get(tag) ?? this.other;
    let sum = this.figures.sum(tag, figures);
    const all = words.paper;
    for (let at = 0; at < all.length; at += 1) sum += paper[all[at] as number] ?? 0;
    for (const key of phrasesIn(mentions)) sum += phrases.get(key) ?? 0;
    const question = (this.question = (this.question + 1) | 0);
    eachNear(mentions, words, (numbers) => {
      for (let at = 0; at < numbers.length; at += 1) {
        const number = numbers[at] as number;
        if (this.met[number] === question) continue;
        this.met[number] = question;
        sum += near[number] ?? 0;
      }
    });
    return sum;
  }
}

function layOut(weights: Record<string, number>, lexicon: Lexicon): Float32Array {
  const laid = new Float32Array(lexicon.size);
  for (const [word, weight] of Object.entries(weights)) {
    const number = lexicon.numberOf(word);
    if (number !== -1) laid[number] = weight;
  }
  return laid;
}

/** The words that the weights name. */
export function wordsOf({ near, tags }: WordWeights): string[] {
  const own = Object.values(tags).flatMap((tag) => [...Object.keys(tag.near), ...Object.keys(tag.paper)]);
  return [...Object.keys(near), ...own];
}
