import { parsePhrase, type Phrase, type PhraseElement } from '../taxonomy/phrase.js';
import { foldLetters, foldWord } from './fold-token.js';

/** A place in the tree of phrases: what may come next. */
export class TreeNode {
  readonly words = new Map<number, TreeNode>();
  readonly lists = new Map<number, TreeNode>();
  /** Up to so many words may stand in between. */
  readonly gaps: { words: number; next: TreeNode }[] = [];
  readonly entries: number[] = [];
  /** Nodes reached without a word: behind an alternative, past an optional one. */
  readonly joins: TreeNode[] = [];

  constructor(readonly id: number) {}

  /** Whether it is more than a way to its joins. */
  get holds(): boolean {
    return this.entries.length + this.words.size + this.lists.size + this.gaps.length > 0;
  }
}

/** The numbers of the words that phrases name, by how they are written there. */
export interface WordNumbers {
  words: ReadonlyMap<string, number>;
  capitals: ReadonlyMap<string, number>;
  prefixes: ReadonlyMap<string, number>;
  shortestPrefix: number;
  /** How many numbers there are. */
  count: number;
}

/** Phrases as a tree of words, and the word lists that they name as another. */
export class PhraseTree {
  private nodes = 0;
  private nextWord = 0;
  private readonly numbers = {
    words: new Map<string, number>(),
    capitals: new Map<string, number>(),
    prefixes: new Map<string, number>(),
    shortestPrefix: Infinity,
  };
  private readonly lists: string[] = [];
  readonly root = this.node();
  readonly listRoot = this.node();

  constructor(private readonly vocabulary: Record<string, string[]>) {}

  /** How many word lists are named. */
  get listCount(): number {
    return this.lists.length;
  }

  get wordNumbers(): WordNumbers {
    return { ...this.numbers, count: this.nextWord };
  }

  add(phrase: string, entry: number): void {
    for (const form of withoutLeadingOption(parsePhrase(phrase)))
      this.insert(this.root, form, false).entries.push(entry);
  }

  private node(): TreeNode {
    return new TreeNode(this.nodes++);
  }

  /** Lays a phrase into the tree and returns where it ends. */
  private insert(from: TreeNode, phrase: Phrase, inline: boolean): TreeNode {
    let node = from;
    for (const element of phrase) node = this.follow(node, element, inline);
    return node;
  }

  /** `inline`: inside a word list, where the words of another list are laid out instead of looked up. */
  private follow(node: TreeNode, element: PhraseElement, inline: boolean): TreeNode {
    if (element.kind === 'word') return this.child(node.words, this.wordNumber(element));
    if (element.kind === 'gap') {
      const next = this.node();
      node.gaps.push({ words: element.words, next });
      return next;
    }
    if (element.kind === 'list' && !inline) return this.child(node.lists, this.listNumber(element.name));
    const [alternatives, optional] =
      element.kind === 'list'
        ? [(this.vocabulary[element.name] ?? []).map((words) => parsePhrase(words)), false]
        : [element.alternatives, element.optional];
    const join = this.node();
    if (optional) node.joins.push(join);
    for (const alternative of alternatives) this.insert(node, alternative, inline).joins.push(join);
    return join;
  }

  private child(children: Map<number, TreeNode>, key: number): TreeNode {
    let next = children.get(key);
    if (!next) children.set(key, (next = this.node()));
    return next;
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
    const { numbers } = this;
    const [table, key] = element.prefix
      ? [numbers.prefixes, foldLetters(element.word)]
      : element.capitals
        ? [numbers.capitals, element.word]
        : [numbers.words, foldWord(element.word)];
    if (element.prefix) numbers.shortestPrefix = Math.min(numbers.shortestPrefix, key.length);
    const known = table.get(key);
    if (known !== undefined) return known;
    table.set(key, this.nextWord);
    return this.nextWord++;
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
