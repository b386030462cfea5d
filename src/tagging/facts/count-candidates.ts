import type { Sentence } from '../analyse-text.js';
import type { Role } from '../sentence-roles.js';
import {
  countedOf,
  ENROLLED,
  GROUP_WORDS,
  isSingular,
  PART,
  PART_BEFORE,
  SCREENED,
  STOPS,
  STUDIED,
  STUDY_WORDS,
  TOTAL_BEFORE,
  type Counted,
} from './counted-words.js';
import { gapBefore, isNumeral, readNumber, type ReadNumber } from './read-number.js';

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
/** What is longer is a table, or meant to cost time. */
const MOST_IN_A_SENTENCE = 30;
const LONGEST_NOUN_PHRASE = 11;
const REACH_AFTER = 16;
const REACH_BEFORE = 5;
/** A sentence that tells of the study itself, whatever its place. */
const STUDYING =
  /\b(?:were|was|we|has been)\s+(?:\w+\s)?(?:tested|investigated|evaluated|studied|examined|assessed|compared|measured|recorded|recruited|enrolled|treated|performed|conducted|described|reported|report|describe|determined|randomi[sz]ed|given|administered)\b|\bin this\b|\bpresent (?:study|case)/i;
const TIME = /^(week|month|day|year|wk|mo|yr)s?$/i;
const NOT_PEOPLE = /^(years?|days?|months?|hours?|encounters?|visits?|sessions?|months|reported|level|centered|centred|controlled|satisfaction)$/; // prettier-ignore
const AFTER_CLASS = /^(asa|class|classes|grade|status|type|types|stage|phase|or|and|to|i|ii|iii|iv|ps|aged)$/i;

/** Every number of a sentence that may count those studied. */
export function findCandidates(sentence: Sentence): Candidate[] {
  const { tokens } = sentence;
  const found: Candidate[] = [];
  let depth = 0;
  for (let at = 0; at < tokens.length && found.length < MOST_IN_A_SENTENCE; at += 1) {
    if (tokens[at]?.breakBefore || at === 0) depth = nextDepth(depth, gapBefore(sentence, at));
    if (!isNumeral(tokens[at]?.text ?? '')) continue;
    const number = readNumber(sentence, at);
    if (!number) continue;
    const candidate = isCountOf(number) ? readCandidate(sentence, number, found) : null;
    if (candidate) {
      candidate.aside = depth > 0;
      found.push(candidate);
    }
    at = Math.max(number.to, candidate && candidate.from === number.from ? number.to : at) - 1;
  }
  return found;
}

function isCountOf({ value, counts }: ReadNumber): boolean {
  return counts && value >= 1 && value < 100_000_000 && Number.isInteger(value);
}

function nextDepth(depth: number, gap: string): number {
  let now = depth;
  for (const mark of gap) {
    if (mark === '(' || mark === '[') now += 1;
    else if (mark === ')' || mark === ']') now = Math.max(0, now - 1);
  }
  return now;
}

function readCandidate(sentence: Sentence, number: ReadNumber, before: readonly Candidate[]): Candidate | null {
  const { tokens } = sentence;
  const previous = tokens[number.from - 1]?.text ?? '';
  if (/^(n|N|ns)$/.test(previous) && /[=:]/.test(gapBefore(sentence, number.from))) return readN(sentence, number);
  const noun = nounAfter(sentence, number);
  if (noun) {
    if (isYear(sentence, number)) return null;
    return weigh(sentence, number, noun.kind, noun.to);
  }
  const arm = before.at(-1);
  // "32 participants were assigned to one group and 31 to the other"
  if (arm && arm.total && arm.of === 'all' && isOtherArm(sentence, number, arm)) {
    arm.of = 'arm';
    return { ...weigh(sentence, number, arm.kind, number.to), of: 'arm' };
  }
  // "Of 435 patients screened, 227 underwent randomization and 197 completed"
  const next = tokens[number.to]?.word.lower ?? '';
  const verb =
    /^(were|underwent|received|completed|participated|enrolled|entered|responded|randomi[sz]ed)$/.test(next) ||
    (next === 'who' && /^(and|while|whereas|versus|vs)$/.test(previous));
  if (!verb || tokens[number.to]?.breakBefore || isYear(sentence, number) || areStudies(sentence, number.to))
    return null;
  const counted = before.find(({ kind }) => kind === 'person' || kind === 'animal' || kind === 'weak');
  if (!counted && (number.value < 4 || nameStudies(sentence, number.from))) return null;
  const bare = weigh(sentence, number, counted?.kind ?? 'bare', number.to);
  // "227 randomized, and 197 completed": of those before
  if (counted && next === 'completed') bare.score -= 2;
  return counted ? bare : { ...bare, score: bare.score - 1.5 };
}

/** "9 were randomised trials, 25 were open-label studies": not of people. */
function areStudies({ tokens }: Sentence, from: number): boolean {
  for (let at = from + 1; at < from + 6; at += 1) {
    const token = tokens[at];
    if (!token || token.breakBefore || /^(in|from|of|to|for|by)$/.test(token.word.lower)) return false;
    if (PUBLICATIONS.test(token.word.lower)) return true;
  }
  return false;
}

/** "Of 1,115 articles identified, 87 were included" */
function nameStudies({ tokens }: Sentence, to: number): boolean {
  return tokens.slice(0, to).some(({ word }) => PUBLICATIONS.test(word.lower));
}

const PUBLICATIONS = /^(studies|trials|rcts|reports|articles|reviews|papers|records|citations|publications|manuscripts|abstracts)$/; // prettier-ignore

function isOtherArm({ tokens, text, start }: Sentence, { from, to }: ReadNumber, arm: Candidate): boolean {
  if (!/^(and|vs|versus|while)$/.test(tokens[from - 1]?.text ?? '')) return false;
  const rest = text.slice((tokens[to - 1]?.end ?? 0) - start);
  const between = text.slice((tokens[arm.to - 1]?.end ?? 0) - start, (tokens[from]?.start ?? 0) - start);
  return (
    /^\s+(?:(?:patients\s|participants\s)?(?:were\s)?(?:(?:assigned|allocated|randomi[sz]ed)\s)?(?:to|in|into)\s|received\s)/.test(
      rest,
    ) && /^\s+(?:[\w-]+\s){0,4}(?:assigned|allocated|randomi[sz]ed|randomly assigned)\s(?:to|into)\s/.test(between)
  );
}

/** The noun that a number counts: "[48] treatment-resistant ASA I or II patients". */
function nounAfter(sentence: Sentence, { to, value }: ReadNumber): { kind: Counted; to: number } | null {
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
function isYear({ tokens }: Sentence, { from, to, value }: ReadNumber): boolean {
  if (value < 1900 || value > 2040 || to !== from + 1) return false;
  return /^(in|since|from|until|to|and|between|through|during|by|after|before|early|late|mid|january|february|march|april|may|june|july|august|september|october|november|december)$/i.test(
    tokens[from - 1]?.text ?? '',
  );
}

function weigh(sentence: Sentence, number: ReadNumber, kind: Candidate['kind'], to: number): Candidate {
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
  } else if (words.some((word) => TOTAL_BEFORE.has(word))) {
    candidate.score += 2.5;
    candidate.total = true;
  } else if ((last === 'of' && number.from <= 2) || (last === 'the' && second === 'of' && number.from <= 3))
    candidate.score += 1.5;
  else if (last === 'of' && /^(study|trial|series|group|analysis|subset|registry)$/.test(second)) candidate.score += 2;
  else if (/^(in|from|among|of|with|on|for|to|by)$/.test(last)) candidate.score += 0.75;
  if ([last, second].some((word) => PART_BEFORE.has(word))) candidate.score -= 3;
  else if (words.some((word) => /^(subset|subsample|subgroup)$/.test(word))) {
    candidate.score -= 3;
    candidate.of = 'part';
  }
  if ((last === 'of' && second === 'groups') || (last === 'group' && second === 'each')) candidate.of = 'each';
  if (number.from === 0 && !candidate.total) candidate.score += 0.75;
  if (words.some((word) => STUDY_WORDS.has(word)) && /^(with|including|involving|comprising|encompassing|covering|pooling|containing|enrolled|of|included|enrolling|in|on|for|from|representing|totaling|totalling)$|^total$/.test(last === 'of' && second === 'total' ? 'total' : last)) candidate.pooled = true; // prettier-ignore
  const preceding = tokens[number.from - 1]?.word.lower ?? '';
  if (STUDY_WORDS.has(preceding) && /[([]$/.test(gapBefore(candidate.sentence, number.from))) candidate.pooled = true;
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

/** What is said of them behind the noun. */
function weighAfter(candidate: Candidate, rest: string): void {
  const { tokens } = candidate.sentence;
  if (/^\s*[([]\s*\d+(?:[.·]\d+)?\s*%|^\s*[([]\s*\d+\s*(?:of|\/)\s*\d+/.test(rest)) candidate.score -= 3;
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
    if (ENROLLED.has(word)) {
      candidate.score += 2.5;
      candidate.total = true;
      return;
    }
    if (verb) continue;
    if (STUDIED.has(word)) {
      candidate.score += 1.25;
      verb = true;
    } else if (SCREENED.has(word)) {
      candidate.score -= 2;
      return;
    } else if (PART.has(word) && !clause && !left) {
      candidate.score -= 2.5;
      return;
    } else if (word === 'completed' && !clause) {
      candidate.score += 0.5;
      return;
    }
  }
}

function startsNumber(text: string): boolean {
  return isNumeral(text) || /^\d/.test(text);
}

/** "(n = 48)": of whom, tells what stands before the bracket. */
function readN(sentence: Sentence, number: ReadNumber): Candidate | null {
  const { tokens } = sentence;
  const n = number.from - 1;
  // "with 82.5% (n = 33) completing the study"
  if (/%\s*[([]\s*$/.test(gapBefore(sentence, n)) || tokens[n - 1]?.word.lower === 'percent') return null;
  const noun = nounAfter(sentence, number);
  if (noun) {
    const counted = weigh(sentence, { ...number, from: n }, noun.kind, noun.to);
    const total = tokens[n]?.text === 'N';
    return { ...counted, value: number.value, score: counted.score + (total ? 2 : 1), total: counted.total || total };
  }
  const candidate = weigh(sentence, number, 'bare', number.to);
  candidate.from = n;
  candidate.of = 'arm';
  candidate.n = true;
  const next = sentence.text.slice((tokens[number.to - 1]?.end ?? 0) - sentence.start);
  if (/^\s*(?:\/|per|in|for)?\s*(?:each|every|\/?\s*group|per|arm)/i.test(next)) return { ...candidate, of: 'each' };
  for (let at = n - 1; at >= 0 && at >= n - LONGEST_NOUN_PHRASE; at -= 1) {
    const word = tokens[at]?.word.lower ?? '';
    if (at < n - 1 && /^(to|receive|received|of|included|n)$/.test(word)) break;
    if (GROUP_WORDS.has(word)) return candidate;
    if (STUDY_WORDS.has(word)) {
      if (/^(study|trial)$/.test(word)) return { ...candidate, of: 'all', score: candidate.score + 1 };
      if (!hasNumberBefore(sentence, at)) return null;
      return { ...candidate, kind: 'person', of: 'all', pooled: true, score: candidate.score + 1.5 };
    }
    const kind = countedOf(word);
    if (!kind) continue;
    const counted = weigh(sentence, { ...number, from: at, to: at + 1 }, kind, number.to);
    const total = tokens[n]?.text === 'N' || word === 'sample';
    const control = kind === 'control' || /^(control|healthy)$/i.test(tokens[at - 1]?.text ?? '');
    const score = counted.score + (total || at === 0 ? 1 : 0);
    return { ...counted, value: number.value, from: at, score, n: true, kind: control ? 'control' : kind };
  }
  if (/sample|total/i.test(tokens[n - 1]?.text ?? '') || tokens[n]?.text === 'N')
    return { ...candidate, of: 'all', score: candidate.score + 1 };
  return candidate;
}

function hasNumberBefore({ tokens }: Sentence, at: number): boolean {
  for (let place = at - 1; place >= 0 && place >= at - 4; place -= 1)
    if (isNumeral(tokens[place]?.text ?? '')) return true;
  return false;
}
