import { fitForest } from './fit-forest.js';
import type { Sample } from './fit-logit.js';
import { Forest } from './forest.js';
import { toChance } from './logit.js';

const NAMES = ['title', 'trial'];
const sample = (tag: string, title: number, trial: number, given: boolean): Sample => ({
  tag,
  figures: Float64Array.of(title, trial),
  given,
});
/** Given only where both figures say so, or neither. */
const BOTH = Array.from({ length: 200 }, (_, at) => {
  const [title, trial] = [at % 2, (at >> 1) % 2];
  // One half of the samples tips the balance, without which no first question would gain.
  return sample('onset', title, at % 10 === 0 ? 1 : trial, title === (at % 10 === 0 ? 1 : trial));
});

describe('a forest', () => {
  it('sees what a sum of weights cannot: that one figure turns what another means', () => {
    const forest = new Forest(fitForest(BOTH, NAMES), NAMES);
    const chance = (title: number, trial: number): number =>
      toChance(forest.sum('onset', Float64Array.of(title, trial)));
    expect(chance(1, 1)).toBeGreaterThan(0.8);
    expect(chance(1, 0)).toBeLessThan(0.2);
    expect(chance(0, 1)).toBeLessThan(0.2);
  });

  it('tells tags apart, and gives one that it does not know what is usual', () => {
    const samples = Array.from({ length: 120 }, (_, at) => sample(at % 3 === 0 ? 'rare' : 'often', 1, 0, at % 3 !== 0));
    const forest = new Forest(fitForest(samples, NAMES), NAMES);
    const [rare, often, other] = ['rare', 'often', 'new'].map((tag) => forest.sum(tag, Float64Array.of(1, 0)));
    expect(rare).toBeLessThan(-1);
    expect(often).toBeGreaterThan(1);
    expect(other).toBeGreaterThan(rare ?? 0);
  });

  it('reads figures by their names, wherever they stand, and one that is no more as zero', () => {
    const weights = fitForest(BOTH, NAMES);
    const turned = new Forest(weights, ['new', 'trial', 'title']);
    expect(turned.sum('onset', Float64Array.of(9, 0, 1))).toBe(
      new Forest(weights, NAMES).sum('onset', Float64Array.of(1, 0)),
    );
    expect(new Forest(weights, ['title']).sum('onset', Float64Array.of(1))).toBe(
      new Forest(weights, NAMES).sum('onset', Float64Array.of(1, 0)),
    );
  });

  it('learns the same from the same papers', () => {
    expect(fitForest(BOTH, NAMES)).toEqual(fitForest(BOTH, NAMES));
  });

  it('without samples says that nothing is known', () => {
    expect(new Forest(fitForest([], NAMES), NAMES).sum('onset', Float64Array.of(1, 1))).toBe(0);
  });
});
