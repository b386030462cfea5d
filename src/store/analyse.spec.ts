import fc from 'fast-check';
import { foldWord, tokenise } from './analyse.js';

/** The same rule as an expression: slower, and plain to see. */
const WORD = /[\p{L}\p{N}\p{M}]+(?:['’ʼ][\p{L}\p{N}\p{M}]+)*/gu;
const words = (text: string) =>
  [...text.matchAll(WORD)]
    .map((match) => ({ raw: foldWord(match[0]), start: match.index, end: match.index + match[0].length }))
    .filter(({ raw }) => raw !== '');

describe('tokenise', () => {
  it('finds the words that the expression for a word finds, where it finds them', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "Berman et al.'s 2000",
        "O'Neill’s",
        'ʼ',
        "'",
        '’',
        '-',
        ' ',
        '𝛼β',
        '👍',
        '\ud800',
        'ﬁ',
        'é',
        'i.v.',
      ),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        expect(tokenise(text).map(({ raw, start, end }) => ({ raw, start, end }))).toEqual(words(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives a stem to all but the words that stand everywhere', () => {
    expect(tokenise("The patients' treatments were β-blockers").map(({ stem }) => stem)).toEqual([
      null,
      'patient',
      'treatment',
      null,
      'β',
      'blocker',
    ]);
  });
});
