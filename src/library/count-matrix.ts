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

/** Counts papers by two facets, or three, in one pass over the chosen ones. */
export function countMatrix(catalogue: Catalogue, papers: Bits, rows: Facet, cols: Facet, split: Facet | null): Matrix {
  const axes = [rows, cols, ...(split === null ? [] : [split])].map((facet) => {
    const span = catalogue.table.spans[facet] ?? { from: 0, to: 0 };
    return { facet, ...span, size: span.to - span.from, totals: new Float64Array(span.to - span.from) };
  });
  const [row, col, third] = axes as [(typeof axes)[0], (typeof axes)[0], (typeof axes)[0] | undefined];
  const counts = new Float64Array(row.size * col.size);
  const splitCounts = new Float64Array(third ? row.size * col.size * third.size : 0);
  const { tagStarts, tagNumbers } = catalogue;
  // which axis a tag belongs to and where; one facet may be two axes
  const places = axes.map(({ from, to }) =>
    catalogue.table.tags.map((_, tag) => (tag >= from && tag < to ? tag - from : -1)),
  );
  const [rowOf, colOf, thirdOf] = places as [number[], number[], number[] | undefined];
  const has = [new Int32Array(row.size), new Int32Array(col.size), new Int32Array(third?.size ?? 0)] as const;
  const width = third?.size ?? 0;
  eachBit(papers, (at) => {
    let rowCount = 0;
    let colCount = 0;
    let thirdCount = 0;
    for (let i = tagStarts[at]!; i < tagStarts[at + 1]!; i++) {
      const tag = tagNumbers[i]!;
      if (rowOf[tag]! >= 0) has[0][rowCount++] = rowOf[tag]!;
      if (colOf[tag]! >= 0) has[1][colCount++] = colOf[tag]!;
      if (thirdOf && thirdOf[tag]! >= 0) has[2][thirdCount++] = thirdOf[tag]!;
    }
    for (let r = 0; r < rowCount; r++) row.totals[has[0][r]!]! += 1;
    for (let c = 0; c < colCount; c++) col.totals[has[1][c]!]! += 1;
    if (third) for (let s = 0; s < thirdCount; s++) third.totals[has[2][s]!]! += 1;
    for (let r = 0; r < rowCount; r++)
      for (let c = 0; c < colCount; c++) {
        const cell = has[0][r]! * col.size + has[1][c]!;
        counts[cell]! += 1;
        for (let s = 0; s < thirdCount; s++) splitCounts[cell * width + has[2][s]!]! += 1;
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
