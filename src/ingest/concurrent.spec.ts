import { ahead, inOrder } from './concurrent.js';

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

  it('gives out what is done while the source still thinks about its next item', async () => {
    let think: () => void = () => undefined;
    const slow = async function* () {
      yield 1;
      await new Promise<void>((resolve) => (think = resolve));
      yield 2;
    };
    const items = inOrder(slow(), 3, (item) => Promise.resolve(item));
    expect(await items.next()).toEqual({ done: false, value: 1 });
    think();
    expect(await items.next()).toEqual({ done: false, value: 2 });
    expect(await items.next()).toMatchObject({ done: true });
  });
});

describe('ahead', () => {
  it('has asked for the next item when it gives one, for no more, and gives all', async () => {
    const asked: number[] = [];
    const source = async function* () {
      for await (const item of numbers(4)) {
        asked.push(item);
        yield item;
      }
    };
    const seen: [number, number][] = [];
    for await (const item of ahead(source())) {
      // the source has its turn
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
      seen.push([item, asked.length]);
    }
    expect(seen).toEqual([[0, 2], [1, 3], [2, 4], [3, 4]]); // prettier-ignore
  });

  it('fails with its source, after what came before', async () => {
    const failing = async function* () {
      yield* numbers(2);
      throw new Error('source');
    };
    const seen: number[] = [];
    const run = async () => {
      for await (const item of ahead(failing())) seen.push(item);
    };
    await expect(run()).rejects.toThrow('source');
    expect(seen).toEqual([0, 1]);
  });

  it('ends its source when it is left early', async () => {
    let ended = false;
    const source = async function* () {
      try {
        yield* numbers(10);
      } finally {
        ended = true;
      }
    };
    for await (const item of ahead(source())) if (item === 2) break;
    expect(ended).toBe(true);
  });
});
