import type { Facts, Span, Tags } from '../../model/tag.js';
import type { AnalysedText } from '../analyse-text.js';
import { findCandidates } from './count-candidates.js';
import { addUp, ARMS_IN, eachTimesGroups, neighbouringArms, SUM, total, type Sum } from './count-sums.js';
import { readRegistryNumbers } from './registry-number.js';
import { findSingleCase } from './single-case.js';
import { spanOf } from './span-of.js';
import type { Candidate } from './weigh-count.js';
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
/** A title does not tell how many improved. */
const IN_TITLE = 3.5;
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
  const planned = study === 'protocol' ? readRegistryNumbers(sentences) : null;
  if (planned) return planned;
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
    const spans = arms.map((part) => spanOf(part.sentence, part.from, part.to, SUM));
    return { value: { value: total(arms), unit: unitOf(arms, species) }, spans };
  }
  const each = eachTimesGroups(candidates, sentences);
  if (each && !review) return { value: { value: each.value, unit: unitOf([each.part], species) }, spans: each.spans };
  const lone = review ? null : loneN(candidates);
  if (lone) {
    const spans = [spanOf(lone.sentence, lone.from, lone.to, 'number of those studied')];
    return { value: { value: lone.value, unit: unitOf([lone], species) }, spans };
  }
  const single = review || species.includes('animal') ? null : findSingleCase(sentences, study);
  return single && { value: { value: 1, unit: 'participants' }, spans: [single] };
}

function choose(
  candidates: readonly Candidate[],
  sums: readonly Sum[],
  { review, species, strict, cases }: { review: boolean; species: readonly string[]; strict: boolean; cases: boolean },
): Sum | null {
  const choices: Sum[] = [];
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
    if (review) score += candidate.pooled ? 2 : 0.75;
    if (candidate.kind === 'weak' && cases) score += 1.5;
    if (candidate.sentence.role === 'title' && candidate.kind !== 'bare') score += IN_TITLE;
    if (review && candidate.value < FEWEST_POOLED) continue;
    const rule = review ? 'pooled participants' : candidate.total ? 'total' : 'number of those studied';
    choices.push({ value: candidate.value, score, parts: [candidate], rule });
  }
  for (const sum of sums) if (!review || isOverall(sum)) choices.push({ ...sum, score: sum.score + (review ? 2 : 0) });
  const enough = strict ? ENOUGH + 1 : ENOUGH;
  const best = pickBest(choices, enough);
  if (best && isOfResults(best))
    return (
      pickBest(
        choices.filter((choice) => isEarlier(choice, best)),
        enough,
      ) ?? best
    );
  if (!best || best.rule !== SUM) return best;
  // A total that is said goes before the sum of some of its parts.
  const whole = choices.filter(({ parts, value, score, rule }) => isSaidOfAll(parts, rule) && value > best.value && score > Math.max(enough, best.score - 2)); // prettier-ignore
  return pickBest(whole, enough) ?? best;
}

/** A number in the results that nothing calls the total: it may be that of a part. */
function isOfResults({ parts: [part], rule }: Sum): boolean {
  return rule !== SUM && part?.sentence.role === 'results' && !part.total && !part.pooled;
}

/** More, said where the study is described. */
function isEarlier({ parts: [part], value, score }: Sum, best: Sum): boolean {
  if (!part || value <= best.value || score < best.score - 2 || part.sentence.role === 'background') return false;
  return part.sentence.role !== 'results' && part.sentence.number < (best.parts[0]?.sentence.number ?? 0);
}

function isSaidOfAll([part]: readonly Candidate[], rule: string): boolean {
  if (!part || rule === SUM || part.aside || part.n || part.kind !== 'person') return false;
  return ARMS_IN.has(part.sentence.role) || part.sentence.role === 'title' || part.sentence.role === 'aim';
}

function pickBest(choices: readonly Sum[], enough: number): Sum | null {
  let best: Sum | null = null;
  for (const choice of choices) {
    if (choice.score < enough) continue;
    if (!best || choice.score > best.score + 0.25 || (choice.score >= best.score - 0.25 && choice.value > best.value))
      best = choice;
  }
  return best;
}

/** The only "(n = …)" of a paper that says no other number of those studied. */
function loneN(candidates: readonly Candidate[]): Candidate | null {
  const written = candidates.filter(({ n }) => n);
  const [one] = written;
  if (!one || written.length > 1 || one.of === 'each' || one.of === 'part' || one.value < 2) return null;
  return LONE_IN.has(one.sentence.role) || one.score >= 0 ? one : null;
}

const LONE_IN: ReadonlySet<string> = new Set([...ARMS_IN, 'aim', 'outcomes']);

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
  if (value < FEWEST_POOLED) return false;
  return (
    (parts[0]?.pooled === true && parts[0]?.n === false) || /^(?:overall|in total|altogether|in all)\b/i.test(text)
  );
}

function unitOf(parts: readonly Candidate[], species: readonly string[]): Participants['unit'] {
  if (parts.some(({ kind }) => kind === 'animal')) return 'animals';
  if (parts.some(({ kind }) => kind === 'person')) return 'participants';
  return species.includes('animal') && !species.includes('human') ? 'animals' : 'participants';
}
