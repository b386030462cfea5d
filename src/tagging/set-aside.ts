import type { Sentence } from './analyse-text.js';
import { isNumeral } from './facts/read-number.js';
import { hasSign } from './word-signs.js';

/**
 * What a paper names only to say that it left it out: "trials of the nasal spray were excluded", "cytokines were not
 * assayed", "neither was offered", "no eligible study had used it". Such words say what a paper is not about. A
 * finding that came out negative ("did not reduce pain", "was not superior") is no such sentence.
 */
export function isSetAside(sentence: Sentence, from: number, to: number): boolean {
  if (sentence.role === 'exclusion' || isOpenQuestion(sentence)) return true;
  if (!hasSign(sentence, 'context') || sentence.tokens.length > LONGEST) return false;
  if (isListOfExclusions(sentence, from)) return true;
  const { start, end } = clauseAround(sentence, from, to);
  return isLeftOutBefore(sentence, start, from, to, end) || isLeftOutAfter(sentence, start, from, to, end);
}

const OUT = new Set(['excluded', 'excluding', 'exclude', 'omitted', 'omitting', 'omit']);
const LEFT_OUT = new Set(['excluded', 'omitted', 'ineligible', 'exclusionary', 'exclusion', 'dropped', 'disregarded']);
/** Verbs of what a study does with its subject; not those of how something came out. */
const DONE = new Set(['acquired', 'addressed', 'administered', 'adopted', 'allowed', 'analysed', 'analyzed', 'approved', 'assayed', 'assessed', 'attempted', 'available', 'carried', 'collected', 'conducted', 'covered', 'dealt', 'determined', 'discussed', 'done', 'drawn', 'elicited', 'eligible', 'enrolled', 'evaluated', 'examined', 'explored', 'extracted', 'genotyped', 'given', 'imaged', 'included', 'intended', 'investigated', 'licensed', 'made', 'measured', 'modeled', 'modelled', 'monitored', 'obtained', 'offered', 'part', 'performed', 'permitted', 'planned', 'pooled', 'prescribed', 'profiled', 'provided', 'quantified', 'reviewed', 'sampled', 'scanned', 'searched', 'sequenced', 'sought', 'studied', 'summarised', 'summarized', 'synthesised', 'synthesized', 'taken', 'targets', 'tested', 'tried', 'undertaken', 'used']); // prettier-ignore
const DO = new Set(['acquire', 'address', 'allow', 'analyse', 'analyze', 'assay', 'assess', 'collect', 'consider', 'cover', 'deal', 'determine', 'discuss', 'enrol', 'enroll', 'evaluate', 'examine', 'explore', 'extract', 'include', 'investigate', 'look', 'measure', 'monitor', 'obtain', 'offer', 'permit', 'prescribe', 'provide', 'quantify', 'review', 'sample', 'study', 'test', 'use']); // prettier-ignore
const VERBS = new Set(['was', 'were', 'is', 'are', 'has', 'have', 'had', 'be', 'been', 'will', 'could', 'did']);
const REACH = new Set(['scope', 'reach', 'limits', 'remit', 'purpose', 'question']);
const JOINED = new Set(['and', 'but', 'or', 'nor', 'yet']);
const LINKS = new Set(['whereas', 'although', 'though', 'while', 'because', 'since']);
/** Words that begin a clause of their own, of which the words before are not the subject. */
const RELATIVES = new Set(['who', 'whose', 'whom', 'which', 'that', 'when', 'where', 'if', 'unless', 'until', ...LINKS]); // prettier-ignore
const PREPOSITIONS = new Set(['in', 'after', 'with', 'at', 'of', 'among', 'for', 'when', 'although', 'though', 'while', 'whereas', 'during', 'following', 'despite', 'compared', 'unlike', 'from', 'on', 'under', 'by', 'because', 'since', 'as', 'if', 'excluding', 'omitting', 'unless', 'before']); // prettier-ignore
const OPEN = new Set(['unknown', 'unclear', 'uncertain', 'untested', 'unanswered', 'remains', 'remain']);
const PEOPLE = /^(?:patients?|participants?|subjects?|wom[ae]n|child(?:ren)?|adults?|volunteers?|people|persons?)$/;
const STUDIES = new Set(['study', 'studies', 'trial', 'trials', 'report', 'reports', 'rct', 'rcts', 'review', 'article']); // prettier-ignore
/** Longer than any sentence that somebody wrote. */
const LONGEST = 400;
const BEFORE = 10;
const AFTER = 14;

const wordAt = ({ tokens }: Sentence, at: number): string => tokens[at]?.word.lower ?? '';

function breakBefore({ tokens, text, start }: Sentence, at: number): string {
  const token = tokens[at];
  const before = tokens[at - 1];
  return token?.breakBefore && before ? text.slice(before.end - start, token.start - start) : '';
}

/** "Excluded: …", "Exclusion criteria were …", "We excluded …, … and …" */
function isListOfExclusions(sentence: Sentence, from: number): boolean {
  for (let at = 0; at < from; at += 1) {
    const word = wordAt(sentence, at);
    if (word === 'exclusion') {
      if (/^criteri(?:a|on)$/.test(wordAt(sentence, at + 1)) && wordAt(sentence, at - 1) !== 'and') return true;
    } else if (word === 'excluded' && (at === 0 || (at === 1 && wordAt(sentence, 0) === 'we'))) return true;
  }
  return false;
}

/** The words around a phrase that are said of the same subject. */
function clauseAround(sentence: Sentence, from: number, to: number): { start: number; end: number } {
  let start = 0;
  for (let at = 1; at < sentence.tokens.length; at += 1) {
    if (at > from && at < to) continue;
    if (!beginsClause(sentence, at, start)) continue;
    if (at > from) return { start, end: at };
    start = at;
  }
  return { start, end: sentence.tokens.length };
}

function beginsClause(sentence: Sentence, at: number, start: number): boolean {
  const word = wordAt(sentence, at);
  const next = wordAt(sentence, at + 1);
  if (LINKS.has(word)) return true;
  if (word === 'but') return !VERBS.has(next) && next !== 'not';
  if (word === 'and' && (next === 'we' || isNumeral(next))) return true;
  const gap = breakBefore(sentence, at);
  if (gap === '') return false;
  return /[;:]/.test(gap) || (gap.includes(',') && (word === 'we' || PREPOSITIONS.has(wordAt(sentence, start))));
}

/** "we excluded …", "no trial used …", "neither … nor … was offered", "did not measure …" */
function isLeftOutBefore(sentence: Sentence, start: number, from: number, to: number, end: number): boolean {
  for (let at = from - 1; at >= start && at >= from - BEFORE; at -= 1) {
    const word = wordAt(sentence, at);
    if (OUT.has(word)) return true;
    const near = from - at;
    if (word === 'declined' && near <= 3) return true;
    if (word === 'not') {
      if (DO.has(wordAt(sentence, at + 1)) || wordAt(sentence, at + 1) === 'afford') return true;
    } else if (word === 'neither') {
      if (isDoneNext(sentence, to, end)) return true;
    } else if (word === 'no' && near <= 6) {
      let people = false;
      for (let between = at + 1; between < from; between += 1) {
        if (STUDIES.has(wordAt(sentence, between)) && between <= at + 3) return !isGap(sentence, between + 1);
        if (PEOPLE.test(wordAt(sentence, between))) people = true;
      }
      if (!people && isDoneNext(sentence, to, end)) return true;
    }
  }
  return false;
}

/** "Whether … does the same is unknown", "How this applies to … remains to be seen" */
function isOpenQuestion(sentence: Sentence): boolean {
  if (sentence.role !== 'future' && sentence.role !== 'conclusion' && sentence.role !== 'results') return false;
  const first = wordAt(sentence, 0);
  if (first !== 'whether' && first !== 'how') return false;
  for (let at = sentence.tokens.length - 1; at >= sentence.tokens.length - 7; at -= 1) {
    if (OPEN.has(wordAt(sentence, at))) return true;
  }
  return false;
}

/** "… was offered", "… are planned" */
function isDoneNext(sentence: Sentence, to: number, end: number): boolean {
  for (let at = to; at < end && at < to + AFTER; at += 1) {
    const word = wordAt(sentence, at);
    if (RELATIVES.has(word)) return false;
    if (!VERBS.has(word)) continue;
    return !isGap(sentence, at) && (DONE.has(wordAt(sentence, at + 1)) || DONE.has(wordAt(sentence, at + 2)));
  }
  return false;
}

/** "… were excluded", "… was not assayed", "… are left to others", "… is reviewed elsewhere" */
function isLeftOutAfter(sentence: Sentence, start: number, from: number, to: number, end: number): boolean {
  if (from - start <= 6 && endsLeftOut(sentence, end)) return true;
  let verb = -1;
  for (let at = to; at < end && at < to + AFTER; at += 1) {
    const word = wordAt(sentence, at);
    if (RELATIVES.has(word)) return false;
    if (VERBS.has(word)) {
      // A second verb has a subject of its own, unless it is joined to the first.
      if (verb !== -1 && verb !== at - 1 && !JOINED.has(wordAt(sentence, at - 1))) return false;
      verb = at;
      continue;
    }
    if (word === 'elsewhere' && at > to) return true;
    if ((word === 'outside' || word === 'beyond') && isOutOfReach(sentence, at)) return true;
    if (word === 'not' || word === 'never') {
      if (isNotDone(sentence, at)) return !isGap(sentence, at - 1);
    } else if (verb !== -1 && at - verb <= 3) {
      if (LEFT_OUT.has(word)) return true;
      const next = wordAt(sentence, at + 1);
      if (word === 'set' && (next === 'aside' || next === 'apart')) return true;
      if (word === 'left' && (next === 'out' || next === 'aside' || next === 'to')) return true;
    }
  }
  return false;
}

/** The subject of a clause that ends in "… were left out", however long it is. */
function endsLeftOut(sentence: Sentence, end: number): boolean {
  for (let at = end - 1; at >= end - 3; at -= 1) {
    const word = wordAt(sentence, at);
    if (LEFT_OUT.has(word) || word === 'left' || (word === 'not' && wordAt(sentence, at + 1) === 'eligible'))
      return VERBS.has(wordAt(sentence, at - 1));
  }
  return false;
}

/** "… is beyond the scope of this review" */
function isOutOfReach(sentence: Sentence, at: number): boolean {
  for (let next = at + 1; next <= at + 3; next += 1) if (REACH.has(wordAt(sentence, next))) return true;
  return false;
}

/** "… has not been studied in children": what others have not done is what a paper goes on to do. */
function isGap(sentence: Sentence, verb: number): boolean {
  const word = wordAt(sentence, verb);
  return (word === 'has' || word === 'have') && (sentence.role === 'background' || sentence.role === 'aim');
}

function isNotDone(sentence: Sentence, not: number): boolean {
  if (wordAt(sentence, not + 1) === 'only') return false;
  for (let at = not + 1; at <= not + 3; at += 1) {
    const word = wordAt(sentence, at);
    if (DONE.has(word)) return true;
    // "not considered here", but "not considered inferior"
    if (word === 'considered') return /^(?:here|further|in|by|)$/.test(wordAt(sentence, at + 1));
  }
  return false;
}
