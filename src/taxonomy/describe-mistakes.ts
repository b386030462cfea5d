import type { ProblemItem } from '../problem.js';

/** So many allowed values are shown in full; of longer lists those nearest to what was written. */
const MOST_ALLOWED = 14;
const NEAREST = 5;

/** Every mistake of a file on a line of its own: where, what, and what is allowed there. */
export function describeMistakes(mistakes: readonly ProblemItem[], fileName: string): string {
  return mistakes
    .map(({ pointer, message, allowed }) => {
      const line = `${pointer ?? fileName}: ${message}`;
      if (!allowed || allowed.length === 0) return line;
      if (allowed.length <= MOST_ALLOWED) return `${line} (allowed: ${allowed.join(', ')})`;
      const written = /"([^"]*)"/.exec(message)?.[1] ?? '';
      return `${line} (nearest of ${allowed.length} allowed: ${nearest(written, allowed).join(', ')})`;
    })
    .join('\n');
}

function nearest(written: string, allowed: readonly string[]): string[] {
  return allowed
    .map((value) => ({ value, distance: editDistance(written.slice(0, 60), value) }))
    .sort((one, other) => one.distance - other.distance)
    .slice(0, NEAREST)
    .map(({ value }) => value);
}

/** Letters to change, add or take away (Levenshtein). */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let at = 1; at <= one.length; at += 1) {
    const next = [at];
    for (let place = 1; place <= other.length; place += 1) {
      const same = one[at - 1] === other[place - 1] ? 0 : 1;
      next.push(Math.min((row[place] ?? 0) + 1, (next[place - 1] ?? 0) + 1, (row[place - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
