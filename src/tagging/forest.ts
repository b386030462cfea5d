/**
 * Boosted trees over the figures of a tag: they see what a sum of weights cannot, such as a phrase that only counts in
 * the title of a trial. One forest for all tags of a facet.
 */
export interface ForestWeights {
  /** What the trees ask, by place: figures, `tag: …` (1 for that tag, 0 for others) and `start`. */
  figures: string[];
  /** Log-odds from which the trees start, of a tag that has none of its own. */
  start: number;
  /** The same by tag. */
  tags: Record<string, number>;
  trees: TreeNode[];
}

/** What a leaf adds to the log-odds; or a question: which figure, up to which value, the nodes up to it and beyond. */
export type TreeNode = number | [figure: number, cut: number, upTo: TreeNode, beyond: TreeNode];

/** The figure by which a tree tells a tag from others. */
export const tagFigure = (tag: string): string => `tag: ${tag}`;
/** The figure that tells how frequent a tag is. */
export const START = 'start';

/** The trees of one tag, one node after the other: a node's first child stands right behind it. */
interface FlatTrees {
  start: number;
  /** Where each tree begins. */
  roots: number[];
  /** Place of the figure asked; -1: a leaf. */
  asked: Int32Array;
  /** The cut; of a leaf what it adds. */
  values: Float64Array;
  /** Where the second child stands. */
  beyond: Int32Array;
}

const ANY_TAG = '';

/** A forest laid out for quick reading. What a tree asks about the tag itself is answered beforehand. */
export class Forest {
  private readonly byTag = new Map<string, FlatTrees>();
  private readonly other: FlatTrees;

  /** @param figures the names of what `sum` gets, in that order */
  constructor(weights: ForestWeights, figures: readonly string[]) {
    for (const tag of Object.keys(weights.tags)) this.byTag.set(tag, flatten(weights, tag, figures));
    this.other = flatten(weights, ANY_TAG, figures);
  }

  /** Log-odds that a careful reader gives the tag. */
  sum(tag: string, figures: Float64Array): number {
    const { start, roots, asked, values, beyond } = this.byTag.get(tag) ?? this.other;
    let sum = start;
    for (let tree = 0; tree < roots.length; tree += 1) {
      let node = roots[tree] as number;
      for (let at = asked[node] as number; at !== -1; at = asked[node] as number) {
        node = (figures[at] as number) <= (values[node] as number) ? node + 1 : (beyond[node] as number);
      }
      sum += values[node] as number;
    }
    return sum;
  }
}

function flatten(weights: ForestWeights, tag: string, figures: readonly string[]): FlatTrees {
  const start = weights.tags[tag] ?? weights.start;
  const places = weights.figures.map((name) => figures.indexOf(name));
  /** What a figure that is none of the paper's is for this tag; a figure that is no more is 0. */
  const known = weights.figures.map((name) => (name === START ? start : name === tagFigure(tag) ? 1 : 0));
  const asked: number[] = [];
  const values: number[] = [];
  const beyond: number[] = [];
  const put = (node: TreeNode): void => {
    const here = asked.length;
    if (typeof node === 'number') {
      asked.push(-1);
      values.push(node);
      beyond.push(-1);
      return;
    }
    const [figure, cut, upTo, after] = node;
    const place = places[figure] ?? -1;
    if (place === -1) return put((known[figure] ?? 0) <= cut ? upTo : after);
    asked.push(place);
    values.push(cut);
    beyond.push(-1);
    put(upTo);
    beyond[here] = asked.length;
    put(after);
  };
  const roots = weights.trees.map((tree) => {
    const root = asked.length;
    put(tree);
    return root;
  });
  return {
    start,
    roots,
    asked: Int32Array.from(asked),
    values: Float64Array.from(values),
    beyond: Int32Array.from(beyond),
  };
}
