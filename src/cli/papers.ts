import { LibraryService } from '../library/library.service.js';
import { parseFilter, parseSort } from '../library/parse-filter.js';
import { Shelf } from '../library/shelf.js';
import { AppError } from '../problem.js';
import type { ExportFormat } from '../publish/export/formats.js';
import { renderPapers } from '../publish/export/render-papers.js';
import { completeView, linksOf } from '../publish/paper-links.js';
import { CatalogueStore } from '../store/catalogue.store.js';
import { ChangesStore } from '../store/changes.store.js';
import { PaperPagesStore, type StoredPaper } from '../store/paper-pages.store.js';
import { PapersStore } from '../store/papers.store.js';
import { SearchStore } from '../store/search.store.js';
import type { StoredView } from '../store/to-view.js';
import { inTerminal, print, send, tell, withStore, type ExitCode } from './command.js';
import { readFilters } from './filters.js';

export interface PapersListOptions {
  limit?: string;
  format: string;
  [filter: string]: unknown;
}

/** `papers list`: papers under filters, newest first unless sorted. */
export const papersListCommand = (words: readonly string[], options: PapersListOptions): Promise<ExitCode> =>
  withStore(async ({ database, taxonomy }) => {
    const limit = options.limit === undefined ? Infinity : Number(options.limit);
    if (options.limit !== undefined && (!Number.isInteger(limit) || limit < 1))
      throw new AppError('usage', '--limit must be a whole number of 1 or more');
    const query = readFilters(words, options);
    const filter = parseFilter(query, taxonomy);
    const shelf = new Shelf(new CatalogueStore(database), new SearchStore(database), taxonomy);
    const library = new LibraryService(shelf, new PaperPagesStore(database), new ChangesStore(database));
    const { format } = options;
    // a table is for eyes, everything else for programs
    const atMost = options.limit === undefined && format === 'table' ? 20 : limit;
    const papers = firstOf(library.stream(filter, parseSort(query), 200), atMost);
    const links = (paper: StoredPaper) => linksOf(paper, { external: true });
    if (format === 'table') {
      let shown = 0;
      for await (const part of papers) {
        for (const { view } of part) print(tableRow(JSON.parse(view) as StoredView));
        shown += part.length;
      }
      tell(`${shown} of ${await library.count(filter)} papers`);
    } else if (format === 'json') {
      let between = '[';
      for await (const part of papers) {
        await send(between + part.map((paper) => completeView(paper.view, links(paper))).join(',\n'));
        between = ',\n';
      }
      await send(between === '[' ? '[]\n' : ']\n');
    } else for await (const part of renderPapers(format as ExportFormat, papers, links)) await send(part);
    return 0;
  });

const tableRow = (paper: StoredView): string =>
  `${paper.pmid.padEnd(9)} ${paper.added}  ${inTerminal(paper.title || (paper.vernacularTitle ?? '')).slice(0, 140)}`;

async function* firstOf(chunks: AsyncIterable<StoredPaper[]>, atMost: number): AsyncGenerator<StoredPaper[]> {
  let left = atMost;
  for await (const papers of chunks) {
    yield papers.slice(0, left);
    left -= papers.length;
    if (left <= 0) return;
  }
}

/** `papers show PMID`. */
export const papersShowCommand = (pmid: string): Promise<ExitCode> =>
  withStore(async ({ database }) => {
    const paper = /^[1-9]\d{0,8}$/.test(pmid) ? await new PaperPagesStore(database).find(pmid) : null;
    if (!paper) throw new AppError('not-found', `There is no paper with the PMID ${pmid.slice(0, 20)} here`);
    const revisions = await new PapersStore(database).findRevisions(pmid);
    print(
      JSON.stringify(
        { ...(JSON.parse(paper.view) as StoredView), ...(JSON.parse(paper.evidence ?? '{}') as object), revisions },
        null,
        2,
      ),
    );
    return 0;
  });
