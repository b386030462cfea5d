import type { Span } from '../../model/tag.js';
import type { Sentence } from '../analyse-text.js';

/** The words `from` to `to` (exclusive) of a sentence, as evidence. */
export function spanOf(sentence: Sentence, from: number, to: number, rule: string): Span {
  const { field, index, tokens } = sentence;
  const start = tokens[from]?.start ?? sentence.start;
  const end = Math.max(start, tokens[to - 1]?.end ?? start);
  const text = sentence.text.slice(start - sentence.start, end - sentence.start);
  // "patients (n = 48)" ends behind its bracket
  const closes = text.includes('(') && !text.includes(')') && sentence.text.charAt(end - sentence.start) === ')';
  return spanBetween(sentence, start, closes ? end + 1 : end, rule, { field, index });
}

function spanBetween(
  sentence: Sentence,
  start: number,
  end: number,
  rule: string,
  place: Pick<Span, 'field' | 'index'>,
): Span {
  return { ...place, start, end, text: sentence.text.slice(start - sentence.start, end - sentence.start), rule };
}
