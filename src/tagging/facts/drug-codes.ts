import type { Sentence } from '../analyse-text.js';
import type { DrugWords, NamedDrug } from './drug-words.js';

const CODE = /\b[A-Z]{1,6}[-\u2010]?\d{2,6}\b/g;
/** Makers' codes that a paper may have for one drug. */
const MOST = 3;

/**
 * Finds makers' codes for the tracked drug in sentences, once the paper has said what they stand for: "ABC-12
 * (nasal fictamol)", "fictamol tablets (ABC-12)", "ABC-12, an oral form of fictamol".
 */
export function createCodeReader(
  sentences: readonly Sentence[],
  words: DrugWords,
): (sentence: Sentence) => NamedDrug[] {
  const known = new Map<string, boolean>();
  const isOfDrug = (code: string): boolean => {
    let is = known.get(code);
    if (is === undefined) {
      is = known.size < 8 && sentences.some((sentence) => explains(sentence, code, words));
      known.set(code, is);
    }
    return is;
  };
  return ({ text, start }) => {
    const found: NamedDrug[] = [];
    for (const match of text.matchAll(CODE)) {
      if (found.length >= MOST || !isOfDrug(match[0])) continue;
      const from = start + match.index;
      found.push({ tracked: true, inert: false, start: from, end: from + match[0].length, from: -1, to: -1 }); // prettier-ignore
    }
    return found;
  };
}

function explains(sentence: Sentence, code: string, words: DrugWords): boolean {
  const { start } = sentence;
  const text = withHyphens(sentence.text);
  const at = text.indexOf(withHyphens(code));
  if (at === -1) return false;
  const end = at + code.length;
  return words.find(sentence).some((drug) => {
    if (!drug.tracked) return false;
    const [from, to] = [drug.start - start, drug.end - start];
    if (from >= end) return /^\s?(?:\(|,\s(?:an?|the)\s)[^(),.;]{0,60}$/.test(text.slice(end, from));
    return to <= at && /^(?:\s[\w\u2010-]+){0,6}\s?\((?:code\s)?$/.test(text.slice(to, at));
  });
}

/** A hyphen may be one character or another, in one paper. */
function withHyphens(text: string): string {
  return text.replaceAll('\u2010', '-');
}
