import { FilterMatcher } from '../../src/library/filter-matcher.js';
import { LibraryService } from '../../src/library/library.service.js';
import { parseFilter, type RawFilter } from '../../src/library/parse-filter.js';
import { Shelf } from '../../src/library/shelf.js';
import type { Paper } from '../../src/model/paper.js';
import { CatalogueStore } from '../../src/store/catalogue.store.js';
import { ChangesStore } from '../../src/store/changes.store.js';
import type { Database } from '../../src/store/database.js';
import { PaperPagesStore } from '../../src/store/paper-pages.store.js';
import { PapersStore } from '../../src/store/papers.store.js';
import { SearchStore } from '../../src/store/search.store.js';
import { TaggingStore } from '../../src/store/tagging.store.js';
import { noFacts, noTags, type Facts, type Tags } from '../../src/model/tag.js';
import { taxonomy } from './a-digest.js';
import { aPaper } from './a-paper.js';
import { testStore, type TestDialect } from './database.js';

/** The library over a database, as another process would open it. */
export function libraryOn(database: Database) {
  const shelf = new Shelf(new CatalogueStore(database), new SearchStore(database), taxonomy);
  return {
    shelf,
    library: new LibraryService(shelf, new PaperPagesStore(database), new ChangesStore(database)),
    matcher: new FilterMatcher(shelf, taxonomy),
  };
}

export const filterOf = (query: string | RawFilter) =>
  parseFilter(typeof query === 'string' ? listed(query) : query, taxonomy);

function listed(text: string): RawFilter {
  const query: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(text)) (query[name] ??= []).push(value);
  return query;
}

/** Fills a store: papers come as a sync brings them and are tagged as tagging does. */
export function stockOn(database: Database) {
  const papers = new PapersStore(database);
  const tagging = new TaggingStore(database);
  let at = Date.parse('2026-11-20T08:00:00Z');

  const store = (given: readonly (Partial<Paper> & { pmid: string })[]) =>
    database.transaction((sql) =>
      papers.storeBatch(sql, given.map(aPaper), {
        source: 'sync',
        runId: 'test',
        at: (at += 1000),
        fetchedOn: null,
        newsFrom: '2026-11-01',
      }),
    );
  const tag = async (tags: Readonly<Record<string, Partial<Tags> & { facts?: Partial<Facts> }>>) => {
    const read = await tagging.read(Object.keys(tags).map(Number));
    if (read.length === 0) return;
    await database.transaction((sql) =>
      tagging.write(
        sql,
        read.map(({ pmid, contentDigest }) => {
          const { facts, ...own } = tags[pmid] ?? {};
          return {
            pmid,
            contentDigest,
            tags: { ...noTags(), relevance: 'core', ...own },
            facts: { ...noFacts(), ...facts },
            evidence: '{"evidence":[],"factEvidence":[]}',
          };
        }),
        { version: 'test', at: (at += 1000), runId: 'test' },
      ),
    );
  };
  return { papers, store, tag };
}

/** A store with a library. */
export async function aLibrary(dialect: TestDialect) {
  const { database, url, close } = await testStore(dialect);
  return { database, url, close, ...stockOn(database), ...libraryOn(database) };
}
export type ALibrary = Awaited<ReturnType<typeof aLibrary>>;
