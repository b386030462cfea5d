import type { Sentence } from '../analyse-text.js';

/** A number in a sentence, in figures or words. */
export interface ReadNumber {
  value: number;
  /** Words it takes, `to` exclusive. */
  from: number;
  to: number;
  /** False for decimals, percentages, one end of a range, "> 18", "± 3": a number that counts nothing. */
  counts: boolean;
}

/** Nobody studied more. */
const MOST_FIGURES = 9;
const ONES: readonly string[] = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen']; // prettier-ignore
const TENS: readonly string[] = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const WORDS = new Map<string, number>();
const know = (word: string, value: number): void => {
  for (const spelling of [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()])
    WORDS.set(spelling, value);
};
ONES.forEach(know);
TENS.forEach((word, at) => know(word, (at + 2) * 10));
know('fourty', 40);
know('hundred', 100);
know('thousand', 1000);
know('dozen', 12);

/** "In experiment 2 120 rats …": what stands before a number that is a name. */
const LABELS =
  /^(stud(?:y|ies)|experiments?|trials?|phases?|stages?|groups?|arms?|cohorts?|parts?|steps?|days?|weeks?|months?|visits?|types?|class|level|grade|table|figure|asa|and|or)$/i;

/** Whether a number can begin at this word: a quick look before `readNumber`. */
export function isNumeral(text: string): boolean {
  const first = text.charCodeAt(0);
  return first >= 48 && first <= 57 ? isDigits(text) : text.length > 2 && text.length < 10 && WORDS.has(text);
}

/** What stands in the text between two words. */
export function gapBefore(sentence: Sentence, at: number): string {
  const token = sentence.tokens[at];
  if (!token) return '';
  const before = sentence.tokens[at - 1];
  return sentence.text.slice((before ? before.end : sentence.start) - sentence.start, token.start - sentence.start);
}

/** The number that begins at a word, null when none does. */
export function readNumber(sentence: Sentence, at: number): ReadNumber | null {
  const text = sentence.tokens[at]?.text ?? '';
  if (!isNumeral(text)) return null;
  return isDigits(text) ? readFigures(sentence, at) : readWords(sentence, at);
}

function isDigits(text: string): boolean {
  if (text.length > 9) return false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return text.length > 0;
}

function readFigures(sentence: Sentence, at: number): ReadNumber {
  const { tokens } = sentence;
  let digits = tokens[at]?.text ?? '';
  let to = at + 1;
  // "1,234", "12 345" with whatever space
  const labelled = LABELS.test(tokens[at - 1]?.text ?? '');
  while (digits.length < MOST_FIGURES && !digits.startsWith('0') && (to > at + 1 || digits.length <= 3)) {
    const next = tokens[to]?.text ?? '';
    const gap = gapBefore(sentence, to);
    const joins = /^[,\u00a0\u2009\u202f]$/.test(gap) || (gap === ' ' && !labelled);
    if (next.length !== 3 || !isDigits(next) || !joins) break;
    digits += next;
    to += 1;
  }
  const before = gapBefore(sentence, at);
  const after = gapBefore(sentence, to);
  let counts = !/[<>≥≤±~$€£]\s*$|\d[.·/]$|[-\u2010\u2011\u2212–]$/.test(before) && !/[.·/:]$/.test(before);
  if (/^[.·]$/.test(after) && startsWithDigit(tokens[to]?.text)) {
    const fraction = /^\d+/.exec(tokens[to]?.text ?? '')?.[0] ?? '';
    const whole = fraction === tokens[to]?.text;
    return { value: Number(`${digits}.${fraction}`), from: at, to: whole ? to + 1 : to, counts: false };
  }
  if (/^\s?[-\u2010\u2011\u2212–—]\s?$/.test(after) && startsWithDigit(tokens[to]?.text)) counts = false;
  // "n = 12/group" counts, "12/48" does not.
  if (/^\s?\//.test(after) && !/^(groups?|arms?|cohort|total)$/.test(tokens[to]?.text ?? '')) counts = false;
  if (/^\s?[%±×:]/.test(after) || /^per\s?cent/i.test(tokens[to]?.text ?? '')) counts = false;
  if (to >= tokens.length && /^\s?%/.test(endOf(sentence, to - 1))) counts = false;
  return { value: Number(digits), from: at, to, counts };
}

function startsWithDigit(text: string | undefined): boolean {
  const code = text?.charCodeAt(0) ?? 0;
  return code >= 48 && code <= 57;
}

function endOf(sentence: Sentence, at: number): string {
  const token = sentence.tokens[at];
  return token ? sentence.text.slice(token.end - sentence.start) : '';
}

/** "thirty-six", "one hundred and twenty", "two thousand". */
function readWords(sentence: Sentence, at: number): ReadNumber | null {
  const { tokens } = sentence;
  let total = 0;
  let current = 0;
  let to = at;
  for (let place = at; place < tokens.length && place < at + 8; place += 1) {
    const text = tokens[place]?.text ?? '';
    if (place > at && tokens[place]?.breakBefore) break;
    const value = WORDS.get(text);
    if (value === undefined) {
      const joins = text === 'and' && current >= 100 && WORDS.has(tokens[place + 1]?.text ?? '');
      if (!joins) break;
      continue;
    }
    if (value === 100) current = Math.max(1, current) * 100;
    else if (value === 1000) {
      total += Math.max(1, current) * 1000;
      current = 0;
    } else if (place === at) current = value;
    else if (current % 100 >= 20 && current % 10 === 0 && value > 0 && value < 10) current += value;
    else if (current >= 100 && current % 100 === 0 && value < 100) current += value;
    else if (current === 0) current = value;
    else break;
    to = place + 1;
  }
  if (to === at) return null;
  const first = WORDS.get(tokens[at]?.text ?? '') ?? 0;
  // "hundreds of", "thousand" alone count nothing
  if (to === at + 1 && first >= 100) return null;
  return { value: total + current, from: at, to, counts: !/[-\u2010\u2011\u2212–]$/.test(gapBefore(sentence, at)) };
}
