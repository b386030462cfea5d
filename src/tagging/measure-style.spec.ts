import { aPaper } from '../../test/support/a-taggable.js';
import { analyse } from './analyse-text.js';
import { measureStyle } from './measure-style.js';

const styleOf = (...texts: string[]): ReturnType<typeof measureStyle> =>
  measureStyle(analyse(aPaper({ title: 'Fictamol', abstract: [{ label: 'RESULTS', text: texts.join(' ') }] })));

describe('measureStyle', () => {
  it('counts sentences with statistics of the paper’s own, whatever the statistic', () => {
    const { statistics } = styleOf('Pain fell (P < 0.05).', 'Relapse was rarer (95% CI 0.4-0.8).', 'It rained.');
    expect(statistics).toBeCloseTo(Math.log1p(2));
  });

  it('takes no figure for a statistic that only stands beside a word', () => {
    expect(styleOf('Patients received 0.5 mg of the drug on day 3.').statistics).toBe(0);
  });

  it('measures how much of a paper is only planned', () => {
    const { plans } = styleOf('Forty patients will be randomised.', 'Pain will be the outcome.', 'Ethics approved it.');
    expect(plans).toBeCloseTo(2 / 4);
  });

  it('is zero for a paper without an abstract', () => {
    expect(measureStyle(analyse(aPaper({ title: 'Fictamol' })))).toMatchObject({ statistics: 0, plans: 0 });
  });
});
