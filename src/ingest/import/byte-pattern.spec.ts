import fc from 'fast-check';
import { BytePattern } from './byte-pattern.js';

describe('one text in bytes', () => {
  it('is found where it first stands, or nowhere', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', '<'), { maxLength: 60 }).map((parts) => parts.join(''));
    const needle = fc
      .array(fc.constantFrom('a', 'b', '<'), { minLength: 1, maxLength: 6 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(letters, needle, fc.nat({ max: 20 }), fc.nat({ max: 60 }), (text, wanted, from, to) => {
        const bytes = Buffer.from(text);
        const end = Math.min(to, bytes.length);
        expect(new BytePattern(wanted).find(bytes, from, end)).toBe(bytes.subarray(0, end).indexOf(wanted, from));
      }),
      { numRuns: 2000 },
    );
  });
});
