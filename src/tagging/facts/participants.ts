import type { Facts, Span, Tags } from '../../model/tag.js';
import type { AnalysedText, Sentence } from '../analyse-text.js';
import { findCandidates, type Candidate } from './count-candidates.js';
import { gapBefore, readNumber } from './read-number.js';
import { spanOf } from './span-of.js';
import { hasSign } from '../word-signs.js';

export interface Found<T> {
  value: T;
  spans: Span[];
}
type Participants = NonNullable<Facts['participants']>;

/** Abstracts have a dozen. */
const MOST_CANDIDATES = 200;
/** Below this a number is not called the number of participants. */
const ENOUGH = 2.7;
const FEWEST_POOLED = 20;
/** Reviews say many numbers of others' studies: only what is plainly pooled counts. */
const REVIEWS: ReadonlySet<string | null> = new Set(['meta-analysis', 'systematic-review', 'review', 'guideline']);
const NO_STUDY: ReadonlySet<string | null> = new Set(['correction', 'commentary', 'in-vitro']);

/**
 * How many people or animals a paper is about: those taken in or randomised before those analysed, a total before its
 * parts, the sum of the arms only where no total is said.
 */
export function findParticipants(
  { sentences }: AnalysedText,
  { study, species }: Pick<Tags, 'study' | 'species'>,
): Found<Participants> | null {
  const candidates: Candidate[] = [];
  const sums: Sum[] = [];
  for (const sentence of sentences) {
    if (candidates.length >= MOST_CANDIDATES) break;
    if (!hasSign(sentence, 'numeral')) continue;
    const own = findCandidates(sentence);
    if (own.length === 0) continue;
    candidates.push(...own);
    sums.push(...addUp(own));
  }
  const review = REVIEWS.has(study);
  const best = choose(candidates, sums, {
    review,
    species,
    strict: NO_STUDY.has(study),
    cases: study === 'case-report',
  });
  if (best) {
    const spans = best.parts.map((part) => spanOf(part.sentence, part.from, part.to, best.rule));
    return { value: { value: best.value, unit: unitOf(best.parts, species) }, spans };
  }
  const arms = review ? null : neighbouringArms(candidates, sentences);
  if (arms) {
    const spans = arms.map((part) => spanOf(part.sentence, part.from, part.to, 'sum of arms'));
    return { value: { value: total(arms), unit: unitOf(arms, species) }, spans };
  }
  const each = eachTimesGroups(candidates, sentences);
  if (each && !review) return { value: { value: each.value, unit: unitOf([each.part], species) }, spans: each.spans };
  return review || species.includes('animal') ? null : findSingleCase(sentences, study);
}

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

function total(parts: readonly Candidate[]): number {
  return parts.reduce((sum, { value }) => sum + value, 0);
}

interface Sum {
  value: number;
  score: number;
  parts: Candidate[];
}

interface Choice extends Sum {
  rule: string;
}

/** Arms of one sentence, and "20 patients and 20 healthy controls". */
function addUp(found: readonly Candidate[]): Sum[] {
  const sums: Sum[] = [];
  const written = found.filter(({ n, of }) => n && of !== 'each' && of !== 'part');
  const arms =
    written.length >= 2 && !written.some(isWhole(written)) ? written : found.filter(({ of }) => of === 'arm');
  if (arms.length >= 2 && !found.some(({ of, total, kind, n }) => of === 'all' && total && kind !== 'bare' && !n))
    sums.push({ value: total(arms), score: Math.max(...arms.map(({ score }) => score)) + 1.25, parts: arms });
  for (let at = 1; at < found.length; at += 1) {
    const parts = [found[at - 1] as Candidate, found[at] as Candidate];
    if (!areSideBySide(parts[0] as Candidate, parts[1] as Candidate)) continue;
    const next = found[at + 1];
    if (next && areSideBySide(parts[1] as Candidate, next)) parts.push(next);
    const first = found[at - 2];
    if (first && isListedBefore(first, parts[0] as Candidate)) parts.unshift(first);
    sums.push({ value: total(parts), score: Math.max(...parts.map(({ score }) => score)) + 0.5, parts });
    at += next && parts.includes(next) ? 1 : 0;
  }
  return sums;
}

/** "15 patients with PTSD and 15 healthy controls", "30 received the drug and 30 received saline". */
function areSideBySide(one: Candidate, other: Candidate): boolean {
  if (one.aside || other.aside || one.of !== 'all' || other.of !== 'all') return false;
  const { tokens } = one.sentence;
  if (other.from - one.to > 9 || other.from <= one.to) return false;
  const joint = tokens[other.from - 1]?.word.lower ?? '';
  const comma = /^\s*[,;]\s*$/.test(gapBefore(one.sentence, other.from));
  if (!/^(and|versus|vs|plus|with|while|whereas)$/.test(joint) && !comma) return false;
  const between = tokens.slice(one.to, other.from).map(({ word }) => word.lower);
  if (between.some((word) => /^(including|included|whom|which|of|were|was|after|excluded|completed|only)$/.test(word)))
    return false;
  if (other.kind === 'control' || one.kind === 'control') return true;
  const healthy = tokens.slice(other.from, other.to).some(({ text }) => /^(healthy|matched|comparison)$/i.test(text));
  const adjacent = other.from - one.to <= 1;
  const next = tokens[other.to]?.text === 'who' ? other.to + 1 : other.to;
  const received = between.includes('received') && tokens[next]?.text === 'received';
  return healthy || received || (adjacent && one.kind === 'weak' && other.kind !== 'bare');
}

/** "51 users, 49 former users and 100 controls": the first of three. */
function isListedBefore(first: Candidate, one: Candidate): boolean {
  if (first.aside || first.of !== 'all' || first.n || first.kind === 'bare') return false;
  return one.from === first.to && /^\s*,\s*$/.test(gapBefore(one.sentence, one.from));
}

function choose(
  candidates: readonly Candidate[],
  sums: readonly Sum[],
  { review, species, strict, cases }: { review: boolean; species: readonly string[]; strict: boolean; cases: boolean },
): Choice | null {
  const choices: Choice[] = [];
  const animals = species.includes('animal') && !species.includes('human');
  for (const candidate of candidates) {
    // Beside arms that are added up it is one more of them.
    const lone =
      candidate.n && candidate.total && candidate.of === 'arm' && sums.length === 0 && isLone(candidate, candidates);
    if ((candidate.of !== 'all' && !lone) || (review && !isPooled(candidate))) continue;
    let { score } = candidate;
    if (candidate.aside && !candidate.pooled && !candidate.n) score -= candidate.kind === 'bare' ? 1.5 : 0.75;
    if (candidate.kind === 'animal' && species.includes('human')) score -= 2;
    if (candidate.kind === 'person' && animals) score -= 1;
    if (candidate.value === 1) score -= cases ? 1.5 : 4;
    if (review) score += 2;
    if (candidate.kind === 'weak' && cases) score += 1.5;
    if (review && candidate.value < FEWEST_POOLED) continue;
    const rule = review ? 'pooled participants' : candidate.total ? 'total' : 'number of those studied';
    choices.push({ value: candidate.value, score, parts: [candidate], rule });
  }
  for (const sum of sums) if (!review || isOverall(sum)) choices.push({ ...sum, rule: 'sum of arms' });
  const enough = strict ? ENOUGH + 1 : ENOUGH;
  const best = pickBest(choices, enough);
  if (!best || best.rule !== 'sum of arms') return best;
  // A total that is said goes before the sum of some of its parts.
  const whole = choices.filter(({ parts, value, score, rule }) => isSaidOfAll(parts, rule) && value > best.value && score > Math.max(enough, best.score - 2)); // prettier-ignore
  return pickBest(whole, enough) ?? best;
}

function isSaidOfAll([part]: readonly Candidate[], rule: string): boolean {
  if (!part || rule === 'sum of arms' || part.aside || part.n || part.kind !== 'person') return false;
  return ARMS_IN.has(part.sentence.role) || part.sentence.role === 'title' || part.sentence.role === 'aim';
}

function pickBest(choices: readonly Choice[], enough: number): Choice | null {
  let best: Choice | null = null;
  for (const choice of choices) {
    if (choice.score < enough) continue;
    if (!best || choice.score > best.score + 0.25 || (choice.score >= best.score - 0.25 && choice.value > best.value))
      best = choice;
  }
  return best;
}

/** The only "(n = …)" of its sentence. */
function isLone(candidate: Candidate, all: readonly Candidate[]): boolean {
  return !all.some((other) => other !== candidate && other.sentence === candidate.sentence && other.n);
}

function isPooled({ kind, pooled, total, score }: Candidate): boolean {
  return kind !== 'animal' && (pooled || (total && score >= 2.5));
}

/** "Overall, 99 patients received the drug and 96 received placebo": of a review, its arms pooled. */
function isOverall({ parts, value }: Sum): boolean {
  const text = parts[0]?.sentence.text ?? '';
  return value >= FEWEST_POOLED && /^(?:overall|in total|altogether|in all)\b/i.test(text);
}

/** Where patients "in the treatment group" are those who were put there. */
const ARMS_IN: ReadonlySet<string> = new Set(['methods', 'population', 'intervention']);

/** Arms that are told one after the other: "The first group (n = 31) … The second group (n = 24) …". */
function neighbouringArms(candidates: readonly Candidate[], sentences: readonly Sentence[]): Candidate[] | null {
  const arms = candidates.filter(
    ({ n, of, sentence: { role } }) => of === 'arm' && (n ? role !== 'background' : ARMS_IN.has(role)),
  );
  if (arms.length < 2 || arms.length > 4) return null;
  const places = arms.map(({ sentence }) => sentences.indexOf(sentence));
  const near = places.every((place, at) => at === 0 || place - (places[at - 1] ?? 0) <= 1);
  return near && new Set(places).size > 1 ? arms : null;
}

function unitOf(parts: readonly Candidate[], species: readonly string[]): Participants['unit'] {
  if (parts.some(({ kind }) => kind === 'animal')) return 'animals';
  if (parts.some(({ kind }) => kind === 'person')) return 'participants';
  return species.includes('animal') && !species.includes('human') ? 'animals' : 'participants';
}

/** "three groups … (n = 20 in each)": only where the number of groups is said. */
function eachTimesGroups(
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

const ONE_PERSON =
  /\b(?:an?|one|this|our|the)\s+(?:[\w-]+[\s,]+){0,4}\d{1,3}[-\s\u2010\u2011]*(?:year|yr|month|week|day)s?[-\s\u2010\u2011]*old\b(?:[\s,-]+[\w-]+){0,6}?\s+(?:man|woman|male|female|patient|boy|girl|infant|child|adolescent|neonate|gentleman|lady|veteran)\b/i;
const ONE_PATIENT =
  /\b(?:case (?:report )?of an?|report(?:ed|s)? (?:on |here )?(?:the case of )?an?|(?:present|describe)(?:ed|d|s)? (?:here )?(?:the case of )?an?|in (?:a single|one|an?)|the case of an?|treatment of an?) (?:[\w-]+ ){0,5}(?:patient|man|woman|child|infant|boy|girl|adolescent|case|individual|veteran)\b/i;

/** A case report tells of one. */
function findSingleCase(sentences: readonly Sentence[], study: string | null): Found<Participants> | null {
  if (study !== 'case-report') return null;
  for (const pattern of [ONE_PERSON, ONE_PATIENT])
    for (const sentence of sentences) {
      const match = pattern.exec(sentence.text);
      if (!match) continue;
      const start = sentence.start + match.index;
      const { field, index } = sentence;
      const span: Span = { field, index, start, end: start + match[0].length, text: match[0], rule: 'single case' };
      return { value: { value: 1, unit: 'participants' }, spans: [span] };
    }
  return null;
}
