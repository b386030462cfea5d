/** The one of the known names that was probably meant; null when none is near. */
export function guess(given: string, known: readonly string[]): string | null {
  const wanted = plain(given.slice(0, 64));
  if (wanted === '') return null;
  let best: { name: string; distance: number } | null = null;
  for (const name of known) {
    const other = plain(name);
    const distance =
      wanted.length >= 3 && (other.startsWith(wanted) || wanted.startsWith(other)) ? 0.5 : editDistance(wanted, other);
    if (best === null || distance < best.distance) best = { name, distance };
  }
  return best && best.distance <= Math.max(1, Math.floor(wanted.length / 3)) ? best.name : null;
}

const plain = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** How many letters to change, add, leave out or swap with their neighbour. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
