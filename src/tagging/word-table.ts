/**
 * Words are looked up once: every token of the same spelling shares one record and its number. What a word means to a
 * reader is kept by that number (`WordNotes`): so matching is a matter of reading arrays instead of hashing texts, and
 * the words that papers are full of, which came first, lie side by side.
 */
export class Word {
  /** What it tells by itself (word-signs.ts); filled on first sight. */
  signs = -1;
  private small: string | null = null;

  /** @param number of the word, in the order in which words were first seen; -1 for one that is not kept */
  constructor(
    readonly text: string,
    readonly hash: number,
    readonly number: number,
  ) {}

  /** In small letters. */
  get lower(): string {
    return (this.small ??= this.text.toLowerCase());
  }
}

/** Memory stays flat: past so many distinct words the table starts anew; records in use stay valid. */
const MOST_WORDS = 100_000;
const PLACES = 1 << 18;
/** What is longer is no word (a sequence, a broken file) and not worth keeping. */
const LONGEST_KEPT = 60;
/** A word is looked for in so many places: texts made to collide cost no more than words that are never kept. */
const MOST_PLACES = 24;

let table = new Array<Word | undefined>(PLACES);
let size = 0;
let nextNumber = 0;

/** One step of the number under which a word is kept: of each of its UTF-16 units, beginning with 0. */
export const hashStep = (hash: number, code: number): number => (Math.imul(hash, 31) + code) | 0;

/** The word `value.slice(start, end)`, found without cutting it out of its text. @param hash of its units */
export function wordAt(value: string, start: number, end: number, hash: number): Word {
  const length = end - start;
  if (length > LONGEST_KEPT) return new Word(value.slice(start, end), hash, -1);
  const first = Math.imul(hash, 0x9e3779b1) >>> 14;
  for (let step = 0; step < MOST_PLACES; step += 1) {
    const place = (first + step) & (PLACES - 1);
    const word = table[place];
    if (word === undefined) return keep(new Word(value.slice(start, end), hash, nextNumber++), place);
    if (word.hash === hash && word.text.length === length && isSaid(word.text, value, start)) return word;
  }
  return new Word(value.slice(start, end), hash, -1);
}

function isSaid(text: string, value: string, start: number): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) !== value.charCodeAt(start + at)) return false;
  return true;
}

function keep(word: Word, place: number): Word {
  if (size >= MOST_WORDS) {
    table = new Array<Word | undefined>(PLACES);
    size = 0;
  }
  table[place] = word;
  size += 1;
  return word;
}

/** What a reader knows of words: one whole number for each, 0 for a word that it has not looked at. */
export class WordNotes {
  private notes = new Int32Array(4_096);
  /** The number of the first word of `notes`: words from before the table was last begun anew have no place. */
  private first = 0;

  /** @param number of the word */
  get(number: number): number {
    const at = number - this.first;
    return at >= 0 && at < this.notes.length ? (this.notes[at] as number) : 0;
  }

  /** Not kept for a word that has no number. */
  set(number: number, note: number): void {
    if (number < this.first) return;
    if (number - this.first >= 2 * MOST_WORDS) {
      this.notes.fill(0);
      this.first = number;
    }
    const at = number - this.first;
    if (at >= this.notes.length) {
      const more = new Int32Array(Math.max(2 * this.notes.length, at + 1));
      more.set(this.notes);
      this.notes = more;
    }
    this.notes[at] = note;
  }
}
