import type { Sentence } from '../analyse-text.js';
import type { Word } from '../word-table.js';
import { isNumeral } from './read-number.js';

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
} as const;

const MASS = /(?:^|\d)(?:mg|mcg|ug|µg|μg)|milligram|microgram/;
const COMPARISON =
  /compar|versus|\bvs\b|\bor\b|placebo|control|\bthan\b|random|inferior|superior|alternative|saline|sham|usual/i;
const TELLING = /^(?:we|were|was)$/i;
const REGISTRY = /\d{5}|CTR|NTR|RBR|NL\d/;

function read(text: string): number {
  let signs = 0;
  if (isNumeral(text)) signs |= SIGNS.numeral;
  if (MASS.test(text)) signs |= SIGNS.mass;
  if (COMPARISON.test(text)) signs |= SIGNS.comparison;
  if (TELLING.test(text)) signs |= SIGNS.telling;
  if (REGISTRY.test(text)) signs |= SIGNS.registry;
  return signs;
}

/** Read once for each word, and kept with it. */
export function signsOf(word: Word): number {
  return (word.signs ??= read(word.text));
}

export function hasSign({ tokens }: Sentence, sign: keyof typeof SIGNS): boolean {
  const wanted = SIGNS[sign];
  for (let at = 0; at < tokens.length; at += 1) {
    const { word } = tokens[at] as Sentence['tokens'][number];
    if ((signsOf(word) & wanted) !== 0) return true;
  }
  return false;
}
