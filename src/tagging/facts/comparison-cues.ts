import type { Sentence } from '../analyse-text.js';
import { oppositeOf, type Opposite } from './arms.js';
import type { NamedDrug } from './drug-words.js';

const VERSUS = /\b(?:versus|vs\.?|v\.|against|rather than)\s+(?:(?:an?|the|active|oral|iv|intravenous|intramuscular|intranasal|low-dose|high-dose|continued|standard|conventional|switching|to)[\s-]+){0,3}$/i; // prettier-ignore
const COMPARED =
  /\b(?:compar(?:ed|ison|ing|able)|relative|similar|equivalent|equal|superior|(?:non-?)?inferior(?:ity)?|alternative)\s+(?:it\s+|them\s+)?(?:with|to|of|against|over)\s+(?:(?:an?|the|active|those|that|patients|participants|of|in|receiving|given|who|received|either|intravenous|oral|iv|group|treatment|with|other)\s+){0,6}$/i;
const THAN = /\bthan\s+(?:(?:with|in|after|for|that|those|the|of|patients|participants|group|receiving|given|who|received|did|placebo)\s+){0,5}$/i; // prettier-ignore
const OR = /\b(?:or|versus|and)\s+(?:(?:an?|the|active|matching|matched|inert|equal|volume|of|same|intravenous|oral|iv|intranasal|identical|to|either|with|equivalent|sodium|\d+(?:\.\d+)?|ml|mg|mg\/kg)[\s-]+){0,5}$/i; // prettier-ignore
const CONTROL = /\bcontrols?\b(?:\s+(?:group|arm|condition|participants|patients|animals|rats|mice))?[^.;]{0,40}$/i;
const CONTROLLED = /^[\s-]*(?:\)[\s-]*)?(?:controlled|comparator|control (?:study|trial))/i;
/** Two treatments that are given to two groups, not together. */
const ASSIGNED = /random|assign|allocat|receiv|compar|between|given|administ|effect|either|group|arms?\b|blind|cross-?over|infus|inject|treat|conditions?\b/i; // prettier-ignore
const COMPARE_BEFORE = /\bcompar\w+\s(?:\S+\s){0,6}$/i;
const BETWEEN = /\bbetween\s(?:\S+\s){0,4}$/i;
const INERT = /placebo|saline|sham|vehicle/i;
const COMPARING = /compar|between|versus|\bvs\b|differ|random|superior|inferior|than\b/i;
/** What parts two arms of a study that a sentence tells of one after the other. */
const PARTS = /\b(?:groups?|arms?|half|others?|whereas|while|controls?|rest|remaining)\b/i;
const GIVEN = /(?:\b(?:receiv\w*|given|administered|treated with|assigned to|allocated to|injected with|infused with|injections? of|infusions? of|got)|\bgroup [A-Z\d]{1,3}[,:]?)\s+((?:[^\s,;.]+\s+){0,6})$/i; // prettier-ignore
/** Of what all get nobody is without. */
const TO_ALL = /\b(?:all|both|each|every)\b[^.;]{0,60}$/i;
const JOINED = /\b(?:plus|with|combined with|added to|adjunct to|and)\s+(?:\w+\s){0,2}$/i;
const ALONE =
  /^(?:\s(?:\d+(?:\.\d+)?|\.\d+)(?:\s?%|\s?[a-zµμ]{1,4}(?:[\s/·]{1,2}kg(?:-1)?)?(?:\/(?:ml|h))?))?[^,;.()]{0,12}(?:\([^)]{0,30}\)\s*)?[\s-](?:alone|only|monotherapy)\b/i;

/** Each of those studied gets both, one after the other. */
const EACH_IN_TURN = /\bcross-?over|\bwithin-subjects?\b|\b(?:weeks?|days?) apart\b|\b(?:two|three|four|2|3|4|separate|different|both) (?:separate |different |experimental |test |study )?(?:occasions|days|sessions|visits)\b|\bsessions? with\b|\b(?:wash-?out|counterbalanced)\b/i; // prettier-ignore
/** Something that no list knows but looks like a drug, held against what is inert: "ABC-12 or placebo", "placebo or fictacillin". */
const UNKNOWN_BEFORE = /(?:\b[A-Z]{1,7}[-\u2010]?\d{2,8}|\b[a-z]{3,20}(?:mycin|cillin|zole|bant|sartan|statin|tide|mab|nib|pril|olol))(?:\s?\([^()]{1,30}\))?(?:\s?\/\s?|\s(?:or|versus|vs\.?|compared (?:to|with)|and)\s)(?:matching\s)?$/; // prettier-ignore
const UNKNOWN_AFTER = /^(?:\s?\/\s?|\s(?:or|versus|vs\.?|and)\s)(?:[A-Z]{1,7}[-\u2010]?\d{2,8}|[a-z]{3,20}(?:mycin|cillin|zole|bant|sartan|statin|tide|mab|nib|pril|olol))\b/; // prettier-ignore
/** "midazolam (as an active control)", "midazolam 0.01 mg/kg, the control,". */
const AS_CONTROL = /^[^,;.()]{0,4}(?:\d[\d.]*\s?[a-zµμ]{1,3}\/kg)?\s?[,(]?\s?(?:(?:served|used|given|acted|administered|(?:was|were) used) )?(?:as (?:an? |the )?|the |an )(?:psychoactive |active |positive )?(?:control|comparator)\b(?! (?:group|arm))/i; // prettier-ignore

/** How much a mention says that this is what the drug was held against. `foreign`: another drug was held against it. */
export interface Weight {
  score: number;
  foreign: boolean;
  /** It only says how the study was controlled ("placebo-controlled"), not that the drug was on the other side. */
  loose: boolean;
}
const NOTHING: Weight = { score: 0, foreign: false, loose: false };
const FOREIGN: Weight = { ...NOTHING, foreign: true };
const strong = (score: number): Weight => ({ score, foreign: false, loose: false });
const loose = (score: number): Weight => ({ score, foreign: false, loose: true });

/** Weighs the treatment at the place `at` of a sentence's `drugs`. */
export function weighMention(sentence: Sentence, drugs: readonly NamedDrug[], at: number): Weight {
  const named = drugs[at];
  if (!named) return NOTHING;
  const { text } = sentence;
  const start = named.start - sentence.start;
  const end = named.end - sentence.start;
  const before = text.slice(Math.max(0, start - 120), start);
  const after = text.slice(end, end + 40);
  if (
    /^\s*(?:flush|lavage|irrigation|wash)/i.test(after) ||
    /(?:dilut|dissolv|suspend)\w*\s(?:\w+\s){0,3}$/i.test(before)
  )
    return NOTHING;
  const tracked = drugs.some(({ tracked: is, to }) => is && to <= named.from);
  const follows = drugs.some(({ tracked: is, from }) => is && from >= named.to);
  const opposite = oppositeOf(sentence, drugs, at);
  const told = VERSUS.test(before) ? 4 : COMPARED.test(before) ? 3.5 : 0;
  const against = opposite?.who === 'drug' ? opposite.joint : null;
  if (named.inert && opposite && opposite.who !== 'drug') return FOREIGN;
  if (
    named.inert &&
    !opposite &&
    !drugs.some(({ tracked: is, end: to }) => is && to <= named.start && named.start - to < 30) &&
    (UNKNOWN_BEFORE.test(before) || UNKNOWN_AFTER.test(after))
  )
    return FOREIGN;
  if (opposite?.who === 'other' && opposite.joint === 'against') return NOTHING;
  // the drug given by itself: "morphine alone" where others got the drug on top
  if ((tracked || follows) && ALONE.test(after) && COMPARING.test(text)) return strong(3.5);
  if (opposite?.who === 'together') return NOTHING;
  if (against === 'and' && EACH_IN_TURN.test(text)) return strong(2.75);
  if (AS_CONTROL.test(after)) return tracked || follows ? strong(2.75) : loose(2.5);
  // "drug plus X": a part of the treatment
  if (!named.inert && JOINED.test(before) && told !== 3.5 && !/\b(?:compar\w+|between)\b[^.;]{0,80}$/i.test(before))
    return against !== null && against !== 'and' ? strong(3) : NOTHING;
  if (against === 'against') return strong(4);
  if (against === 'or' && ASSIGNED.test(text)) return strong(opposite?.first === named ? 3 : 3.25);
  if (
    against === 'and' &&
    (COMPARE_BEFORE.test(beforePair(sentence, opposite)) || BETWEEN.test(beforePair(sentence, opposite)))
  )
    return strong(3);
  const known = tracked || follows || !named.inert ? strong : loose;
  if (told > 0) return known(told === 4 && !tracked ? 2.5 : told);
  if (/^\s+(?:versus|vs\.?)\s/i.test(after) && follows) return strong(3.5);
  if (CONTROLLED.test(after)) return isElsewhere(before) ? NOTHING : loose(3.5);
  if (tracked && THAN.test(before)) return strong(3);
  if (OR.test(before) && tracked && ASSIGNED.test(text)) return strong(3.25);
  if (CONTROL.test(before) && !/uncontrol/i.test(before)) return loose(3);
  if (!TO_ALL.test(before)) {
    if (inOtherArm(sentence, drugs, named)) return strong(3);
    // an arm that has a sentence of its own
    if (!tracked && !follows && !named.inert && PARTS.test(before) && isGiven(sentence, named)) return loose(2.25);
  }
  if (INERT.test(text.slice(start, end))) return loose(/^[\s-]*(?:control\b|group\b|arm\b)/i.test(after) ? 2.75 : 2.25);
  return NOTHING;
}

/** "Future placebo-controlled trials", "many placebo-controlled trials", "not placebo-controlled": not this study. */
const isElsewhere = (before: string): boolean =>
  /\b(?:future|subsequent|further|larger?|not|needed|previous|prior|many|several|plan|upcoming|ongoing)\b[^.;]{0,60}$/i.test(
    before,
  );

function beforePair({ text, start }: Sentence, opposite: Opposite | null): string {
  const from = opposite ? opposite.first.start - start : 0;
  return text.slice(Math.max(0, from - 60), from);
}

/** "Half of them received the drug, the others saline": arms told one after the other. */
function inOtherArm(sentence: Sentence, drugs: readonly NamedDrug[], named: NamedDrug): boolean {
  if (!isGiven(sentence, named)) return false;
  const { text, start } = sentence;
  for (const { tracked, start: from, end: to } of drugs) {
    if (!tracked) continue;
    const between =
      to <= named.start ? text.slice(to - start, named.start - start) : text.slice(named.end - start, from - start);
    if (between.length < 250 && PARTS.test(between)) return true;
  }
  return false;
}

function isGiven({ text, start }: Sentence, named: NamedDrug): boolean {
  const given = GIVEN.exec(text.slice(Math.max(0, named.start - start - 90), named.start - start));
  return given !== null && !/\b(?:under|before|after|during|for)\b/i.test(given[1] ?? '');
}
