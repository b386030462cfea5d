import type { Sentence } from '../analyse-text.js';
import type { NamedDrug } from './drug-words.js';
import type { StatedDose } from './read-dose.js';

/** Whose a dose is: the tracked drug's, another's, or the sentence does not say. */
export type Owner = 'tracked' | 'other' | null;

const JOINS = /\b(?:and|or|versus|vs|plus|with|followed|compared|than|then)\b|[;+]/i;
const FARTHEST = 60;
/** Between two doses of one drug: "0.1 mg/kg or 0.5 mg/kg". */
const LISTED = /^[\s,;()]*(?:\b(?:and|or|to|vs\.?|versus|then)\b)?[\s,(]*$/i;

/**
 * Whose the doses of a sentence are. A dose belongs to the drug named nearest, before ("drug (0.5 mg/kg)") or behind
 * ("0.5 mg/kg of the drug"), where a conjunction in between counts as distance; or to the drug of the dose before it,
 * which it goes on with ("0.25 mg/kg followed by an infusion of 0.5 mg/kg/h"); or to the drug of the one behind it in
 * a list. Without a name nearby, to the only drug of the sentence.
 */
export function ownersOf(
  { text, start }: Sentence,
  doses: readonly StatedDose[],
  drugs: readonly NamedDrug[],
): Owner[] {
  const owners: Owner[] = [];
  const near = drugs.filter(({ inert }) => !inert);
  for (const [at, dose] of doses.entries()) {
    if (isOfAnother(text, dose, drugs, start)) {
      owners.push('other');
      continue;
    }
    let least = FARTHEST;
    let owner: Owner = null;
    for (const drug of near) {
      if (drug.start - start - dose.to >= least || dose.from + start - drug.end >= least) continue;
      const distance = distanceOf(text, dose, drug, start);
      if (distance >= least) continue;
      least = distance;
      owner = drug.tracked ? 'tracked' : 'other';
    }
    const before = doses[at - 1];
    const known = owners[at - 1];
    if (before && known && goesOn(text, before, dose, near, start) && 4 + (dose.from - before.to) / 2 < least)
      owner = known;
    owners.push(owner);
  }
  for (let at = doses.length - 2; at >= 0; at -= 1) {
    const [dose, next] = [doses[at], doses[at + 1]];
    if (dose && next && owners[at] === null && LISTED.test(text.slice(dose.to, next.from)))
      owners[at] = owners[at + 1] ?? null;
  }
  if (near.length > 0) {
    const only: Owner = near.every(({ tracked }) => tracked) ? 'tracked' : 'other';
    return owners.map((owner) => owner ?? only);
  }
  return owners;
}

function distanceOf(text: string, { from, to }: StatedDose, drug: NamedDrug, start: number): number {
  const behind = drug.start - start >= to;
  const gap = behind ? text.slice(to, drug.start - start) : text.slice(drug.end - start, from);
  let distance = gap.length;
  if (behind && /^\s*(?:[\w-]+\s){0,3}of\s(?:[\w-]+\s){0,2}$/.test(gap)) distance = 1;
  else if (JOINS.test(gap)) distance += 30;
  if (behind && /[,()]/.test(gap)) distance += 25;
  if (!behind && gap.includes(')')) distance += 20;
  return distance;
}

/** No other drug is named between two doses of one clause. */
function goesOn(
  text: string,
  before: StatedDose,
  dose: StatedDose,
  near: readonly NamedDrug[],
  start: number,
): boolean {
  const between = text.slice(before.to, dose.from);
  if (between.length > 110 || /[.:]\s/.test(between)) return false;
  return near.every((drug) => drug.end - start <= before.to || drug.start - start >= dose.from);
}

const NO_DRUG = /^(?:the|a|an|total|oral|nasal|intranasal|rectal|initial|final|interval|caudal|epidural|sublingual|minimal|maximal|optimal|median|mean|than|main|certain|saline|baseline|alone|combine|moderate|rate|single|control|protocol|trial|animal|arterial|racemic|intraperitoneal|subanesthetic|again|within|contain|obtain|received?|daily|body|administration|pain|spinal|intramuscular|protein|level|remain|inhalational|individual|additional|conventional|general|regional|analgesic|medication|escalating|in|on|at|of|dose|doses|hydrochloride|program|experimental|incremental|approximate|separate|intermediate|appropriate|adequate|human|women|woman|hospital)$/i; // prettier-ignore
const LIKE_A_DRUG = /(?:ine|ol|am|one|ide|il|tal|thal|ate|in|an|ium|ane|ene|cillin|mab|azole|pril|oxin|epam)$/;
/** "ABC1234 (75 and 150 mg)" */
const CODE = /\b[A-Z]{2,6}[-\u2010 ]?\d{3,}[\s(,:=]{1,3}$/;

/** "hyoscine 20 mg", "20 mg of hyoscine": drugs that no list names are told by their form and their place. */
function isOfAnother(text: string, { from, to }: StatedDose, drugs: readonly NamedDrug[], start: number): boolean {
  const isKnown = (at: number): boolean => drugs.some((drug) => drug.start - start <= at && at < drug.end - start);
  const window = Math.max(0, from - 40);
  const lead = text.slice(window, from);
  const code = CODE.exec(lead);
  if (code && !isKnown(window + code.index)) return true;
  const before = /([A-Za-z][a-z-]{4,})[\s(,:=]{1,3}$/.exec(lead);
  if (before?.[1]) {
    const at = window + before.index;
    if (!isKnown(at) && LIKE_A_DRUG.test(before[1]) && !NO_DRUG.test(before[1])) return true;
  }
  const after = /^\s(?:of\s)(?:intravenous\s|oral\s|iv\s|i\.v\.\s)?([A-Za-z][a-z-]{4,})/i.exec(text.slice(to, to + 50));
  if (!after?.[1]) return false;
  const at = to + after[0].length - after[1].length;
  return !isKnown(at) && LIKE_A_DRUG.test(after[1]) && !NO_DRUG.test(after[1]);
}
