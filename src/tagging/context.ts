import type { Sentence } from './analyse-text.js';
import { isSetAside } from './set-aside.js';
import { hasSign } from './word-signs.js';

/**
 * Constructions that take the force away from a phrase. They are properties of English abstracts: which words are
 * phrases of a tag stands in the taxonomy.
 */
export type Context = 'negated' | 'in the history' | 'in a list of examples' | 'left out by the paper';

const NEGATIONS = new Set(['no', 'not', 'without', 'non', 'free', 'absence']);
const BEFORE = 4;
const OF = new Set(['of', 'from']);

/**
 * The construction around the words `from` to `to`, null when they stand for themselves. For what is studied and in
 * whom: there absence counts out. "No nausea" is a safety finding all the same.
 */
export function findContext(sentence: Sentence, from: number, to: number): Context | null {
  if (isSetAside(sentence, from, to)) return 'left out by the paper';
  if (!hasSign(sentence, 'context')) return null;
  const { tokens } = sentence;
  for (let at = Math.max(0, from - BEFORE); at < from; at += 1) {
    const word = wordAt(tokens, at);
    if (!NEGATIONS.has(word)) continue;
    const near = from - at;
    // "with or without psychotic features", "with and without pain": both are studied.
    if (word === 'without' && isWithAnd(tokens, at)) continue;
    // "non-depressed", "free of pain"; not "non-responders with depression", "opioid-free anaesthesia"
    if (word === 'non' && near > 1) continue;
    if (word === 'free' && !OF.has(wordAt(tokens, at + 1))) continue;
    if ((word === 'without' || word === 'absence' || word === 'free' || word === 'non') && near <= 3) return 'negated';
    if (word === 'no' && near === 1) return 'negated';
    // "no history of depression", "not diagnosed with PTSD"
    if ((word === 'no' || word === 'not') && near > 1 && isNegatedNoun(tokens, at, from)) return 'negated';
  }
  if (
    wordAt(tokens, from - 1) === 'of' &&
    wordAt(tokens, from - 2) === 'history' &&
    wordAt(tokens, from - 3) !== 'family'
  ) {
    return 'in the history';
  }
  if (sentence.role === 'background' && isExample(sentence, from)) return 'in a list of examples';
  return null;
}

function wordAt(tokens: Sentence['tokens'], at: number): string {
  return tokens[at]?.word.lower ?? '';
}

/** A noun of diagnosis stands between the negation and the phrase; a verb ("did not reduce depression") does not negate it. */
function isNegatedNoun(tokens: Sentence['tokens'], from: number, to: number): boolean {
  return tokens
    .slice(from + 1, to)
    .some((token) => /^(history|diagnos\w*|current|comorbid\w*|prior|evidence|sign|signs|known)$/i.test(token.text));
}

function isWithAnd(tokens: Sentence['tokens'], at: number): boolean {
  const before = wordAt(tokens, at - 1);
  return (before === 'and' || before === 'or' || before === 'versus') && wordAt(tokens, at - 2) === 'with';
}

/** "such as X, Y and Z", "including X": up to a dozen words back, within the sentence. */
function isExample(sentence: Sentence, from: number): boolean {
  for (let at = from - 1; at >= 0 && at >= from - 12; at -= 1) {
    const word = wordAt(sentence.tokens, at);
    if (word === 'as' && wordAt(sentence.tokens, at - 1) === 'such') return true;
    if (word === 'including' || (word === 'g' && wordAt(sentence.tokens, at - 1) === 'e') || word === 'eg') return true;
  }
  return false;
}
