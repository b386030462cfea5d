import type { Mention } from './find-mentions.js';
import { Forest, type ForestWeights } from './forest.js';
import type { Lexicon, PaperWords } from './lexicon.js';
import { toChance } from './logit.js';
import { WordJudge, wordsOf, type WordWeights } from './words.js';

/**
 * The second look at a facet: one judge weighs figures and words, and where that helps another one, who errs in other
 * ways, asks the figures in turn. They agree on a mean. Neither is asked about a tag that the paper has nothing to show
 * for.
 */
export interface SecondLookWeights {
  words: WordWeights;
  /** Null where it does not help on papers that it has not seen. */
  forest: ForestWeights | null;
  /** What the forest's log-odds count; the words' count the rest of 1. */
  forestShare: number;
}

/** What a judge is told of one tag in one paper. */
export interface Asked {
  tag: string;
  figures: Float64Array;
  mentions: readonly Mention[];
  words: PaperWords;
}

/** The judges of one facet. */
export class SecondLook {
  private readonly words: WordJudge;
  private readonly forest: Forest | null;
  private readonly share: number;

  /**
   * @param names the figures, in their order
   * @param phrasesOf a tag's phrases by their number
   */
  constructor(
    { words, forest, forestShare }: SecondLookWeights,
    names: readonly string[],
    lexicon: Lexicon,
    phrasesOf: (tag: string) => ReadonlyMap<number, string>,
  ) {
    this.words = new WordJudge(words, names, lexicon, phrasesOf);
    this.forest = forest && new Forest(forest, names);
    this.share = forest ? forestShare : 0;
  }

  /** The probability that a careful reader gives the tag. */
  judge({ tag, figures, mentions, words }: Asked): number {
    const byWords = this.words.sum(tag, figures, mentions, words);
    if (!this.forest) return toChance(byWords);
    return toChance((1 - this.share) * byWords + this.share * this.forest.sum(tag, figures));
  }
}

/** The words that the weights of any facet name. */
export function wordsOfLooks(looks: Iterable<SecondLookWeights>): string[] {
  const words = new Set<string>();
  for (const look of looks) for (const word of wordsOf(look.words)) words.add(word);
  return [...words];
}
