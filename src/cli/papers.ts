import { AppError } from '../problem.js';
import { PaperPagesStore } from '../store/paper-pages.store.js';
import { PapersStore } from '../store/papers.store.js';
import type { StoredView } from '../store/to-view.js';
import { print, tell, withStore, type ExitCode } from './command.js';

const inTerminal = (text: string) => text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, ' ');

/** `papers list`: newest first. */
export const papersListCommand = (options: { limit: string; format: string }): Promise<ExitCode> =>
  withStore(async ({ database }) => {
    const limit = Number(options.limit);
    if (!Number.isInteger(limit) || limit < 1 || limit > 100_000)
      throw new AppError('usage', '--limit must be a whole number from 1 to 100000');
    const pages = new PaperPagesStore(database);
    const found: string[] = [];
    let cursor: string | null = null;
    let total: number;
    do {
      const page = await pages.page(Math.min(100, limit - found.length), cursor);
      found.push(...page.papers.map((paper) => paper.view));
      ({ next: cursor, total } = page);
    } while (cursor !== null && found.length < limit);
    if (options.format === 'ndjson') for (const view of found) print(view);
    else if (options.format === 'json') print(`[${found.join(',\n')}]`);
    else {
      for (const text of found) {
        const paper = JSON.parse(text) as StoredView;
        print(
          `${paper.pmid.padEnd(9)} ${paper.added}  ${inTerminal(paper.title || (paper.vernacularTitle ?? '')).slice(0, 140)}`,
        );
      }
      tell(`${found.length} of ${total} papers`);
    }
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
