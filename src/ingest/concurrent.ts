/**
 * Works on items `width` at a time and yields the results in the items' order: while one batch is stored, the next
 * ones load. The source is read only as far as there is room. A failure ends it, after the work under way has settled.
 */
export async function* inOrder<T, R>(
  source: AsyncIterable<T> | Iterable<T>,
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const items = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  const underWay: Promise<R>[] = [];
  let ended = false;
  let failure: { error: unknown } | null = null;
  try {
    for (;;) {
      while (!ended && !failure && underWay.length < width) {
        try {
          const next = await items.next();
          if (next.done) ended = true;
          else {
            const result = work(next.value);
            // handled where it is awaited; this keeps Node from calling it unhandled until then
            result.catch(() => undefined);
            underWay.push(result);
          }
        } catch (error) {
          // the source failed: what it gave before is still worth finishing
          failure = { error };
        }
      }
      const first = underWay.shift();
      if (!first) break;
      yield await first;
    }
    if (failure) throw failure.error;
  } finally {
    await Promise.allSettled(underWay);
    await items.return?.();
  }
}
