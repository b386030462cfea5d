import type { AnalysedText } from './analyse-text.js';
import type { StyleFigures } from './features.js';
import { hasSign } from './word-signs.js';

/** Whether a paper has figures of its own, and whether it only announces them. */
export function measureStyle({ sentences }: AnalysedText): StyleFigures {
  let statistics = 0;
  let plans = 0;
  for (const sentence of sentences) {
    if (hasSign(sentence, 'statistic') && sentence.role !== 'background') statistics += 1;
    if (hasSign(sentence, 'plan')) plans += 1;
  }
  return { statistics: Math.log1p(statistics), plans: sentences.length > 0 ? plans / sentences.length : 0 };
}
