import { createHash } from 'node:crypto';
import type { FactEvidence, FactName, Facts } from '../../model/tag.js';

/** What a reader notes of a paper's facts. Every list holds what is acceptable; an empty one: the paper does not say. */
export interface FactLabels {
  /** Numbers of participants or animals. */
  participants?: number[];
  /** Names of what the drug was held against, in lower case. */
  comparator?: string[];
  /** All doses: the number (of a range its lower end) and the unit, "0.5 mg/kg". */
  doses?: string[];
  /** Sentences that state the main result or the conclusion, as `fingerprintOf`. */
  finding?: string[];
}

/** How a fact came out for one paper or, of doses, for one dose. */
type Outcome = 'right' | 'rightly absent' | 'wrong' | 'missed' | 'not there';

export interface FactScore {
  fact: FactName;
  papers: number;
  /** Share of what the tagger states that is right. */
  precision: number;
  /** Share of what the papers state that the tagger states rightly. */
  recall: number;
  /** Share of papers with the right answer, be it that there is none; null for doses, of which a paper has many. */
  accuracy: number | null;
}

export interface FactPair {
  labels: FactLabels | null;
  facts: Facts;
  factEvidence: readonly FactEvidence[];
}

/** Compares extracted facts with those that readers noted; a fact that nobody noted is absent. */
export function scoreFacts(pairs: readonly FactPair[]): FactScore[] {
  return (['participants', 'comparator', 'doses', 'finding'] as const).flatMap((fact): FactScore[] => {
    const papers = pairs.filter(({ labels }) => labels?.[fact] !== undefined);
    if (papers.length === 0) return [];
    const outcomes = papers.flatMap((pair) => OUTCOMES[fact](pair, pair.labels ?? {}));
    const count = (...some: Outcome[]): number => outcomes.filter((outcome) => some.includes(outcome)).length;
    const right = count('right');
    return [
      {
        fact,
        papers: papers.length,
        precision: share(right, count('right', 'wrong', 'not there')),
        recall: share(right, count('right', 'wrong', 'missed')),
        accuracy: fact === 'doses' ? null : share(count('right', 'rightly absent'), papers.length),
      },
    ];
  });
}

/**
 * Names a sentence without telling it: SHA-256 (16 hex digits) of its last sixty letters and digits, so that it does
 * not matter with which bracket or heading it begins.
 */
export function fingerprintOf(sentence: string): string {
  const letters = sentence.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  return createHash('sha256').update(letters.slice(-60)).digest('hex').slice(0, 16);
}

const OUTCOMES: Record<keyof FactLabels, (pair: FactPair, labels: FactLabels) => Outcome[]> = {
  participants: ({ facts }, { participants = [] }) => [
    judge(facts.participants?.value ?? null, participants, (value) => participants.includes(value)),
  ],
  comparator: ({ facts }, { comparator = [] }) => [
    judge(facts.comparator, comparator, (value) => comparator.some((name) => haveWordInCommon(name, value))),
  ],
  doses: ({ facts }, { doses = [] }) => {
    const given = new Set(facts.doses.map(({ value, unit }) => doseOf(`${value} ${unit}`)));
    const wanted = new Set(doses.map(doseOf));
    return [
      ...[...given].map((dose): Outcome => (wanted.has(dose) ? 'right' : 'not there')),
      ...[...wanted].filter((dose) => !given.has(dose)).map((): Outcome => 'missed'),
    ];
  },
  finding: ({ factEvidence }, { finding = [] }) => {
    const spans = factEvidence.find(({ fact }) => fact === 'finding')?.spans ?? [];
    const said = spans.map(({ text }) => fingerprintOf(text));
    return [judge(said.length > 0 ? said : null, finding, (some) => some.some((one) => finding.includes(one)))];
  },
};

function judge<T>(given: T | null, wanted: readonly unknown[], isRight: (given: T) => boolean): Outcome {
  if (given === null) return wanted.length === 0 ? 'rightly absent' : 'missed';
  if (wanted.length === 0) return 'not there';
  return isRight(given) ? 'right' : 'wrong';
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/\p{L}{3,}/gu) ?? [];

function haveWordInCommon(one: string, other: string): boolean {
  const words = wordsOf(one);
  return wordsOf(other).some((word) => words.includes(word));
}

/** One way of writing a dose: "0.50 mg kg-1" and "0.5 mg/kg" are the same. */
function doseOf(text: string): string {
  const unit = text
    .toLowerCase()
    .replace(/[µμ]/g, 'u')
    .replace(/mcg/g, 'ug')
    .replace(/^[\d.]+|[\s·]/g, '');
  return `${Number(/^[\d.]+/.exec(text)?.[0] ?? Number.NaN)} ${unit}`;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((1000 * part) / whole) / 1000;
}
