import type { Facts, Span } from '../../model/tag.js';
import type { Sentence } from '../analyse-text.js';

/** As registries print the form that sponsors fill in. */
const PLANNED = /\bsubjects for this age range:? (\d{1,6})\b/gi;

/** The planned number of a registry record that gives it for each range of age: their sum. */
export function readRegistryNumbers(
  sentences: readonly Sentence[],
): { value: NonNullable<Facts['participants']>; spans: Span[] } | null {
  const spans: Span[] = [];
  let value = 0;
  for (const { text, start, field, index } of sentences) {
    if (!text.includes('age range')) continue;
    for (const match of text.matchAll(PLANNED)) {
      value += Number(match[1]);
      const from = start + match.index;
      spans.push({ field, index, start: from, end: from + match[0].length, text: match[0], rule: 'planned number' });
    }
  }
  return value > 0 ? { value: { value, unit: 'participants' }, spans } : null;
}
