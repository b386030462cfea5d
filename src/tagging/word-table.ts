/**
 * Words are looked up once: every token of the same spelling shares one record, on which each matcher keeps what
 * the word means to it. That makes matching a matter of reading arrays instead of hashing texts.
 */
export interface Word {
  readonly text: string;
  /** What matcher number n knows of the word; filled on first sight. */
  readonly known: unknown[];
}

/** Memory stays flat: past so many distinct words the table starts anew; records in use stay valid. */
const MOST_WORDS = 100_000;
/** What is longer is no word (a sequence, a broken file) and not worth keeping. */
const LONGEST_KEPT = 60;

let table = new Map<string, Word>();

export function wordOf(text: string): Word {
  const known = table.get(text);
  if (known) return known;
  const word: Word = { text, known: [undefined, undefined, undefined, undefined] };
  if (text.length > LONGEST_KEPT) return word;
  if (table.size >= MOST_WORDS) table = new Map();
  table.set(text, word);
  return word;
}
