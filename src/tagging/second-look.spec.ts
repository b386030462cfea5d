import type { ForestWeights } from './forest.js';
import { Lexicon } from './lexicon.js';
import { toChance } from './logit.js';
import { SecondLook, wordsOfLooks, type SecondLookWeights } from './second-look.js';

describe('the second look', () => {
  const words = {
    figures: { shared: { bias: 1 }, tags: {} },
    near: {},
    tags: { relapse: { near: { follow: 0.5 }, paper: { 'title: trial': 1 }, phrases: {} } },
  };
  const forest: ForestWeights = { figures: [], start: -2, tags: {}, trees: [-1] };
  const judge = (weights: SecondLookWeights): number => {
    const lexicon = new Lexicon(wordsOfLooks([weights]));
    const look = new SecondLook(weights, ['bias'], lexicon, () => new Map());
    const title = { paper: [lexicon.numberOf('title: trial')], of: () => [] };
    return look.judge({ tag: 'relapse', figures: Float64Array.of(1), mentions: [], words: title });
  };

  it('goes by figures and words where no forest is asked', () => {
    expect(judge({ words, forest: null, forestShare: 0.5 })).toBeCloseTo(toChance(2));
  });

  it('takes the mean of log-odds where one is', () => {
    expect(judge({ words, forest, forestShare: 0.25 })).toBeCloseTo(toChance(0.75 * 2 + 0.25 * -3));
  });

  it('names the words that it needs', () => {
    expect(wordsOfLooks([{ words, forest: null, forestShare: 0 }])).toEqual(['follow', 'title: trial']);
  });
});
