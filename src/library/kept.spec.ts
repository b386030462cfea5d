import { Kept } from './kept.js';

describe('values that are kept', () => {
  const some = () => new Kept<number, { size: number }>(100, ({ size }) => size);

  it('are the same objects until they are forgotten', () => {
    const kept = some();
    const one = { size: 10 };
    kept.set(1, one);
    expect(kept.get(1)).toBe(one);
    kept.delete(1);
    expect(kept.get(1)).toBeUndefined();
    kept.set(1, one);
    kept.clear();
    expect(kept.get(1)).toBeUndefined();
  });

  it('stay while they are used, and go when many others came', () => {
    const kept = some();
    kept.set(0, { size: 10 });
    kept.set(1, { size: 10 });
    for (let key = 2; key < 100; key++) {
      kept.set(key, { size: 10 });
      expect(kept.get(0)).toBeDefined();
    }
    expect(kept.get(1)).toBeUndefined();
  });

  it('are never more than the limit allows', () => {
    const kept = some();
    for (let key = 0; key < 1000; key++) kept.set(key, { size: 7 });
    const all = Array.from({ length: 1000 }, (_, key) => key).filter((key) => kept.get(key));
    expect(all.length * 7).toBeLessThanOrEqual(100);
    expect(all).toContain(999);
  });

  it('are not kept when one alone is larger than all may be', () => {
    const kept = some();
    kept.set(1, { size: 1000 });
    kept.set(2, { size: 1000 });
    expect(kept.get(1)).toBeUndefined();
  });
});
