import type { FacetWeights } from './logit.js';

/** One tag of one labelled paper. */
export interface Sample {
  tag: string;
  figures: Float64Array;
  given: boolean;
}

export interface FitOptions {
  /** How strongly weights are held near zero: shared weights, biases per tag, slopes per tag. */
  hold: { shared: number; bias: number; slope: number };
  rounds?: number;
  /** Weights of nearly the same samples, from which the way is short. */
  from?: FacetWeights | null;
}

/**
 * Fits the weights of a facet by penalised maximum likelihood (ridge, Newton's method). The penalties keep a tag
 * with few papers near its facet's shared weights.
 */
export function fitLogit(
  samples: readonly Sample[],
  names: readonly string[],
  slopeNames: readonly string[],
  { hold, rounds = 6, from = null }: FitOptions,
): FacetWeights {
  const columns = new FigureColumns(samples, names, slopeNames);
  const rows = samples.map((sample) => columns.toRow(sample));
  return columns.toWeights(minimise(rows, columns.penalty(hold), rounds, columns.toArray(from)));
}

/** What a fit calls its columns: shared figures, a bias of each tag, slopes of those that have enough papers. */
export class FigureColumns {
  readonly size: number;
  private readonly tags: string[];
  private readonly layout: Layout;
  private readonly slopes: number[];

  constructor(
    samples: readonly Sample[],
    private readonly names: readonly string[],
    private readonly slopeNames: readonly string[],
  ) {
    const { tags, own } = orderTags(samples);
    this.tags = tags;
    this.slopes = slopeNames.map((name) => names.indexOf(name));
    this.layout = { shared: names.length, tags: tags.length, own, slopes: slopeNames.length };
    this.size = names.length + tags.length + own * slopeNames.length;
  }

  penalty(hold: FitOptions['hold']): Float64Array {
    const { shared, tags } = this.layout;
    return Float64Array.from({ length: this.size }, (_, at) => {
      if (at === 0) return 0.01;
      if (at < shared) return hold.shared;
      return at < shared + tags ? hold.bias : hold.slope;
    });
  }

  toRow(sample: Sample): Row {
    return toRow(sample, this.tags.indexOf(sample.tag), this.layout, this.slopes);
  }

  /** Weights of nearly the same samples in these columns; nothing where there are none. */
  toArray(from: FacetWeights | null): Float64Array {
    const weights = new Float64Array(this.size);
    if (!from) return weights;
    const { shared, tags, own, slopes } = this.layout;
    for (const [at, name] of this.names.entries()) weights[at] = from.shared[name] ?? 0;
    for (const [number, tag] of this.tags.entries()) {
      const known = from.tags[tag];
      weights[shared + number] = known?.bias ?? 0;
      if (number >= own) continue;
      const first = shared + tags + number * slopes;
      for (const [at, name] of this.slopeNames.entries()) weights[first + at] = known?.slopes[name] ?? 0;
    }
    return weights;
  }

  toWeights(weights: Float64Array): FacetWeights {
    const { shared, tags, own, slopes } = this.layout;
    const round = (value: number | undefined): number => Math.round((value ?? 0) * 100) / 100;
    return {
      shared: Object.fromEntries(this.names.map((name, at) => [name, round(weights[at])])),
      tags: Object.fromEntries(
        this.tags.map((tag, number) => {
          const first = shared + tags + number * slopes;
          const named = number < own ? this.slopeNames : [];
          const slopesOfTag = named.map((name, at): [string, number] => [name, round(weights[first + at])]);
          return [tag, { bias: round(weights[shared + number]), slopes: Object.fromEntries(slopesOfTag) }];
        }),
      ),
    };
  }
}

/** A tag with fewer papers keeps the slopes of its facet: they would hardly move, and cost the fit most of its time. */
const FEWEST_FOR_SLOPES = 8;

/** The tags that get slopes of their own come first. */
function orderTags(samples: readonly Sample[]): { tags: string[]; own: number } {
  const papers = new Map<string, number>();
  for (const { tag, given } of samples) papers.set(tag, (papers.get(tag) ?? 0) + (given ? 1 : 0));
  const isOften = (tag: string): boolean => (papers.get(tag) ?? 0) >= FEWEST_FOR_SLOPES;
  const often = [...papers.keys()].filter(isOften);
  return { tags: [...often, ...[...papers.keys()].filter((tag) => !isOften(tag))], own: often.length };
}

interface Layout {
  shared: number;
  tags: number;
  /** So many tags have slopes of their own. */
  own: number;
  slopes: number;
}

/** One labelled example: its figures that are not zero, by place, which grows. */
export interface Row {
  places: number[];
  values: number[];
  given: number;
}

/** A step is cut in half so often at most. */
const MOST_CUTS = 6;

/**
 * Weights of the greatest penalised likelihood (Newton's method; a step that would lower it is cut).
 * @param penalty how strongly each weight is held near zero
 */
function minimise(rows: readonly Row[], penalty: Float64Array, rounds: number, from: Float64Array): Float64Array {
  let weights = from;
  let loss = lossOf(rows, weights, penalty);
  for (let round = 0; round < rounds; round += 1) {
    const step = solve(...normalEquations(rows, weights, penalty));
    let share = 1;
    let next = weights;
    let better = loss;
    for (let cut = 0; cut < MOST_CUTS; cut += 1) {
      next = weights.map((weight, at) => weight - share * (step[at] ?? 0));
      better = lossOf(rows, next, penalty);
      if (better <= loss) break;
      share /= 2;
    }
    const largest = share * step.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    weights = next;
    loss = better;
    if (largest < 1e-2) break;
  }
  return weights;
}

function sumOf({ places, values }: Row, weights: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < places.length; at += 1) sum += (weights[places[at] ?? 0] ?? 0) * (values[at] ?? 0);
  return sum;
}

function lossOf(rows: readonly Row[], weights: Float64Array, penalty: Float64Array): number {
  let loss = 0;
  for (let at = 0; at < weights.length; at += 1) loss += ((penalty[at] ?? 0) * (weights[at] ?? 0) ** 2) / 2;
  for (const row of rows) {
    const sum = sumOf(row, weights);
    loss += Math.max(sum, 0) - sum * row.given + Math.log1p(Math.exp(-Math.abs(sum)));
  }
  return loss;
}

/** Only the figures that are not zero: most are. */
function toRow({ figures, given }: Sample, tag: number, layout: Layout, slopes: readonly number[]): Row {
  const places: number[] = [];
  const values: number[] = [];
  const put = (place: number, value: number): void => {
    if (value === 0) return;
    places.push(place);
    values.push(value);
  };
  for (let at = 0; at < layout.shared; at += 1) put(at, figures[at] ?? 0);
  put(layout.shared + tag, 1);
  if (tag >= layout.own) return { places, values, given: given ? 1 : 0 };
  for (const [number, at] of slopes.entries()) {
    put(layout.shared + layout.tags + tag * layout.slopes + number, figures[at] ?? 0);
  }
  return { places, values, given: given ? 1 : 0 };
}

function normalEquations(
  rows: readonly Row[],
  weights: Float64Array,
  penalty: Float64Array,
): [Float64Array[], Float64Array] {
  const size = weights.length;
  const gradient = Float64Array.from(weights, (weight, at) => weight * (penalty[at] ?? 0));
  const hessian = Array.from({ length: size }, () => new Float64Array(size));
  for (const row of rows) {
    const { places, values, given } = row;
    const chance = 1 / (1 + Math.exp(-sumOf(row, weights)));
    const spread = Math.max(chance * (1 - chance), 1e-6);
    for (let at = 0; at < places.length; at += 1) {
      const place = places[at] ?? 0;
      const value = values[at] ?? 0;
      gradient[place] = (gradient[place] ?? 0) + (chance - given) * value;
      // Places grow within a row, so this fills the lower half.
      const line = hessian[place];
      if (!line) continue;
      for (let other = 0; other <= at; other += 1) {
        const column = places[other] ?? 0;
        line[column] = (line[column] ?? 0) + spread * value * (values[other] ?? 0);
      }
    }
  }
  for (let at = 0; at < size; at += 1) {
    const line = hessian[at];
    if (line) line[at] = (line[at] ?? 0) + (penalty[at] ?? 0);
  }
  return [hessian, gradient];
}

/** Solves a symmetric positive definite system given by its lower half (Cholesky). Rows exist by construction. */
function solve(lower: Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  for (let row = 0; row < size; row += 1) {
    const line = lower[row] as Float64Array;
    for (let column = 0; column <= row; column += 1) {
      const other = lower[column] as Float64Array;
      let sum = line[column] as number;
      for (let at = 0; at < column; at += 1) sum -= (line[at] as number) * (other[at] as number);
      line[column] = row === column ? Math.sqrt(Math.max(sum, 1e-9)) : sum / (other[column] as number);
    }
  }
  const answer = Float64Array.from(right);
  for (let row = 0; row < size; row += 1) {
    const line = lower[row] as Float64Array;
    let sum = answer[row] as number;
    for (let at = 0; at < row; at += 1) sum -= (line[at] as number) * (answer[at] as number);
    answer[row] = sum / (line[row] as number);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = answer[row] as number;
    for (let at = row + 1; at < size; at += 1)
      sum -= ((lower[at] as Float64Array)[row] as number) * (answer[at] as number);
    answer[row] = sum / ((lower[row] as Float64Array)[row] as number);
  }
  return answer;
}
