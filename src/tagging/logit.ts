/**
 * How the figures of a tag become a probability: shared weights for every tag of a facet, a bias per tag, and
 * corrections per tag for a few figures ("slopes"). A new tag without weights of its own is judged like its facet.
 */
export interface FacetWeights {
  /** Weight of each figure, by its name. */
  shared: Record<string, number>;
  tags: Record<string, { bias: number; slopes: Record<string, number> }>;
}

/** Weights laid out for quick reading, in the order of the figures. */
export class Judge {
  private readonly shared: Float64Array;
  private readonly perTag = new Map<string, Float64Array>();

  constructor(weights: FacetWeights, figures: readonly string[]) {
    this.shared = Float64Array.from(figures, (name) => weights.shared[name] ?? 0);
    for (const [tag, own] of Object.entries(weights.tags)) {
      const sum = Float64Array.from(figures, (name, at) => (this.shared[at] ?? 0) + (own.slopes[name] ?? 0));
      sum[0] = (sum[0] ?? 0) + own.bias;
      this.perTag.set(tag, sum);
    }
  }

  /** The probability that a careful reader gives the tag. The first figure is the constant 1. */
  judge(tag: string, figures: Float64Array): number {
    return toChance(this.sum(tag, figures));
  }

  /** The same as log-odds. */
  sum(tag: string, figures: Float64Array): number {
    const weights = this.perTag.get(tag) ?? this.shared;
    let sum = 0;
    for (let at = 0; at < figures.length; at += 1) sum += (weights[at] ?? 0) * (figures[at] ?? 0);
    return sum;
  }
}

/** The probability of log-odds. */
export function toChance(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
