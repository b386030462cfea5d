import { stemmer } from 'stemmer';
import type { AnalysedText } from './analyse-text.js';
import { foldLetters } from './fold-token.js';
import type { Role } from './sentence-roles.js';
import type { Word } from './word-table.js';

/** Where a paper speaks of others, or of what nobody has done yet. */
export const ELSEWHERE: ReadonlySet<Role> = new Set(['background', 'future', 'exclusion']);

/** Numbers of a word, as one of the title and as one of the paper's own sentences; -1 where it has none. */
interface Known {
  inTitle: number;
  inText: number;
}

/**
 * Numbers for the words of papers: stems of the sentences in which a paper speaks of itself, and once more those of
 * its title ("title: …").
 */
export class Lexicon {
  private readonly numbers = new Map<string, number>();
  private known = new WeakMap<Word, Known>();

  /** @param words the only ones that get numbers, in their order; without them every word that is seen gets one */
  constructor(private readonly words: readonly string[] | null = null) {
    for (const word of words ?? []) this.numbers.set(word, this.numbers.size);
  }

  get size(): number {
    return this.numbers.size;
  }

  numberOf(word: string): number {
    const known = this.numbers.get(word);
    if (known !== undefined) return known;
    if (this.words) return -1;
    this.numbers.set(word, this.numbers.size);
    return this.numbers.size - 1;
  }

  /** Every word by its number. */
  list(): string[] {
    return [...this.numbers.keys()];
  }

  /** The numbers of the words of a paper, each once. */
  read({ sentences }: AnalysedText): number[] {
    const found = new Set<number>();
    for (const { role, tokens } of sentences) {
      if (ELSEWHERE.has(role)) continue;
      for (const { word } of tokens) {
        const { inTitle, inText } = this.known.get(word) ?? this.learn(word);
        if (inText !== -1) found.add(inText);
        if (inTitle !== -1 && role === 'title') found.add(inTitle);
      }
    }
    return [...found];
  }

  private learn(word: Word): Known {
    const folded = foldLetters(word.text);
    const isWord = /^[a-z]{3,}$/.test(folded);
    const stem = isWord ? stemmer(folded) : '';
    const known = isWord
      ? { inText: this.numberOf(stem), inTitle: this.numberOf(`title: ${stem}`) }
      : { inText: -1, inTitle: -1 };
    this.known.set(word, known);
    return known;
  }
}
