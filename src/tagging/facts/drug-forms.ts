import type { Sentence } from '../analyse-text.js';
import type { Role } from '../sentence-roles.js';
import { jointOf } from './arms.js';
import type { NamedDrug, Naming } from './drug-words.js';
import type { Unnamed } from './unnamed-comparator.js';

const BY_ROLE: Partial<Record<Role, number>> = { title: 1, aim: 1, intervention: 1, methods: 0.75, population: 0.75, results: 0.5, conclusion: 0.5, outcomes: 0.5, background: -1}; // prettier-ignore
const ENOUGH = 3;
const ROUTE = 'intravenous|iv|i\\.v\\.|intranasal|in|oral|po|sublingual|subcutaneous|sc|intramuscular|im|epidural|caudal|intrathecal|nasal|topical|rectal'; // prettier-ignore
/** "intranasal", directly before a name, perhaps with "racemic" or "low-dose" in between. */
const ROUTE_BEFORE = new RegExp(`\\b(${ROUTE})\\s+(?:racemic\\s+)?$`, 'i');
/** "oral versus intravenous", before a name. */
const ROUTES_BEFORE = new RegExp(`\\b(${ROUTE})(?:\\s?\\([^()]{1,12}\\))?\\s+(versus|vs\\.?|or|and|compared (?:with|to))\\s+(${ROUTE})(?:\\s?\\([^()]{1,12}\\))?\\s+$`, 'i'); // prettier-ignore
const ASSIGNED = /\b(?:assign\w*|allocat\w*|randomi[sz]ed to|either|compar\w*)\b/i;
const BETWEEN = /\bbetween\s(?:\S+\s){0,5}$/i;
/** "received A (n = 37) or B (n = 15)": each has its own number. */
const COUNTED =
  /(?:receiv|given|treated|referred)[^.;]*\([^()]{0,12}n\s?=\s?\d[^.;]*?\bor\b[^.;]*?\([^()]{0,12}n\s?=\s?\d/i;
const COMPARE = /compar|\bversus\b|\bvs\b|\bdiffer/i;

/** Where one form or route of the drug is held against another: one enantiomer against the racemate, "oral or intravenous". */
export function findForms(comparing: readonly Naming[]): Unnamed | null {
  let best: Unnamed | null = null;
  for (const { sentence, drugs } of comparing) {
    const role = BY_ROLE[sentence.role] ?? 0;
    for (const [at, named] of drugs.entries()) {
      if (!named.tracked) continue;
      const found = oneRoute(sentence, named) ?? twoForms(sentence, drugs[at - 1], named);
      if (!found || found.score + role < ENOUGH || (best && found.score + role <= best.score)) continue;
      best = { sentence, start: found.start, end: named.end - sentence.start, score: found.score + role };
    }
  }
  return best;
}

type Form = Pick<Unnamed, 'start' | 'score'>;

function oneRoute({ text, start }: Sentence, named: NamedDrug): Form | null {
  const before = text.slice(Math.max(0, named.start - start - 60), named.start - start);
  const match = ROUTES_BEFORE.exec(before);
  if (!match?.[1] || !match[3] || match[1].toLowerCase() === match[3].toLowerCase()) return null;
  const from = named.start - start - (match[0].length - match[0].toLowerCase().lastIndexOf(match[3].toLowerCase()));
  return { start: from, score: scoreOf(/^(?:or|and)/i.test(match[2] ?? '') ? 'or' : 'against', text) };
}

function twoForms(sentence: Sentence, other: NamedDrug | undefined, named: NamedDrug): Form | null {
  if (!other?.tracked) return null;
  const joint = jointOf(sentence, other, named);
  if (joint === null || joint === 'with' || joint === 'list') return null;
  const one = formOf(sentence, other);
  const two = formOf(sentence, named);
  if (one.name === two.name && (one.route === null || two.route === null || one.route === two.route)) return null;
  const before = sentence.text.slice(Math.max(0, one.start - 80), one.start);
  if (joint === 'and' && BETWEEN.test(before)) return { start: two.start, score: 3 };
  if (joint === 'or' && COUNTED.test(sentence.text)) return { start: two.start, score: 2.25 };
  return { start: two.start, score: scoreOf(joint, sentence.text) };
}

function scoreOf(joint: 'against' | 'or' | 'and', text: string): number {
  if (joint === 'against') return 3;
  return (joint === 'or' ? ASSIGNED : COMPARE).test(text) ? 2.25 : 0;
}

function formOf({ text, start }: Sentence, named: NamedDrug): { name: string; route: string | null; start: number } {
  const from = named.start - start;
  const route = ROUTE_BEFORE.exec(text.slice(Math.max(0, from - 30), from));
  const name = text
    .slice(from, named.end - start)
    .toLowerCase()
    .replace(/^racemic\s+/, '')
    .replace(/\W/g, '');
  return { name, route: route?.[1]?.toLowerCase() ?? null, start: from - (route ? route[0].length : 0) };
}
