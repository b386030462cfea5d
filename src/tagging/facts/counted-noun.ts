import type { Sentence } from '../analyse-text.js';
import { countedOf, isForm, isSingular, STOPS, type Counted } from './counted-words.js';
import { gapBefore, isNumeral, readNumber, type ReadNumber } from './read-number.js';

export const LONGEST_NOUN_PHRASE = 11;
const TIME = /^(week|month|day|year|wk|mo|yr)s?$/i;
const LONGEST_ASIDE = 12;
const BY_AGE = /^(human|adolescent|child|infant|youth|student|veteran|inpatient|outpatient)$/;
/** Fewer filled forms than these are the forms that were handed out. */
const FEWEST_FORMS = 20;
const STUDY_STAFF = /^(staff|members?|physicians?|clinicians?|nurses?|psychiatrists?|psychologists?|therapists?|an(?:a)?esthesiologists?|experts?|surgeons?|practitioners?)$/; // prettier-ignore
const AT_WORK = /^(blind|blinded|unblinded|masked|unmasked|independent|trained)$/;
const NOT_PEOPLE = /^(years?|days?|months?|hours?|encounters?|visits?|sessions?|months|reported|level|centered|centred|controlled|satisfaction)$/; // prettier-ignore
const AFTER_CLASS = /^(asa|class|classes|grade|status|type|types|stage|phase|or|and|to|i|ii|iii|iv|ps|aged)$/i;

export interface CountedNoun {
  kind: Counted;
  /** Behind its last word. */
  to: number;
}

/**
 * The noun that a number counts: "[48] treatment-resistant ASA I or II patients". It may be that of a second number,
 * or of the last of `sharing` more.
 */
export function nounAfter(sentence: Sentence, { to, value }: ReadNumber, sharing = 2): CountedNoun | null {
  const { tokens } = sentence;
  let closed = -1;
  for (let at = to; at < tokens.length && at < to + LONGEST_NOUN_PHRASE; at += 1) {
    const token = tokens[at];
    if (!token) return null;
    const { lower } = token.word;
    const gap = gapBefore(sentence, at);
    if (closed !== at && /^\s?[([][<>≥≤]?\s?$/.test(gap)) {
      closed = behindAside(sentence, at, at === to ? value : null);
      if (closed === -1) return null;
      at = closed - 1;
      continue;
    }
    if (closed !== at && token.breakBefore && !(at > to && at <= to + 3 && gap === ', ')) return null;
    const kind = countedOf(lower);
    if (kind) {
      const next = tokens[at + 1];
      const nextLower = next && !next.breakBefore ? next.word.lower : '';
      if (NOT_PEOPLE.test(nextLower)) return null;
      if (nextLower !== '' && countedOf(nextLower)) continue;
      if (isSingular(lower) && value > 1 && !/^[-\u2010\u2011]/.test(gap) && nextLower !== 'were') {
        // "106 adolescent drug users"
        if (nextLower !== '' && BY_AGE.test(lower)) continue;
        return null;
      }
      if (isForm(lower) && value < FEWEST_FORMS) return null;
      if (STUDY_STAFF.test(lower) && areOfTheStudy(sentence, to, at)) return null;
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
      if (/[-\u2010\u2011\u2212–]/.test(gap)) continue;
      return sharing > 0 && at > to && (at > to + 1 || gap === ', ') ? sharedNoun(sentence, at, sharing) : null;
    }
    // "16 treatment-resistant patients"
    if (/^[-\u2010\u2011]/.test(gapBefore(sentence, at + 1))) continue;
    // "18 control group participants"
    if (lower === 'group' && countedOf(tokens[at + 1]?.word.lower ?? '')) continue;
    if (lower === 'old' && !TIME.test(tokens[at - 1]?.text ?? '')) continue;
    // "63 first-year students"
    if (at > to && /^[-\u2010\u2011]$/.test(gap)) continue;
    if (STOPS.has(lower) && !(lower === 'of' && tokens[at - 1]?.text === 'Society')) return null;
  }
  return null;
}

/** "two unblinded staff members": those who carry the study out. */
function areOfTheStudy({ tokens }: Sentence, from: number, to: number): boolean {
  return tokens.slice(from, to).some(({ word: { lower } }) => AT_WORK.test(lower));
}

/**
 * The word behind a bracket that opens at `at`, -1 where the bracket parts a number from what follows. Right behind
 * the number it may repeat it or tell ages: "Twenty-one (21) patients", "60 (mean age 45 years) patients"; later in
 * the noun phrase it is an abbreviation or the like: "18 minor vexia (MV) patients".
 */
function behindAside(sentence: Sentence, at: number, number: number | null): number {
  const { tokens, text, start } = sentence;
  for (let close = at + 1; close < tokens.length && close <= at + LONGEST_ASIDE; close += 1) {
    const gap = gapBefore(sentence, close);
    if (/[([]/.test(gap)) return -1;
    if (!/[)\]]/.test(gap)) continue;
    if (!/^[)\]],? $/.test(gap)) return -1;
    const inside = text.slice((tokens[at]?.start ?? 0) - start, (tokens[close - 1]?.end ?? 0) - start);
    if (inside.includes('%') || /\bn\s?=/i.test(inside)) return -1;
    const fits = number === null || readNumber(sentence, at)?.value === number || /\b(?:years?|aged?)\b/.test(inside);
    return fits ? close : -1;
  }
  return -1;
}

/** "13 healthy and 15 depressed volunteers", "22 mild, 17 moderate and 15 severe cases": the noun of the next number is that of the first. */
function sharedNoun(sentence: Sentence, at: number, sharing: number): CountedNoun | null {
  const joined = /^(and|versus|vs)$/.test(sentence.tokens[at - 1]?.text ?? '');
  if (!joined && gapBefore(sentence, at) !== ', ') return null;
  const second = readNumber(sentence, at);
  const noun = second?.counts ? nounAfter(sentence, second, sharing - 1) : null;
  return noun && { kind: 'weak', to: joined ? at - 1 : at };
}

/** "in 2019 patients …": four figures behind a word of time are a year. */
export function isYear({ tokens }: Sentence, { from, to, value }: ReadNumber): boolean {
  if (value < 1900 || value > 2040 || to !== from + 1) return false;
  return /^(in|since|from|until|to|and|between|through|during|by|after|before|early|late|mid|january|february|march|april|may|june|july|august|september|october|november|december)$/i.test(
    tokens[from - 1]?.text ?? '',
  );
}
