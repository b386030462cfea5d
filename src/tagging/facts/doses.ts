import type { Dose, Span } from '../../model/tag.js';
import type { Sentence } from '../analyse-text.js';
import type { DrugWords, NamedDrug } from './drug-words.js';
import type { Found } from './participants.js';
import { hasSign } from '../word-signs.js';
import { ownersOf, type Owner } from './dose-owner.js';
import { createCodeReader } from './drug-codes.js';
import { readDoses, type StatedDose } from './read-dose.js';

const HINT = /\d\s?[-\u2010]?(?:mg|mcg|ug|µg|μg)|\s(?:mg|mcg|µg|μg)|milligram|micro\s?g/;
const DURATION =
  /^[^.;:]{0,45}?\b((?:over|for|during|infused over|within|in)\s+(?:a\s+|the\s+|approximately\s+|about\s+|~\s?)?(?:period of\s+)?(?:\d{1,4}(?:\.\d)?|forty|sixty|ten|twenty|thirty|two|one)(?:[-–]\d{1,3})?[\s-]?(?:min(?:utes?|s)?|h(?:ours?|rs?)?|s(?:ec(?:onds?)?)?)\b)/i;
const INFUSION =
  /\b(\d{1,3}[\s-]?(?:min(?:utes?)?|h(?:our|r)?)[\s-]+(?:(?:long|i\.?v\.?|intravenous|continuous|single|subanesthetic|subanaesthetic|slow)\s){0,2}infusions?)\b/i;
const MOST = 12;
/** Sentences. */
const FARTHEST_BACK = 12;

/** The route of what stands from one offset to another of a sentence's field. */
export type RouteFinder = (sentence: Sentence, from: number, to: number) => string | null;

/** What a dose says of itself. */
interface ReadDose {
  dose: Dose;
  span: Span;
}

/** Doses of the tracked drug: with their unit, how long they are given and how. */
export function findDoses(
  sentences: readonly Sentence[],
  words: DrugWords,
  routeOf: RouteFinder,
): Found<Dose[]> | null {
  const found: ReadDose[] = [];
  const background: ReadDose[] = [];
  const codesIn = createCodeReader(sentences, words);
  const drugsIn = (sentence: Sentence): NamedDrug[] => [
    ...words.find(sentence),
    ...words.findShortFormsOfOthers(sentence),
    ...codesIn(sentence),
  ];
  for (const [at, sentence] of sentences.entries()) {
    if (!hasSign(sentence, 'mass') || !HINT.test(sentence.text)) continue;
    const doses = readDoses(sentence.text).filter((dose) => !isCutOff(sentences[at - 1], dose));
    if (doses.length === 0) continue;
    const owners = ownersOf(sentence, doses, drugsIn(sentence));
    const into = sentence.role === 'background' || sentence.role === 'future' ? background : found;
    for (const [nth, dose] of doses.entries()) {
      const owner = owners[nth] ?? (isOfTheDrug(sentence, dose) ? lastNamed(sentences, at, drugsIn) : null);
      if (owner === 'tracked') into.push(...describe(sentence, dose, routeOf(sentence, sentence.start + dose.from, sentence.start + dose.to))); // prettier-ignore
    }
  }
  const kept = distinct(found.length > 0 ? found : background).slice(0, MOST);
  if (kept.length === 0) return null;
  return { value: kept.map(({ dose }) => dose), spans: distinctSpans(kept.map(({ span }) => span)) };
}

/** "(0." ended the sentence before: the number has lost its beginning. */
function isCutOff(before: Sentence | undefined, dose: StatedDose): boolean {
  return dose.from === 0 && before !== undefined && /\b0\.$/.test(before.text);
}

/** Without any drug in its sentence: by weight, or called a dose. */
function isOfTheDrug({ text }: Sentence, { from, unit }: StatedDose): boolean {
  return unit.includes('/kg') || /\b(?:doses?|dosages?|dosing|dosed|infusions?)\b[^.;]{0,40}$/i.test(text.slice(Math.max(0, from - 60), from)); // prettier-ignore
}

/**
 * Whom a sentence without a drug speaks of: the drug of the last sentence that named one, or of the title, where that
 * named no other.
 */
function lastNamed(sentences: readonly Sentence[], at: number, drugsIn: (sentence: Sentence) => NamedDrug[]): Owner {
  const before = sentences.slice(Math.max(1, at - FARTHEST_BACK), at).reverse();
  for (const sentence of [...before, ...sentences.slice(0, Math.min(at, 1))]) {
    const drugs = drugsIn(sentence).filter(({ inert }) => !inert);
    if (drugs.length > 0) return drugs.every(({ tracked }) => tracked) ? 'tracked' : 'other';
  }
  return null;
}

function describe(
  { text, field, index, start }: Sentence,
  { from, to, unit, amounts }: StatedDose,
  route: string | null,
): ReadDose[] {
  const duration = durationOf(text, from, to);
  const end = duration?.end ?? to;
  const span: Span = { field, index, start: start + from, end: start + end, text: text.slice(from, end), rule: 'dose of the drug' }; // prettier-ignore
  return amounts.map(({ value, text: amount }) => ({
    dose: { text: duration ? `${amount} ${duration.text}` : amount, value, unit, route },
    span,
  }));
}

function durationOf(text: string, from: number, to: number): { text: string; end: number } | null {
  const after = DURATION.exec(text.slice(to, to + 90));
  if (after?.[1] !== undefined && !/\d\s?(?:mg|µg|μg|mcg)/.test(after[0].slice(0, after[0].length - after[1].length)))
    return { text: after[1], end: to + after[0].length };
  const near = INFUSION.exec(text.slice(Math.max(0, from - 70), from));
  return near?.[1] !== undefined ? { text: `(${near[1]})`, end: to } : null;
}

function distinct(found: readonly ReadDose[]): ReadDose[] {
  const kept: ReadDose[] = [];
  for (const entry of found) {
    const same = kept.findIndex(
      ({ dose }) =>
        dose.value === entry.dose.value &&
        dose.unit === entry.dose.unit &&
        (dose.route === entry.dose.route || dose.route === null || entry.dose.route === null),
    );
    const known = kept[same];
    if (!known) kept.push(entry);
    else if (entry.dose.text.length > known.dose.text.length && entry.dose.text.startsWith(known.dose.text))
      kept[same] = { ...entry, dose: { ...entry.dose, route: known.dose.route ?? entry.dose.route } };
    else known.dose.route ??= entry.dose.route;
  }
  return kept;
}

function distinctSpans(spans: readonly Span[]): Span[] {
  return spans.filter(
    (span, at) => !spans.slice(0, at).some((other) => other.field === span.field && other.index === span.index && other.start === span.start), // prettier-ignore
  );
}
