import { hashStep, wordAt, type Word } from './word-table.js';

/**
 * A text as words with their true places. Whatever stands between two words only matters as a break: a phrase
 * runs across hyphens, slashes and brackets inside a chemical name, not across a comma or a bracket in a sentence.
 */
export interface Token {
  /** UTF-16 offsets into the field's value. */
  start: number;
  end: number;
  /** As written; a possessive "'s" is not part of it. */
  text: string;
  /** The record shared by all tokens of this spelling. */
  word: Word;
  /** True when a comma, a bracket, a colon … separates the word from the one before. */
  breakBefore: boolean;
}

/** A sentence as offsets into the field and a range of its tokens. */
export interface TokenisedSentence {
  start: number;
  end: number;
  tokens: Token[];
}

const LETTER = 0;
const DIGIT = 1;
const OTHER = 2;
const SPACE = 3;
const BREAK = 4;
const STOP = 5;
const APOSTROPHE = 6;

/** Class of every UTF-16 unit; surrogates (emoji, mathematical alphabets) are "other": they separate words. */
const CLASS = new Uint8Array(65536).fill(OTHER);
for (let code = 0; code < 65536; code += 1) {
  if (code >= 0xd800 && code <= 0xdfff) continue;
  const character = String.fromCharCode(code);
  if (/[\p{L}\p{M}]/u.test(character)) CLASS[code] = LETTER;
  else if (/\p{N}/u.test(character)) CLASS[code] = DIGIT;
  else if (/\s/u.test(character) || code === 0x200b || code === 0x2060) CLASS[code] = SPACE;
}
for (const character of ',;:()[]{}"“”„«»|—–…=<>≤≥') CLASS[character.charCodeAt(0)] = BREAK;
for (const character of '.!?。') CLASS[character.charCodeAt(0)] = STOP;
for (const character of "'’ʼ") CLASS[character.charCodeAt(0)] = APOSTROPHE;

/** Words before a full stop that do not end a sentence. */
const ABBREVIATED = new Set(['vs', 'eg', 'ie', 'al', 'fig', 'figs', 'dr', 'approx', 'ca', 'cf', 'no', 'resp', 'incl', 'st', 'prof', 'mr', 'mrs', 'ms', 'etc', 'max', 'min', 'bwt', 'sp', 'spp', 'wt']); // prettier-ignore

/** Splits a text into sentences and words in one pass; time and memory grow with its length, whatever it holds. */
export function tokenise(value: string): TokenisedSentence[] {
  const sentences: TokenisedSentence[] = [];
  let tokens: Token[] = [];
  let lastEnd = 0;
  const length = value.length;
  let at = 0;
  let broken = false;
  let spaced = false;
  let stopped = false;
  let plus = false;
  while (at < length) {
    let code = value.charCodeAt(at);
    let kind = CLASS[code] as number;
    if (kind > DIGIT) {
      if (kind === SPACE) spaced = true;
      else if (kind === BREAK) broken = true;
      else if (kind === STOP) stopped = true;
      else if (code === 0x2b) plus = true;
      at += 1;
      continue;
    }
    const start = at;
    let hash = 0;
    do {
      hash = hashStep(hash, code);
      at += 1;
      if (at === length) break;
      code = value.charCodeAt(at);
      kind = CLASS[code] as number;
    } while (kind <= DIGIT);
    if (stopped && spaced && tokens.length > 0 && endsSentence(value, lastEnd, start, tokens)) {
      sentences.push({ start: (tokens[0] as Token).start, end: lastEnd, tokens });
      tokens = [];
      broken = false;
    }
    // "S(+)-ketamine", "(R,S)-ketamine", "i.v.": marks without a space do not break; "S (+) ketamine" neither.
    const word = wordAt(value, start, at, hash);
    const breakBefore =
      broken && spaced && !plus && tokens.length > 0 && !isDescriptor(value, start, at, tokens[tokens.length - 1]);
    tokens.push({ start, end: at, text: word.text, word, breakBefore });
    lastEnd = at;
    broken = false;
    spaced = false;
    stopped = false;
    plus = false;
    if (at < length && kind === APOSTROPHE && isPossessive(value, at)) at += 2;
  }
  if (tokens.length > 0) sentences.push({ start: (tokens[0] as Token).start, end: lastEnd, tokens });
  const last = sentences.at(-1);
  for (const sentence of sentences) sentence.end = endOfSentence(value, sentence.end, sentence === last);
  return sentences;
}

/** "(R, S)-ketamine", "(2R, 6R)": the parts of a stereodescriptor belong together, however they are spaced. */
function isDescriptor(value: string, start: number, end: number, before: Token | undefined): boolean {
  if (end - start > 2 || !before || before.end - before.start > 2) return false;
  const last = value.charCodeAt(end - 1);
  const other = value.charCodeAt(before.end - 1);
  return (last === 82 || last === 83) && (other === 82 || other === 83) && value.charAt(before.end) === ',';
}

/** A full stop, a space and a capital, a figure or a bracket end a sentence, except after "vs." and the like. */
function endsSentence(value: string, lastEnd: number, start: number, tokens: readonly Token[]): boolean {
  const first = value.charAt(start);
  if (first.toLowerCase() === first && first.toUpperCase() !== first) return false;
  // "(.5 mg/kg)": the stop belongs to the number
  if (value.charAt(start - 1) === '.' && first >= '0' && first <= '9') return false;
  const mark = value.charAt(lastEnd);
  const last = tokens.at(-1)?.text ?? '';
  if (mark === '.') {
    if (ABBREVIATED.has(last.toLowerCase()) || /^[ei]\.[ge]$/.test(value.slice(lastEnd - 3, lastEnd))) return false;
    if (last.length === 1 && /[A-Z]/.test(last) && value.charAt(lastEnd - 2) !== '.' && tokens.length > 1) {
      // An initial ("J. Smith") does not end a sentence, a group name ("in group B. The …") does.
      return (
        value.charAt(lastEnd - 2) === ' ' &&
        /^(The|In|We|No|A|At|This|There|It|Both)$/.test(/^\w+/.exec(value.slice(start, start + 8))?.[0] ?? '')
      );
    }
  }
  return true;
}

/** The closing marks belong to the sentence: its text reads as printed. */
function endOfSentence(value: string, end: number, last: boolean): number {
  let at = end;
  while (at < value.length && at < end + 40) {
    const kind = CLASS[value.charCodeAt(at)] ?? OTHER;
    if (kind === SPACE || kind === LETTER || kind === DIGIT) break;
    at += 1;
    if (kind === STOP && !last) break;
  }
  return at;
}

/** "patient's": the s is not the S of an enantiomer. */
function isPossessive(value: string, at: number): boolean {
  const next = value.charCodeAt(at + 1) | 32;
  if (next !== 115) return false;
  const after = CLASS[value.charCodeAt(at + 2)] ?? OTHER;
  return Number.isNaN(value.charCodeAt(at + 2)) || (after !== LETTER && after !== DIGIT);
}
