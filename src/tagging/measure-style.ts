import type { AnalysedText, Sentence } from './analyse-text.js';
import type { StyleFigures } from './features.js';
import { SIGNS, signsOf } from './word-signs.js';

/** Signs before or after a figure by which a paper reports what it has measured itself. */
const STATISTICS = new Set(['p', 'n', 'ci', 'sd', 'se', 'sem', 'or', 'hr', 'rr', 'smd', 'md', 'iqr', 'ns', 'f', 't', 'r', 'd', 'auc']); // prettier-ignore
/** Whether a paper has figures of its own, whether it only announces them, and which sentences hold them. */
export function measureStyle({ sentences }: AnalysedText): StyleFigures {
  let statistics = 0;
  let plans = 0;
  const withFigures = new Set<Sentence>();
  const assessed = new Set<Sentence>();
  for (const sentence of sentences) {
    const { signs } = sentence;
    const own = (signs & SIGNS.figure) !== 0 && hasStatistics(sentence);
    if (own && sentence.role !== 'background') statistics += 1;
    if (own || sentence.text.includes('%')) withFigures.add(sentence);
    if ((signs & SIGNS.assessment) !== 0) assessed.add(sentence);
    if ((signs & SIGNS.plan) !== 0) plans += 1;
  }
  return {
    statistics: Math.log1p(statistics),
    plans: sentences.length > 0 ? plans / sentences.length : 0,
    withFigures,
    assessed,
  };
}

function hasStatistics({ tokens }: Sentence): boolean {
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] as Sentence['tokens'][number];
    if ((signsOf(token.word) & SIGNS.figure) === 0) continue;
    const before = tokens[at - 1];
    if (before && STATISTICS.has(before.word.lower)) return true;
    if (tokens[at + 1]?.text === 'CI') return true;
  }
  return false;
}
