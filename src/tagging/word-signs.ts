import type { Sentence } from './analyse-text.js';
import { isNumeral } from './facts/read-number.js';
import type { Token } from './tokenise.js';
import type { Word } from './word-table.js';

/** What a single word tells: a sentence without any word of a sign need not be searched for what it is a sign of. */
export const SIGNS = {
  /** A number may begin here. */
  numeral: 1,
  /** A unit of mass, alone or behind figures. */
  mass: 2,
  /** Something may be held against something else. */
  comparison: 4,
  /** Somebody tells what was done. */
  telling: 8,
  /** A registry, or figures as long as a registry's number. */
  registry: 16,
  /** It begins with a figure. */
  figure: 32,
  /** Something was measured, or came out in some way. */
  assessment: 64,
  /** It is still to be done. */
  plan: 128,
} as const;
export type Sign = keyof typeof SIGNS;

const MASS = /(?:^|\d)(?:mg|mcg|ug|µg|μg)|milligram|microgram/;
const COMPARISON =
  /compar|versus|\bvs\b|\bor\b|placebo|control|\bthan\b|random|inferior|superior|alternative|saline|sham|usual/i;
const TELLING = /^(?:we|were|was)$/i;
const REGISTRY = /\d{5}|CTR|NTR|RBR|NL\d/;
/** Words of sentences on what was measured and how it came out, which those on what is known of old seldom have. */
const ASSESSMENT = new Set(['recorded', 'assessed', 'monitored', 'measured', 'evaluated', 'evaluate', 'assess', 'score', 'scores', 'scale', 'rating', 'ratings', 'incidence', 'frequency', 'rate', 'rates', 'outcome', 'outcomes', 'reported', 'observed', 'occurred', 'experienced', 'developed', 'compared', 'increased', 'decreased', 'significant', 'significantly', 'higher', 'lower']); // prettier-ignore

function read(text: string): number {
  let signs = 0;
  if (isNumeral(text)) signs |= SIGNS.numeral;
  if (MASS.test(text)) signs |= SIGNS.mass;
  if (COMPARISON.test(text)) signs |= SIGNS.comparison;
  if (TELLING.test(text)) signs |= SIGNS.telling;
  if (REGISTRY.test(text)) signs |= SIGNS.registry;
  if (/^[0-9]/.test(text)) signs |= SIGNS.figure;
  if (ASSESSMENT.has(text)) signs |= SIGNS.assessment;
  if (text === 'will' || text === 'shall') signs |= SIGNS.plan;
  return signs;
}

/** Read once for each word, and kept with it. */
export function signsOf(word: Word): number {
  return word.signs === -1 ? (word.signs = read(word.text)) : word.signs;
}

/** The signs of all words of a sentence together. */
export function signsIn(tokens: readonly Token[]): number {
  let signs = 0;
  for (let at = 0; at < tokens.length; at += 1) signs |= signsOf((tokens[at] as Token).word);
  return signs;
}

export const hasSign = ({ signs }: Sentence, sign: Sign): boolean => (signs & SIGNS[sign]) !== 0;
