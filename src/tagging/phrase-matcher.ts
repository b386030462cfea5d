import { foldDigraphs, foldLetters, foldWord } from './fold-token.js';
import {
  ENDS,
  GAP_MARKS,
  LINE,
  LISTS,
  markOf,
  NEXT_MARKS,
  NOTHING_FOLLOWS,
  PhraseStates,
  REACH,
} from './phrase-states.js';
import { PhraseTree, type TreeNode, type WordNumbers } from './phrase-tree.js';
import type { Token } from './tokenise.js';
import { WordNotes, type Word } from './word-table.js';

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
  private sealed: Sealed | null = null;
  /** By the number of a word: the place of its meaning in `meanings`, 0 for a word that was not met yet. */
  private readonly notes = new WordNotes();
  /** Each once, whichever words it is the meaning of. */
  private readonly meanings: Meaning[] = [NOTHING, NOTHING];
  private readonly known = new Map<string, number>();
  readonly phrases: string[] = [];

  // What a search is about: the words of the sentence, their meanings and the marks of these …
  private length = 0;
  private readonly said: Meaning[] = [];
  private marks = new Int32Array(256);
  private breaks = new Uint8Array(256);
  /** … the word lists found in it by the word that they begin at, null for none … */
  private lists: (readonly Hit[] | undefined)[] | null = null;
  /** … where the phrase that is followed begins, and what was found. */
  private from = 0;
  private hits: Hit[] = [];

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
    const sealed = (this.sealed ??= this.seal());
    const named = this.read(tokens, sealed);
    this.lists = named ? this.findLists(sealed) : null;
    const hits: Hit[] = [];
    this.hits = hits;
    for (let from = 0; from < this.length; from += 1) {
      const { begins, open, follow } = this.said[from] as Meaning;
      const lists = this.lists?.[from];
      // most words that begin phrases stand before a word that none goes on with
      const walks =
        begins !== 0 && (open || (from + 1 < this.length && (follow & (this.marks[from + 1] as number)) !== 0));
      if (!walks && !lists) continue;
      const first = hits.length;
      this.from = from;
      if (walks) this.walk(begins, sealed.states, from + 1);
      if (lists && sealed.beginsWithList) this.stepLists(sealed.root, sealed.states, lists);
      if (hits.length > first + 1) sortFrom(hits, first);
    }
    return hits;
  }

  /** No phrase is added any more. */
  private seal(): Sealed {
    const { tree } = this;
    const words = tree.wordNumbers;
    const states = new PhraseStates(words.count, tree.listCount);
    const root = states.at([tree.root]);
    if (root !== 0) states.reachOf(root);
    const beginsWithList = root !== 0 && ((states.lines[LINE * root + LISTS] as number) & 1) !== 0;
    return { states, words, root, beginsWithList };
  }

  /** Looks up what the words mean. @returns whether a word list may begin with one of them */
  private read(tokens: readonly Token[], sealed: Sealed): boolean {
    const { length } = tokens;
    this.length = length;
    if (length > this.marks.length) {
      this.marks = new Int32Array(2 * length);
      this.breaks = new Uint8Array(2 * length);
    }
    const { said, marks, breaks, notes, meanings } = this;
    let named = false;
    for (let at = 0; at < length; at += 1) {
      const { word, breakBefore } = tokens[at] as Token;
      const note = notes.get(word.number);
      const meaning = meanings[note === 0 ? this.learn(word, sealed) : note] as Meaning;
      said[at] = meaning;
      marks[at] = meaning.marks;
      breaks[at] = breakBefore ? 1 : 0;
      if (meaning.beginsList !== 0) named = true;
    }
    return named;
  }

  private findLists({ states }: Sealed): (readonly Hit[] | undefined)[] | null {
    this.lists = null;
    this.hits = [];
    let lists: (readonly Hit[] | undefined)[] | null = null;
    for (let from = 0; from < this.length; from += 1) {
      const { beginsList } = this.said[from] as Meaning;
      if (beginsList === 0) continue;
      this.from = from;
      this.walk(beginsList, states, from + 1);
      if (this.hits.length === 0) continue;
      lists ??= new Array<readonly Hit[] | undefined>(this.length).fill(undefined);
      lists[from] = this.hits;
      this.hits = [];
    }
    return lists;
  }

  /** Goes on from a state, its words read up to `at`. */
  private walk(state: number, states: PhraseStates, at: number): void {
    const line = LINE * state;
    const ends = states.lines[line + ENDS] as number;
    if (ends !== 0) this.keep(states.ends, ends, at);
    if (at >= this.length) return;
    let reach = states.lines[line + REACH] as number;
    if (reach < NOTHING_FOLLOWS) reach = states.reachOf(state);
    if (reach === NOTHING_FOLLOWS) return;
    if (this.breaks[at] === 0) {
      if (((states.lines[line + NEXT_MARKS] as number) & (this.marks[at] as number)) !== 0) {
        const { ids } = this.said[at] as Meaning;
        for (let number = 0; number < ids.length; number += 1) {
          const next = states.behindWord(state, ids[number] as number);
          if (next !== 0) this.walk(next, states, at + 1);
        }
      }
      const lists = this.lists?.[at];
      if (lists && ((states.lines[line + LISTS] as number) & 1) !== 0) this.stepLists(state, states, lists);
    }
    if (reach >= 0) this.walkGaps(state, states, at, Math.min(at + reach, this.length - 1));
  }

  /** All gaps that begin here together. Nothing that stands in a gap, not even a comma, cuts the phrase. */
  private walkGaps(state: number, states: PhraseStates, at: number, end: number): void {
    const marks = states.lines[LINE * state + GAP_MARKS] as number;
    const lists = ((states.lines[LINE * state + LISTS] as number) & 2) !== 0 ? this.lists : null;
    for (let place = at; place <= end; place += 1) {
      if (((this.marks[place] as number) & marks) !== 0) {
        const { ids } = this.said[place] as Meaning;
        for (let number = 0; number < ids.length; number += 1) {
          const steps = states.overGapToWord(state, ids[number] as number);
          if (steps !== 0) this.stepGap(steps, states, place - at, place + 1);
        }
      }
      const named = lists?.[place];
      if (!named) continue;
      for (let number = 0; number < named.length; number += 1) {
        const { entry, to } = named[number] as Hit;
        const steps = states.overGapToList(state, entry);
        if (steps !== 0) this.stepGap(steps, states, place - at, to);
      }
    }
  }

  /** @param between how many words stand in the gap */
  private stepGap(steps: number, states: PhraseStates, between: number, to: number): void {
    const end = steps + 2 * (states.steps[steps] as number);
    for (let at = steps + 1; at <= end; at += 2) {
      if (between <= (states.steps[at] as number)) this.walk(states.steps[at + 1] as number, states, to);
    }
  }

  private stepLists(state: number, states: PhraseStates, named: readonly Hit[]): void {
    for (let number = 0; number < named.length; number += 1) {
      const { entry, to } = named[number] as Hit;
      const next = states.behindList(state, entry);
      if (next !== 0) this.walk(next, states, to);
    }
  }

  /** Two ways through the tree may end alike; only hits that begin at the same word can be equal. */
  private keep(ends: Int32Array, first: number, to: number): void {
    const { hits, from } = this;
    const last = first + (ends[first] as number);
    for (let place = first + 1; place <= last; place += 1) {
      const entry = ends[place] as number;
      if (!isKnown(hits, entry, from, to)) hits.push({ entry, from, to });
    }
  }

  /** @returns the place of the word's meaning in `meanings` */
  private learn({ text, number }: Word, sealed: Sealed): number {
    const ids = idsOf(text, sealed.words);
    const key = ids.join();
    let note = ids.length === 0 ? 1 : this.known.get(key);
    if (note === undefined) {
      note = this.meanings.push(this.meaningOf(ids, sealed.states)) - 1;
      this.known.set(key, note);
    }
    this.notes.set(number, note);
    return note;
  }

  private meaningOf(ids: readonly number[], states: PhraseStates): Meaning {
    const begin = (root: TreeNode): number => states.at(ids.flatMap((id) => root.words.get(id) ?? []));
    let marks = 0;
    for (const id of ids) marks |= markOf(id);
    const begins = begin(this.tree.root);
    const beginsList = begin(this.tree.listRoot);
    const reach = begins === 0 ? NOTHING_FOLLOWS : states.reachOf(begins);
    const [ends = 0, lists = 0, follow = 0] = [ENDS, LISTS, NEXT_MARKS].map(
      (what) => states.lines[LINE * begins + what],
    );
    const open = begins !== 0 && (ends !== 0 || (lists & 1) !== 0 || reach >= 0);
    return { ids, marks, begins, open, follow, beginsList };
  }
}

/** All phrases as states; `root` stands before the first word. */
interface Sealed {
  states: PhraseStates;
  words: WordNumbers;
  root: number;
  beginsWithList: boolean;
}

/** What a word means to a matcher: its numbers, and the states of phrases and lists that begin with it, 0 for none. */
interface Meaning {
  ids: readonly number[];
  /** Of all its numbers together. */
  marks: number;
  begins: number;
  /** A phrase ends with this word, or goes on with a list or a gap. */
  open: boolean;
  /** Marks of the words that phrases go on with right behind it. */
  follow: number;
  beginsList: number;
}

/** Most words are in no phrase. */
const NOTHING: Meaning = { ids: [], marks: 0, begins: 0, open: false, follow: 0, beginsList: 0 };

const LONGEST_WORD = 60;

/** The numbers that a written word answers to: itself folded, in capitals, and each listed beginning. */
function idsOf(text: string, { words, capitals, prefixes, shortestPrefix }: WordNumbers): number[] {
  const ids: number[] = [];
  const word = text.length > LONGEST_WORD ? undefined : words.get(foldWord(text));
  if (word !== undefined) ids.push(word);
  const singular = text.length > 3 && text.endsWith('s') ? text.slice(0, -1) : text;
  const capital = capitals.get(text) ?? capitals.get(singular);
  if (capital !== undefined) ids.push(capital);
  if (prefixes.size > 0 && text.length <= LONGEST_WORD) {
    const letters = foldLetters(text);
    const british = foldDigraphs(letters);
    for (const folded of british === letters ? [letters] : [letters, british]) {
      for (let length = shortestPrefix; length <= folded.length; length += 1) {
        const prefix = prefixes.get(folded.slice(0, length));
        if (prefix !== undefined && !ids.includes(prefix)) ids.push(prefix);
      }
    }
  }
  return ids;
}

function isKnown(hits: readonly Hit[], entry: number, from: number, to: number): boolean {
  for (let at = hits.length - 1; at >= 0; at -= 1) {
    const hit = hits[at] as Hit;
    if (hit.from !== from) return false;
    if (hit.entry === entry && hit.to === to) return true;
  }
  return false;
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
