import { LibraryService } from '../library/library.service.js';
import { parseFilter, parseSort } from '../library/parse-filter.js';
import { Shelf } from '../library/shelf.js';
import { AppError } from '../problem.js';
import { CatalogueStore } from '../store/catalogue.store.js';
import { ChangesStore } from '../store/changes.store.js';
import { PaperPagesStore } from '../store/paper-pages.store.js';
import { PapersStore } from '../store/papers.store.js';
import { SearchStore } from '../store/search.store.js';
import type { StoredView } from '../store/to-view.js';
import { inTerminal, print, tell, withStore, type ExitCode } from './command.js';
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
    // a table is for eyes, everything else for programs
    const atMost = options.limit === undefined && options.format === 'table' ? 20 : limit;
    let shown = 0;
    if (options.format === 'json') print('[');
    for await (const papers of library.stream(filter, parseSort(query), 200)) {
      for (const { view } of papers.slice(0, atMost - shown)) {
        if (options.format === 'ndjson') print(view);
        else if (options.format === 'json') print(`${shown > 0 ? ',' : ''}${view}`);
        else {
          const paper = JSON.parse(view) as StoredView;
          print(`${paper.pmid.padEnd(9)} ${paper.added}  ${inTerminal(paper.title || (paper.vernacularTitle ?? '')).slice(0, 140)}`); // prettier-ignore
        }
        shown++;
      }
      if (shown >= atMost) break;
    }
    if (options.format === 'json') print(']');
    if (options.format === 'table') tell(`${shown} of ${await library.count(filter)} papers`);
    return 0;
  });

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
