import type { Dose, Span } from '../../model/tag.js';
import type { Sentence } from '../analyse-text.js';
import type { DrugWords, NamedDrug } from './drug-words.js';
import type { Found } from './participants.js';
import { hasSign } from '../word-signs.js';

/** "0,5" is a half in half of Europe. */
const NUMBER = '(?:0,\\d{1,3}|\\.\\d{1,4}|\\d{1,5}(?:[.·]\\d{1,4})?)';
const JOINT = '\\s?(?:,\\s?(?:and|or)\\s|,|;|-|\u2010|\u2011|–|—|/|\\s(?:to|or|and|vs\\.?|versus)\\s)\\s?';
const MASS = '(?:mg|milligrams?|µg|μg|mcg|ug|micrograms?)';
const PER = '\\s?(?:/|·|∙|⋅|\\.|\\s|\\sper\\s|-per-)\\s?';
const INVERSE = '(?:\\s?\\(?[-\u2010\u2011−–]\\s?1\\)?|\\s?⁻¹)?';
const KILOGRAM = '(?:kg|kilograms?(?: of body ?weight)?)';
const TIME = '(?:h|hr|hour|min|minute|day|d|week|24\\s?h)';
/** Everything in it is bounded: no text makes it slow. */
const DOSE = new RegExp(
  `(?<![\\p{L}\\p{N}.,·])(${NUMBER}(?:${JOINT}${NUMBER}){0,6})\\s?-?\\s?(${MASS}(?:${PER}${KILOGRAM}${INVERSE})?(?:${PER}${TIME}${INVERSE})?)(?![\\p{L}\\p{N}])`,
  'giu',
);
/** Concentrations are no doses. */
const CONCENTRATION = /^\s?(?:\/|·|per\s|\s)\s?(?:m?l|dl|d?L|mL|litre|liter|g\b)(?![\p{L}])/iu;
/** A difference, a use of something else, a bound. */
const NO_DOSE =
  /[<>=±−]\s?$|\d\.\s$|(?:W?MD|difference|consumption|requirements?|reduction|\bvs\.?)[^;.]{0,12}[-–\s]$/i;
const HINT = /\d\s?-?(?:mg|mcg|ug|µg|μg)|\s(?:mg|mcg|µg|μg)|milligram|microgram/;
const DURATION =
  /^[^.;:]{0,45}?\b((?:over|for|during|infused over|within|in)\s+(?:a\s+|the\s+|approximately\s+|about\s+|~\s?)?(?:period of\s+)?(?:\d{1,4}(?:\.\d)?|forty|sixty|ten|twenty|thirty|two|one)(?:[-–]\d{1,3})?[\s-]?(?:min(?:utes?|s)?|h(?:ours?|rs?)?|s(?:ec(?:onds?)?)?)\b)/i;
const INFUSION =
  /\b(\d{1,3}[\s-]?(?:min(?:utes?)?|h(?:our|r)?)[\s-]+(?:(?:long|i\.?v\.?|intravenous|continuous|single|subanesthetic|subanaesthetic|slow)\s){0,2}infusions?)\b/i;
const MOST = 12;
/** A value beyond which a dose is a misreading, by unit. */
const LARGEST = 20_000;

/** What a dose says of itself. */
interface ReadDose {
  dose: Dose;
  span: Span;
}

/** Doses of the tracked drug: with their unit, how long they are given and how. */
export function findDoses(
  sentences: readonly Sentence[],
  words: DrugWords,
  routeOf: (sentence: Sentence, from: number, to: number) => string | null,
): Found<Dose[]> | null {
  const found: ReadDose[] = [];
  const background: ReadDose[] = [];
  for (const sentence of sentences) {
    if (!hasSign(sentence, 'mass') || !HINT.test(sentence.text)) continue;
    const into = sentence.role === 'background' || sentence.role === 'future' ? background : found;
    readSentence(sentence, words, routeOf, into);
  }
  const kept = distinct(found.length > 0 ? found : background).slice(0, MOST);
  if (kept.length === 0) return null;
  return { value: kept.map(({ dose }) => dose), spans: distinctSpans(kept.map(({ span }) => span)) };
}

function readSentence(
  sentence: Sentence,
  words: DrugWords,
  routeOf: (sentence: Sentence, from: number, to: number) => string | null,
  found: ReadDose[],
): void {
  const { text } = sentence;
  let drugs: NamedDrug[] | null = null;
  for (const match of text.matchAll(DOSE)) {
    const [whole, numbers = '', unit = ''] = match;
    const from = match.index;
    const to = from + whole.length;
    if (CONCENTRATION.test(text.slice(to)) || NO_DOSE.test(text.slice(Math.max(0, from - 30), from))) continue;
    if (!/kg/i.test(unit) && /consumption|requirement/i.test(text.slice(0, from))) continue;
    drugs ??= words.find(sentence);
    if (!isOfDrug(text, from, to, drugs, sentence)) continue;
    const duration = durationOf(text, from, to);
    const route = routeOf(sentence, sentence.start + from, sentence.start + to);
    const { field, index, start } = sentence;
    const end = duration?.end ?? to;
    const span: Span = { field, index, start: start + from, end: start + end, text: text.slice(from, end), rule: 'dose of the drug' }; // prettier-ignore
    for (const { value, text: number } of valuesOf(numbers)) {
      if (value <= 0 || value > LARGEST) continue;
      const dose = `${number} ${unit.trim()}${duration ? ` ${duration.text}` : ''}`;
      found.push({ dose: { text: dose, value, unit: normaliseUnit(unit), route }, span });
    }
  }
}

/** "0.5-1.0" is one dose with its range, "0.1, 0.2 or 0.5" are three. */
function valuesOf(numbers: string): { value: number; text: string }[] {
  const range = /^([\d.·]+)\s?(?:-|\u2010|\u2011|–|—|\sto\s)\s?([\d.·]+)$/.exec(numbers);
  if (range) return [{ value: toNumber(range[1] ?? ''), text: numbers }];
  return (numbers.match(/(?:0,\d+|\.\d+|\d+(?:[.·]\d+)?)(?:\s?[-\u2010\u2011–]\s?\d+(?:[.·]\d+)?)?/g) ?? []).map(
    (text) => ({
      value: toNumber(/^(?:0,\d+|[\d.·]+)/.exec(text)?.[0] ?? ''),
      text,
    }),
  );
}

function toNumber(text: string): number {
  return Number(text.replace(/[·,]/, '.'));
}

/** `mg kg-1 h-1` → `mg/kg/h`. */
export function normaliseUnit(unit: string): string {
  return unit
    .toLowerCase()
    .replace(/\(?\s?[-\u2010\u2011−–]\s?1\)?|⁻¹/g, '')
    .replace(/-per-|\sper\s/g, '/')
    .replace(/milligrams?/g, 'mg')
    .replace(/micrograms?|mcg|ug|µg/g, 'μg')
    .replace(/kilograms?(?: of body ?weight)?/g, 'kg')
    .replace(/\s?[·∙⋅./]\s?|\s+/g, '/')
    .replace(/\/(?:hour|hr)$/, '/h')
    .replace(/\/minute$/, '/min')
    .replace(/\/d$|\/24\/?h$/, '/day')
    .replace(/\/+/g, '/');
}

function durationOf(text: string, from: number, to: number): { text: string; end: number } | null {
  const after = DURATION.exec(text.slice(to, to + 90));
  if (after?.[1] !== undefined && !/\d\s?(?:mg|µg|μg|mcg)/.test(after[0].slice(0, after[0].length - after[1].length)))
    return { text: after[1], end: to + after[0].length };
  const near = INFUSION.exec(text.slice(Math.max(0, from - 70), from));
  return near?.[1] !== undefined ? { text: `(${near[1]})`, end: to } : null;
}

const JOINS = /\b(?:and|or|versus|vs|plus|with|followed|compared|than|then)\b|[;+]/i;
const FARTHEST = 60;

/**
 * Whose dose it is: that of the drug named nearest, before ("drug (0.5 mg/kg)") or behind ("0.5 mg/kg of the drug"),
 * where a conjunction in between counts as distance. Without a name nearby, of the only drug of the sentence.
 */
function isOfDrug(text: string, from: number, to: number, drugs: readonly NamedDrug[], { start }: Sentence): boolean {
  let owner: NamedDrug | null = null;
  let least = FARTHEST;
  for (const drug of drugs) {
    const behind = drug.start - start >= to;
    const gap = behind ? text.slice(to, drug.start - start) : text.slice(drug.end - start, from);
    let distance = gap.length;
    if (behind && /^\s*(?:[\w-]+\s){0,3}of\s(?:[\w-]+\s){0,2}$/.test(gap)) distance = 1;
    else if (JOINS.test(gap)) distance += 30;
    if (behind && /[,()]/.test(gap)) distance += 25;
    if (!behind && gap.includes(')')) distance += 20;
    if (distance < least) {
      least = distance;
      owner = drug;
    }
  }
  if (isOfAnother(text, from, to, drugs, start)) return false;
  if (owner) return owner.tracked;
  return drugs.some(({ tracked }) => tracked) && drugs.every(({ tracked }) => tracked);
}

const NO_DRUG = /^(?:the|a|an|total|oral|nasal|intranasal|rectal|initial|final|interval|caudal|epidural|sublingual|minimal|maximal|optimal|median|mean|than|main|certain|saline|baseline|alone|combine|moderate|rate|single|control|protocol|trial|animal|arterial|racemic|intraperitoneal|subanesthetic|again|within|contain|obtain|received?|daily|body|administration|pain|spinal|intramuscular|protein|level|remain|inhalational|individual|additional|conventional|general|regional|analgesic|medication|escalating|in|on|at|of|dose|doses)$/i; // prettier-ignore
const LIKE_A_DRUG = /(?:ine|ol|am|one|ide|il|al|ate|in|an|ium|ane|ene|cillin|mab|azole|pril|oxin|epam)$/;

/** "hyoscine 20 mg", "20 mg of hyoscine": drugs that no list names are told by their form and their place. */
function isOfAnother(text: string, from: number, to: number, drugs: readonly NamedDrug[], start: number): boolean {
  const isKnown = (at: number): boolean => drugs.some((drug) => drug.start - start <= at && at < drug.end - start);
  const before = /([A-Za-z][a-z-]{4,})[\s(,:=]{1,3}$/.exec(text.slice(Math.max(0, from - 40), from));
  if (before?.[1]) {
    const at = Math.max(0, from - 40) + before.index;
    if (!isKnown(at) && LIKE_A_DRUG.test(before[1]) && !NO_DRUG.test(before[1])) return true;
  }
  const after = /^\s(?:of\s)(?:intravenous\s|oral\s|iv\s|i\.v\.\s)?([A-Za-z][a-z-]{4,})/i.exec(text.slice(to, to + 50));
  if (!after?.[1]) return false;
  const at = to + after[0].length - after[1].length;
  return !isKnown(at) && LIKE_A_DRUG.test(after[1]) && !NO_DRUG.test(after[1]);
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
  }
  return kept;
}

function distinctSpans(spans: readonly Span[]): Span[] {
  return spans.filter(
    (span, at) => !spans.slice(0, at).some((other) => other.field === span.field && other.index === span.index && other.start === span.start), // prettier-ignore
  );
}
