import type { Sentence } from './analyse-text.js';
import { isNumeral } from './facts/read-number.js';
import { hasSign } from './word-signs.js';

/**
 * Constructions that take the force away from a phrase. They are properties of English abstracts: which words are
 * phrases of a tag stands in the taxonomy.
 */
export type Context = 'negated' | 'excluded' | 'in the history' | 'in a list of examples' | 'left out by the paper';

const NEGATIONS = new Set(['no', 'not', 'without', 'never', 'non', 'neither', 'nor', 'free', 'absence', 'absent', 'lacking', 'exclude', 'excluded', 'excluding', 'except']); // prettier-ignore
const EXCLUSIONS = new Set(['excluded', 'exclusion', 'exclusions', 'excluding', 'exclude', 'ineligible']);
const BEFORE = 4;
const OF = new Set(['of', 'from']);
const VERBS = new Set(['was', 'were', 'is', 'are', 'be', 'been', 'will', 'would']);
const TAKEN_IN = new Set(['eligible', 'enrolled', 'included', 'recruited', 'approached', 'accepted', 'admitted', 'considered', 'permitted', 'allowed', 'invited', 'studied', 'assessed', 'examined', 'measured', 'recorded', 'rated', 'analysed', 'analyzed', 'investigated', 'evaluated', 'sought']); // prettier-ignore
/** Words behind which a verb speaks of something else. */
const ENDS_SUBJECT = new Set(['who', 'whose', 'which', 'that', 'but', 'while', 'whereas', 'because', 'although']);
/** How far behind a phrase its verb is looked for. */
const FAR = 10;

/**
 * The construction around the words `from` to `to`, null when they stand for themselves. For what is studied and in
 * whom: there absence counts out. "No nausea" is a safety finding all the same.
 */
export function findContext(sentence: Sentence, from: number, to: number): Context | null {
  if (sentence.role === 'exclusion') return 'excluded';
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
    if (EXCLUSIONS.has(word)) return 'excluded';
    if (word === 'no' && near === 1) return 'negated';
    // "no history of depression", "not diagnosed with PTSD"
    if ((word === 'no' || word === 'not') && near > 1 && isNegatedNoun(tokens, at, from)) return 'negated';
  }
  if (isExcludedNext(tokens, to) || isListedAsExcluded(tokens, from)) return 'excluded';
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

/** "Exclusion criteria were uncontrolled hypertension, …": what keeps people out of a study is no finding of it. */
export function isExcluded(sentence: Sentence, from: number): boolean {
  if (sentence.role === 'exclusion') return true;
  if (!hasSign(sentence, 'context')) return false;
  const { tokens } = sentence;
  for (let at = 0; at < from; at += 1) {
    if (!EXCLUSIONS.has(wordAt(tokens, at))) continue;
    if (at < 3 || /^criteri(a|on)$/.test(wordAt(tokens, at + 1))) return true;
  }
  return false;
}

function wordAt(tokens: Sentence['tokens'], at: number): string {
  return tokens[at]?.word.lower ?? '';
}

/** "… were excluded", "… or renal impairment will not be enrolled", "… were left out": the verb that comes next. */
function isExcludedNext(tokens: Sentence['tokens'], from: number): boolean {
  for (let at = from; at < from + FAR && at < tokens.length; at += 1) {
    const word = wordAt(tokens, at);
    if (ENDS_SUBJECT.has(word) || isNumeral(word)) return false;
    if (!VERBS.has(word)) continue;
    for (let next = at + 1; next < at + 4 && next < tokens.length; next += 1) if (leavesOut(tokens, next)) return true;
    return false;
  }
  return false;
}

/** "excluded", "not eligible", "not assessed", "left out" */
function leavesOut(tokens: Sentence['tokens'], at: number): boolean {
  const word = wordAt(tokens, at);
  if (EXCLUSIONS.has(word) || word === 'omitted') return true;
  const before = wordAt(tokens, at - 1);
  if (word === 'out') return before === 'left';
  return TAKEN_IN.has(word) && (before === 'not' || (before === 'be' && wordAt(tokens, at - 2) === 'not'));
}

/** "We excluded studies of …, … and …", "Exclusion criteria are …": all that the sentence goes on to name. */
function isListedAsExcluded(tokens: Sentence['tokens'], from: number): boolean {
  for (let at = 0; at < 4 && at < from; at += 1) {
    const word = wordAt(tokens, at);
    if (word === 'excluded' && at < 2) return at === 0 || wordAt(tokens, 0) === 'we';
    if (word === 'exclusion' || word === 'exclusions') return true;
  }
  return false;
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
