import { stemmer } from 'stemmer';

/**
 * The one text analyser, used when a paper is stored and when a reader asks, on both databases alike: they keep its
 * tokens as they are, so that the same words find the same papers. Changed rules need another ANALYSER_VERSION:
 * `migrate` then indexes what is stored again.
 */
export const ANALYSER_VERSION = 1;

/** Longer ones are cut, here and there: PostgreSQL takes lexemes of 2 kB at most, and nobody types one. */
const LONGEST_TOKEN = 60;

const WORD = /[\p{L}\p{N}\p{M}]+(?:['’ʼ][\p{L}\p{N}\p{M}]+)*/gu;

/** Letters that are no base letter with a mark. */
const PLAIN: Record<string, string> = { ø: 'o', ł: 'l', đ: 'd', ð: 'd', ħ: 'h', ı: 'i', æ: 'ae', œ: 'oe', ß: 'ss', þ: 'th' }; // prettier-ignore

/** Words that stand in nearly every abstract; only phrases look at them. */
const COMMON = new Set(
  'a an and are as at be been but by can did do does for from had has have in into is it its may nor not of on or our such than that the their them then there these they this those to was we were which while who will with'.split(
    ' ',
  ),
);

export interface Token {
  /** Folded: compatible forms made one, lower case, no diacritics, no possessive. */
  raw: string;
  /** The raw token's stem; null for words too common to be looked up. */
  stem: string | null;
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

/** Papers repeat their words: what was made of one is kept, bounded. */
const known = new Map<string, { raw: string; stem: string | null }>();
const KNOWN_AT_MOST = 100_000;

function readWord(word: string): { raw: string; stem: string | null } {
  let read = known.get(word);
  if (!read) {
    const raw = foldWord(word);
    read = { raw, stem: COMMON.has(raw) ? null : /^[a-z]{3,}$/.test(raw) ? stemmer(raw) : raw };
    if (known.size >= KNOWN_AT_MOST) known.clear();
    known.set(word, read);
  }
  return read;
}

/** The tokens of a text with their places in it (UTF-16). */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(WORD)) {
    const { raw, stem } = readWord(match[0]);
    if (raw !== '') tokens.push({ raw, stem, start: match.index, end: match.index + match[0].length });
  }
  return tokens;
}

/** A value that is compared whole: its raw tokens, one space between. */
export const foldValue = (value: string): string =>
  tokenise(value)
    .map((token) => token.raw)
    .join(' ');
