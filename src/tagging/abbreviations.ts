import type { Token } from './tokenise.js';

/** A short form that a text defines: "treatment-resistant depression (TRD)". */
export interface Abbreviation {
  short: string;
  /** The words of the long form in their sentence, `to` exclusive. */
  from: number;
  to: number;
}

const LONGEST_SHORT = 10;

/**
 * Short forms defined in a sentence, after Schwartz and Hearst (2003): the letters of the short form are found
 * from right to left in the words before the bracket, the first of them at the beginning of a word.
 */
export function findAbbreviations(value: string, tokens: readonly Token[]): Abbreviation[] {
  const found: Abbreviation[] = [];
  for (let at = 1; at < tokens.length; at += 1) {
    const token = tokens[at];
    const before = tokens[at - 1];
    if (!token || !before || !token.breakBefore || value.charCodeAt(token.start - 1) !== 0x28) continue;
    const close = closingBracket(value, token.end);
    if (close === -1) continue;
    const short = value.slice(token.start, close);
    if (!isShortForm(short)) continue;
    const from = findLongForm(value, tokens, at, short);
    if (from !== -1) found.push({ short, from, to: at });
  }
  return found;
}

/** Where the short form ends: before ")", or before ";" or "," as in "(PTSD; DSM-5)". */
function closingBracket(value: string, from: number): number {
  for (let at = from; at < value.length && at <= from + LONGEST_SHORT; at += 1) {
    const mark = value.charAt(at);
    if (mark === ')' || mark === ';' || mark === ',') return at;
    if (mark === ' ' || mark === '(') return -1;
  }
  return -1;
}

function isShortForm(short: string): boolean {
  if (short.length < 2 || short.length > LONGEST_SHORT) return false;
  const capitals = short.replace(/[^\p{Lu}]/gu, '').length;
  return capitals >= 2 || (capitals === 1 && /\d/.test(short));
}

function findLongForm(value: string, tokens: readonly Token[], bracket: number, short: string): number {
  const letters = short
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/s$/u, '')
    .toLowerCase();
  const most = Math.min(letters.length + 5, letters.length * 2);
  let letter = letters.length - 1;
  for (let at = bracket - 1; at >= 0 && at >= bracket - most; at -= 1) {
    const token = tokens[at];
    if (!token) return -1;
    const word = token.text.toLowerCase();
    let place = word.length - 1;
    while (letter >= 0 && place >= 0) {
      const wanted = letters.charAt(letter);
      // The first letter of the short form must begin a word.
      const hit = letter === 0 ? (word.startsWith(wanted) ? 0 : -1) : word.lastIndexOf(wanted, place);
      if (hit === -1) break;
      place = hit - 1;
      letter -= 1;
      if (letter < 0) return at;
    }
  }
  return -1;
}
