const numbered = new Map<string, string>();

/**
 * `?` → `$1`, `$2` …, leaving alone what stands in quotes. PostgreSQL wants numbers, SQLite takes marks.
 * Texts repeat, so the answers are kept (bounded: filters make endless texts).
 */
export function numberPlaceholders(text: string): string {
  const known = numbered.get(text);
  if (known !== undefined) return known;
  let count = 0;
  const result = text.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\?/g, (part) => (part === '?' ? `$${++count}` : part));
  if (numbered.size >= 1000) numbered.clear();
  numbered.set(text, result);
  return result;
}

/** A placeholder for each value of a list: `IN (${marks(values)})`. */
export const marks = (values: readonly unknown[]): string => values.map(() => '?').join(', ');
