import type { Sentence } from '../analyse-text.js';
import type { Role } from '../sentence-roles.js';
import type { DrugWords, NamedDrug } from './drug-words.js';
import type { Found } from './participants.js';
import { spanOf } from './span-of.js';
import { hasSign } from '../word-signs.js';

const REVIEWS: ReadonlySet<string | null> = new Set(['review', 'guideline', 'commentary']);
const BY_ROLE: Partial<Record<Role, number>> = { title: 2, aim: 1, intervention: 1, methods: 0.75, population: 0.75, results: 0.25, conclusion: 0.25, outcomes: 0.25, background: -2, future: -4, exclusion: -4 }; // prettier-ignore
const ENOUGH = 3;

const VERSUS = /\b(?:versus|vs\.?|v\.|against|rather than)\s+(?:(?:an?|the|active|oral|iv|intravenous|intramuscular|intranasal|low-dose|high-dose|continued|standard|conventional|switching|to)[\s-]+){0,3}$/i; // prettier-ignore
const COMPARED =
  /\b(?:compar(?:ed|ison|ing|able)|relative|similar|equivalent|equal|superior|(?:non-?)?inferior(?:ity)?|alternative)\s+(?:it\s+|them\s+)?(?:with|to|of|against|over)\s+(?:(?:an?|the|active|those|that|patients|participants|of|in|receiving|given|who|received|either|intravenous|oral|iv|group|treatment|with)\s+){0,6}$/i;
const THAN = /\bthan\s+(?:(?:with|in|after|for|that|those|the|of|patients|participants|group|receiving|given|who|received|did|placebo)\s+){0,5}$/i; // prettier-ignore
const OR = /\b(?:or|versus|and)\s+(?:(?:an?|the|active|matching|matched|inert|equal|volume|of|same|intravenous|oral|iv|intranasal|identical|to|either|with|equivalent|sodium|\d+(?:\.\d+)?|ml|mg|mg\/kg)[\s-]+){0,5}$/i; // prettier-ignore
const CONTROL = /\bcontrols?\b(?:\s+(?:group|arm|condition|participants|patients|animals|rats|mice))?[^.;]{0,40}$/i;
const CONTROLLED = /^[\s-]*(?:controlled|control\b|comparator|group\b|arm\b)/i;

/** What the drug was held against: a short text of the paper, "placebo", "midazolam", "electroconvulsive therapy". */
export function findComparator(
  sentences: readonly Sentence[],
  words: DrugWords,
  study: string | null,
): Found<string> | null {
  const enough = REVIEWS.has(study) ? ENOUGH + 2.5 : ENOUGH;
  let best: { sentence: Sentence; named: NamedDrug; score: number } | null = null;
  for (const sentence of sentences) {
    // an abstract of two sentences has no background to speak of
    const own = sentence.role === 'background' && hasSign(sentence, 'telling');
    const role = own ? 0 : (BY_ROLE[sentence.role] ?? 0);
    if (role < -2 || !hasSign(sentence, 'comparison')) continue;
    const drugs = words.find(sentence);
    for (const named of drugs) {
      if (named.tracked) continue;
      const score = weigh(sentence, named, drugs) + role;
      if (score >= enough && (!best || score > best.score + 0.01)) best = { sentence, named, score };
    }
  }
  if (!best) return null;
  const { sentence, named } = best;
  const { from, to } = withActivePlacebo(sentence, named, words);
  const span = spanOf(sentence, from, to, 'compared with the drug');
  return { value: span.text, spans: [span] };
}

function weigh({ text, start }: Sentence, named: NamedDrug, drugs: readonly NamedDrug[]): number {
  const before = text.slice(Math.max(0, named.start - start - 120), named.start - start);
  const after = text.slice(named.end - start, named.end - start + 30);
  const tracked = drugs.some(({ tracked: is, to }) => is && to <= named.from);
  const follows = drugs.some(({ tracked: is, from }) => is && from >= named.to);
  // "drug plus X": a part of the treatment
  if (
    /\b(?:plus|with|combined with|added to|adjunct to|and)\s+(?:\w+\s){0,2}$/i.test(before) &&
    !COMPARED.test(before) &&
    !/\b(?:compar\w+|between)\b[^.;]{0,80}$/i.test(before)
  ) {
    // prettier-ignore
    if (!/\bplacebo|saline\b/i.test(text.slice(named.start - start, named.end - start))) return 0;
  }
  if (
    /^\s*(?:flush|lavage|irrigation|wash)/i.test(after) ||
    /(?:dilut|dissolv|suspend)\w*\s(?:\w+\s){0,3}$/i.test(before)
  )
    return 0;
  if (VERSUS.test(before)) return tracked ? 4 : 2.5;
  if (/^\s+(?:versus|vs\.?)\s/i.test(after) && follows) return 3.5;
  if (COMPARED.test(before)) return 3.5;
  if (CONTROLLED.test(after) && /^[\s-]*(?:controlled|comparator)/i.test(after)) return 3.5;
  if (THAN.test(before)) return tracked ? 3 : 2;
  if (
    OR.test(before) &&
    tracked &&
    /random|assign|allocat|receiv|compar|between|given|administ|effect|either|group/i.test(text)
  )
    return 3.25;
  if (/^\s+(?:\([^)]{0,30}\)\s+)?or\s/i.test(after) && follows && /random|assign|allocat|receiv|compar/i.test(text))
    return 2.75;
  if (CONTROL.test(before) && !/uncontrol/i.test(before)) return 3;
  if (named.comparator && /placebo|saline|sham|vehicle/i.test(text.slice(named.start - start, named.end - start)))
    return CONTROLLED.test(after) ? 2.75 : 2.25;
  return 0;
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
