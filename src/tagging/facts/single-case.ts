import type { Span } from '../../model/tag.js';
import type { Sentence } from '../analyse-text.js';

const ONE_PERSON =
  /\b(?:an?|one|this|our|the|case(?:\sreport)? of)\s+(?:[\w-]+[\s,]+){0,4}\d{1,3}[-\s\u2010\u2011]*(?:year|yr|month|week|day)s?[-\s\u2010\u2011]*old\b(?:[\s,-]+[\w-]+){0,6}?\s+(?:man|woman|male|female|patient|boy|girl|infant|child|adolescent|neonate|gentleman|lady|veteran)\b/i;
const ONE_PATIENT =
  /\b(?:case (?:report )?of an?|report(?:ed|s)? (?:on |here )?(?:the case of )?an?|(?:present|describe)(?:ed|d|s)? (?:here )?(?:the case of )?an?|in (?:a single|one|an?)|the case of an?|treatment of an?) (?:[\w-]+ ){0,5}(?:patient|man|woman|child|infant|boy|girl|adolescent|case|individual|veteran)\b/i;

/** A case report tells of one. */
export function findSingleCase(sentences: readonly Sentence[], study: string | null): Span | null {
  if (study !== 'case-report') return null;
  for (const pattern of [ONE_PERSON, ONE_PATIENT])
    for (const sentence of sentences) {
      const match = pattern.exec(sentence.text);
      if (!match) continue;
      const start = sentence.start + match.index;
      const { field, index } = sentence;
      return { field, index, start, end: start + match[0].length, text: match[0], rule: 'single case' };
    }
  return null;
}
