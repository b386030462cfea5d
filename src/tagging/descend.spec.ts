import { descend } from './descend.js';

describe('the way downhill', () => {
  it('ends at the lowest point of a bowl, however narrow', () => {
    const found = descend(
      (at, slope) => {
        const [x, y] = [(at[0] ?? 0) - 3, (at[1] ?? 0) + 2];
        slope[0] = 2 * x;
        slope[1] = 200 * y;
        return x ** 2 + 100 * y ** 2;
      },
      2,
      60,
    );
    expect(found[0]).toBeCloseTo(3, 2);
    expect(found[1]).toBeCloseTo(-2, 2);
  });

  it('stays where there is nothing to gain', () => {
    expect([...descend(() => 1, 2, 10)]).toEqual([0, 0]);
  });
});
