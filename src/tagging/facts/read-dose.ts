import { normaliseUnit } from './dose-units.js';

/** An amount with its unit, as a sentence states it; offsets into the sentence's text. */
export interface StatedDose {
  from: number;
  to: number;
  /** As in `mg/kg/h`. */
  unit: string;
  /** A list states several. Of a range the lower end counts. */
  amounts: { value: number; text: string }[];
}

/** "0,5" is a half in half of Europe, "0/5" in Iran; "0. 5" is a slip. */
const NUMBER = '(?:0\\.\\s\\d{1,3}|\\d{1,2},\\d{3}(?![\\d.])|0[,/]\\d{1,3}|\\.\\d{1,4}|\\d{1,5}(?:[.·]\\d{1,4})?)';
const JOINT = '-?\\s?(?:,\\s?(?:and|or)\\s|,|;|-|\u2010|\u2011|–|—|/|\\s(?:to|or|and|vs\\.?|versus)\\s)\\s?';
/** "0.96 (0.26)", "2.3 ± 0.4": a mean, how far it spreads. */
const SPREAD = `(?:\\s?(?:±|\\+/?-|\\+/−)\\s?${NUMBER}|\\s?\\(${NUMBER}\\))?`;
const MASS = '(?:mg|milligrams?|µg|μg|mcg|ug|micro\\s?g|micrograms?)';
const PER = '\\s?(?:/|·|∙|⋅|•|\\.|×|x|\\s|\\sper\\s|-per-)\\s?';
const INVERSE = '(?:\\s?\\(?[-\u2010\u2011−–]\\s?1\\)?|\\s?⁻¹)?';
const BODY = '(?:kg|kilograms?(?: of body ?weight)?|m2|m²)';
const TIME = '(?:hour|hr|h|minute|min|day|d|week|24\\s?h)';
/** "mg/(kg·h)" */
const BRACKETED = `\\s?/\\s?\\(${BODY}\\s?[-\u2010·∙⋅•.*×x/]\\s?${TIME}\\)`;
/** "mg/h/70 kg" */
const STANDARD_MAN = `(?:/${TIME})?\\s?(?:/|per\\s)\\s?70\\s?kg`;
/** Everything in it is bounded: no text makes it slow. */
const DOSE = new RegExp(
  `(?=[.\\d])(?<![\\p{L}\\p{N}.,·]|\\bn\\s?=\\s?)(${NUMBER}(?:${JOINT}${NUMBER}){0,6})${SPREAD}\\s?[-\u2010]?\\s?` +
    `(${MASS}(?:${BRACKETED}|${STANDARD_MAN}|(?:${PER}${BODY}${INVERSE})?(?:${PER}${TIME}${INVERSE})?))(?![\\p{L}\\p{N}])`,
  'giu',
);
/** Concentrations and what a package holds are no doses. */
const CONCENTRATION =
  /^\s?(?:\/|·|\.|per\s|\s)\s?(?:\d{1,4}\s?)?(?:m?l|dl|litre|liter|g\b)(?![\p{L}])|^\s?(?:\/|per\s)\s?(?:device|spray|puff|actuation|vial|ampoule)/iu;
/** A difference, a use of something else, a bound, a step. */
const NO_DOSE =
  /[<>≤≥±−]\s?$|(?:^|[\s([])[-–\u2010]$|\d\.\s$|(?:W?MD|difference|consumption|requirements?|reduction|\bvs\.?)[^;.]{0,12}[-–\s]$|\bCI\b[^;.)]{0,25}$|(?:increas|decreas|reduc|escalat|titrat|rais|lower)\w{1,4}\s(?:\w{1,12}\s){0,2}by\s$|(?:increments?|steps)\sof\s$|\b(?:above|below|exceeding|than|at (?:least|most))\s$/i;
/** "= 3 mg" is a result, "= 0.5 mg/kg" or "dose = 50 mg" a dose. */
const EQUALS = /=\s?$/;
const DOSE_EQUALS = /\bdos(?:e|es|age|ages|ing)\b[^=;.]{0,15}=\s?$/i;
/** "0.5 mg/kg (max 50 mg)" */
const LIMIT = /\b(?:max|min)(?:imum|imal|\.)?(?:\s(?:dose|total|of|single|daily))*\s?[:=]?\s$/i;
/** A value beyond which a dose is a misreading. */
const LARGEST = 20_000;

/** "doses between 1 and 2 mg": no comparison of the two. */
const BETWEEN = /\b(?:dos\w{1,5}|rang\w{1,3}|var\w{1,4}|found|set|lay)\s(?:\w{1,10}\s)?between\s$/i;

/** All doses that a sentence states, of whichever drug, in their order. */
export function readDoses(text: string): StatedDose[] {
  const doses: StatedDose[] = [];
  let used: number | null = null;
  for (const match of text.matchAll(DOSE)) {
    const [whole, numbers = '', unit = ''] = match;
    const from = match.index;
    const to = from + whole.length;
    const before = text.slice(Math.max(0, from - 60), from);
    const perBody = /kg|m2|m²/i.test(unit);
    if (CONCENTRATION.test(text.slice(to, to + 20)) || NO_DOSE.test(before)) continue;
    if (EQUALS.test(before) && !perBody && !DOSE_EQUALS.test(before)) continue;
    if (!perBody) {
      used ??= text.search(/consumption|requirement/i);
      if (used !== -1 && used < from) continue;
    }
    if (doses.length > 0 && LIMIT.test(before)) continue;
    const amounts = amountsOf(numbers, before).filter(({ value }) => value > 0 && value <= LARGEST);
    if (amounts.length === 0) continue;
    const dose = { from, to, unit: normaliseUnit(unit), amounts: amounts.map(({ value, text: number }) => ({ value, text: `${number} ${unit.trim()}` })) }; // prettier-ignore
    const last = doses.at(-1);
    if (!last || !joinRange(text, last, dose)) doses.push(dose);
  }
  return doses;
}

/** "0.1 mg/kg to 2 mg/kg" is one range like "0.1-2 mg/kg", unless the dose went from the one to the other. */
function joinRange(text: string, first: StatedDose, last: StatedDose): boolean {
  const [low] = first.amounts;
  const [high] = last.amounts;
  if (!low || !high || first.amounts.length > 1 || last.amounts.length > 1) return false;
  if (first.unit !== last.unit || low.value >= high.value) return false;
  const between = text.slice(first.to, last.from);
  const before = text.slice(Math.max(0, first.from - 40), first.from);
  if (!/^\s?(?:to|-|–|—)\s?$/.test(between) && !(/^\sand\s$/.test(between) && BETWEEN.test(before))) return false;
  if (/(?:increas|decreas|reduc|escalat|titrat|rais|lower|chang)\w{1,4}\s(?:\w{1,12}\s){0,2}from\s$/i.test(before))
    return false;
  first.amounts = [{ value: low.value, text: text.slice(first.from, last.to) }];
  first.to = last.to;
  return true;
}

/** "0.5-1.0" is one dose with its range, "0.1, 0.2 or 0.5" are three. */
function amountsOf(numbers: string, before: string): { value: number; text: string }[] {
  const range = (
    BETWEEN.test(before) ? /^([\d.·]+)\sand\s([\d.·]+)$/ : /^([\d.·]+)\s?(?:-|\u2010|\u2011|–|—|\sto\s)\s?([\d.·]+)$/
  ).exec(numbers);
  if (range) return [{ value: toNumber(range[1] ?? ''), text: numbers }];
  const each =
    /(?:0\.\s\d+|\d{1,2},\d{3}(?![\d.])|0[,/]\d+|\.\d+|\d+(?:[.·]\d+)?)(?:\s?[-\u2010\u2011–]\s?\d+(?:[.·]\d+)?)?/g;
  return (numbers.match(each) ?? []).map((text) => ({
    value: toNumber(/^(?:0\.\s\d+|\d{1,2},\d{3}|0[,/]\d+|[\d.·]+)/.exec(text)?.[0] ?? ''),
    text,
  }));
}

function toNumber(text: string): number {
  return Number(/^[1-9]\d?,\d{3}$/.test(text) ? text.replace(',', '') : text.replace(/\s/, '').replace(/[·,/]/, '.'));
}
