import { readQuality } from '../publish/dashboard/read-quality.js';
import { AppError } from '../problem.js';

const BEGIN = '<!-- quality: made from docs/quality.md by `npm run fix` -->';
const END = '<!-- /quality -->';

/** Puts the held-out figures of every facet where README.md has its marks: what it says of the tags is what was measured. */
export function withQuality(readme: string, report: string): string {
  const quality = readQuality(report);
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (!quality || begin < 0 || end < begin)
    throw new AppError('file-unreadable', `README.md needs ${BEGIN} and ${END}, docs/quality.md its figures`);
  const tables = [
    tableOf(quality.facets.map(({ facet, heldOut }) => [facet, heldOut])),
    ...(quality.facts.length > 0
      ? [
          'Of the facts that are shown, these shares are right (rules were mended on one half of the papers; docs/quality.md has the halves):',
          tableOf(quality.facts.map(({ fact, precision }) => [fact, precision])),
        ]
      : []),
  ];
  return `${readme.slice(0, begin)}${BEGIN}\n\n${tables.join('\n\n')}\n\n${readme.slice(end)}`;
}

/** One row of figures under their names. */
function tableOf(figures: readonly (readonly [name: string, figure: number])[]): string {
  const columns = figures.map(([name, value]) => {
    const figure = value.toFixed(2);
    const width = Math.max(name.length, figure.length);
    return [name.padEnd(width), '-'.repeat(width), figure.padEnd(width)];
  });
  return [0, 1, 2].map((row) => `| ${columns.map((column) => column[row]).join(' | ')} |`).join('\n');
}
