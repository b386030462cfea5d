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

  it('tells sentences that report a share or a statistic, and those on what was measured, from the others', () => {
    const { withFigures, assessed } = styleOf(
      'Nausea occurred in 12% of patients.',
      'Vomiting was rarer (P = 0.02).',
      'Dizziness was recorded hourly.',
      'Headache is a known side effect.',
    );
    expect([...withFigures].map(({ text }) => text.split(' ')[0])).toEqual(['Nausea', 'Vomiting']);
    expect([...assessed].map(({ text }) => text.split(' ')[0])).toEqual(['Nausea', 'Dizziness']);
  });

  it('is zero for a paper without an abstract', () => {
    expect(measureStyle(analyse(aPaper({ title: 'Fictamol' })))).toMatchObject({ statistics: 0, plans: 0 });
  });
});
