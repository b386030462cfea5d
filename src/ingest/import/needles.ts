import type { TaxonomyQuery } from '../../model/taxonomy.js';

/**
 * What to look for in a record's bytes to find a word of the query: the longest run of letters and digits of it, and
 * the runs that must stand next to that one, whatever signs or tags lie between: `CI-581` is `581` behind `ci`.
 * All lower case. Every record that holds the word holds its needle; the reverse is settled by the exact match.
 */
export interface Needle {
  run: Uint8Array;
  before: Uint8Array | null;
  after: Uint8Array | null;
}

const bytesOf = (text: string | undefined) => (text === undefined ? null : Buffer.from(text, 'utf8'));

/** Needles for everything that the query asks for: text words, headings and substances. */
export function needlesOf(query: TaxonomyQuery): Needle[] {
  const found: { run: string; before: string | undefined; after: string | undefined }[] = [];
  for (const word of [...query.words, ...query.mesh, ...query.substances]) {
    // letters outside ASCII have two forms in bytes, and an accent may be a sign of its own: they end a run here
    const runs = word.toLowerCase().match(/[a-z0-9]+/g) ?? [];
    const at = runs.reduce((best, run, index) => (weight(run) > weight(runs[best] ?? '') ? index : best), 0);
    const run = runs[at];
    if (run === undefined) continue;
    const isWhole = /^[\x20-\x7e]+$/.test(word);
    found.push({
      run,
      before: isWhole ? runs[at - 1] : undefined,
      after: isWhole && !word.endsWith('*') ? runs[at + 1] : undefined,
    });
  }
  // a run that holds another one, which needs no neighbours, is found with it
  const alone = found.filter((needle) => needle.before === undefined && needle.after === undefined);
  const isCovered = (needle: (typeof found)[number], index: number) =>
    alone.some(
      (other) =>
        other !== needle &&
        needle.run.includes(other.run) &&
        (needle.run !== other.run || !alone.includes(needle) || found.indexOf(other) < index),
    );
  return found
    .filter((needle, index) => !isCovered(needle, index))
    .map(({ run, before, after }) => ({ run: Buffer.from(run), before: bytesOf(before), after: bytesOf(after) }));
}

/** Words without two ASCII letters or digits in a row, by which bytes cannot be told apart. */
export const unsearchable = (query: TaxonomyQuery): string[] =>
  [...query.words, ...query.mesh, ...query.substances].filter((word) => !/[a-z0-9]{2}/i.test(word));

/** Letters tell more than digits, of which dates, pages and DOIs are full. */
const weight = (run: string) => run.length + (/[a-z]/.test(run) ? 0.5 : 0);
