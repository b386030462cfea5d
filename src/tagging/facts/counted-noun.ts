import type { Sentence } from '../analyse-text.js';
import { countedOf, isSingular, STOPS, type Counted } from './counted-words.js';
import { gapBefore, isNumeral, readNumber, type ReadNumber } from './read-number.js';

export const LONGEST_NOUN_PHRASE = 11;
const TIME = /^(week|month|day|year|wk|mo|yr)s?$/i;
const NOT_PEOPLE = /^(years?|days?|months?|hours?|encounters?|visits?|sessions?|months|reported|level|centered|centred|controlled|satisfaction)$/; // prettier-ignore
const AFTER_CLASS = /^(asa|class|classes|grade|status|type|types|stage|phase|or|and|to|i|ii|iii|iv|ps|aged)$/i;

/** The noun that a number counts: "[48] treatment-resistant ASA I or II patients". */
export function nounAfter(sentence: Sentence, { to, value }: ReadNumber): { kind: Counted; to: number } | null {
  const { tokens } = sentence;
  for (let at = to; at < tokens.length && at < to + LONGEST_NOUN_PHRASE; at += 1) {
    const token = tokens[at];
    if (!token) return null;
    const { lower } = token.word;
    // "Twenty-one (21) patients"
    if (at === to && gapBefore(sentence, at) === ' (' && readNumber(sentence, at)?.value === value) continue;
    const repeated = at === to + 1 && gapBefore(sentence, at) === ') ';
    if (!repeated && token.breakBefore && !(at > to && at <= to + 3 && gapBefore(sentence, at) === ', ')) return null;
    const kind = countedOf(lower);
    if (kind) {
      const next = tokens[at + 1];
      const nextLower = next && !next.breakBefore ? next.word.lower : '';
      if (NOT_PEOPLE.test(nextLower)) return null;
      if (nextLower !== '' && countedOf(nextLower)) continue;
      if (isSingular(lower) && value > 1 && !/^[-\u2010\u2011]/.test(gapBefore(sentence, at)) && nextLower !== 'were')
        return null;
      return { kind, to: at + 1 };
    }
    if (isNumeral(token.text)) {
      // "24 eight-week-old male rats", "ASA 1 and 2 patients"
      if (TIME.test(tokens[at + 1]?.text ?? '')) {
        at += tokens[at + 2]?.text === 'old' ? 2 : 1;
        continue;
      }
      const small = Number(token.text) <= 6 || !/^(and|or|to)$/i.test(tokens[at - 1]?.text ?? '');
      if (small && AFTER_CLASS.test(tokens[at - 1]?.text ?? '')) continue;
      if (/[-\u2010\u2011\u2212–]/.test(gapBefore(sentence, at))) continue;
      return null;
    }
    // "16 treatment-resistant patients"
    if (/^[-\u2010\u2011]/.test(gapBefore(sentence, at + 1))) continue;
    // "18 control group participants"
    if (lower === 'group' && countedOf(tokens[at + 1]?.word.lower ?? '')) continue;
    if (STOPS.has(lower) && !(lower === 'of' && tokens[at - 1]?.text === 'Society')) return null;
  }
  return null;
}

/** "in 2019 patients …": four figures behind a word of time are a year. */
export function isYear({ tokens }: Sentence, { from, to, value }: ReadNumber): boolean {
  if (value < 1900 || value > 2040 || to !== from + 1) return false;
  return /^(in|since|from|until|to|and|between|through|during|by|after|before|early|late|mid|january|february|march|april|may|june|july|august|september|october|november|december)$/i.test(
    tokens[from - 1]?.text ?? '',
  );
}
