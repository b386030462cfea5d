import type { TreeNode } from './phrase-tree.js';

/** Numbers of a state, side by side in one line of the processor's cache. */
export const LINE = 16;
/** Where its phrases stand in `ends`: how many, then their numbers; 0 for none. */
export const ENDS = 0;
/** So many words may stand before those behind a gap. */
export const REACH = 1;
/** Marks (`markOf`) of the words that stand next, and of those behind a gap: most others are told from them at once. */
export const NEXT_MARKS = 2;
export const GAP_MARKS = 3;
/** Whether word lists stand next (1), or behind a gap (2). */
export const LISTS = 4;
/** 256 bits of the words behind a gap: a closer look than that at their marks. */
const BITS = 8;

/** Values of REACH. */
const UNSEEN = -3;
export const NOTHING_FOLLOWS = -2;
const NO_GAP = -1;

/** One bit of 32 for a word; those of several words are joined. */
export const markOf = (word: number): number => 1 << (word & 31);

/**
 * All places in the tree of phrases where a matcher can be at once after the same words: phrases that go on alike are
 * followed together, so a word costs one step however many phrases begin with it. States are numbers from 1 and are
 * made when a text first needs them, as most ways through the tree are never taken; all that is read of them lies in
 * few arrays, since a search is as fast as its memory is near.
 */
export class PhraseStates {
  lines = new Int32Array(LINE * 256);
  ends = new Int32Array(1_024);
  /** For gaps: how many steps, then for each how many words may stand before it and the state behind. */
  steps = new Int32Array(1_024);
  private readonly nodes: (readonly TreeNode[])[] = [[]];
  private readonly known = new Map<string, number>();
  private readonly ways = new NumberTable();
  private readonly gaps = new NumberTable();
  private endsUsed = 1;
  private stepsUsed = 1;

  /** @param words how many numbers words have; lists have those behind */
  constructor(
    private readonly words: number,
    private readonly lists: number,
  ) {}

  /** The state of being at all these nodes; 0 for none. */
  at(nodes: readonly TreeNode[]): number {
    const core = [...withJoins(nodes)].sort((one, other) => one.id - other.id);
    if (core.length === 0) return 0;
    const key = core.map(({ id }) => id).join();
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const state = this.nodes.push(core) - 1;
    this.known.set(key, state);
    this.lines = withRoom(this.lines, LINE * (state + 1));
    const entries = [...new Set(core.flatMap((node) => node.entries))].sort((one, other) => one - other);
    if (entries.length > 0) {
      this.lines[LINE * state + ENDS] = this.endsUsed;
      this.ends = withRoom(this.ends, this.endsUsed + entries.length + 1);
      this.ends.set([entries.length, ...entries], this.endsUsed);
      this.endsUsed += entries.length + 1;
    }
    this.lines[LINE * state + REACH] = UNSEEN;
    return state;
  }

  /** How far the gap of a state reaches, or what else REACH says. */
  reachOf(state: number): number {
    const reach = this.lines[LINE * state + REACH] as number;
    return reach === UNSEEN ? this.explore(state) : reach;
  }

  /** The state behind a word; 0 for none. */
  behindWord(state: number, word: number): number {
    return this.ways.get(this.key(state, word));
  }

  behindList(state: number, list: number): number {
    return this.ways.get(this.key(state, this.words + list));
  }

  /** Where in `steps` the ways over a gap to a word stand; 0 for none. */
  overGapToWord(state: number, word: number): number {
    const bit = word & 255;
    const bits = this.lines[LINE * state + BITS + (bit >>> 5)] as number;
    return ((bits >>> (bit & 31)) & 1) === 0 ? 0 : this.gaps.get(this.key(state, word));
  }

  overGapToList(state: number, list: number): number {
    return this.gaps.get(this.key(state, this.words + list));
  }

  private key(state: number, number: number): number {
    return state * (this.words + this.lists) + number;
  }

  private explore(state: number): number {
    const nodes = this.nodes[state] ?? [];
    const words = this.addWays(state, gather(nodes, 'words'), 0);
    const lists = this.addWays(state, gather(nodes, 'lists'), this.words);
    const gapWords: Gaps = new Map();
    const gapLists: Gaps = new Map();
    const longest = collectGaps(nodes, 0, gapWords, gapLists);
    this.addGaps(state, gapWords, 0);
    this.addGaps(state, gapLists, this.words);
    const reach = longest >= 0 ? longest : words.length + lists.length > 0 ? NO_GAP : NOTHING_FOLLOWS;
    const line = LINE * state;
    for (const word of words) this.lines[line + NEXT_MARKS]! |= markOf(word);
    for (const word of gapWords.keys()) {
      this.lines[line + GAP_MARKS]! |= markOf(word);
      this.lines[line + BITS + ((word & 255) >>> 5)]! |= 1 << (word & 31);
    }
    this.lines[line + LISTS] = (lists.length > 0 ? 1 : 0) | (gapLists.size > 0 ? 2 : 0);
    this.lines[line + REACH] = reach;
    return reach;
  }

  private addWays(state: number, targets: ReadonlyMap<number, TreeNode[]>, first: number): number[] {
    const added: number[] = [];
    for (const [number, nodes] of targets) {
      const next = this.at(nodes);
      if (next === 0) continue;
      this.ways.set(this.key(state, first + number), next);
      added.push(number);
    }
    return added;
  }

  private addGaps(state: number, targets: Gaps, first: number): void {
    for (const [number, byMost] of targets) {
      const steps = [...byMost].flatMap(([most, nodes]) => {
        const next = this.at(nodes);
        return next === 0 ? [] : [most, next];
      });
      if (steps.length === 0) continue;
      this.steps = withRoom(this.steps, this.stepsUsed + steps.length + 1);
      this.steps.set([steps.length / 2, ...steps], this.stepsUsed);
      this.gaps.set(this.key(state, first + number), this.stepsUsed);
      this.stepsUsed += steps.length + 1;
    }
  }
}

/** Whole numbers above 0 by whole numbers above 0, in one array. */
class NumberTable {
  /** Key and value in turn; a key of 0 is a free place. */
  private pairs = new Int32Array(2_048);
  private used = 0;

  /** 0 where there is none. */
  get(key: number): number {
    const { pairs } = this;
    const last = pairs.length - 1;
    for (let at = placeOf(key, last); ; at = (at + 2) & last) {
      const found = pairs[at] as number;
      if (found === key) return pairs[at + 1] as number;
      if (found === 0) return 0;
    }
  }

  set(key: number, value: number): void {
    // half of the places stay free: a look that finds nothing ends soon
    if (4 * this.used >= this.pairs.length) {
      const before = this.pairs;
      this.pairs = new Int32Array(2 * before.length);
      for (let at = 0; at < before.length; at += 2)
        if (before[at] !== 0) this.put(before[at] as number, before[at + 1] as number);
    }
    this.put(key, value);
    this.used += 1;
  }

  private put(key: number, value: number): void {
    const last = this.pairs.length - 1;
    let at = placeOf(key, last);
    while (this.pairs[at] !== 0 && this.pairs[at] !== key) at = (at + 2) & last;
    this.pairs[at] = key;
    this.pairs[at + 1] = value;
  }
}

/** Where to look first for a key, an even number up to `last`. */
const placeOf = (key: number, last: number): number => ((Math.imul(key, 0x9e3779b1) >>> 7) << 1) & last;

/** The array, or a longer copy that holds so many numbers. */
function withRoom(numbers: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (length <= numbers.length) return numbers;
  const more = new Int32Array(Math.max(2 * numbers.length, length));
  more.set(numbers);
  return more;
}

/** The nodes and those reached from them without a word, without those that are no more than a way on. */
function withJoins(nodes: readonly TreeNode[]): Set<TreeNode> {
  const found = new Set<TreeNode>();
  const open = [...nodes];
  const seen = new Set<TreeNode>(open);
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.holds) found.add(node);
    for (const next of node.joins) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return found;
}

function gather(nodes: readonly TreeNode[], what: 'words' | 'lists'): Map<number, TreeNode[]> {
  const targets = new Map<number, TreeNode[]>();
  for (const node of nodes) for (const [key, next] of node[what]) push(targets, key, next);
  return targets;
}

/** By the word or list behind a gap and by how many words may stand in it: where it leads. */
type Gaps = Map<number, Map<number, TreeNode[]>>;

/** What stands behind the gaps of the nodes, a gap behind a gap being one long gap; returns the longest, -1 for none. */
function collectGaps(nodes: Iterable<TreeNode>, before: number, words: Gaps, lists: Gaps): number {
  let reach = -1;
  for (const { gaps } of nodes) {
    for (const gap of gaps) {
      const most = before + gap.words;
      const behind = withJoins([gap.next]);
      for (const node of behind) {
        for (const [key, next] of node.words) push(groupOf(words, key), most, next);
        for (const [key, next] of node.lists) push(groupOf(lists, key), most, next);
      }
      reach = Math.max(reach, most, collectGaps(behind, most, words, lists));
    }
  }
  return reach;
}

function groupOf(groups: Gaps, key: number): Map<number, TreeNode[]> {
  let group = groups.get(key);
  if (!group) groups.set(key, (group = new Map<number, TreeNode[]>()));
  return group;
}

function push(targets: Map<number, TreeNode[]>, key: number, node: TreeNode): void {
  const known = targets.get(key);
  if (known) known.push(node);
  else targets.set(key, [node]);
}
