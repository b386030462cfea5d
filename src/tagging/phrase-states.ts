import type { TreeNode } from './phrase-tree.js';

/**
 * All places in the tree of phrases where a matcher can be at once after the same words. Phrases that go on alike
 * are followed together, so a word costs one step however many phrases begin with it.
 */
export interface State {
  /** Phrases that end here. */
  readonly entries: readonly number[];
  /** Places behind an end hold nothing more. */
  readonly nodes: readonly TreeNode[];
  /** Where it goes on; null when nothing follows, undefined until a text first comes here. */
  ways: Ways | null | undefined;
}

export interface Ways {
  /** By the word, or the word list, that stands next. */
  words: Map<number, State> | null;
  /** Marks (`markOf`) of the words of `words`, and of those of `gapWords`: most others are told from them at a glance. */
  marks: number;
  gapMarks: number;
  lists: Map<number, State> | null;
  /** So many words may stand before those of `gapWords` and `gapLists`; -1 for none. */
  reach: number;
  gapWords: Map<number, GapStep[]> | null;
  gapLists: Map<number, GapStep[]> | null;
  /** Bits of the words of `gapWords`: a closer look than that at their marks. */
  gapBits: Uint32Array;
}

const BITS = 256;

/** One bit of 32 for a word; those of several words are joined. */
export const markOf = (word: number): number => 1 << (word & 31);

function marksOf(words: Iterable<number>): number {
  let marks = 0;
  for (const word of words) marks |= markOf(word);
  return marks;
}

/** Whether a word may be among those of the bits; false is certain. */
export function mayBe(bits: Uint32Array, word: number): boolean {
  const bit = word % BITS;
  return (((bits[bit >>> 5] as number) >>> (bit & 31)) & 1) === 1;
}

function bitsOf(words: Iterable<number>): Uint32Array {
  const bits = new Uint32Array(BITS / 32);
  for (const word of words) {
    const bit = word % BITS;
    bits[bit >>> 5] = (bits[bit >>> 5] as number) | (1 << (bit & 31));
  }
  return bits;
}

/** A word behind a gap of at most `most` words. */
export interface GapStep {
  most: number;
  state: State;
}

/** States are made when a text first needs them: most ways through the tree are never taken. */
export class PhraseStates {
  private readonly known = new Map<string, State>();

  /** The state of being at all these nodes; null for none. */
  at(nodes: readonly TreeNode[]): State | null {
    const core = [...withJoins(nodes)].sort((one, other) => one.id - other.id);
    if (core.length === 0) return null;
    const key = core.map(({ id }) => id).join();
    let state = this.known.get(key);
    if (!state) {
      const entries = [...new Set(core.flatMap((node) => node.entries))].sort((one, other) => one - other);
      this.known.set(key, (state = { entries, nodes: core, ways: undefined }));
    }
    return state;
  }

  waysOf(state: State): Ways | null {
    const words = this.resolve(gather(state.nodes, 'words'));
    const lists = this.resolve(gather(state.nodes, 'lists'));
    const gapWords = new Map<number, Map<number, TreeNode[]>>();
    const gapLists = new Map<number, Map<number, TreeNode[]>>();
    const reach = collectGaps(state.nodes, 0, gapWords, gapLists);
    if (!words && !lists && reach < 0) return null;
    const gapBits = bitsOf(gapWords.keys());
    return {
      words,
      marks: marksOf(words?.keys() ?? []),
      gapMarks: marksOf(gapWords.keys()),
      lists,
      reach,
      gapWords: this.resolveGaps(gapWords),
      gapLists: this.resolveGaps(gapLists),
      gapBits,
    };
  }

  private resolve(targets: ReadonlyMap<number, TreeNode[]>): Map<number, State> | null {
    const states = new Map<number, State>();
    for (const [key, nodes] of targets) {
      const state = this.at(nodes);
      if (state) states.set(key, state);
    }
    return states.size > 0 ? states : null;
  }

  private resolveGaps(targets: ReadonlyMap<number, Map<number, TreeNode[]>>): Map<number, GapStep[]> | null {
    const steps = new Map<number, GapStep[]>();
    for (const [key, byMost] of targets) {
      const each = [...byMost].flatMap(([most, nodes]) => {
        const state = this.at(nodes);
        return state ? [{ most, state }] : [];
      });
      if (each.length > 0) steps.set(key, each);
    }
    return steps.size > 0 ? steps : null;
  }
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

/** What stands behind the gaps of the nodes, a gap behind a gap being one long gap; returns the longest. */
function collectGaps(
  nodes: Iterable<TreeNode>,
  before: number,
  words: Map<number, Map<number, TreeNode[]>>,
  lists: Map<number, Map<number, TreeNode[]>>,
): number {
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

function groupOf(groups: Map<number, Map<number, TreeNode[]>>, key: number): Map<number, TreeNode[]> {
  let group = groups.get(key);
  if (!group) groups.set(key, (group = new Map<number, TreeNode[]>()));
  return group;
}

function push(targets: Map<number, TreeNode[]>, key: number, node: TreeNode): void {
  const known = targets.get(key);
  if (known) known.push(node);
  else targets.set(key, [node]);
}
