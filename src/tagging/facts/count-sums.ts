import type { Span } from '../../model/tag.js';
import type { Sentence } from '../analyse-text.js';
import { countedOf, ENROLLED, GROUP_WORDS } from './counted-words.js';
import { gapBefore, readNumber } from './read-number.js';
import { spanOf } from './span-of.js';
import type { Candidate } from './weigh-count.js';

/** Whether one of several "(n = …)" is the sum of the others, or is said to be the total. */
const isWhole =
  (written: readonly Candidate[]) =>
  (one: Candidate): boolean =>
    // Two that are equal are two arms.
    (written.length > 2 && one.value === total(written) - one.value) ||
    (one.total &&
      one.of === 'all' &&
      one === written[0] &&
      one.value >= total(written) - one.value &&
      !written.some(({ kind }) => kind === 'control'));

export function total(parts: readonly Candidate[]): number {
  return parts.reduce((sum, { value }) => sum + value, 0);
}

/** A number of participants that several numbers say together. */
export interface Sum {
  value: number;
  score: number;
  parts: Candidate[];
  /** How it was found. */
  rule: string;
}

export const SUM = 'sum of arms';

/** Arms of one sentence, and "20 patients and 20 healthy controls". */
export function addUp(found: readonly Candidate[]): Sum[] {
  const sums: Sum[] = [];
  const written = found.filter(({ n, of }) => n && of !== 'each' && of !== 'part');
  const arms =
    written.length >= 2 && !written.some(isWhole(written)) ? written : found.filter(({ of }) => of === 'arm');
  if (
    arms.length >= 2 &&
    arms.some(isOfPeople) &&
    !found.some(({ of, total, kind, n }) => of === 'all' && total && kind !== 'bare' && !n)
  )
    sums.push(sumOf(arms, 1.25));
  for (let at = 1; at < found.length; at += 1) {
    const parts = groupsFrom(found, at - 1);
    if (parts.length < 2) continue;
    sums.push(sumOf(parts, 0.5));
    at += parts.length - 1;
  }
  return sums.map((sum) => {
    const whole = found.find((one) => isWholeOf(one, sum));
    if (!whole) return sum;
    const score = sum.score + (whole.value === sum.value ? AGREEING : 0);
    return { value: whole.value, score, parts: [whole], rule: 'total' };
  });
}

/** Of results the sentence names somebody: "relapse (n = 17)" may count anything. */
function isOfPeople({ kind, sentence }: Candidate): boolean {
  if (kind !== 'bare' || sentence.role !== 'results') return true;
  return sentence.tokens.some(
    ({ word: { lower } }) => countedOf(lower) !== null || GROUP_WORDS.has(lower) || TAKING.has(lower),
  );
}

const TAKING = new Set([
  'received',
  'receiving',
  'given',
  'treated',
  'randomized',
  'randomised',
  'assigned',
  'allocated',
  'placebo',
  'saline',
]);

/** `more` = how much speaks for the sum beyond what speaks for its parts. */
function sumOf(parts: Candidate[], more: number): Sum {
  return { value: total(parts), score: Math.max(...parts.map(({ score }) => score)) + more, parts, rule: SUM };
}

/** "130 volunteers (29 users, 22 former users, 79 controls)": said before its parts. */
function isWholeOf({ of, n, kind, aside, score, value, from }: Candidate, sum: Sum): boolean {
  const first = sum.parts[0]?.from ?? 0;
  return of === 'all' && !n && !aside && kind !== 'bare' && from < first && score >= FAIR && comesTo(value, sum);
}

/** All its parts, or its first ones where they are told again by something else: "36 (27 of one kind, 9 of another; 20 men, 16 women)". */
function comesTo(value: number, { parts, value: whole }: Sum): boolean {
  if (value >= whole) return true;
  let sum = 0;
  return parts.some((part, at) => (sum += part.value) === value && at > 0);
}

/** Groups told side by side, from one on: "17 patients with this, 18 patients with that and 8 controls". */
function groupsFrom(found: readonly Candidate[], from: number): Candidate[] {
  const parts = [found[from] as Candidate];
  let joined = false;
  for (let at = from + 1; at < found.length; at += 1) {
    const one = found[at - 1] as Candidate;
    const other = found[at] as Candidate;
    const next = areSideBySide(one, other);
    const listed = !next && (isListed(one, other) || isListedBefore(one, other));
    if (!next && !listed) break;
    joined = next;
    parts.push(other);
  }
  const whole = parts.length > 2 && (parts[0]?.value ?? 0) * 2 >= total(parts);
  return joined && !whole ? parts : [];
}

/** "15 patients with PTSD and 15 healthy controls", "30 received the drug and 30 received saline". */
function areSideBySide(one: Candidate, other: Candidate): boolean {
  if (one.of !== 'all' || other.of !== 'all') return false;
  const { tokens } = one.sentence;
  const apart = other.from - one.to;
  if (apart < 0 || apart > MOST_BETWEEN || (apart === 0 && !isAfterComma(other))) return false;
  const joint = tokens[other.from - 1]?.word.lower ?? '';
  if (!/^(and|versus|vs|plus|with|while|whereas|of|as)$/.test(joint) && !isAfterComma(other)) return false;
  const between = tokens.slice(one.to, other.from).map(({ word }) => word.lower);
  if (!areInOneBracket(one, other)) return false;
  // "35 patients were enrolled and compared with 35 controls"
  if (joint === 'with' && between.at(-2) === 'compared') return true;
  // "15 patients as well as 19 volunteers"
  if (joint === 'as') return between.at(-2) === 'well';
  // "compared the scores of 35 patients with those of 35 controls"
  if (joint === 'of' && /^(those|that)$/.test(between.at(-2) ?? '')) return true;
  const received = between.includes('received') && tokens[other.to + (tokens[other.to]?.text === 'who' ? 1 : 0)]?.text === 'received'; // prettier-ignore
  if (received && !between.some((word) => PARTING.has(word) && word !== 'of')) return true;
  const healthy = isHealthy(one) || isHealthy(other);
  if (between.some((word) => PARTING.has(word) && !(healthy && word === 'of'))) return false;
  if (between[0] !== 'who' && between.some((word) => /^(were|was)$/.test(word))) return false;
  if (healthy) return true;
  return (apart === 1 && one.kind === 'weak' && other.kind !== 'bare') || (joint === 'and' && haveOneNoun(one, other));
}

const MOST_BETWEEN = 10;
const FAIR = 2;
/** For a total that is what its parts come to. */
const AGREEING = 1.5;
/** What makes the second number one of the first. */
const PARTING = new Set(['including', 'included', 'whom', 'which', 'of', 'after', 'excluded', 'completed', 'only']);

function isHealthy({ kind, sentence: { tokens }, from, to }: Candidate): boolean {
  return kind === 'control' || tokens.slice(from, to).some(({ text }) => /^(healthy|matched|comparison)$/i.test(text));
}

function isAfterComma({ sentence, from }: Candidate): boolean {
  return /^\)?\s*[,;]\s*$/.test(gapBefore(sentence, from));
}

/** Both outside of brackets, or people in the same one: "(8 females, 7 males)" are those before it. */
function areInOneBracket(one: Candidate, other: Candidate): boolean {
  if (!one.aside && !other.aside) return true;
  if (one.n || other.n || one.aside !== other.aside || one.kind !== 'person') return false;
  const { text, start, tokens } = one.sentence;
  return !/[()[\]]/.test(text.slice((tokens[one.to]?.start ?? 0) - start, (tokens[other.from]?.start ?? 0) - start));
}

/** "40 patients in the first cohort and 24 patients in the second", but not "40 patients began, and 24 patients went on". */
function haveOneNoun(one: Candidate, other: Candidate): boolean {
  const { tokens } = one.sentence;
  if (one.n || other.n || one.kind === 'bare' || other.kind === 'bare') return false;
  const word = tokens[one.to - 1]?.word.lower.replace(/s$/, '');
  if (word !== tokens[other.to - 1]?.word.lower.replace(/s$/, '')) return false;
  if (areOneSubject(one, other)) return true;
  return [one, other].every(
    ({ to, sentence }) => gapBefore(sentence, to) === ' (' || DESCRIBING.has(tokens[to]?.word.lower ?? ''),
  );
}

/** "31 anxious patients and 18 calm patients received the drug": what they do is said of both. */
function areOneSubject(one: Candidate, { from, to, sentence: { tokens, role } }: Candidate): boolean {
  if (one.from > 1 || from !== one.to + 1 || role === 'background' || role === 'conclusion') return false;
  const [next = '', second = ''] = tokens.slice(to, to + 2).map(({ word }) => word.lower);
  return /^(received|underwent|participated)$/.test(next) || (next === 'were' && ENROLLED.has(second));
}

/** What goes on describing those counted: no verb of theirs. */
const DESCRIBING = new Set(['with', 'in', 'from', 'on', 'at', 'without', 'receiving', 'treated', 'given', 'undergoing', 'who', 'and', 'diagnosed', 'suffering', 'aged', 'taking']); // prettier-ignore

/** "17 patients with this, 18 patients with that and …" */
function isListed(one: Candidate, other: Candidate): boolean {
  const apart = other.from - one.to;
  return one.of === 'all' && other.of === 'all' && apart >= 0 && apart <= MOST_BETWEEN && isAfterComma(other) && areInOneBracket(one, other) && haveOneNoun(one, other); // prettier-ignore
}

/** "51 users, 49 former users and 100 controls": the first of three. */
function isListedBefore(first: Candidate, one: Candidate): boolean {
  if (first.aside || first.of !== 'all' || first.n || first.kind === 'bare') return false;
  return one.from === first.to && isAfterComma(one);
}

/** Where patients "in the treatment group" are those who were put there. */
export const ARMS_IN: ReadonlySet<string> = new Set(['methods', 'population', 'intervention']);

/** Arms that are told one after the other: "The first group (n = 31) … The second group (n = 24) …". */
export function neighbouringArms(candidates: readonly Candidate[], sentences: readonly Sentence[]): Candidate[] | null {
  const arms = candidates.filter(
    ({ n, of, sentence: { role } }) => of === 'arm' && (n ? role !== 'background' : ARMS_IN.has(role)),
  );
  if (arms.length < 2 || arms.length > 4) return null;
  const places = arms.map(({ sentence }) => sentences.indexOf(sentence));
  const near = places.every((place, at) => at === 0 || place - (places[at - 1] ?? 0) <= 1);
  return near && new Set(places).size > 1 ? arms : null;
}

/** "three groups … (n = 20 in each)": only where the number of groups is said. */
export function eachTimesGroups(
  candidates: readonly Candidate[],
  sentences: readonly Sentence[],
): { value: number; part: Candidate; spans: Span[] } | null {
  const part = candidates.find(({ of, score }) => of === 'each' && score >= 2);
  if (!part) return null;
  for (const sentence of sentences) {
    const groups = findGroups(sentence);
    if (!groups) continue;
    const spans = [
      spanOf(sentence, groups.from, groups.to, 'number of groups'),
      spanOf(part.sentence, part.from, part.to, 'size of each group'),
    ];
    return { value: part.value * groups.value, part, spans };
  }
  return null;
}

function findGroups(sentence: Sentence): { value: number; from: number; to: number } | null {
  const { tokens } = sentence;
  for (let at = 1; at < tokens.length; at += 1) {
    if (!/^(groups|arms)$/i.test(tokens[at]?.text ?? '')) continue;
    for (let place = at - 1; place >= 0 && place >= at - 3; place -= 1) {
      const number = readNumber(sentence, place);
      if (number?.counts && number.value >= 2 && number.value <= 12)
        return { value: number.value, from: place, to: at + 1 };
    }
  }
  return null;
}
