import type { Sentence } from '../analyse-text.js';
import type { Role } from '../sentence-roles.js';
import { weighMention } from './comparison-cues.js';
import type { DrugWords, NamedDrug } from './drug-words.js';
import { findUnnamed } from './unnamed-comparator.js';
import { findForms } from './drug-forms.js';
import type { Found } from './participants.js';
import { spanOf } from './span-of.js';
import { hasSign } from '../word-signs.js';

const REVIEWS: ReadonlySet<string | null> = new Set(['review', 'guideline', 'commentary', 'case-report']);
const BY_ROLE: Partial<Record<Role, number>> = { title: 2, aim: 1, intervention: 1, methods: 0.75, population: 0.75, results: 0.25, conclusion: 0.25, outcomes: 0.25, background: -2, future: -4, exclusion: -4 }; // prettier-ignore
const ENOUGH = 3;
/** Treatments that are read in one sentence; one that names more compares nothing. */
const MOST_NAMED = 40;
const RULE = 'compared with the drug';

interface Candidate {
  sentence: Sentence;
  named: NamedDrug;
  score: number;
  loose: boolean;
}

/** What the drug was held against: a short text of the paper, "placebo", "midazolam", "electroconvulsive therapy". */
export function findComparator(
  sentences: readonly Sentence[],
  words: DrugWords,
  study: string | null,
): Found<string> | null {
  const enough = REVIEWS.has(study) ? ENOUGH + 2.5 : ENOUGH;
  const best = findBest(sentences, words, enough);
  if (best) {
    const { from, to } = withActivePlacebo(best.sentence, best.named, words);
    const span = spanOf(best.sentence, from, to, RULE);
    return { value: span.text, spans: [span] };
  }
  const unnamed = findForms(sentences, words) ?? findUnnamed(sentences, words);
  if (!unnamed) return null;
  const { sentence, start, end } = unnamed;
  const { field, index } = sentence;
  const text = sentence.text.slice(start, end);
  const span = { field, index, start: sentence.start + start, end: sentence.start + end, text, rule: RULE };
  return { value: text, spans: [span] };
}

/** The mention that says most; "placebo-controlled" only where no other drug was held against that placebo. */
function findBest(sentences: readonly Sentence[], words: DrugWords, enough: number): Candidate | null {
  let best: Candidate | null = null;
  let loose: Candidate | null = null;
  let foreign = false;
  for (const sentence of sentences) {
    // an abstract of two sentences has no background to speak of
    const own = sentence.role === 'background' && hasSign(sentence, 'telling');
    const role = own ? 0 : (BY_ROLE[sentence.role] ?? 0);
    if (role < -2 || !hasSign(sentence, 'comparison')) continue;
    const drugs = words.find(sentence).slice(0, MOST_NAMED);
    for (const [at, named] of drugs.entries()) {
      if (named.tracked) continue;
      const weight = weighMention(sentence, drugs, at);
      foreign ||= weight.foreign;
      const score = weight.score + role;
      if (score < enough) continue;
      const candidate = { sentence, named, score, loose: weight.loose };
      if (weight.loose) {
        if (!loose || score > loose.score + 0.01) loose = candidate;
      } else if (!best || score > best.score + 0.01) best = candidate;
    }
  }
  if (foreign || !loose) return best;
  return best && (!best.named.inert || best.score >= loose.score) ? best : loose;
}

/** "active placebo (midazolam)", "midazolam as active placebo": the drug says more than "placebo". */
function withActivePlacebo(sentence: Sentence, named: NamedDrug, words: DrugWords): { from: number; to: number } {
  const own = sentence.text.slice(named.start - sentence.start, named.end - sentence.start);
  if (!/active placebo/i.test(own)) return named;
  const other = words
    .find(sentence)
    .find(({ tracked, from, to }) => !tracked && from !== named.from && from - named.to <= 1 && named.from - to <= 2);
  if (!other) return named;
  return { from: Math.min(named.from, other.from), to: Math.max(named.to, other.to) };
}
