import type { Sentence } from '../analyse-text.js';
import type { Role } from '../sentence-roles.js';
import { weighMention } from './comparison-cues.js';
import { createCodeReader } from './drug-codes.js';
import type { DrugWords, NamedDrug, Naming } from './drug-words.js';
import { findUnnamed } from './unnamed-comparator.js';
import { findForms } from './drug-forms.js';
import type { Found } from './participants.js';
import { spanOf } from './span-of.js';
import { hasSign } from '../word-signs.js';

const REVIEWS: ReadonlySet<string | null> = new Set(['review', 'guideline', 'commentary', 'case-report']);
const BY_ROLE: Partial<Record<Role, number>> = { title: 2, aim: 1, intervention: 1, methods: 0.75, population: 0.75, results: 0.25, conclusion: 0.25, outcomes: 0.25 }; // prettier-ignore
const ENOUGH = 3;
/** Treatments that are read in one sentence; one that names more compares nothing. */
const MOST_NAMED = 40;
const RULE = 'compared with the drug';

interface Candidate extends Naming {
  named: NamedDrug;
  score: number;
}

/** What the drug was held against: a short text of the paper, "placebo", "midazolam", "electroconvulsive therapy". */
export function findComparator(
  sentences: readonly Sentence[],
  words: DrugWords,
  study: string | null,
): Found<string> | null {
  const enough = REVIEWS.has(study) ? ENOUGH + 2.5 : ENOUGH;
  const comparing: Naming[] = [];
  const readCodes = createCodeReader(sentences, words);
  for (const sentence of sentences)
    if (hasSign(sentence, 'comparison') && sentence.role !== 'future' && sentence.role !== 'exclusion')
      comparing.push({
        sentence,
        drugs: withCodes(sentence, words.find(sentence), readCodes(sentence)).slice(0, MOST_NAMED),
      });
  const best = findBest(comparing, enough);
  if (best) {
    const { from, to } = withActivePlacebo(best);
    const span = spanOf(best.sentence, from, to, RULE);
    return { value: span.text, spans: [span] };
  }
  const unnamed = findForms(comparing) ?? findUnnamed(comparing);
  if (!unnamed) return null;
  const { sentence, start, end } = unnamed;
  const { field, index } = sentence;
  const text = sentence.text.slice(start, end);
  const span = { field, index, start: sentence.start + start, end: sentence.start + end, text, rule: RULE };
  return { value: text, spans: [span] };
}

/** Makers' codes for the drug stand among the names: "ABC-12 or placebo". */
function withCodes(sentence: Sentence, named: NamedDrug[], codes: readonly NamedDrug[]): NamedDrug[] {
  if (codes.length === 0) return named;
  const { tokens } = sentence;
  for (const code of codes) {
    const from = tokens.findIndex(({ start }) => start >= code.start);
    const to = tokens.findLastIndex(({ end }) => end <= code.end) + 1;
    if (from !== -1 && to > from && !named.some((one) => one.from < to && from < one.to))
      named.push({ ...code, from, to });
  }
  return named.sort((one, other) => one.from - other.from);
}

/**
 * The mention that says most: first those that hold it against the drug, then "placebo-controlled" where no other drug
 * was held against that placebo, and last what stands where papers tell of others.
 */
function findBest(comparing: readonly Naming[], enough: number): Candidate | null {
  let best: Candidate | null = null;
  let loose: Candidate | null = null;
  let background: Candidate | null = null;
  let foreign = false;
  for (const { sentence, drugs } of comparing) {
    const role = BY_ROLE[sentence.role] ?? 0;
    // an abstract of two sentences has no background to speak of
    const ofOthers = sentence.role === 'background' && !hasSign(sentence, 'telling');
    for (const [at, named] of drugs.entries()) {
      if (named.tracked) continue;
      const weight = weighMention(sentence, drugs, at);
      foreign ||= weight.foreign && !ofOthers;
      const score = weight.score + role;
      if (score < enough) continue;
      const candidate = { sentence, drugs, named, score };
      if (ofOthers) background ??= weight.loose ? null : candidate;
      else if (weight.loose) loose = better(loose, candidate);
      else best = better(best, candidate);
    }
  }
  return best ?? (foreign ? null : loose) ?? background;
}

const better = (known: Candidate | null, one: Candidate): Candidate =>
  known && one.score <= known.score + 0.01 ? known : one;

/** "active placebo (midazolam)", "midazolam as active placebo": the drug says more than "placebo". */
function withActivePlacebo({ sentence, drugs, named }: Candidate): { from: number; to: number } {
  const own = sentence.text.slice(named.start - sentence.start, named.end - sentence.start);
  if (!/active[ -]placebo/i.test(own)) return named;
  const other = drugs.find(
    ({ tracked, from, to }) => !tracked && from !== named.from && from - named.to <= 4 && named.from - to <= 3,
  );
  if (!other) return named;
  const [first, last] = other.from < named.from ? [other, named] : [named, other];
  const text = sentence.text.slice(first.start - sentence.start, last.end - sentence.start + 1);
  // "active placebo (midazolam 0.02 mg/kg)" would lose its bracket
  if (text.includes('(') && !text.includes(')')) return other;
  return { from: first.from, to: last.to };
}
