import type { AnalysedText, Sentence } from './analyse-text.js';
import type { StyleFigures } from './features.js';

/** Signs before or after a figure by which a paper reports what it has measured itself. */
const STATISTICS = new Set(['p', 'n', 'ci', 'sd', 'se', 'sem', 'or', 'hr', 'rr', 'smd', 'md', 'iqr', 'ns', 'f', 't', 'r', 'd', 'auc']); // prettier-ignore
/** Words of sentences on what was measured and how it came out, which those on what is known of old seldom have. */
const ASSESSMENT = new Set(['recorded', 'assessed', 'monitored', 'measured', 'evaluated', 'evaluate', 'assess', 'score', 'scores', 'scale', 'rating', 'ratings', 'incidence', 'frequency', 'rate', 'rates', 'outcome', 'outcomes', 'reported', 'observed', 'occurred', 'experienced', 'developed', 'compared', 'increased', 'decreased', 'significant', 'significantly', 'higher', 'lower']); // prettier-ignore

/** Whether a paper has figures of its own, whether it only announces them, and which sentences hold them. */
export function measureStyle({ sentences }: AnalysedText): StyleFigures {
  let statistics = 0;
  let plans = 0;
  const withFigures = new Set<Sentence>();
  const assessed = new Set<Sentence>();
  for (const sentence of sentences) {
    const own = hasStatistics(sentence);
    if (own && sentence.role !== 'background') statistics += 1;
    if (own || sentence.text.includes('%')) withFigures.add(sentence);
    let planned = false;
    for (const { text } of sentence.tokens) {
      if (text === 'will' || text === 'shall') planned = true;
      else if (ASSESSMENT.has(text)) assessed.add(sentence);
    }
    if (planned) plans += 1;
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
    if (!isFigure(tokens[at]?.text ?? '')) continue;
    const before = tokens[at - 1];
    if (before && STATISTICS.has(before.word.lower)) return true;
    if (tokens[at + 1]?.text === 'CI') return true;
  }
  return false;
}

function isFigure(text: string): boolean {
  const code = text.charCodeAt(0);
  return code >= 48 && code <= 57;
}
