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
  | { kind: 'gap'; words: number };

/** A phrase unfolded: one sequence per combination of alternatives. */
export type PhraseSequence = PhraseElement[];

export const LARGEST_GAP = 12;
/** A phrase that unfolds into more sequences than this is a mistake, not a phrase. */
const MOST_SEQUENCES = 400;

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
    for (const sequence of parsePhrase(phrase)) {
      for (const element of sequence) {
        if (element.kind === 'list' && !Object.hasOwn(vocabulary, element.name)) {
          return { message: `no word list {${element.name}} stands above`, allowed: Object.keys(vocabulary) };
        }
      }
    }
    return null;
  } catch (error) {
    if (error instanceof PhraseError) return error.mistake;
    throw error;
  }
}

/** Unfolds a phrase. @throws when the phrase is malformed (findPhraseMistake tells beforehand) */
export function parsePhrase(phrase: string): PhraseSequence[] {
  const marks = phrase.match(/[()[\]|]|\{[^{}]*\}|~\S*|[^\s()[\]{}|~]+/gu) ?? [];
  const state = { marks, at: 0 };
  const sequences = parseAlternatives(state);
  if (state.at < marks.length) throw new PhraseError({ message: `"${marks[state.at] ?? ''}" has no beginning` });
  if (sequences.length > MOST_SEQUENCES)
    throw new PhraseError({ message: 'too many alternatives: write several phrases' });
  for (const sequence of sequences) {
    if (sequence[0]?.kind === 'gap' || sequence.at(-1)?.kind === 'gap' || sequence.length === 0) {
      throw new PhraseError({ message: 'a phrase begins and ends with a word' });
    }
  }
  return sequences;
}

interface ParseState {
  marks: string[];
  at: number;
}

function parseAlternatives(state: ParseState): PhraseSequence[] {
  const all = parseSequence(state);
  while (state.marks[state.at] === '|') {
    state.at += 1;
    all.push(...parseSequence(state));
  }
  return all;
}

function parseSequence(state: ParseState): PhraseSequence[] {
  let sequences: PhraseSequence[] = [[]];
  for (let mark = state.marks[state.at]; mark !== undefined && !')]|'.includes(mark); mark = state.marks[state.at]) {
    state.at += 1;
    const next = mark === '(' || mark === '[' ? parseGroup(state, mark) : [parseMark(mark)];
    sequences = sequences.flatMap((head) => next.map((tail) => [...head, ...tail]));
    if (sequences.length > MOST_SEQUENCES)
      throw new PhraseError({ message: 'too many alternatives: write several phrases' });
  }
  return sequences;
}

function parseGroup(state: ParseState, open: string): PhraseSequence[] {
  const close = open === '(' ? ')' : ']';
  const inner = parseAlternatives(state);
  if (state.marks[state.at] !== close) throw new PhraseError({ message: `"${open}" is never closed by "${close}"` });
  state.at += 1;
  return open === '[' ? [[], ...inner] : inner;
}

function parseMark(mark: string): PhraseSequence {
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
