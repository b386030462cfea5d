import type { Sentence } from '../analyse-text.js';
import type { Role } from '../sentence-roles.js';
import {
  ENROLLED,
  GROUP_WORDS,
  PART,
  PART_BEFORE,
  SCREENED,
  STUDIED,
  STUDY_WORDS,
  TOTAL_BEFORE,
  type Counted,
} from './counted-words.js';
import { gapBefore, isNumeral, type ReadNumber } from './read-number.js';

/** A number that may be how many were studied. */
export interface Candidate {
  value: number;
  /** Whom it counts; `bare` = nobody is named beside it. */
  kind: Counted | 'bare';
  sentence: Sentence;
  /** Words of the evidence, `to` exclusive. */
  from: number;
  to: number;
  /** How much speaks for its being the total. */
  score: number;
  /** `arm`: one of several groups; `each`: every group; `part`: a subset; `all`: everybody, or so it seems. */
  of: 'all' | 'arm' | 'each' | 'part';
  /** Inside brackets. */
  aside: boolean;
  /** Said to be the total, or taken in. */
  total: boolean;
  /** People of studies that were pooled. */
  pooled: boolean;
  /** Written "n = 48". */
  n: boolean;
}

/** What the place of a sentence says for a number in it. */
const BY_ROLE: Readonly<Record<Role, number>> = {
  title: 2.5,
  background: 1,
  aim: 2.5,
  population: 3.5,
  methods: 3,
  intervention: 3,
  outcomes: 2,
  results: 2.5,
  conclusion: 0.5,
  future: -2,
  exclusion: -3,
};
/** Of an arm: "F", "II", "KET". */
const LONGEST_NAME = 10;
const REACH_AFTER = 16;
const REACH_BEFORE = 5;
/** A sentence that tells of the study itself, whatever its place. */
const STUDYING =
  /\b(?:were|was|we|has been)\s+(?:\w+\s)?(?:tested|investigated|evaluated|studied|examined|assessed|compared|measured|recorded|recruited|enrolled|treated|performed|conducted|described|reported|report|describe|determined|randomi[sz]ed|given|administered|used|gave|treated|infused)\b|^(?:Examined|Investigated|Studied|Tested|Compared|Evaluated|Assessed|Administered|Explored|Measured|Describes|Reports|Presents)\b|\bwe\s(?:[a-z]+ly\s)?[a-z]+ed\b|\bin this\b|\b(?:present|current)\s(?:[\w-]+\s){0,2}(?:study|trial|case)/i;

/** How deep in brackets a text is behind what stands between two of its words. */
export function nextDepth(depth: number, gap: string): number {
  let now = depth;
  for (const mark of gap) {
    if (mark === '(' || mark === '[') now += 1;
    else if (mark === ')' || mark === ']') now = Math.max(0, now - 1);
  }
  return now;
}

/** A number, and whom it counts, with all that speaks for and against its being the total. */
export function weigh(sentence: Sentence, number: ReadNumber, kind: Candidate['kind'], to: number): Candidate {
  const { tokens } = sentence;
  const candidate: Candidate = {
    value: number.value,
    kind,
    sentence,
    from: number.from,
    to,
    score: BY_ROLE[sentence.role],
    of: 'all',
    aside: false,
    total: false,
    pooled: false,
    n: false,
  };
  if (kind === 'weak' || kind === 'control') candidate.score -= 1;
  if (sentence.role === 'background' && STUDYING.test(sentence.text)) candidate.score += 1.5;
  if (number.from === 0 && tokens.length <= to + 4) candidate.score += 1.5;
  weighBefore(candidate, number);
  weighAfter(candidate, sentence.text.slice((tokens[to - 1]?.end ?? 0) - sentence.start));
  if (/^of$/i.test(tokens[number.to]?.text ?? '')) candidate.score -= 3;
  return candidate;
}

function weighBefore(candidate: Candidate, number: ReadNumber): void {
  const { tokens } = candidate.sentence;
  const words: string[] = [];
  for (let at = number.from - 1; at >= 0 && at >= number.from - REACH_BEFORE; at -= 1)
    if (/[([]/.test(gapBefore(candidate.sentence, at + 1))) break;
    else words.push(tokens[at]?.word.lower ?? '');
  const [last = '', second = '', third = ''] = words;
  if (
    last === 'total' ||
    second === 'total' ||
    third === 'total' ||
    (last === 'all' && second === 'in') ||
    /^(totaling|totalling)$/.test(last)
  ) {
    candidate.score += 3;
    candidate.total = true;
  } else if (!/^(and|while|whereas|but)$/.test(last) && words.some((word) => TOTAL_BEFORE.has(word))) {
    candidate.score += 2.5;
    candidate.total = true;
  } else if (/^(were|are)$/.test(last) && /^(participants|subjects|patients|volunteers)$/.test(second)) {
    // "Participants were 8 healthy volunteers"
    candidate.score += 2.5;
    candidate.total = true;
  } else if ((last === 'of' && number.from <= 2) || (last === 'the' && second === 'of' && number.from <= 3))
    candidate.score += 1.5;
  else if (last === 'of' && /^(study|trial|series|group|analysis|subset|registry)$/.test(second)) candidate.score += 2;
  else if (/^(in|from|among|of|with|on|for|to|by)$/.test(last)) candidate.score += 0.75;
  if ([last, second].some((word) => PART_BEFORE.has(word)) || areReportedBefore(words)) candidate.score -= 3;
  else if (words.some((word) => /^(subset|subsample|subgroup)$/.test(word))) {
    candidate.score -= 3;
    candidate.of = 'part';
  }
  if ((last === 'of' && second === 'groups') || (last === 'group' && second === 'each') || isOfEachGroup(words))
    candidate.of = 'each';
  if (number.from === 0 && !candidate.total) candidate.score += 0.75;
  if (words.some((word) => STUDY_WORDS.has(word)) && /^(with|including|involving|comprising|encompassing|covering|pooling|containing|enrolled|of|included|enrolling|in|on|for|from|representing|totaling|totalling)$|^total$/.test(last === 'of' && second === 'total' ? 'total' : last)) candidate.pooled = true; // prettier-ignore
  if (/^(representing|totall?ing|comprising|encompassing)$/.test(last) && tokens.slice(0, number.from).some(({ word }) => /^(?:studies|trials|rcts?)$/.test(word.lower))) candidate.pooled = true; // prettier-ignore
  // "a matched control group of 45 patients"
  if (last === 'of' && second === 'group' && /^(control|comparison|placebo|treatment|reference)$/.test(third)) candidate.of = 'arm'; // prettier-ignore
  // "the first group consisted of 8 cases"
  if (last === 'of' && /^(consisted|consists|comprised|composed)$/.test(second) && /^(group|arm)$/.test(third)) candidate.of = 'arm'; // prettier-ignore
  if (isNamedArm(candidate.sentence, number.from)) candidate.of = 'arm';
  const preceding = tokens[number.from - 1]?.word.lower ?? '';
  if (STUDY_WORDS.has(preceding) && /[([]$/.test(gapBefore(candidate.sentence, number.from))) {
    candidate.pooled = true;
    // "53 trials (2839 patients)"
    if (preceding.endsWith('s')) candidate.score += 1.5;
  }
  if (last === 'on' && second === 'reporting') candidate.pooled = true;
  // adjectives: "65 randomized participants"
  for (let at = number.to; at < candidate.to; at += 1) {
    const word = tokens[at]?.word.lower ?? '';
    // "7 placebo-assigned patients"
    if (at > number.to && ENROLLED.has(word) && /^[-\u2010\u2011]$/.test(gapBefore(candidate.sentence, at)))
      candidate.of = 'arm';
    else if (ENROLLED.has(word)) {
      candidate.score += 2.5;
      candidate.total = true;
    } else if (word === 'total') {
      candidate.score += 2.5;
      candidate.total = true;
    } else if (PART_BEFORE.has(word)) candidate.score -= 3;
    else if (/^(control|placebo)$/.test(word)) candidate.kind = 'control';
    else if (/^(healthy|asa|consecutive|scheduled)$/.test(word)) candidate.score += 0.5;
  }
}

/** "using previously reported data from 24 patients": those of another paper. */
function areReportedBefore(words: readonly string[]): boolean {
  const at = words.findIndex((word) => /^(reported|published|described|acquired|collected)$/.test(word));
  return at > 0 && /^(previously|earlier|already)$/.test(words[at + 1] ?? '');
}

/** "group F: 20 patients" */
function isNamedArm(sentence: Sentence, at: number): boolean {
  if (!/^\)?:\s*$/.test(gapBefore(sentence, at)) || (sentence.tokens[at - 1]?.text.length ?? 0) > LONGEST_NAME)
    return false;
  return [2, 3].some((back) => /^(group|arm)$/.test(sentence.tokens[at - back]?.word.lower ?? ''));
}

/** "Each cohort will consist of 8 participants": words before a number, the nearest first. */
function isOfEachGroup(words: readonly string[]): boolean {
  const each = words.indexOf('each');
  return each > 0 && GROUP_WORDS.has(words[each - 1] ?? '');
}

/** What is said of them behind the noun. */
function weighAfter(candidate: Candidate, rest: string): void {
  const { tokens } = candidate.sentence;
  // A share of others, but not "71 patients (70% women)".
  if (
    /^\s*[([]\s*\d+(?:[.·]\d+)?\s*%(?!,?\s(?:\w+\s)?(?:(?:fe)?males?|(?:wo)?men|girls|boys)\b)|^\s*[([]\s*\d+\s*(?:of|\/)\s*\d+/.test(
      rest,
    )
  )
    candidate.score -= 3;
  else if (/^,?\s*[([]?[^()[\]]{0,50}(?:mean|\bage|aged|females?|women|males?|\bmen\b|years)/i.test(rest))
    candidate.score += 1;
  if (
    /^\s*(?:(?:[([]\s*)?(?:in|per|for|to)\s+(?:each|every)|per|\/|were \w+ (?:in|to) each)\s*(?:of\s+)?(?:the\s+)?(?:[\w-]+\s){0,2}(?:groups?|arms?|condition|sequence)/i.test(
      rest,
    ) ||
    /^\s*each\b/.test(rest)
  )
    // prettier-ignore
    candidate.of = 'each';
  else if (/^\s*(?:in|from|of|to)\s+(?:the\s+)?(?:[\w+()-]+\s){0,3}(?:group|arm)\b/i.test(rest)) candidate.of = 'arm';
  if (/^\s*(?:across|from|in|of)\s+(?:these\s+|the\s+)?(?:\w+\s){0,4}(?:studies|trials|rcts)\b/i.test(rest))
    candidate.pooled = true;
  let verb = false;
  let clause = false;
  let depth = 0;
  let left = false;
  const inBrackets =
    candidate.kind !== 'bare' &&
    !/^n$/i.test(tokens[candidate.from]?.text ?? '') &&
    !/[([]/.test(
      candidate.sentence.text.slice(
        (tokens[candidate.from]?.start ?? 0) - candidate.sentence.start,
        (tokens[candidate.to]?.start ?? 0) - candidate.sentence.start,
      ),
    );
  for (let at = candidate.to; at < tokens.length && at < candidate.to + REACH_AFTER; at += 1) {
    const word = tokens[at]?.word.lower ?? '';
    const gap = gapBefore(candidate.sentence, at);
    // "Of the 21 participants, nine were …", "…, and nine were …": said of somebody else
    const joined = tokens[at]?.text === 'and' ? at + 1 : at;
    if (/^\)?,/.test(gap) && startsNumber(tokens[joined]?.text ?? '')) return;
    // "(21 females, aged 28) participated": said of those before the bracket
    if (inBrackets && depth === 0 && gap.includes(')')) {
      if (!candidate.pooled) return;
      left = true;
    }
    depth = nextDepth(depth, gap);
    if (/^(who|that|which|whose|whom)$/.test(word)) clause = true;
    if (/^(were|was|are|is|will)$/.test(word)) clause = false;
    if (ENROLLED.has(word) && !isOfDesign(candidate.sentence, at)) {
      candidate.score += 2.5;
      candidate.total = true;
      return;
    }
    if (verb) continue;
    if (STUDIED.has(word) && !isOfPart(candidate.sentence, at)) {
      candidate.score += 1.25;
      verb = true;
    } else if (SCREENED.has(word)) {
      candidate.score -= word === 'eligible' ? 1 : 2;
      return;
    } else if (word === 'reported' && candidate.kind === 'weak' && /^(are|is)$/.test(tokens[at - 1]?.text ?? '')) {
      // "two cases are reported"
      return;
    } else if (isOfPart(candidate.sentence, at) && !clause && !left) {
      candidate.score -= 2.5;
      return;
    } else if (word === 'completed' && !clause) {
      candidate.score += 0.5;
      return;
    }
  }
}

/** "received both under randomised conditions": not said of people. */
function isOfDesign({ tokens }: Sentence, at: number): boolean {
  return tokens[at - 1]?.text === 'under';
}

/** A word by which results tell of some of the participants. */
function isOfPart({ tokens }: Sentence, at: number): boolean {
  const word = tokens[at]?.word.lower ?? '';
  const next = tokens[at + 1]?.word.lower ?? '';
  // "had a mean score of 18" is said of all; "responded to the drug" of some, "responded to the survey" of all
  if (word === 'had') return !/^(mean|median|average)$/.test(tokens[at + 2]?.word.lower ?? '');
  if (word !== 'responded' || next !== 'to') return PART.has(word);
  return !tokens
    .slice(at + 2, at + 6)
    .some(({ word: { lower } }) => /^(survey|questionnaire|invitation|call)s?$/.test(lower));
}

function startsNumber(text: string): boolean {
  return isNumeral(text) || /^\d/.test(text);
}
