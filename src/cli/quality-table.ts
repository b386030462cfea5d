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
  const columns = quality.facets.map(({ facet, heldOut }) => {
    const figure = heldOut.toFixed(2);
    const width = Math.max(facet.length, figure.length);
    return [facet.padEnd(width), '-'.repeat(width), figure.padEnd(width)];
  });
  const rows = [0, 1, 2].map((row) => `| ${columns.map((column) => column[row]).join(' | ')} |`);
  return `${readme.slice(0, begin)}${BEGIN}\n\n${rows.join('\n')}\n\n${readme.slice(end)}`;
}
