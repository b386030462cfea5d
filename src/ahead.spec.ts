import { setTimeout as wait } from 'node:timers/promises';
import { ahead } from './ahead.js';

describe('working ahead', () => {
  it('gives the results in order, however long each takes, and has only so many under way', async () => {
    let underWay = 0;
    let most = 0;
    const work = async (item: number): Promise<number> => {
      most = Math.max(most, (underWay += 1));
      await wait(item % 2 === 0 ? 8 : 1);
      underWay -= 1;
      return item * 10;
    };
    const results = [];
    for await (const result of ahead([1, 2, 3, 4, 5, 6, 7], 3, work)) results.push(result);
    expect(results).toEqual([10, 20, 30, 40, 50, 60, 70]);
    expect(most).toBe(3);
  });

  it('starts the next before the one before is looked at', async () => {
    const log: string[] = [];
    const work = (item: number): Promise<number> => {
      log.push(`work ${item}`);
      return Promise.resolve(item);
    };
    for await (const result of ahead([1, 2, 3], 1, work)) {
      await wait(1);
      log.push(`seen ${result}`);
    }
    expect(log).toEqual(['work 1', 'work 2', 'seen 1', 'work 3', 'seen 2', 'seen 3']);
  });

  it('tells of a failure in its turn, and of none behind it', async () => {
    const work = (item: number): Promise<number> =>
      item === 1 ? Promise.resolve(item) : Promise.reject(new Error(`no ${item}`));
    const seen: number[] = [];
    const all = async (): Promise<void> => {
      for await (const result of ahead([1, 2, 3], 3, work)) seen.push(result);
    };
    await expect(all()).rejects.toThrow('no 2');
    expect(seen).toEqual([1]);
  });
});
