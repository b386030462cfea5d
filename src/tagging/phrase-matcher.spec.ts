import { PhraseMatcher } from './phrase-matcher.js';
import { tokenise } from './tokenise.js';

const VOCABULARY = { drug: ['ketamine', 'S-isomer', 'HNK'], any: ['{drug}', 'lithium'] };

function find(phrases: string[], text: string): string[] {
  const matcher = new PhraseMatcher(VOCABULARY);
  for (const phrase of phrases) matcher.add(phrase);
  return tokenise(text).flatMap(({ tokens }) =>
    matcher.search(tokens).map(({ from, to }) => text.slice(tokens[from]?.start, tokens[to - 1]?.end)),
  );
}

describe('PhraseMatcher', () => {
  it.each([
    ['British and American spelling', 'anaesthesia', 'general anesthesia', ['anesthesia']],
    ['American and British spelling', 'hemodynamic', 'Haemodynamics', ['Haemodynamics']],
    ['plurals', 'seizure', 'no seizures', ['seizures']],
    ['irregular plurals', 'mouse', 'adult mice', ['mice']],
    ['accents', 'depression medicamentosa', 'Dépression medicamentosa', ['Dépression medicamentosa']],
    ['Greek letters by name', 'TNF alpha', 'TNF-α', ['TNF-α']],
    ['the micro sign and the letter mu', 'mu opioid', 'µ-opioid and μ opioid', ['µ-opioid', 'μ opioid']],
    [
      'non-breaking hyphens and spaces',
      'treatment resistant depression',
      'treatment\u2011resistant\u00a0depression',
      ['treatment\u2011resistant\u00a0depression'],
    ],
    ['marks inside a chemical name', 'S-ketamine', 'S(+)-ketamine and (S)-ketamine', ['S(+)-ketamine', 'S)-ketamine']],
    ['both enantiomers', 'R,S-ketamine', '(R,S)-ketamine', ['R,S)-ketamine']],
    ['several figures in a name', '(2R,6R)-HNK', '(2R,6R)-HNK', ['2R,6R)-HNK']],
    ['points inside an abbreviation', 'i.v.', 'given i.v. twice', ['i.v']],
  ])('finds %s', (_rule, phrase, text, found) => {
    expect(find([phrase], text)).toEqual(found);
  });

  it.each([
    ['inside a word', 'rat', 'the rate of operation'],
    ['across a comma', 'major depression', 'major, depression'],
    ['across a bracket', 'chronic pain', 'chronic (severe) pain'],
    ['across sentences', 'chronic pain', 'It was chronic. Pain fell.'],
    ['in small letters what stands in capitals', 'SAD', 'they were sad'],
    ['the S of a possessive', 'S-ketamine', "the clinic's ketamine"],
  ])('does not match %s', (_rule, phrase, text) => {
    expect(find([phrase], text)).toEqual([]);
  });

  it('knows alternatives, words that may be missing, endings and gaps', () => {
    const phrases = ['(acute|severe) [postoperative] pain', 'predict* ~2 response'];
    expect(find(phrases, 'acute pain, severe postoperative pain')).toEqual(['acute pain', 'severe postoperative pain']);
    expect(find(phrases, 'EEG predicted the antidepressant response')).toEqual([
      'predicted the antidepressant response',
    ]);
    expect(find(phrases, 'predictors of the very early clinical response')).toEqual([]);
  });

  it('takes the words of a list, and of a list inside a list, as one step', () => {
    expect(find(['{drug} infusion'], 'S-isomer infusions')).toEqual(['S-isomer infusions']);
    expect(find(['{any} infusion'], 'lithium infusion, ketamine infusion')).toEqual([
      'lithium infusion',
      'ketamine infusion',
    ]);
  });

  it('follows phrases that begin alike together, and finds each of them once', () => {
    const phrases = [
      '(acute|severe) ~2 pain',
      'acute [postoperative] pain',
      'acute ~1 [very] ~1 pain',
      'acute pain relief',
    ];
    expect(find(phrases, 'acute postoperative pain')).toEqual(Array(3).fill('acute postoperative pain'));
    expect(find(phrases, 'acute pain relief')).toEqual([...Array<string>(3).fill('acute pain'), 'acute pain relief']);
  });

  it('lets a comma stand in a gap, and a word list behind one', () => {
    expect(find(['given ~2 {drug}'], 'given early, S-isomer')).toEqual(['given early, S-isomer']);
    expect(find(['given ~1 {drug}'], 'given very early ketamine')).toEqual([]);
  });

  it('takes time proportional to the text, whatever it repeats', () => {
    const matcher = new PhraseMatcher(VOCABULARY);
    matcher.add('a ~12 a ~12 b');
    const secondsFor = (words: number): number => {
      const { tokens } = tokenise('a '.repeat(words))[0] ?? { tokens: [] };
      const before = process.cpuUsage();
      expect(matcher.search(tokens)).toEqual([]);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1e6;
    };
    secondsFor(5_000);
    // eight times the text: were it a matter of its square, it would be sixty-four times the work
    expect(secondsFor(40_000)).toBeLessThan(24 * Math.max(secondsFor(5_000), 0.01));
  });
});
