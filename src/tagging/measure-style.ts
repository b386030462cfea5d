import type { AnalysedText, Sentence } from './analyse-text.js';
import type { StyleFigures } from './features.js';

/** Signs before or after a figure by which a paper reports what it has measured itself. */
const STATISTICS = new Set(['p', 'n', 'ci', 'sd', 'se', 'sem', 'or', 'hr', 'rr', 'smd', 'md', 'iqr', 'ns', 'f', 't', 'r', 'd', 'auc']); // prettier-ignore

/** Whether a paper has figures of its own, and whether it only announces them. */
export function measureStyle({ sentences }: AnalysedText): StyleFigures {
  let statistics = 0;
  let plans = 0;
  for (const sentence of sentences) {
    if (sentence.role !== 'background' && hasStatistics(sentence)) statistics += 1;
    if (sentence.tokens.some(({ text }) => text === 'will' || text === 'shall')) plans += 1;
  }
  return { statistics: Math.log1p(statistics), plans: sentences.length > 0 ? plans / sentences.length : 0 };
}

function hasStatistics({ tokens }: Sentence): boolean {
  for (let at = 0; at + 1 < tokens.length; at += 1) {
    const one = tokens[at]?.text ?? '';
    const other = tokens[at + 1]?.text ?? '';
    if (isFigure(other) && STATISTICS.has(one.toLowerCase())) return true;
    if (isFigure(one) && other === 'CI') return true;
  }
  return false;
}

function isFigure(text: string): boolean {
  const code = text.charCodeAt(0);
  return code >= 48 && code <= 57;
}
