import fc from 'fast-check';
import { addDays } from './pubmed-day.js';
import { sweepSlices } from './sweep-slices.js';
import { FIRST_DAY } from './window.js';

const day = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays('1970-01-01', days));

describe('slices of a sweep', () => {
  it('are one while the store is empty', () => {
    expect(sweepSlices([], FIRST_DAY)).toEqual([{ field: 'crdt', from: FIRST_DAY, to: null }]);
  });

  it('lie side by side from the open present to the first day, whatever is here', () => {
    fc.assert(
      fc.property(fc.array(day, { maxLength: 300 }), fc.integer({ min: 1, max: 40 }), day, (added, size, from) => {
        const slices = sweepSlices(added, from, size);
        expect(slices[0]?.to).toBeNull();
        expect(slices[slices.length - 1]?.from).toBe(from);
        for (let at = 1; at < slices.length; at++) {
          expect(addDays(slices[at]?.to ?? '', 1)).toBe(slices[at - 1]?.from);
          expect((slices[at]?.from ?? '') <= (slices[at]?.to ?? '')).toBe(true);
        }
      }),
    );
  });

  it('hold no more papers than asked for, but for those of one crowded day', () => {
    const added = Array.from({ length: 30_000 }, (_, at) => addDays('1990-01-01', Math.floor(at / 3)));
    const slices = sweepSlices(added, FIRST_DAY);
    expect(slices.length).toBeLessThanOrEqual(5);
    for (const { from, to } of slices)
      expect(added.filter((one) => one >= from && (to === null || one <= to)).length).toBeLessThanOrEqual(8_003);
  });
});
