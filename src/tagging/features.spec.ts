import { callsItself, FEATURES, measure, type PaperFigures } from './features.js';
import type { Sentence } from './analyse-text.js';
import type { Mention } from './find-mentions.js';
import type { Role } from './sentence-roles.js';

const mention = (grade: Mention['grade'], role: Role): Mention => ({
  grade,
  place: role,
  sentence: { number: 0, role, tokens: [], signs: 0 } as unknown as Sentence,
  label: null,
  from: 0,
  to: 1,
  withDrug: false,
  context: null,
  abbreviated: false,
  phrase: 0,
});

describe('what a paper says it is', () => {
  it('is said of itself where it speaks of itself, not of what others did or have yet to do', () => {
    expect(callsItself(mention('itself', 'methods'))).toBe(true);
    expect(callsItself(mention('strong', 'methods'))).toBe(false);
    expect(callsItself(mention('itself', 'background'))).toBe(false);
    expect(callsItself(mention('itself', 'future'))).toBe(false);
  });

  it('is a figure of the other tags of the facet, and one more of those that give way to it', () => {
    const paper = {
      sentences: 3,
      hasAbstract: true,
      aboutDrug: 1,
      review: 0,
      drug: {},
      style: {},
    };
    const figures = new Float64Array(FEATURES.length);
    measure(
      [mention('phrase', 'results')],
      paper as unknown as PaperFigures,
      {
        inTitle: false,
        inAim: false,
        callsItself: true,
        winnerCallsItself: false,
        named: [],
        parent: [],
      },
      figures,
    );
    expect(figures[FEATURES.indexOf('another calls itself')]).toBe(1);
    expect(figures[FEATURES.indexOf('a winner calls itself')]).toBe(0);
    expect(figures[FEATURES.indexOf('calls itself')]).toBe(0);
  });
});
