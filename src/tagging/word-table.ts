/**
 * Words are looked up once: every token of the same spelling shares one record, on which each matcher keeps what
 * the word means to it. That makes matching a matter of reading arrays instead of hashing texts.
 */
export class Word {
  /** In small letters. */
  readonly lower: string;
  /** What matcher number n knows of the word; filled on first sight. */
  readonly known: unknown[] = [undefined, undefined, undefined, undefined];
  /** What it tells by itself (word-signs.ts); filled on first sight. */
  signs: number | null = null;

  constructor(readonly text: string) {
    this.lower = text.toLowerCase();
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

/** One step of the number under which a word is kept: of each of its UTF-16 units, beginning with 0. */
export const hashStep = (hash: number, code: number): number => Math.imul(hash, 31) + code;

/** The word `value.slice(start, end)`, found without cutting it out of its text. @param hash of its units */
export function wordAt(value: string, start: number, end: number, hash: number): Word {
  const length = end - start;
  if (length > LONGEST_KEPT) return new Word(value.slice(start, end));
  const first = Math.imul(hash, 0x9e3779b1) >>> 14;
  for (let step = 0; step < MOST_PLACES; step += 1) {
    const place = (first + step) & (PLACES - 1);
    const word = table[place];
    if (word === undefined) return keep(new Word(value.slice(start, end)), place);
    if (word.text.length === length && value.startsWith(word.text, start)) return word;
  }
  return new Word(value.slice(start, end));
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
