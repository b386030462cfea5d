import type { Clock } from '../../src/clock.js';
import { DigestService } from '../../src/digest/digest.service.js';
import { IssueService } from '../../src/digest/issue.service.js';
import type { Paper } from '../../src/model/paper.js';
import { IssuesStore } from '../../src/store/issues.store.js';
import { KeptStore } from '../../src/store/kept.store.js';
import { PapersStore } from '../../src/store/papers.store.js';
import { noTags, type Facts, type Tags } from '../../src/model/tag.js';
import { type StoredView } from '../../src/store/to-view.js';
import { taxonomy } from './a-digest.js';
import { aPaper } from './a-paper.js';
import { testStore, type TestDialect } from './database.js';
import { facetMatcher } from './facet-matcher.js';

/** A clock that goes where it is told. */
export class TestClock implements Clock {
  constructor(public at: number) {}
  now(): number {
    return this.at;
  }
  set(instant: string): void {
    this.at = Date.parse(instant);
  }
}

export interface WorldSettings {
  timeZone: string;
  newsFrom: string;
  cron: string | null;
  waitMs: number;
}

/** A store into which papers come as a sync brings them, with tags of the test's choice, and a clock of its own. */
export async function aWorld(dialect: TestDialect, given: Partial<WorldSettings> = {}) {
  const settings = { timeZone: 'UTC', newsFrom: '2026-11-02', cron: '0 12 * * 1', waitMs: 86_400_000, ...given };
  const { database, url, close } = await testStore(dialect);
  const clock = new TestClock(Date.parse('2026-11-16T00:00:00Z'));
  const papers = new PapersStore(database);
  const kept = new KeptStore(database);
  const issues = new IssuesStore(database);
  const matcher = facetMatcher(database, taxonomy);
  const linksOf = ({ pmid }: { pmid: string }) => ({
    pubmed: `https://pubmed.ncbi.nlm.nih.gov/${pmid}/`,
    doi: null,
    fullText: null,
  });
  const digests = new DigestService(
    issues,
    kept,
    matcher,
    clock,
    taxonomy,
    { timeZone: settings.timeZone, newsFrom: settings.newsFrom },
    linksOf,
  );
  const issuing = new IssueService(database, issues, kept, digests, clock, taxonomy, {
    timeZone: settings.timeZone,
    cron: settings.cron,
    waitMs: settings.waitMs,
  });

  /** Gives papers other tags, as tagging does. */
  const tag = async (pmids: readonly string[], tags: Partial<Tags>, facts: Partial<Facts> = {}) => {
    for (const pmid of pmids) {
      const [row] = await database.all<{ view: string }>('SELECT "view" FROM "paper_view" WHERE "pmid" = ?', [
        Number(pmid),
      ]);
      if (!row) throw new Error(`no paper ${pmid}`);
      const view = JSON.parse(row.view) as StoredView;
      const next: StoredView = {
        ...view,
        tags: { ...noTags(), relevance: 'core', species: ['human'], ...tags },
        facts: { ...view.facts, ...facts },
      };
      await database.run('UPDATE "paper_view" SET "view" = ? WHERE "pmid" = ?', [JSON.stringify(next), Number(pmid)]);
      await database.run('UPDATE "paper" SET "taxonomy_version" = ?, "relevance" = ? WHERE "pmid" = ?', [
        'test',
        next.tags.relevance,
        Number(pmid),
      ]);
    }
  };
  /** Papers arrive or change, now; new ones are tagged at once unless `tags` is null. */
  const arrive = async (given: (Partial<Paper> & { pmid: string })[], tags: Partial<Tags> | null = {}) => {
    const known = new Set<string>();
    for (const { pmid } of given) if (await papers.findRecord(pmid)) known.add(pmid);
    await database.transaction((sql) =>
      papers.storeBatch(sql, given.map(aPaper), {
        source: 'sync',
        runId: 'test',
        at: clock.now(),
        fetchedOn: null,
        newsFrom: settings.newsFrom,
      }),
    );
    if (tags !== null)
      await tag(
        given.map(({ pmid }) => pmid).filter((pmid) => !known.has(pmid)),
        tags,
      );
  };
  /** A complete sync that begins now. */
  const sync = () => {
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' }).format(clock.now());
    return kept.write('sync', { query: 'q', from: '1800-01-01', watchFrom: today, cursor: today });
  };
  return { database, url, close, clock, papers, kept, issues, matcher, digests, issuing, tag, arrive, sync, settings };
}
export type World = Awaited<ReturnType<typeof aWorld>>;
