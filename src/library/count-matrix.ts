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
  const has = axes.map(() => [] as number[]);
  eachBit(papers, (at) => {
    axes.forEach((axis, i) => {
      const own = has[i]!;
      own.length = 0;
      for (let tag = tagStarts[at]!; tag < tagStarts[at + 1]!; tag++) {
        const number = tagNumbers[tag]!;
        if (number < axis.from || number >= axis.to) continue;
        own.push(number - axis.from);
        axis.totals[number - axis.from]! += 1;
      }
    });
    for (const r of has[0]!)
      for (const c of has[1]!) {
        const cell = r * col.size + c;
        counts[cell]! += 1;
        if (third) for (const s of has[2]!) splitCounts[cell * third.size + s]! += 1;
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
