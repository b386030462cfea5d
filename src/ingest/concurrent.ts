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
  let asked: Promise<IteratorResult<T>> | null = null;
  let ended = false;
  let failure: { error: unknown } | null = null;
  try {
    for (;;) {
      if (!ended && !failure && !asked && underWay.length < width) asked = quiet(Promise.resolve(items.next()));
      const first = underWay[0];
      if (!asked && !first) break;
      // a source that takes its time holds up nothing that is done already
      const news = await Promise.race([
        ...(asked ? [asked.then((next) => ({ next }), (error: unknown) => ({ error }))] : []),
        ...(first ? [first.then(() => null, () => null)] : []),
      ]); // prettier-ignore
      if (news === null) {
        void underWay.shift();
        yield await (first as Promise<R>);
        continue;
      }
      asked = null;
      // what the source gave before it failed is still worth finishing
      if ('error' in news) failure = news;
      else if (news.next.done) ended = true;
      else underWay.push(quiet(work(news.next.value)));
    }
    if (failure) throw failure.error;
  } finally {
    await Promise.allSettled([...underWay, asked]);
    await items.return?.();
  }
}

/** Reads one item ahead: while somebody works on one, the next is on its way. */
export async function* ahead<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const items = source[Symbol.asyncIterator]();
  let next = quiet(items.next());
  try {
    for (;;) {
      const current = await next;
      if (current.done) return;
      next = quiet(items.next());
      yield current.value;
    }
  } finally {
    await Promise.allSettled([next]);
    await items.return?.();
  }
}

/** A failure is handled where the promise is awaited; this keeps Node from calling it unhandled until then. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
