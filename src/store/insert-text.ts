const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');

/** An INSERT of so many rows, a `?` for each value; `conflict` stands behind the values. */
export function insertText(table: string, columns: readonly string[], rows: number, conflict: string): string {
  const row = `(${columns.map(() => '?').join(', ')})`;
  return `INSERT INTO "${table}" (${quoted(columns)}) VALUES ${Array<string>(rows).fill(row).join(', ')} ${conflict}`;
}
