import type { Sentence } from '../analyse-text.js';
import { readN } from './bracketed-n.js';
import { isYear, nounAfter } from './counted-noun.js';
import { gapBefore, isNumeral, readNumber, type ReadNumber } from './read-number.js';
import { nextDepth, weigh, type Candidate } from './weigh-count.js';

/** What is longer is a table, or meant to cost time. */
const MOST_IN_A_SENTENCE = 30;

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
      if (isAmongThose(candidate, found)) candidate.of = 'part';
      found.push(candidate);
    }
    at = Math.max(number.to, candidate && candidate.from === number.from ? number.to : at) - 1;
  }
  return found;
}

/** "44 patients, including 17 patients who …" */
function isAmongThose({ sentence, from, value, kind }: Candidate, before: readonly Candidate[]): boolean {
  return (
    /^(including|whom)$/.test(sentence.tokens[from - 1]?.text ?? '') &&
    kind !== 'bare' &&
    before.some((one) => one.of === 'all' && one.kind === kind && one.value > value)
  );
}

function isCountOf({ value, counts }: ReadNumber): boolean {
  return counts && value >= 1 && value < 100_000_000 && Number.isInteger(value);
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
  if (!verb || isDescribed(sentence, number.to)) return null;
  if (tokens[number.to]?.breakBefore || isYear(sentence, number) || areStudies(sentence, number.to)) return null;
  const counted = before.find(({ kind }) => kind === 'person' || kind === 'animal' || kind === 'weak');
  if (!counted && (number.value < 4 || nameStudies(sentence, number.from))) return null;
  const bare = weigh(sentence, number, counted?.kind ?? 'bare', number.to);
  // "227 randomized, and 197 completed": of those before
  if (counted && next === 'completed') bare.score -= 2;
  return counted ? bare : { ...bare, score: bare.score - 1.5 };
}

/** "in two randomized periods": describes what is counted, and says nothing of people. */
function isDescribed({ tokens }: Sentence, at: number): boolean {
  const next = tokens[at + 1];
  if (!next || next.breakBefore || !/^randomi[sz]ed$/.test(tokens[at]?.word.lower ?? '')) return false;
  return /^(?:[a-z-]+ )?(?:periods?|sessions?|phases?|orders?|sequences?|occasions?|treatments?|conditions?|visits?|days?|blocks?|stages?)\b/.test(
    `${next.word.lower} ${tokens[at + 2]?.word.lower ?? ''}`,
  );
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
