/**
 * Works on the next few while one is looked at.
 * @param count so many are under way at most
 * @returns what the work gives, in the order of the items; a failure comes in its turn
 */
export async function* ahead<Item, Result>(
  items: Iterable<Item>,
  count: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  const start = (item: Item): void => {
    const one = work(item);
    // awaited in its turn; an end before that is no unhandled one
    one.catch(() => undefined);
    underWay.push(one);
  };
  for (const item of items) {
    if (underWay.length < count) {
      start(item);
      continue;
    }
    const result = (await underWay.shift()) as Result;
    start(item);
    yield result;
  }
  for (const one of underWay) yield await one;
}
