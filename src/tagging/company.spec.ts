import { aPaper } from '../../test/support/a-taggable.js';
import { analyse } from './analyse-text.js';
import { CompanyJudge, logOdds } from './company.js';
import { fitCompany, type CompanySample } from './fit-company.js';
import { Lexicon } from './lexicon.js';

const text = (title: string, abstract: string) =>
  analyse(aPaper({ title, abstract: [{ label: null, text: abstract }] }));

describe('a lexicon', () => {
  it('numbers the stems of what a paper says of itself, those of its title once more', () => {
    const lexicon = new Lexicon();
    const numbers = lexicon.read(text('Randomised trials', 'We randomized 30 patients. Placebo was given.'));
    const words = lexicon.list().filter((_, at) => numbers.includes(at));
    expect(words).toEqual(expect.arrayContaining(['trial', 'title: trial', 'patient', 'placebo']));
    expect(words).not.toContain('title: placebo');
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('with words of its own gives no number to others', () => {
    const lexicon = new Lexicon(['placebo']);
    expect(lexicon.read(text('A trial', 'Placebo was given to patients.'))).toEqual([0]);
    expect(lexicon.numberOf('trial')).toBe(-1);
  });
});

describe('the company of a tag', () => {
  const names = { phrases: new Map<number, string>(), words: ['placebo', 'clinic'], tags: [] };
  const sample = (given: boolean, words: number[]): CompanySample => ({
    given,
    chance: 0.5,
    mentions: [],
    words,
    chances: new Float64Array(0),
  });
  const judge = (samples: CompanySample[]) => {
    const weights = fitCompany(samples, names);
    if (!weights) throw new Error('nothing was learnt');
    return new CompanyJudge(weights, new Lexicon(names.words), [], names.phrases);
  };

  it('raises what it goes with and lowers what it goes without, and changes little where it says nothing', () => {
    const samples = Array.from({ length: 40 }, (_, at) => sample(at % 2 === 0, [at % 2]));
    const corrected = judge(samples);
    const company = (words: number[]) => ({ words, chances: new Float64Array(0) });
    expect(corrected.judge(0.5, [], company([0]))).toBeGreaterThan(0.8);
    expect(corrected.judge(0.5, [], company([1]))).toBeLessThan(0.2);
    expect(Math.abs(logOdds(corrected.judge(0.5, [], company([]))))).toBeLessThan(0.2);
  });

  it('is not learnt from a handful of papers, nor where all agree', () => {
    expect(fitCompany([sample(true, [0]), sample(false, [1])], names)).toBeNull();
    expect(
      fitCompany(
        Array.from({ length: 40 }, () => sample(true, [0])),
        names,
      ),
    ).toBeNull();
  });
});
