import { parsePhrase, type Phrase, type PhraseElement } from '../taxonomy/phrase.js';
import { foldLetters, foldWord } from './fold-token.js';
import type { Token } from './tokenise.js';
import type { Word } from './word-table.js';

/** A phrase found: the entry's number and its words in the sentence, `to` exclusive. */
export interface Hit {
  entry: number;
  from: number;
  to: number;
}

/**
 * Finds many phrases in one pass over the words of a sentence: a tree of words, walked from every word that can
 * begin a phrase. Gaps are bounded (LARGEST_GAP) and never leave the sentence, so the time stays proportional to
 * the text whatever it holds. Word lists are found first and then count as one step of the tree.
 */
export class PhraseMatcher {
  private readonly root = new Node();
  private readonly listRoot = new Node();
  private readonly lists: string[] = [];
  private readonly words = new Map<string, number>();
  private readonly capitals = new Map<string, number>();
  private readonly prefixes = new Map<string, number>();
  private nextWord = 0;
  private shortestPrefix = Infinity;
  private readonly number = matchers++;
  private sealed = false;
  readonly phrases: string[] = [];

  constructor(private readonly vocabulary: Record<string, string[]> = {}) {}

  /** Adds a phrase; its number comes back in hits. Every phrase is added before the first search. */
  add(phrase: string): number {
    if (this.sealed) throw new Error('a phrase was added after the first search');
    const entry = this.phrases.length;
    this.phrases.push(phrase);
    for (const form of withoutLeadingOption(parsePhrase(phrase)))
      this.insert(this.root, form, false).entries.push(entry);
    return entry;
  }

  /** Every phrase in a sentence, in the order of its words. */
  search(tokens: readonly Token[]): Hit[] {
    if (!this.sealed) this.seal();
    const hits: Hit[] = [];
    const search: Search = { tokens, lists: null, from: 0, hits };
    if (this.lists.length > 0) this.findLists(search);
    const { root } = this;
    for (let from = 0; from < tokens.length; from += 1) {
      const meaning = this.meaningOf(tokens[from] as Token);
      const named = search.lists?.[from];
      if (!meaning.begins && !named) continue;
      search.from = from;
      for (const next of meaning.begins ?? NO_NODES) this.walk(next, search, from + 1, false);
      if (named) this.stepLists(root, search, named);
    }
    return hits;
  }

  /** No phrase is added any more: ways through nodes that hold nothing are cut short. */
  private seal(): void {
    this.sealed = true;
    const seen = new Set<Node>();
    shorten(this.root, seen);
    shorten(this.listRoot, seen);
    for (const node of seen) {
      for (const gap of node.gaps) {
        gap.accepts = firstWords(gap.next, new Uint8Array(this.nextWord));
        gap.lists = beginsWithList(gap.next);
      }
      node.ways = waysOf(node, this.nextWord);
    }
  }

  private findLists(search: Search): void {
    const { tokens } = search;
    const found: Search = { tokens, lists: null, from: 0, hits: [] };
    for (let from = 0; from < tokens.length; from += 1) {
      const { beginsList } = this.meaningOf(tokens[from] as Token);
      if (!beginsList) continue;
      found.from = from;
      found.hits = [];
      for (const next of beginsList) this.walk(next, found, from + 1, false);
      if (found.hits.length > 0) (search.lists ??= [])[from] = found.hits;
    }
  }

  /** `first`: nothing of the phrase stands before, so no comma can cut it. */
  private walk(node: Node, search: Search, at: number, first: boolean): void {
    for (let place = 0; place < node.entries.length; place += 1) {
      keep(search.hits, node.entries[place] as number, search.from, at);
    }
    const { ways } = node;
    if (!ways) return;
    if (ways.joins) for (const next of ways.joins) this.walk(next, search, at, first);
    const token = search.tokens[at];
    if (!token) return;
    if (first || !token.breakBefore) {
      if (ways.words) {
        for (const id of this.meaningOf(token).ids) {
          const next = ways.words.get(id);
          if (next) this.walk(next, search, at + 1, false);
        }
      }
      const named = ways.lists ? search.lists?.[at] : undefined;
      if (named) this.stepLists(node, search, named);
    }
    if (ways.gaps) this.walkGaps(ways.gaps, search, at);
  }

  /** All gaps that begin here together: most words behind them go on with none, and that is seen at once. */
  private walkGaps(gaps: Gaps, search: Search, at: number): void {
    const end = Math.min(at + gaps.reach, search.tokens.length - 1);
    for (let place = at; place <= end; place += 1) {
      const { ids } = this.meaningOf(search.tokens[place] as Token);
      const listed = gaps.lists && search.lists?.[place] !== undefined;
      if (!listed && !accepts(gaps.accepts, ids)) continue;
      for (const gap of gaps.each) {
        if (place - at > gap.words) continue;
        if ((listed && gap.lists) || accepts(gap.accepts, ids)) this.walk(gap.next, search, place, true);
      }
    }
  }

  private stepLists(node: Node, search: Search, named: readonly Hit[]): void {
    for (const { entry, to } of named) {
      const next = node.lists.get(entry);
      if (next) this.walk(next, search, to, false);
    }
  }

  /** Lays a phrase into the tree and returns where it ends. */
  private insert(from: Node, phrase: Phrase, inline: boolean): Node {
    let node = from;
    for (const element of phrase) node = this.follow(node, element, inline);
    return node;
  }

  /** `inline`: inside a word list, where the words of another list are laid out instead of looked up. */
  private follow(node: Node, element: PhraseElement, inline: boolean): Node {
    if (element.kind === 'word') return child(node.words, this.wordNumber(element));
    if (element.kind === 'gap') {
      const next = new Node();
      node.gaps.push({ words: element.words, next, accepts: NO_WORDS, lists: false });
      return next;
    }
    if (element.kind === 'list' && !inline) return child(node.lists, this.listNumber(element.name));
    const [alternatives, optional] =
      element.kind === 'list'
        ? [(this.vocabulary[element.name] ?? []).map((words) => parsePhrase(words)), false]
        : [element.alternatives, element.optional];
    const join = new Node();
    if (optional) node.joins.push(join);
    for (const alternative of alternatives) this.insert(node, alternative, inline).joins.push(join);
    return join;
  }

  /** A list is laid out when it is first named. */
  private listNumber(name: string): number {
    const known = this.lists.indexOf(name);
    if (known !== -1) return known;
    const number = this.lists.push(name) - 1;
    for (const words of this.vocabulary[name] ?? []) {
      for (const form of withoutLeadingOption(parsePhrase(words)))
        this.insert(this.listRoot, form, true).entries.push(number);
    }
    return number;
  }

  private wordNumber(element: { word: string; capitals: boolean; prefix: boolean }): number {
    const [table, key] = element.prefix
      ? [this.prefixes, foldLetters(element.word)]
      : element.capitals
        ? [this.capitals, element.word]
        : [this.words, foldWord(element.word)];
    if (element.prefix) this.shortestPrefix = Math.min(this.shortestPrefix, key.length);
    const known = table.get(key);
    if (known !== undefined) return known;
    table.set(key, this.nextWord);
    return this.nextWord++;
  }

  private meaningOf(token: Token): Meaning {
    const known = token.word.known[this.number] as Meaning | undefined;
    return known ?? this.resolve(token.word);
  }

  /** The numbers that a written word answers to: itself folded, in capitals, and each listed beginning. */
  private resolve({ text, known }: Word): Meaning {
    const ids: number[] = [];
    const word = text.length > LONGEST_WORD ? undefined : this.words.get(foldWord(text));
    if (word !== undefined) ids.push(word);
    const singular = text.length > 3 && text.endsWith('s') ? text.slice(0, -1) : text;
    const capital = this.capitals.get(text) ?? this.capitals.get(singular);
    if (capital !== undefined) ids.push(capital);
    if (this.prefixes.size > 0 && text.length <= LONGEST_WORD) {
      const folded = foldLetters(text);
      for (let length = this.shortestPrefix; length <= folded.length; length += 1) {
        const prefix = this.prefixes.get(folded.slice(0, length));
        if (prefix !== undefined) ids.push(prefix);
      }
    }
    const begin = (root: Node): Node[] | null => {
      const nodes = ids.flatMap((id) => root.words.get(id) ?? []);
      return nodes.length > 0 ? nodes : null;
    };
    const meaning: Meaning = { ids, begins: begin(this.root), beginsList: begin(this.listRoot) };
    known[this.number] = meaning;
    return meaning;
  }
}

/** What a word means to a matcher: its numbers, and where phrases and lists that begin with it go on. */
interface Meaning {
  ids: readonly number[];
  begins: readonly Node[] | null;
  beginsList: readonly Node[] | null;
}

let matchers = 0;

class Node {
  readonly words = new Map<number, Node>();
  readonly lists = new Map<number, Node>();
  readonly gaps: Gap[] = [];
  readonly entries: number[] = [];
  /** Nodes reached without a word: behind an alternative, past an optional one. */
  readonly joins: Node[] = [];

  /** Where it goes on, without what is empty; null when nothing follows, as behind most phrases. Set when sealed. */
  ways: Ways | null = null;
}

interface Ways {
  words: Map<number, Node> | null;
  lists: Map<number, Node> | null;
  gaps: Gaps | null;
  joins: Node[] | null;
}

function waysOf({ words, lists, gaps, joins }: Node, wordCount: number): Ways | null {
  if (words.size + lists.size + gaps.length + joins.length === 0) return null;
  return {
    words: words.size > 0 ? words : null,
    lists: lists.size > 0 ? lists : null,
    gaps: gaps.length > 0 ? gather(gaps, wordCount) : null,
    joins: joins.length > 0 ? joins : null,
  };
}

/** Up to so many words that may stand in between; `accepts` tells quickly whether a word can be the one behind them. */
interface Gap {
  words: number;
  next: Node;
  accepts: Uint8Array;
  /** Whether a word list can stand behind it. */
  lists: boolean;
}

/** The gaps that begin at one node. */
interface Gaps {
  reach: number;
  accepts: Uint8Array;
  lists: boolean;
  each: readonly Gap[];
}

function accepts(marks: Uint8Array, ids: readonly number[]): boolean {
  for (let at = 0; at < ids.length; at += 1) if (marks[ids[at] as number] === 1) return true;
  return false;
}

function gather(gaps: readonly Gap[], words: number): Gaps {
  const union = new Uint8Array(words);
  for (const gap of gaps) for (let id = 0; id < words; id += 1) if (gap.accepts[id] === 1) union[id] = 1;
  const reach = Math.max(...gaps.map((gap) => gap.words));
  return { reach, accepts: union, lists: gaps.some((gap) => gap.lists), each: gaps };
}

function beginsWithList(node: Node): boolean {
  return node.lists.size > 0 || node.gaps.length > 0 || node.joins.some(beginsWithList);
}

interface Search {
  tokens: readonly Token[];
  /** Word lists by the token that they begin at; null when none was found. */
  lists: Hit[][] | null;
  from: number;
  hits: Hit[];
}

const NO_NODES: readonly Node[] = [];
const NO_WORDS = new Uint8Array();
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

function shorten(node: Node, seen: Set<Node>): void {
  if (seen.has(node)) return;
  seen.add(node);
  for (const children of [node.words, node.lists]) {
    for (const [key, next] of children) children.set(key, passThrough(next));
  }
  for (const gap of node.gaps) gap.next = passThrough(gap.next);
  for (const [at, next] of node.joins.entries()) node.joins[at] = passThrough(next);
  for (const next of [...node.words.values(), ...node.lists.values(), ...node.joins]) shorten(next, seen);
  for (const { next } of node.gaps) shorten(next, seen);
}

/** Marks the words that can come next. */
function firstWords(node: Node, marks: Uint8Array): Uint8Array {
  for (const id of node.words.keys()) marks[id] = 1;
  for (const next of node.joins) firstWords(next, marks);
  // Behind a gap that follows a gap, any word may come next.
  if (node.gaps.length > 0) marks.fill(1);
  return marks;
}

/** The first node on a way that holds anything or branches. */
function passThrough(node: Node): Node {
  let at = node;
  for (;;) {
    const [only, ...others] = at.joins;
    const holds = at.entries.length > 0 || at.words.size > 0 || at.lists.size > 0 || at.gaps.length > 0;
    if (!only || others.length > 0 || holds) return at;
    at = only;
  }
}

/** A phrase that may begin with nothing is laid out in all its forms, so that every way starts with a word. */
function withoutLeadingOption(phrase: Phrase): Phrase[] {
  const [first, ...rest] = phrase;
  if (first?.kind !== 'group') return [phrase];
  if (first.optional)
    return [...withoutLeadingOption([{ ...first, optional: false }, ...rest]), ...withoutLeadingOption(rest)];
  if (!first.alternatives.some(([head]) => head?.kind === 'group')) return [phrase];
  return first.alternatives.flatMap((alternative) => withoutLeadingOption([...alternative, ...rest]));
}

function child(children: Map<number, Node>, key: number): Node {
  let next = children.get(key);
  if (!next) children.set(key, (next = new Node()));
  return next;
}
