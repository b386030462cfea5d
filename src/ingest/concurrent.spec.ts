import { inOrder } from './concurrent.js';

async function* numbers(count: number): AsyncGenerator<number> {
  for (let at = 0; at < count; at++) {
    await Promise.resolve();
    yield at;
  }
}

const collect = async <T>(items: AsyncIterable<T>) => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

describe('inOrder', () => {
  it('keeps the order and never has more under way than asked', async () => {
    let underWay = 0;
    let most = 0;
    const work = async (item: number) => {
      most = Math.max(most, ++underWay);
      // later items end sooner
      for (let turn = 0; turn < 20 - item; turn++) await Promise.resolve();
      underWay--;
      return item * 2;
    };
    expect(await collect(inOrder(numbers(20), 3, work))).toEqual(Array.from({ length: 20 }, (_, at) => at * 2));
    expect(most).toBe(3);
  });

  it('finishes what the source gave before it failed', async () => {
    const failing = async function* () {
      yield* numbers(5);
      throw new Error('source');
    };
    const seen: number[] = [];
    const run = async () => {
      for await (const item of inOrder(failing(), 3, (n) => Promise.resolve(n))) seen.push(item);
    };
    await expect(run()).rejects.toThrow('source');
    expect(seen).toEqual([0, 1, 2, 3, 4]);
  });

  it('ends with the failure of an item, once the others have settled', async () => {
    let settled = 0;
    const work = async (item: number) => {
      await Promise.resolve();
      settled++;
      if (item === 1) throw new Error('item');
      return item;
    };
    await expect(collect(inOrder(numbers(10), 3, work))).rejects.toThrow('item');
    expect(settled).toBeLessThanOrEqual(4);
  });
});
