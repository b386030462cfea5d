import { tokenise } from './tokenise.js';

const words = (text: string) => tokenise(text).flatMap(({ tokens }) => tokens.map(({ word }) => word));

describe('words', () => {
  it('of one spelling share one record, wherever they stand', () => {
    const [one, other] = words('Ketamine, ketamine and KETAMINE; ketamine').filter(({ text }) => text === 'ketamine');
    expect(one).toBe(other);
  });

  it('of other spellings have records of their own, also under the same number', () => {
    // "Aa" and "BB" have the same number, and so have all texts made of them
    const pairs = (length: number): string[] =>
      length === 0 ? [''] : pairs(length - 1).flatMap((rest) => [`Aa${rest}`, `BB${rest}`]);
    const made = pairs(10);
    expect(words(made.join(' ')).map(({ text }) => text)).toEqual(made);
  });
});
