/**
 * The small language in which the taxonomy writes phrases:
 *
 *     treatment resistant depression     words; hyphens and other marks between words do not matter
 *     (acute|procedural) pain            alternatives
 *     [severe] asthma                    a word that may be there
 *     {drug} [assisted] psychotherapy    any entry of a vocabulary list
 *     predict* ~5 response               any ending; up to five words in between, within the sentence
 *     PTSD                               a word of capitals matches only capitals (SAD is not "sad")
 *
 * Plural and spelling variants (anaesthesia, anesthesia) need not be listed.
 */
export type PhraseElement =
  | { kind: 'word'; word: string; capitals: boolean; prefix: boolean }
  | { kind: 'list'; name: string }
  | { kind: 'gap'; words: number }
  | { kind: 'group'; alternatives: Phrase[]; optional: boolean };

export type Phrase = PhraseElement[];

export const LARGEST_GAP = 12;

export interface PhraseMistake {
  message: string;
  allowed?: readonly string[];
}

class PhraseError extends Error {
  constructor(readonly mistake: PhraseMistake) {
    super(mistake.message);
  }
}

/** What is wrong with a phrase, or null. */
export function findPhraseMistake(phrase: string, vocabulary: Record<string, string[]>): PhraseMistake | null {
  try {
    const missing = listsOf(parsePhrase(phrase)).find((name) => !Object.hasOwn(vocabulary, name));
    if (missing === undefined) return null;
    return { message: `no word list {${missing}} stands above`, allowed: Object.keys(vocabulary) };
  } catch (error) {
    if (error instanceof PhraseError) return error.mistake;
    throw error;
  }
}

/** Reads a phrase. @throws when it is malformed (findPhraseMistake tells beforehand) */
export function parsePhrase(phrase: string): Phrase {
  const marks = phrase.match(/[()[\]|]|\{[^{}]*\}|~[^\s()[\]{}|]*|[^\s()[\]{}|~]+/gu) ?? [];
  const state = { marks, at: 0 };
  const alternatives = parseAlternatives(state);
  if (state.at < marks.length) throw new PhraseError({ message: `"${marks[state.at] ?? ''}" has no beginning` });
  for (const sequence of alternatives) {
    if (sequence[0]?.kind === 'gap' || sequence.at(-1)?.kind === 'gap' || sequence.length === 0) {
      throw new PhraseError({ message: 'a phrase begins and ends with a word' });
    }
  }
  const [only, ...others] = alternatives;
  return only && others.length === 0 ? only : [{ kind: 'group', alternatives, optional: false }];
}

function listsOf(phrase: Phrase): string[] {
  return phrase.flatMap((element) => {
    if (element.kind === 'list') return [element.name];
    return element.kind === 'group' ? element.alternatives.flatMap(listsOf) : [];
  });
}

interface ParseState {
  marks: string[];
  at: number;
}

function parseAlternatives(state: ParseState): Phrase[] {
  const all = [parseSequence(state)];
  while (state.marks[state.at] === '|') {
    state.at += 1;
    all.push(parseSequence(state));
  }
  return all;
}

function parseSequence(state: ParseState): Phrase {
  const sequence: Phrase = [];
  for (let mark = state.marks[state.at]; mark !== undefined && !')]|'.includes(mark); mark = state.marks[state.at]) {
    state.at += 1;
    if (mark === '(' || mark === '[') sequence.push(parseGroup(state, mark));
    else sequence.push(...parseMark(mark));
  }
  return sequence;
}

function parseGroup(state: ParseState, open: string): PhraseElement {
  const close = open === '(' ? ')' : ']';
  const alternatives = parseAlternatives(state);
  if (state.marks[state.at] !== close) throw new PhraseError({ message: `"${open}" is never closed by "${close}"` });
  if (alternatives.some((alternative) => alternative.length === 0)) {
    throw new PhraseError({ message: 'an alternative is empty: write [word] for a word that may be there' });
  }
  state.at += 1;
  return { kind: 'group', alternatives, optional: open === '[' };
}

function parseMark(mark: string): Phrase {
  if (mark.startsWith('{')) return [{ kind: 'list', name: mark.slice(1, -1) }];
  if (mark.startsWith('~')) {
    const words = Number(mark.slice(1));
    if (!/^~\d+$/.test(mark) || words < 1 || words > LARGEST_GAP) {
      throw new PhraseError({ message: `"${mark}" must be ~1 to ~${LARGEST_GAP}` });
    }
    return [{ kind: 'gap', words }];
  }
  const prefix = mark.endsWith('*');
  const words = (prefix ? mark.slice(0, -1) : mark).match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length === 0) throw new PhraseError({ message: `"${mark}" holds no letter or figure` });
  return words.map((word, place) => ({
    kind: 'word',
    word,
    capitals: /^\p{Lu}[\p{Lu}\p{N}]+$/u.test(word),
    prefix: prefix && place === words.length - 1,
  }));
}
