import type { Sample } from './fit-logit.js';
import { START, tagFigure, type ForestWeights, type TreeNode } from './forest.js';

/** So many trees, each of which corrects the ones before by a share of what it would take. */
const TREES = 60;
const SHARE = 0.15;
const DEPTH = 4;
/** A leaf with fewer samples teaches nothing. */
const FEWEST = 15;
/** How strongly leaves are held near zero. */
const HOLD = 10;
/** A figure is asked at so many values at most. */
const MOST_CUTS = 31;
const BINS = MOST_CUTS + 1;

/** Fits boosted trees by Newton steps on histograms of the figures. Nothing in it is random. */
export function fitForest(samples: readonly Sample[], names: readonly string[]): ForestWeights {
  const { start, tags } = startsOf(samples);
  const columns = [
    ...names.map((name, at) => toColumn(name, (sample) => sample.figures[at] ?? 0, samples)),
    ...Object.keys(tags).map((tag) => toColumn(tagFigure(tag), (sample) => (sample.tag === tag ? 1 : 0), samples)),
    toColumn(START, ({ tag }) => tags[tag] ?? start, samples),
  ].filter(({ cuts }) => cuts.length > 0);
  const sums = Float64Array.from(samples, ({ tag }) => tags[tag] ?? start);
  const slopes = new Float64Array(samples.length);
  const bends = new Float64Array(samples.length);
  const all = Uint32Array.from(samples, (_, at) => at);
  const trees: TreeNode[] = [];
  const grow = { columns, slopes, bends, sums };
  for (let number = 0; number < TREES && samples.length > 0; number += 1) {
    for (let at = 0; at < samples.length; at += 1) {
      const chance = 1 / (1 + Math.exp(-(sums[at] as number)));
      slopes[at] = chance - (samples[at]?.given ? 1 : 0);
      bends[at] = chance * (1 - chance);
    }
    trees.push(growTree(grow, all, histogramOf(grow, all), 0));
  }
  return nameFigures({ start, tags, trees }, columns);
}

/** Log-odds of each tag, those of a tag with few samples near what is usual. */
function startsOf(samples: readonly Sample[]): { start: number; tags: Record<string, number> } {
  const counts = new Map<string, { given: number; all: number }>();
  let given = 0;
  for (const sample of samples) {
    const count = counts.get(sample.tag) ?? { given: 0, all: 0 };
    counts.set(sample.tag, count);
    count.all += 1;
    count.given += sample.given ? 1 : 0;
    given += sample.given ? 1 : 0;
  }
  const share = (given + 1) / (samples.length + 2);
  const odds = (part: number): number => round(Math.log(part / (1 - part)));
  return {
    start: odds(share),
    tags: Object.fromEntries(
      [...counts].map(([tag, count]) => [tag, odds((count.given + 4 * share) / (count.all + 4))]),
    ),
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** A figure of every sample: between which of its cuts it lies. */
interface Column {
  name: string;
  cuts: number[];
  bins: Uint8Array;
}

function toColumn(name: string, read: (sample: Sample) => number, samples: readonly Sample[]): Column {
  const values = Float64Array.from(samples, read);
  const sorted = values.slice().sort();
  const distinct = sorted.filter((value, at) => at === 0 || value !== sorted[at - 1]);
  // Few values are all told apart; of many, the samples are shared out evenly.
  const edges = distinct.length <= BINS ? distinct : Array.from({ length: BINS }, (_, at) => distinct[Math.floor((at * (distinct.length - 1)) / MOST_CUTS)] ?? 0); // prettier-ignore
  const cuts: number[] = [];
  for (let at = 1; at < edges.length; at += 1) {
    const cut = round(((edges[at - 1] ?? 0) + (edges[at] ?? 0)) / 2);
    if (cut !== cuts.at(-1)) cuts.push(cut);
  }
  const bins = Uint8Array.from(values, (value) => {
    let bin = 0;
    while (bin < cuts.length && value > (cuts[bin] as number)) bin += 1;
    return bin;
  });
  return { name, cuts, bins };
}

interface Growing {
  columns: readonly Column[];
  /** First and second derivative of each sample's loss. */
  slopes: Float64Array;
  bends: Float64Array;
  /** Each sample's log-odds so far, to which a leaf adds. */
  sums: Float64Array;
}

/** By column and bin: the slopes, the bends and how many samples. */
interface Histogram {
  slopes: Float64Array;
  bends: Float64Array;
  counts: Float64Array;
}

function histogramOf({ columns, slopes, bends }: Growing, samples: Uint32Array): Histogram {
  const size = columns.length * BINS;
  const sum = { slopes: new Float64Array(size), bends: new Float64Array(size), counts: new Float64Array(size) };
  for (let number = 0; number < columns.length; number += 1) {
    const { bins } = columns[number] as Column;
    const first = number * BINS;
    for (let at = 0; at < samples.length; at += 1) {
      const sample = samples[at] as number;
      const bin = first + (bins[sample] as number);
      sum.slopes[bin] = (sum.slopes[bin] as number) + (slopes[sample] as number);
      sum.bends[bin] = (sum.bends[bin] as number) + (bends[sample] as number);
      sum.counts[bin] = (sum.counts[bin] as number) + 1;
    }
  }
  return sum;
}

/** What is left of a histogram without one of its two parts. */
function without(whole: Histogram, part: Histogram): Histogram {
  const less = (one: Float64Array, other: Float64Array): Float64Array =>
    one.map((value, at) => value - (other[at] as number));
  return {
    slopes: less(whole.slopes, part.slopes),
    bends: less(whole.bends, part.bends),
    counts: less(whole.counts, part.counts),
  };
}

/** Grows a tree over some samples, and adds to each what its leaf says. */
function growTree(growing: Growing, samples: Uint32Array, histogram: Histogram, depth: number): TreeNode {
  const question = depth < DEPTH ? bestQuestion(growing.columns, histogram) : null;
  if (!question) return toLeaf(growing, samples);
  const { column, bin } = question;
  const { bins, cuts } = growing.columns[column] as Column;
  const upTo = samples.filter((sample) => (bins[sample] as number) <= bin);
  const beyond = samples.filter((sample) => (bins[sample] as number) > bin);
  // The smaller part is counted, the other one is the rest.
  const isSmaller = upTo.length <= beyond.length;
  const counted = histogramOf(growing, isSmaller ? upTo : beyond);
  const rest = without(histogram, counted);
  return [
    column,
    cuts[bin] as number,
    growTree(growing, upTo, isSmaller ? counted : rest, depth + 1),
    growTree(growing, beyond, isSmaller ? rest : counted, depth + 1),
  ];
}

function toLeaf({ slopes, bends, sums }: Growing, samples: Uint32Array): number {
  let slope = 0;
  let bend = 0;
  for (const sample of samples) {
    slope += slopes[sample] as number;
    bend += bends[sample] as number;
  }
  const value = round((-SHARE * slope) / (bend + HOLD));
  for (const sample of samples) sums[sample] = (sums[sample] as number) + value;
  return value;
}

/** A question must lower the loss by so much. */
const LEAST_GAIN = 1e-3;

function bestQuestion(
  columns: readonly Column[],
  { slopes, bends, counts }: Histogram,
): { column: number; bin: number } | null {
  let best: { column: number; bin: number } | null = null;
  let most = LEAST_GAIN;
  for (let column = 0; column < columns.length; column += 1) {
    const { cuts } = columns[column] as Column;
    const first = column * BINS;
    let slope = 0;
    let bend = 0;
    let count = 0;
    for (let bin = 0; bin <= cuts.length; bin += 1) {
      slope += slopes[first + bin] as number;
      bend += bends[first + bin] as number;
      count += counts[first + bin] as number;
    }
    const whole = slope ** 2 / (bend + HOLD);
    let leftSlope = 0;
    let leftBend = 0;
    let leftCount = 0;
    for (let bin = 0; bin < cuts.length; bin += 1) {
      leftSlope += slopes[first + bin] as number;
      leftBend += bends[first + bin] as number;
      leftCount += counts[first + bin] as number;
      if (leftCount < FEWEST) continue;
      if (count - leftCount < FEWEST) break;
      const gain = leftSlope ** 2 / (leftBend + HOLD) + (slope - leftSlope) ** 2 / (bend - leftBend + HOLD) - whole;
      if (gain > most) {
        most = gain;
        best = { column, bin };
      }
    }
  }
  return best;
}

/** Keeps the names of the figures that are asked, and lets the trees refer to these. */
function nameFigures(forest: Omit<ForestWeights, 'figures'>, columns: readonly Column[]): ForestWeights {
  const figures: string[] = [];
  const rename = (node: TreeNode): TreeNode => {
    if (typeof node === 'number') return node;
    const name = columns[node[0]]?.name ?? '';
    const known = figures.indexOf(name);
    const figure = known === -1 ? figures.push(name) - 1 : known;
    return [figure, node[1], rename(node[2]), rename(node[3])];
  };
  const trees = forest.trees.map(rename);
  return { ...forest, figures, trees };
}
