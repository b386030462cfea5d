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
  /** It may take the force away from a phrase nearby (context.ts, set-aside.ts). */
  context: 1_024,
  /** An outcome, of whatever kind ("reduc…", "rapid", "may"). */
  outcome: 2_048,
  /** How something came out, plainly ("reduced", "superior"). */
  plainOutcome: 4_096,
  /** Of a sentence: it holds a statistic of the paper's own ("P < 0.05", "n = 30", "95% CI"). */
  statistic: 256,
  /** Of a sentence: a share. */
  share: 512,
} as const;
export type Sign = keyof typeof SIGNS;

const MASS = /(?:^|\d)(?:mg|mcg|ug|µg|μg)|milligram|^micro(?:g|$)/;
const COMPARISON =
  /compar|versus|\bvs\b|\bor\b|placebo|control|\bthan\b|random|inferior|superior|alternative|saline|sham|usual|group|whereas|alone|crossover|^cross$|^apart$|^not$|^did$|^non|divided|session|^similar$/i;
const TELLING = /^(?:we|were|was)$/i;
const REGISTRY = /\d{5}|CTR|NTR|RBR|NL\d/;
/** Words of sentences on what was measured and how it came out, which those on what is known of old seldom have. */
const ASSESSMENT = new Set(['recorded', 'assessed', 'monitored', 'measured', 'evaluated', 'evaluate', 'assess', 'score', 'scores', 'scale', 'rating', 'ratings', 'incidence', 'frequency', 'rate', 'rates', 'outcome', 'outcomes', 'reported', 'observed', 'occurred', 'experienced', 'developed', 'compared', 'increased', 'decreased', 'significant', 'significantly', 'higher', 'lower']); // prettier-ignore

const OUTCOME =
  /^(?:effective|efficac|safe|tolera|reduc|improv|increas|decreas|attenuat|superior|inferior|similar|comparable|associat|predict|correlat|significan|insignificant|prevent|revers|produc|induc|enhanc|mediat|alleviat|relie[fv]|benefi|promising|useful|alternative|rapid|better|worse|higher|lower|more$|less$|fewer|greater|provid|contribut|impair|alter|play|involv|feasible|potential|requir|risk|role|may$|can$|did$|does$)/i;
const PLAIN_OUTCOME =
  /^(?:effective|safe|reduc(?:ed|es|tions?)|improv(?:ed|es|ements?)|increas(?:ed|es)|decreas(?:ed|es)|superior|inferior|similar|associated|predict(?:s|ed)|significant(?:ly)?|prevent(?:s|ed)|revers(?:es|ed)|alleviat(?:es|ed)|attenuat(?:es|ed)|induc(?:es|ed)|better|higher|lower|fewer|greater|produc(?:es|ed)|impair(?:s|ed)|feasible|tolerated|did)$/i;

const CONTEXT = new Set(['no', 'not', 'without', 'never', 'non', 'neither', 'nor', 'free', 'absence', 'absent', 'lacking', 'exclude', 'excluded', 'excluding', 'exclusion', 'exclusions', 'except', 'ineligible', 'exclusionary', 'omit', 'omitted', 'omitting', 'dropped', 'disregarded', 'elsewhere', 'outside', 'beyond', 'aside', 'apart', 'left', 'declined', 'history', 'such', 'including', 'g', 'eg']); // prettier-ignore
const LONGEST_CONTEXT = Math.max(...[...CONTEXT].map(({ length }) => length));

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
  if (OUTCOME.test(text)) signs |= SIGNS.outcome | (PLAIN_OUTCOME.test(text) ? SIGNS.plainOutcome : 0);
  if (text.length <= LONGEST_CONTEXT && CONTEXT.has(text.toLowerCase())) signs |= SIGNS.context;
  return signs;
}

/** Read once for each word, and kept with it. */
function signsOf(word: Word): number {
  return word.signs === -1 ? (word.signs = read(word.text)) : word.signs;
}

/** The signs of all words of a sentence together, and its own. */
export function signsIn(text: string, tokens: readonly Token[]): number {
  let signs = 0;
  for (let at = 0; at < tokens.length; at += 1) signs |= signsOf((tokens[at] as Token).word);
  if ((signs & SIGNS.figure) !== 0 && hasStatistic(tokens)) signs |= SIGNS.statistic;
  if (text.includes('%')) signs |= SIGNS.share;
  return signs;
}

/** Signs before or after a figure by which a paper reports what it has measured itself. */
const STATISTICS = new Set(['p', 'n', 'ci', 'sd', 'se', 'sem', 'or', 'hr', 'rr', 'smd', 'md', 'iqr', 'ns', 'f', 't', 'r', 'd', 'auc']); // prettier-ignore

function hasStatistic(tokens: readonly Token[]): boolean {
  for (let at = 0; at < tokens.length; at += 1) {
    if ((signsOf((tokens[at] as Token).word) & SIGNS.figure) === 0) continue;
    const before = tokens[at - 1];
    if (before && before.text.length <= 3 && STATISTICS.has(before.word.lower)) return true;
    if (tokens[at + 1]?.text === 'CI') return true;
  }
  return false;
}

export const hasSign = ({ signs }: Sentence, sign: Sign): boolean => (signs & SIGNS[sign]) !== 0;
