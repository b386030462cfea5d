import type { Span } from '../../model/tag.js';
import type { Sentence } from '../analyse-text.js';
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

export interface Sum {
  value: number;
  score: number;
  parts: Candidate[];
}

/** Arms of one sentence, and "20 patients and 20 healthy controls". */
export function addUp(found: readonly Candidate[]): Sum[] {
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
