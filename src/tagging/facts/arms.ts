import type { Sentence } from '../analyse-text.js';
import type { NamedDrug } from './drug-words.js';

/** How a text joins two treatments that it names one after the other. */
export type Joint = 'against' | 'or' | 'and' | 'with' | 'list';

const AGAINST = new Set(['versus', 'vs', 'v', 'against', 'over', 'than', 'compared', 'comparison', 'comparing', 'comparable', 'relative', 'superior', 'inferior', 'noninferior', 'similar', 'equivalent', 'rather', 'not', 'nor', 'different', 'differ', 'differed']); // prettier-ignore
const WITH = new Set(['plus', 'with', 'combined', 'combination', 'added', 'adding', 'addition', 'followed', 'adjunct', 'adjunctive', 'augmented', 'alongside', 'containing']); // prettier-ignore
/** What may stand between two treatments besides the word that joins them: doses, routes, and who gets it how. */
const BETWEEN = new Set(['a', 'an', 'the', 'to', 'of', 'in', 'at', 'by', 'for', 'on', 'i', 'n', 's', 'either', 'both', 'those', 'that', 'who', 'but', 'one', 'two', 'three', 'six', 'another', 'other', 'same', 'equal', 'matching', 'matched', 'identical', 'identically', 'inert', 'active', 'inactive', 'control', 'comparator', 'single', 'repeated', 'daily', 'weekly', 'twice', 'once', 'low', 'high', 'lower', 'higher', 'small', 'dose', 'doses', 'dosage', 'volume', 'amount', 'bolus', 'infusion', 'infusions', 'injection', 'injections', 'solution', 'spray', 'nasal', 'nostril', 'tablet', 'tablets', 'capsule', 'capsules', 'hydrochloride', 'hcl', 'sulfate', 'sodium', 'chloride', 'intravenous', 'intravenously', 'iv', 'oral', 'orally', 'po', 'intranasal', 'intranasally', 'im', 'ip', 'sc', 'intramuscular', 'intramuscularly', 'subcutaneous', 'subcutaneously', 'sublingual', 'intraperitoneal', 'epidural', 'intrathecal', 'caudal', 'continuous', 'subanesthetic', 'subanaesthetic', 'subdissociative', 'racemic', 'standard', 'conventional', 'group', 'groups', 'arm', 'arms', 'condition', 'treatment', 'treatments', 'therapy', 'therapies', 'session', 'sessions', 'anesthesia', 'anaesthesia', 'sedation', 'administration', 'patients', 'participants', 'subjects', 'received', 'receiving', 'receive', 'given', 'treated', 'over', 'during', 'min', 'mins', 'minute', 'minutes', 'h', 'hr', 'hour', 'hours', 'day', 'days', 'week', 'weeks', 'mg', 'ml', 'kg', 'g', 'mcg', 'ug', 'µg', 'μg', 'microg', 'micrograms', 'milligrams', 'body', 'weight', 'iu', 'per', 'x', 'alone', 'only', 'is', 'was', 'were', 'significantly', 'from']); // prettier-ignore
/** UTF-16 units between two treatments that belong together. */
const FARTHEST = 170;
/** "over 40 min", "than 20 mg": a length or an amount, no comparison. */
const AMOUNT =
  /\b(?:over|than|v)\s+(?:a\s|the\s|about\s|approximately\s)?\s*(?:\d|[a-z]+[\s-](?:min|h\b|hour|day|week))/gi;

const COMPARE = /\bcompar(?:e[ds]?|ing|isons?)\b[^.;,]*$/i;

/**
 * The word that joins two treatments of one sentence, `left` before `right`; null where they are farther apart, or
 * something else stands between them.
 */
export function jointOf(sentence: Sentence, left: NamedDrug, right: NamedDrug): Joint | null {
  const length = right.start - left.end;
  if (length < 0 || length > FARTHEST || (left.to < right.from && startsElsewhere(sentence, left))) return null;
  const gap = sentence.text.slice(left.end - sentence.start, right.start - sentence.start);
  const plain = gap.replace(/\([^()]*\)|\[[^[\]]*\]/g, ' ');
  if (/[;:()[\]]|\.\s+[A-Z]/.test(plain)) return null;
  let joint: Joint | null = null;
  for (const word of plain
    .replace(AMOUNT, ' ')
    .toLowerCase()
    .match(/[a-zµμ]+/g) ?? []) {
    if (AGAINST.has(word)) joint = 'against';
    else if (word === 'or') joint = joint === 'against' ? joint : 'or';
    else if (word === 'and') joint ??= 'and';
    else if (WITH.has(word)) joint = joint === 'against' ? joint : 'with';
    else if (!BETWEEN.has(word)) return null;
  }
  // "comparing A with B", "compared A to B"
  if ((joint === 'with' && /\bwith\b/.test(plain)) || (joint === null && /^\s*to\b/.test(plain))) {
    const before = sentence.text.slice(Math.max(0, left.start - sentence.start - 80), left.start - sentence.start);
    if (COMPARE.test(before)) return 'against';
  }
  if (joint !== null) return joint;
  if (/^\s*\+\s*$/.test(plain)) return 'with';
  // "placebo-drug": one after the other; "drug-propofol": both at once
  if (/^\s*[-/–‐]\s*$/.test(plain)) return left.inert || right.inert ? 'or' : 'with';
  return plain.includes(',') ? 'list' : null;
}

/** Whether the word behind a treatment leads away from the next one: cheaper than to read on. */
function startsElsewhere({ tokens }: Sentence, { to, end }: NamedDrug): boolean {
  const next = tokens[to];
  if (next?.start !== end + 1 || next.breakBefore) return false;
  const { lower } = next.word;
  return !(BETWEEN.has(lower) || AGAINST.has(lower) || WITH.has(lower) || /^(?:or|and|\d)/.test(lower));
}

/** Whom a treatment is held against in its sentence, or that it was given together with the tracked drug. */
export interface Opposite {
  who: 'drug' | 'other' | 'together';
  joint: Joint;
  /** The first of the two. */
  first: NamedDrug;
}

/**
 * Follows the treatments that a sentence joins to the one at `at`, to both sides. What shares an arm with the tracked
 * drug is held against nothing ("placebo plus the drug"); else the tracked drug wins, and another drug counts only
 * where nothing tracked is among them ("riluzole or placebo after the drug").
 */
export function oppositeOf(sentence: Sentence, drugs: readonly NamedDrug[], at: number): Opposite | null {
  const named = drugs[at];
  if (!named) return null;
  let found: Opposite | null = null;
  for (const step of [-1, 1] as const) {
    let joint: Joint | null = null;
    for (let next = at + step; next >= 0 && next < drugs.length; next += step) {
      const one = drugs[next];
      const near = drugs[next - step];
      if (!one || !near) break;
      const link = step === -1 ? jointOf(sentence, one, near) : jointOf(sentence, near, one);
      if (link === null) break;
      joint = stronger(joint, link);
      const first = step === -1 ? one : named;
      if (one.tracked && joint === 'with') return { who: 'together', joint, first };
      if (joint === 'with' || joint === 'list') continue;
      if (one.tracked && found?.who !== 'drug') found = { who: 'drug', joint, first };
      else if (!one.inert && !found) found = { who: 'other', joint, first };
    }
  }
  return found;
}

const STRENGTH: Record<Joint, number> = { with: 0, list: 1, and: 2, or: 3, against: 4 };

function stronger(one: Joint | null, two: Joint): Joint {
  return one !== null && STRENGTH[one] > STRENGTH[two] ? one : two;
}
