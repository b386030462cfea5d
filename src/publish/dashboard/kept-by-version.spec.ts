import { KeptByVersion } from './kept-by-version.js';

describe('what is kept by version', () => {
  it('is made once for a version, and anew for the next', async () => {
    const kept = new KeptByVersion<number>();
    let made = 0;
    const make = () => Promise.resolve(++made);
    expect(await Promise.all([kept.get('1', 'a', make), kept.get('1', 'a', make)])).toEqual([1, 1]);
    expect(await kept.get('1', 'b', make)).toBe(2);
    expect(await kept.get('2', 'a', make)).toBe(3);
  });

  it('is tried again after a failure', async () => {
    const kept = new KeptByVersion<number>();
    await expect(kept.get('1', 'a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await kept.get('1', 'a', () => Promise.resolve(1))).toBe(1);
  });
});
