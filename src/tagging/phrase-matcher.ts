import { parsePhrase, type Phrase, type PhraseElement } from '../taxonomy/phrase.js';
import { foldLetters, foldWord } from './fold-token.js';
import type { Token } from './tokenise.js';

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
  private resolved = new Map<string, readonly number[]>();
  private sealed = false;
  readonly phrases: string[] = [];

  constructor(private readonly vocabulary: Record<string, string[]> = {}) {}

  /** Adds a phrase; its number comes back in hits. Every phrase is added before the first search. */
  add(phrase: string): number {
    if (this.sealed) throw new Error('a phrase was added after the first search');
    const entry = this.phrases.length;
    this.phrases.push(phrase);
    this.insert(this.root, parsePhrase(phrase), false).entries.push(entry);
    return entry;
  }

  /** Every phrase in a sentence, in the order of its words. */
  search(tokens: readonly Token[]): Hit[] {
    this.sealed = true;
    const ids = tokens.map((token) => this.resolve(token.text));
    const listsAt = this.lists.length > 0 ? this.findLists(tokens, ids) : NO_LISTS;
    const hits: Hit[] = [];
    for (let from = 0; from < tokens.length; from += 1) {
      if (ids[from] !== NONE || listsAt.has(from))
        this.walk(this.root, { tokens, ids, listsAt, from, hits }, from, true);
    }
    return hits;
  }

  private findLists(tokens: readonly Token[], ids: readonly (readonly number[])[]): Map<number, Hit[]> {
    const listsAt = new Map<number, Hit[]>();
    for (let from = 0; from < tokens.length; from += 1) {
      if (ids[from] === NONE) continue;
      const hits: Hit[] = [];
      this.walk(this.listRoot, { tokens, ids, listsAt: NO_LISTS, from, hits }, from, true);
      if (hits.length > 0) listsAt.set(from, hits);
    }
    return listsAt;
  }

  /** `first`: nothing of the phrase stands before, so no comma can cut it. */
  private walk(node: Node, search: Search, at: number, first: boolean): void {
    for (const entry of node.entries) keep(search.hits, { entry, from: search.from, to: at });
    const token = search.tokens[at];
    for (const next of node.joins) this.walk(next, search, at, first);
    if (!token) return;
    if (first || !token.breakBefore) this.step(node, search, at);
    for (const { words, next } of node.gaps) {
      for (let skipped = 0; skipped <= words && at + skipped < search.tokens.length; skipped += 1) {
        this.walk(next, search, at + skipped, true);
      }
    }
  }

  private step(node: Node, search: Search, at: number): void {
    for (const id of search.ids[at] ?? NONE) {
      const next = node.words.get(id);
      if (next) this.walk(next, search, at + 1, false);
    }
    if (node.lists.size === 0) return;
    for (const { entry, to } of search.listsAt.get(at) ?? []) {
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
      node.gaps.push({ words: element.words, next });
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
      this.insert(this.listRoot, parsePhrase(words), true).entries.push(number);
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

  /** The numbers that a written word answers to: itself folded, in capitals, and each listed beginning. */
  private resolve(text: string): readonly number[] {
    const known = this.resolved.get(text);
    if (known) return known;
    if (this.resolved.size >= MOST_RESOLVED) this.resolved = new Map();
    const ids: number[] = [];
    // No word is that long: what looks like one (a sequence, a broken file) is not worth keeping.
    if (text.length > LONGEST_WORD) return NONE;
    const word = this.words.get(foldWord(text));
    if (word !== undefined) ids.push(word);
    const singular = text.length > 3 && text.endsWith('s') ? text.slice(0, -1) : text;
    const capital = this.capitals.get(text) ?? this.capitals.get(singular);
    if (capital !== undefined) ids.push(capital);
    if (this.prefixes.size > 0) {
      const folded = foldLetters(text);
      for (let length = this.shortestPrefix; length <= folded.length; length += 1) {
        const prefix = this.prefixes.get(folded.slice(0, length));
        if (prefix !== undefined) ids.push(prefix);
      }
    }
    const answer = ids.length > 0 ? ids : NONE;
    this.resolved.set(text, answer);
    return answer;
  }
}

class Node {
  readonly words = new Map<number, Node>();
  readonly lists = new Map<number, Node>();
  readonly gaps: { words: number; next: Node }[] = [];
  readonly entries: number[] = [];
  /** Nodes reached without a word: behind an alternative, past an optional one. */
  readonly joins: Node[] = [];
}

interface Search {
  tokens: readonly Token[];
  ids: readonly (readonly number[])[];
  listsAt: ReadonlyMap<number, Hit[]>;
  from: number;
  hits: Hit[];
}

const NONE: readonly number[] = [];
const NO_LISTS: ReadonlyMap<number, Hit[]> = new Map();
/** Memory stays flat: past so many distinct words the table starts anew. */
const MOST_RESOLVED = 100_000;
const LONGEST_WORD = 60;

/** Two ways through the tree may end alike; only hits that begin at the same word can be equal. */
function keep(hits: Hit[], hit: Hit): void {
  for (let at = hits.length - 1; at >= 0 && hits[at]?.from === hit.from; at -= 1) {
    if (hits[at]?.entry === hit.entry && hits[at]?.to === hit.to) return;
  }
  hits.push(hit);
}

function child(children: Map<number, Node>, key: number): Node {
  let next = children.get(key);
  if (!next) children.set(key, (next = new Node()));
  return next;
}
