import { foldLetters, foldWord } from './fold-token.js';
import { markOf, mayBe, PhraseStates, type GapStep, type State, type Ways } from './phrase-states.js';
import { PhraseTree, type TreeNode } from './phrase-tree.js';
import type { Token } from './tokenise.js';
import type { Word } from './word-table.js';

/** A phrase found: the entry's number and its words in the sentence, `to` exclusive. */
export interface Hit {
  entry: number;
  from: number;
  to: number;
}

/**
 * Finds many phrases in one pass over the words of a sentence: from every word that can begin a phrase, all phrases
 * that begin with it are followed together. Gaps are bounded (LARGEST_GAP) and never leave the sentence, so the time
 * stays proportional to the text whatever it holds. Word lists are found first and then count as one step.
 */
export class PhraseMatcher {
  private readonly tree: PhraseTree;
  private readonly states = new PhraseStates();
  private readonly number = matchers++;
  private rootLists: Map<number, State> | null = null;
  private sealed = false;
  readonly phrases: string[] = [];

  constructor(vocabulary: Record<string, string[]> = {}) {
    this.tree = new PhraseTree(vocabulary);
  }

  /** Adds a phrase; its number comes back in hits. Every phrase is added before the first search. */
  add(phrase: string): number {
    if (this.sealed) throw new Error('a phrase was added after the first search');
    const entry = this.phrases.length;
    this.phrases.push(phrase);
    this.tree.add(phrase, entry);
    return entry;
  }

  /** Every phrase in a sentence, in the order of its words, the shorter before the longer. */
  search(tokens: readonly Token[]): Hit[] {
    if (!this.sealed) this.seal();
    const hits: Hit[] = [];
    const meanings: Meaning[] = [];
    let named = false;
    for (let at = 0; at < tokens.length; at += 1) {
      const meaning = this.meaningOf(tokens[at] as Token);
      meanings.push(meaning);
      if (meaning.beginsList) named = true;
    }
    const search: Search = { tokens, meanings, lists: null, from: 0, hits };
    if (named) this.findLists(search);
    for (let from = 0; from < tokens.length; from += 1) {
      const { begins, open, follow } = meanings[from] as Meaning;
      const lists = search.lists?.[from];
      // most words that begin phrases stand before a word that none goes on with
      const walks = begins !== null && (open || (follow & (meanings[from + 1]?.marks ?? 0)) !== 0);
      if (!walks && !lists) continue;
      const first = hits.length;
      search.from = from;
      if (walks) this.walk(begins, search, from + 1);
      if (lists && this.rootLists) this.stepLists(this.rootLists, search, lists);
      if (hits.length > first + 1) sortFrom(hits, first);
    }
    return hits;
  }

  /** No phrase is added any more. */
  private seal(): void {
    this.sealed = true;
    const ways = this.states.waysOf({ entries: [], nodes: [this.tree.root], ways: undefined });
    this.rootLists = ways?.lists ?? null;
  }

  private findLists(search: Search): void {
    const { tokens, meanings } = search;
    let found: Search | null = null;
    for (let from = 0; from < tokens.length; from += 1) {
      const { beginsList } = meanings[from] as Meaning;
      if (!beginsList) continue;
      found ??= { tokens, meanings, lists: null, from, hits: [] };
      found.from = from;
      this.walk(beginsList, found, from + 1);
      if (found.hits.length === 0) continue;
      (search.lists ??= [])[from] = found.hits;
      found.hits = [];
    }
  }

  private walk(state: State, search: Search, at: number): void {
    const { entries } = state;
    for (let place = 0; place < entries.length; place += 1) {
      keep(search.hits, entries[place] as number, search.from, at);
    }
    const ways = state.ways === undefined ? (state.ways = this.states.waysOf(state)) : state.ways;
    if (!ways || at >= search.tokens.length) return;
    if (!(search.tokens[at] as Token).breakBefore) {
      const { ids, marks } = search.meanings[at] as Meaning;
      if (ways.words && (marks & ways.marks) !== 0) {
        for (let place = 0; place < ids.length; place += 1) {
          const next = ways.words.get(ids[place] as number);
          if (next) this.walk(next, search, at + 1);
        }
      }
      const named = ways.lists ? search.lists?.[at] : undefined;
      if (named && ways.lists) this.stepLists(ways.lists, search, named);
    }
    if (ways.reach >= 0) this.walkGaps(ways, search, at);
  }

  /** All gaps that begin here together. Nothing that stands in a gap, not even a comma, cuts the phrase. */
  private walkGaps({ reach, gapMarks, gapWords, gapLists, gapBits }: Ways, search: Search, at: number): void {
    const { meanings } = search;
    const lists = gapLists ? search.lists : null;
    const end = Math.min(at + reach, search.tokens.length - 1);
    for (let place = at; place <= end; place += 1) {
      const { ids, marks } = meanings[place] as Meaning;
      if (gapWords && (marks & gapMarks) !== 0) {
        for (let number = 0; number < ids.length; number += 1) {
          const id = ids[number] as number;
          const steps = mayBe(gapBits, id) ? gapWords.get(id) : undefined;
          if (steps) this.stepGaps(steps, search, place - at, place + 1);
        }
      }
      const named = lists?.[place];
      if (!named) continue;
      for (const { entry, to } of named) {
        const steps = gapLists?.get(entry);
        if (steps) this.stepGaps(steps, search, place - at, to);
      }
    }
  }

  private stepGaps(steps: readonly GapStep[], search: Search, between: number, to: number): void {
    for (let number = 0; number < steps.length; number += 1) {
      const { most, state } = steps[number] as GapStep;
      if (between <= most) this.walk(state, search, to);
    }
  }

  private stepLists(lists: ReadonlyMap<number, State>, search: Search, named: readonly Hit[]): void {
    for (const { entry, to } of named) {
      const next = lists.get(entry);
      if (next) this.walk(next, search, to);
    }
  }

  private meaningOf(token: Token): Meaning {
    const known = token.word.known[this.number] as Meaning | undefined;
    return known ?? this.resolve(token.word);
  }

  /** The numbers that a written word answers to: itself folded, in capitals, and each listed beginning. */
  private resolve({ text, known }: Word): Meaning {
    const { words, capitals, prefixes, shortestPrefix } = this.tree.wordNumbers;
    const ids: number[] = [];
    const word = text.length > LONGEST_WORD ? undefined : words.get(foldWord(text));
    if (word !== undefined) ids.push(word);
    const singular = text.length > 3 && text.endsWith('s') ? text.slice(0, -1) : text;
    const capital = capitals.get(text) ?? capitals.get(singular);
    if (capital !== undefined) ids.push(capital);
    if (prefixes.size > 0 && text.length <= LONGEST_WORD) {
      const folded = foldLetters(text);
      for (let length = shortestPrefix; length <= folded.length; length += 1) {
        const prefix = prefixes.get(folded.slice(0, length));
        if (prefix !== undefined) ids.push(prefix);
      }
    }
    const begin = (root: TreeNode): State | null => this.states.at(ids.flatMap((id) => root.words.get(id) ?? []));
    let marks = 0;
    for (const id of ids) marks |= markOf(id);
    const begins = begin(this.tree.root);
    const beginsList = begin(this.tree.listRoot);
    const ways = begins ? (begins.ways ??= this.states.waysOf(begins)) : null;
    const open =
      begins !== null && (begins.entries.length > 0 || (ways !== null && (ways.lists !== null || ways.reach >= 0)));
    const meaning: Meaning = { ids, marks, begins, open, follow: ways?.marks ?? 0, beginsList };
    known[this.number] = meaning;
    return meaning;
  }
}

/** What a word means to a matcher: its numbers, and where phrases and lists that begin with it go on. */
interface Meaning {
  ids: readonly number[];
  /** Of all its numbers together. */
  marks: number;
  begins: State | null;
  /** A phrase ends with this word, or goes on with a list or a gap. */
  open: boolean;
  /** Marks of the words that phrases go on with right behind it. */
  follow: number;
  beginsList: State | null;
}

interface Search {
  tokens: readonly Token[];
  meanings: readonly Meaning[];
  /** Word lists by the token that they begin at; null when none was found. */
  lists: Hit[][] | null;
  from: number;
  hits: Hit[];
}

let matchers = 0;
const LONGEST_WORD = 60;

/** Two ways through the tree may end alike; only hits that begin at the same word can be equal. */
function keep(hits: Hit[], entry: number, from: number, to: number): void {
  for (let at = hits.length - 1; at >= 0; at -= 1) {
    const hit = hits[at] as Hit;
    if (hit.from !== from) break;
    if (hit.entry === entry && hit.to === to) return;
  }
  hits.push({ entry, from, to });
}

/** Sorts the hits from a place on: few, and mostly in order already. */
function sortFrom(hits: Hit[], first: number): void {
  for (let at = first + 1; at < hits.length; at += 1) {
    const hit = hits[at] as Hit;
    let place = at - 1;
    while (place >= first && isAfter(hits[place] as Hit, hit)) {
      hits[place + 1] = hits[place] as Hit;
      place -= 1;
    }
    hits[place + 1] = hit;
  }
}

function isAfter(one: Hit, other: Hit): boolean {
  return one.to > other.to || (one.to === other.to && one.entry > other.entry);
}
