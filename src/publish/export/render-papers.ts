import type { PaperView } from '../../model/paper-view.js';
import type { StoredPaper } from '../../store/paper-pages.store.js';
import type { StoredView } from '../../store/to-view.js';
import { completeView } from '../paper-links.js';
import { RENDERINGS, type ExportFormat } from './formats.js';

type LinksOf = (paper: StoredPaper) => PaperView['links'];

/** The text of one stored paper in a format; NDJSON is the stored text itself, not read and written again. */
const renderStored = (format: ExportFormat, paper: StoredPaper, links: PaperView['links']): string =>
  format === 'ndjson'
    ? `${completeView(paper.view, links)}\n`
    : RENDERINGS[format].render({ ...(JSON.parse(paper.view) as StoredView), links });

/**
 * A whole file in parts, one for each chunk of papers, so that no more than a chunk is ever in memory. For HTTP and
 * for the command line.
 */
export async function* renderPapers(
  format: ExportFormat,
  chunks: AsyncIterable<readonly StoredPaper[]>,
  linksOf: LinksOf,
): AsyncGenerator<string> {
  const { before, between, after } = RENDERINGS[format];
  if (before) yield before;
  let first = true;
  for await (const papers of chunks) {
    const texts = papers.map((paper) => renderStored(format, paper, linksOf(paper)));
    if (texts.length === 0) continue;
    yield (first ? '' : between) + texts.join(between);
    first = false;
  }
  if (after) yield after;
}
