/**
 * Runs `read` over lists short enough for the placeholders of both databases.
 * @returns what the parts give, in their order
 */
export async function inParts<T, R>(
  values: readonly T[],
  read: (part: readonly T[]) => Promise<R[]>,
  size = 1000,
): Promise<R[]> {
  const found: R[] = [];
  for (let at = 0; at < values.length; at += size) found.push(...(await read(values.slice(at, at + size))));
  return found;
}
