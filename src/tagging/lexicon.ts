import { stemmer } from 'stemmer';
import type { AnalysedText, Sentence } from './analyse-text.js';
import { foldLetters } from './fold-token.js';
import type { Role } from './sentence-roles.js';
import type { Token } from './tokenise.js';
import { WordNotes, type Word } from './word-table.js';

/** Where a paper speaks of others, or of what nobody has done yet. */
export const ELSEWHERE: ReadonlySet<Role> = new Set(['background', 'future', 'exclusion']);

/** The words of a paper by their numbers. */
export interface PaperWords {
  /** Of the title, of the sentences in which the paper speaks of itself, and its headings; each once. */
  paper: readonly number[];
  /** Of one sentence. */
  of: (sentence: Sentence) => readonly number[];
}

/**
 * Numbers for the words of papers: stems of their sentences, once more those of the title ("title: …"), and MeSH
 * headings ("heading: …").
 */
export class Lexicon {
  private readonly numbers = new Map<string, number>();
  /** By word: 1 + its number, and that as one of the title; NO_NUMBER for a word without. */
  private readonly inText = new WordNotes();
  private readonly inTitle = new WordNotes();
  /** By number: the last reading that found it. */
  private readonly foundIn: number[] = [];
  private reading = 0;

  /** @param words the only ones that get numbers, in their order; without them every word that is seen gets one */
  constructor(private readonly words: readonly string[] | null = null) {
    for (const word of words ?? []) if (!this.numbers.has(word)) this.numbers.set(word, this.numbers.size);
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

  read({ sentences, labels }: AnalysedText): PaperWords {
    const paper: number[] = [];
    const bySentence: number[][] = [];
    const reading = (this.reading += 1);
    const add = (number: number): void => {
      if (this.foundIn[number] === reading) return;
      this.foundIn[number] = reading;
      paper.push(number);
    };
    for (const { role, tokens } of sentences) {
      const numbers: number[] = [];
      bySentence.push(numbers);
      const isOwn = !ELSEWHERE.has(role);
      for (let at = 0; at < tokens.length; at += 1) {
        const { word } = tokens[at] as Token;
        const inText = this.inText.get(word.number) || this.learn(word, this.inText, '');
        if (inText === NO_NUMBER) continue;
        numbers.push(inText - 1);
        if (isOwn) add(inText - 1);
      }
    }
    for (const { role, tokens } of sentences) {
      if (role !== 'title') continue;
      for (const { word } of tokens) {
        const inTitle = this.inTitle.get(word.number) || this.learn(word, this.inTitle, 'title: ');
        if (inTitle !== NO_NUMBER) add(inTitle - 1);
      }
    }
    for (const { field, text } of labels) {
      const number = field === 'mesh' ? this.numberOf(`heading: ${text}`) : -1;
      if (number !== -1) add(number);
    }
    return { paper, of: ({ number }) => bySentence[number] ?? NONE };
  }

  private learn({ text, number }: Word, notes: WordNotes, prefix: string): number {
    const folded = foldLetters(text);
    const own = /^[a-z]{3,}$/.test(folded) ? this.numberOf(prefix + stemmer(folded)) : -1;
    const note = own === -1 ? NO_NUMBER : own + 1;
    notes.set(number, note);
    return note;
  }
}

const NO_NUMBER = -1;
const NONE: readonly number[] = [];
