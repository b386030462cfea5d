import { stemmer } from 'stemmer';

/**
 * The one text analyser, used when a paper is stored and when a reader asks, on both databases alike: they keep its
 * tokens as they are, so that the same words find the same papers. Changed rules need another ANALYSER_VERSION:
 * `migrate` then indexes what is stored again.
 */
export const ANALYSER_VERSION = 1;

/** Longer ones are cut, here and there: PostgreSQL takes lexemes of 2 kB at most, and nobody types one. */
const LONGEST_TOKEN = 60;

const WORD_CHARACTER = /[\p{L}\p{N}\p{M}]/u;
const APOSTROPHE = /['’ʼ]/;
const [OTHER, WORD, JOINS] = [1, 2, 3];
/** What each UTF-16 unit is, 0 = not asked yet, filled as texts bring them: a look at it costs a tenth of asking the expression. */
const KINDS = new Uint8Array(0x10000);

function kindOf(unit: number): number {
  const character = String.fromCharCode(unit);
  // an apostrophe joins only between letters; ʼ is a letter itself
  const kind = WORD_CHARACTER.test(character) ? WORD : APOSTROPHE.test(character) ? JOINS : OTHER;
  KINDS[unit] = kind;
  return kind;
}

/** How many units of a word character begin here; 0 when none does. */
function wordWidth(text: string, at: number): number {
  if (at >= text.length) return 0;
  const unit = text.charCodeAt(at);
  if (unit >= 0xd800 && unit <= 0xdbff)
    return WORD_CHARACTER.test(String.fromCodePoint(text.codePointAt(at) ?? 0)) ? 2 : 0;
  return (KINDS[unit] || kindOf(unit)) === WORD ? 1 : 0;
}

/** Where the word ends that begins at `start`: letters, figures and marks, with apostrophes between them. */
function wordEnd(text: string, start: number): number {
  let at = start;
  for (;;) {
    let width = wordWidth(text, at);
    while (width > 0) {
      at += width;
      width = wordWidth(text, at);
    }
    if (at >= text.length || KINDS[text.charCodeAt(at)] !== JOINS || wordWidth(text, at + 1) === 0) return at;
    at++;
  }
}

/** Letters that are no base letter with a mark. */
const PLAIN: Record<string, string> = { ø: 'o', ł: 'l', đ: 'd', ð: 'd', ħ: 'h', ı: 'i', æ: 'ae', œ: 'oe', ß: 'ss', þ: 'th' }; // prettier-ignore

/** Words that stand in nearly every abstract; only phrases look at them. */
const COMMON = new Set(
  'a an and are as at be been but by can did do does for from had has have in into is it its may nor not of on or our such than that the their them then there these they this those to was we were which while who will with'.split(
    ' ',
  ),
);

export interface Word {
  /** Folded: compatible forms made one, lower case, no diacritics, no possessive. */
  readonly raw: string;
  /** The raw token's stem; null for words too common to be looked up. */
  readonly stem: string | null;
}

export interface Token extends Word {
  start: number;
  end: number;
}

/** Case, diacritics and compatible forms folded; what remains is letters and figures. '' when nothing does. */
export function foldWord(word: string): string {
  // the quick way: most words are plain English
  if (/^[a-z0-9]+$/.test(word)) return word.length > LONGEST_TOKEN ? word.slice(0, LONGEST_TOKEN) : word;
  const folded = word
    .normalize('NFKC')
    .toLowerCase()
    .replace(/['’ʼ]s$/u, '')
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/[øłđðħıæœßþ]/g, (letter) => PLAIN[letter] ?? letter)
    .normalize('NFC');
  return [...folded].slice(0, LONGEST_TOKEN).join('');
}

/** A stem, one object for all words that have it. `field` is the reader's: the last field in which it was met. */
export interface Stem {
  readonly text: string;
  field: number;
}

/** A word, one object for all its spellings. `paper` and `seen` are the reader's: how often it was met in which paper. */
export interface CountedWord extends Word {
  readonly root: Stem | null;
  paper: number;
  seen: number;
}

/** What was made of a word as it is written; those whose letters give the same number are in a chain. */
interface Spelling {
  readonly text: string;
  readonly word: CountedWord;
  readonly next: Spelling | undefined;
}

/** Papers repeat their words: what was made of one is kept, bounded. */
const spellings = new Map<number, Spelling>();
const words = new Map<string, CountedWord>();
const stems = new Map<string, Stem>();
let known = 0;
const KNOWN_AT_MOST = 100_000;

/** Forgets the words when there are too many. Not in the middle of a paper, whose counts stand with them. */
export function makeRoom(): void {
  if (known < KNOWN_AT_MOST) return;
  for (const map of [spellings, words, stems]) map.clear();
  known = 0;
}

function readSpelling(text: string, start: number, end: number, number: number): CountedWord {
  const first = spellings.get(number);
  for (let at = first; at; at = at.next) if (isSpelled(at.text, text, start, end)) return at.word;
  // a copy: what is cut out of a text keeps all of it in memory
  const spelled = Buffer.from(text.slice(start, end), 'utf16le').toString('utf16le');
  const word = readWord(foldWord(spelled));
  spellings.set(number, { text: spelled, word, next: first });
  known++;
  return word;
}

function isSpelled(spelling: string, text: string, start: number, end: number): boolean {
  if (spelling.length !== end - start) return false;
  for (let i = 0; i < spelling.length; i++) if (spelling.charCodeAt(i) !== text.charCodeAt(start + i)) return false;
  return true;
}

function readWord(raw: string): CountedWord {
  let word = words.get(raw);
  if (!word) {
    const stem = COMMON.has(raw) ? null : /^[a-z]{3,}$/.test(raw) ? stemmer(raw) : raw;
    word = { raw, stem, root: stem === null ? null : readStem(stem), paper: 0, seen: 0 };
    words.set(raw, word);
  }
  return word;
}

function readStem(text: string): Stem {
  let stem = stems.get(text);
  if (!stem) stems.set(text, (stem = { text, field: 0 }));
  return stem;
}

/** The tokens of a text with their places in it (UTF-16). */
export function tokenise(text: string): Token[] {
  makeRoom();
  const tokens: Token[] = [];
  eachWord(text, ({ raw, stem }, start, end) => tokens.push({ raw, stem, start, end }));
  return tokens;
}

/** The words of a text in order. */
export function eachWord(text: string, take: (word: CountedWord, start: number, end: number) => void): void {
  for (let at = 0; at < text.length;) {
    let end = at;
    let number = 0;
    for (; end < text.length; end++) {
      const unit = text.charCodeAt(end);
      if (KINDS[unit] !== WORD) break;
      number = (Math.imul(number, 31) + unit) | 0;
    }
    // what has not been asked for yet, pairs of surrogates and apostrophes need a closer look
    if (end < text.length && KINDS[text.charCodeAt(end)] !== OTHER && (end > at || wordWidth(text, at) > 0))
      for (const last = wordEnd(text, at); end < last; end++)
        number = (Math.imul(number, 31) + text.charCodeAt(end)) | 0;
    if (end === at) {
      at++;
      continue;
    }
    const word = readSpelling(text, at, end, number);
    if (word.raw !== '') take(word, at, end);
    at = end;
  }
}

/** A value that is compared whole: its raw tokens, one space between. */
export function foldValue(value: string): string {
  makeRoom();
  let folded = '';
  eachWord(value, ({ raw }) => (folded += folded === '' ? raw : ` ${raw}`));
  return folded;
}
