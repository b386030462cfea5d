import type { Facet } from '../model/tag.js';
import { countBits, eachBit, type Bits } from './bits.js';
import type { Catalogue } from './catalogue.js';

export interface MatrixAxis {
  facet: Facet;
  values: { value: string; label: string; total: number }[];
}

export interface Matrix {
  rows: MatrixAxis;
  cols: MatrixAxis;
  /** Papers that have both, by row and column. */
  counts: number[][];
  split: MatrixAxis | null;
  /** The same, once more by the values of a third facet. */
  splitCounts: number[][][] | null;
  /** Papers under the filter, whether or not they have any of these values. */
  total: number;
}

/** Bits that say on which axes a tag lies; one facet may be two axes. */
const ROW = 1;
const COL = 2;
const THIRD = 4;

/** Counts papers by two facets, or three, in one pass over the chosen ones. */
export function countMatrix(catalogue: Catalogue, papers: Bits, rows: Facet, cols: Facet, split: Facet | null): Matrix {
  const axes = [rows, cols, ...(split === null ? [] : [split])].map((facet) => {
    const span = catalogue.table.spans[facet] ?? { from: 0, to: 0 };
    return { facet, ...span, size: span.to - span.from, totals: new Uint32Array(span.to - span.from) };
  });
  const [row, col, third] = axes as [(typeof axes)[0], (typeof axes)[0], (typeof axes)[0] | undefined];
  const counts = new Uint32Array(row.size * col.size);
  const splitCounts = new Uint32Array(third ? row.size * col.size * third.size : 0);
  const { tagStarts, tagNumbers } = catalogue;
  // on which axes a tag lies, and where; on two axes of one facet it lies at the same place
  const axesOf = new Uint8Array(catalogue.table.tags.length);
  const placeOf = new Uint16Array(catalogue.table.tags.length);
  axes.forEach(({ from, to }, index) => {
    for (let tag = from; tag < to; tag++) {
      axesOf[tag]! |= [ROW, COL, THIRD][index]!;
      placeOf[tag] = tag - from;
    }
  });
  const width = third?.size ?? 0;
  const [inRows, inCols, inThird] = [new Uint16Array(row.size), new Uint16Array(col.size), new Uint16Array(width)];
  eachBit(papers, (at) => {
    let rowCount = 0;
    let colCount = 0;
    let thirdCount = 0;
    const end = tagStarts[at + 1]!;
    for (let i = tagStarts[at]!; i < end; i++) {
      const tag = tagNumbers[i]!;
      const on = axesOf[tag]!;
      if (on === 0) continue;
      const place = placeOf[tag]!;
      if (on & ROW) inRows[rowCount++] = place;
      if (on & COL) inCols[colCount++] = place;
      if (on & THIRD) inThird[thirdCount++] = place;
    }
    for (let r = 0; r < rowCount; r++) row.totals[inRows[r]!]! += 1;
    for (let c = 0; c < colCount; c++) col.totals[inCols[c]!]! += 1;
    if (third) for (let s = 0; s < thirdCount; s++) third.totals[inThird[s]!]! += 1;
    for (let r = 0; r < rowCount; r++)
      for (let c = 0; c < colCount; c++) {
        const cell = inRows[r]! * col.size + inCols[c]!;
        counts[cell]! += 1;
        for (let s = 0; s < thirdCount; s++) splitCounts[cell * width + inThird[s]!]! += 1;
      }
  });
  const axis = ({ facet, from, size, totals }: (typeof axes)[0]): MatrixAxis => ({
    facet,
    values: Array.from({ length: size }, (_, i) => {
      const { value, label } = catalogue.table.tags[from + i]!;
      return { value, label, total: totals[i]! };
    }),
  });
  const grid = <T>(cell: (index: number) => T): T[][] =>
    Array.from({ length: row.size }, (_, r) => Array.from({ length: col.size }, (__, c) => cell(r * col.size + c)));
  return {
    rows: axis(row),
    cols: axis(col),
    counts: grid((cell) => counts[cell]!),
    split: third ? axis(third) : null,
    splitCounts: third
      ? grid((cell) => Array.from(splitCounts.subarray(cell * third.size, (cell + 1) * third.size)))
      : null,
    total: countBits(papers),
  };
}
