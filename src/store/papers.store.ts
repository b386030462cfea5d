import type { Paper } from '../model/paper.js';
import { noFacts, noTags } from '../model/tag.js';
import type { Revision } from '../model/paper-view.js';
import type { Database, Sql, Value } from './database.js';
import { changedFields, TAGGED_FIELDS } from './changed-fields.js';
import { ANALYSER_VERSION } from './analyse.js';
import { indexTexts, textsOf, type IndexedTexts } from './paper-index.js';
import { paperHead, type PaperHead } from './paper-head.js';
import { inParts } from './in-parts.js';
import { marks } from './placeholders.js';
import { findRevisions, insertRevisions, type NewRevision } from './revisions.js';
import { forgetExcluded } from './set-aside.store.js';
import { toView, type StoredView } from './to-view.js';

/** Where papers come from and when, for one batch. */
export interface Arrival {
  source: Exclude<Revision['source'], 'tagging'>;
  runId: string;
  /** Instant of the write. */
  at: number;
  /** US Eastern day of the EFetch; null for files, which say nothing about PubMed today. */
  fetchedOn: string | null;
  /** Papers added before this day are back-fill: they count as listed on the day they were added. `YYYY-MM-DD`. */
  newsFrom: string;
}

export type ArrivalOutcome = 'stored' | 'updated' | 'unchanged';

/** What is known of a PMID without reading its record. */
export interface KnownPaper {
  added: string;
  fetchedOn: string | null;
  gone: boolean;
}

/** What a comparison with PubMed has to know of a paper here. */
export interface HeldPaper {
  pmid: string;
  added: string;
  gone: boolean;
  /** False when it came from a file and PubMed itself was never asked for it. */
  fetched: boolean;
}

interface Existing {
  pmid: number;
  version: number;
  revisedOn: string | null;
  contentDigest: string;
  listedAt: number;
  late: number;
  gone: number;
  taxonomyVersion: string | null;
  fetchedOn: string | null;
}

/** A record on its way in; only one that is new or changed is looked into. */
interface Incoming {
  head: PaperHead;
  paper: () => Paper;
}

/** NLM: a record never replaces one of a higher version or a later DateRevised. */
const isOlder = (paper: PaperHead, existing: Existing) =>
  paper.version < existing.version ||
  (paper.version === existing.version &&
    paper.revisedOn !== null &&
    existing.revisedOn !== null &&
    paper.revisedOn < existing.revisedOn);

/** A file says nothing about PubMed today: only a record newer than the one that went brings a paper back. */
const staysGone = (paper: PaperHead, existing: Existing, arrival: Arrival) =>
  existing.gone === 1 &&
  arrival.fetchedOn === null &&
  paper.version <= existing.version &&
  (paper.revisedOn ?? '') <= (existing.revisedOn ?? '');

const PAPER_COLUMNS = [
  'pmid', 'version', 'added', 'published_on', 'revised_on', 'listed_at', 'late', 'fetched_at', 'fetched_on', 'content_digest', 'taxonomy_version',
  'retracted', 'concern', 'corrected', 'updated', 'preprint', 'gone', 'doi', 'pmcid', 'indexed_as', 'words_cut',
] as const; // prettier-ignore

/** Everything but what tagging wrote. */
const PAPER_UPSERT = `ON CONFLICT ("pmid") DO UPDATE SET ${PAPER_COLUMNS.slice(1)
  .map((column) => `"${column}" = excluded."${column}"`)
  .join(', ')}`;

export class PapersStore {
  constructor(private readonly database: Database) {}

  /**
   * Stores a batch of parsed records, each PMID once: new ones are `stored`, changed ones `updated` with a revision
   * that names what changed, the same or an older version leaves the paper as it is. Idempotent.
   * @param sql the transaction that also settles the run's ledger
   */
  storeBatch(sql: Sql, papers: readonly Paper[], arrival: Arrival): Promise<Map<string, ArrivalOutcome>> {
    const incoming = papers.map((paper) => ({ head: paperHead(paper), paper: () => paper }));
    return this.store(sql, incoming, arrival);
  }

  /** As `storeBatch`, for records that come from another thread. */
  storeHeads(sql: Sql, heads: readonly PaperHead[], arrival: Arrival): Promise<Map<string, ArrivalOutcome>> {
    const incoming = heads.map((head) => ({ head, paper: () => JSON.parse(head.record) as Paper }));
    return this.store(sql, incoming, arrival);
  }

  private async store(sql: Sql, papers: readonly Incoming[], arrival: Arrival): Promise<Map<string, ArrivalOutcome>> {
    const outcomes = new Map<string, ArrivalOutcome>();
    const newest = newestByPmid(papers);
    const existing = new Map((await this.findExisting(sql, [...newest.keys()])).map((row) => [row.pmid, row]));
    const changedPmids: number[] = [];
    const writes: { incoming: Incoming; existing: Existing | null }[] = [];
    const seen: number[] = [];
    for (const [pmid, incoming] of newest) {
      const { head } = incoming;
      const known = existing.get(Number(pmid)) ?? null;
      if (
        known &&
        ((known.contentDigest === head.digest && known.gone === 0) ||
          isOlder(head, known) ||
          staysGone(head, known, arrival))
      ) {
        outcomes.set(pmid, 'unchanged');
        seen.push(Number(pmid));
        continue;
      }
      outcomes.set(pmid, known ? 'updated' : 'stored');
      if (known) changedPmids.push(Number(pmid));
      writes.push({ incoming, existing: known });
    }
    if (arrival.fetchedOn !== null)
      await inParts(seen, async (part) => {
        await sql.run(`UPDATE "paper" SET "fetched_at" = ?, "fetched_on" = ? WHERE "pmid" IN (${marks(part)})`, [
          arrival.at,
          arrival.fetchedOn,
          ...part,
        ]);
        return [];
      });

    const before = new Map((await this.findRecords(sql, changedPmids)).map((row) => [row.pmid, row]));
    const paperRows: Value[][] = [];
    const recordRows: Value[][] = [];
    const viewRows: Value[][] = [];
    const revisions: NewRevision[] = [];
    const indexed: { pmid: number; texts: IndexedTexts }[] = [];
    for (const { incoming, existing: known } of writes) {
      const { head } = incoming;
      const paper = incoming.paper();
      const pmid = Number(head.pmid);
      const old = before.get(pmid);
      const oldView = old ? (JSON.parse(old.view) as StoredView) : null;
      const changed = old ? changedFields(JSON.parse(old.record) as Paper, paper) : ['created'];
      if (known?.gone) changed.push('status.gone');
      const retag = !known || changed.some((field) => TAGGED_FIELDS.has(field));
      const listedAt =
        known?.listedAt ?? (head.added < arrival.newsFrom ? Date.parse(`${head.added}T00:00:00Z`) : arrival.at);
      const view = toView(paper, {
        listedAt,
        late: known?.late === 1,
        gone: false,
        tags: oldView?.tags ?? noTags(),
        facts: oldView?.facts ?? noFacts(),
      });
      const texts = textsOf(paper, sql.dialect);
      paperRows.push([
        pmid, head.version, head.added, head.publishedOn, head.revisedOn, listedAt, known?.late ?? 0, arrival.at,
        arrival.fetchedOn ?? known?.fetchedOn ?? null, head.digest, retag ? null : (known?.taxonomyVersion ?? null),
        Number(head.status.retracted), Number(head.status.concern), Number(head.status.corrected), Number(head.status.updated),
        Number(head.status.preprint), 0, head.doi, head.pmcid, ANALYSER_VERSION, texts.cut,
      ]); // prettier-ignore
      recordRows.push([pmid, head.record]);
      viewRows.push([pmid, JSON.stringify(view)]);
      indexed.push({ pmid, texts });
      revisions.push({
        pmid,
        at: arrival.at,
        source: arrival.source,
        changed,
        version: head.version,
        runId: arrival.runId,
      });
    }
    await sql.insert('paper', PAPER_COLUMNS, paperRows, PAPER_UPSERT);
    await sql.insert(
      'paper_record',
      ['pmid', 'record'],
      recordRows,
      'ON CONFLICT ("pmid") DO UPDATE SET "record" = excluded."record"',
    );
    await sql.insert(
      'paper_view',
      ['pmid', 'view'],
      viewRows,
      'ON CONFLICT ("pmid") DO UPDATE SET "view" = excluded."view"',
    );
    await indexTexts(sql, indexed, changedPmids);
    await forgetExcluded(
      sql,
      writes.map(({ incoming }) => incoming.head.pmid),
    );
    await insertRevisions(sql, revisions);
    return outcomes;
  }

  /** Marks papers as no longer in PubMed; they stay. @returns those that were not marked before */
  async markGone(
    sql: Sql,
    pmids: readonly string[],
    arrival: Pick<Arrival, 'source' | 'runId' | 'at'>,
  ): Promise<string[]> {
    const rows = await inParts(pmids.map(Number), (part) =>
      sql.all<{ pmid: number; version: number; view: string }>(
        `SELECT p."pmid", p."version", v."view" FROM "paper" p JOIN "paper_view" v ON v."pmid" = p."pmid" WHERE p."gone" = 0 AND p."pmid" IN (${marks(part)})`,
        part,
      ),
    );
    for (const row of rows) {
      const view = JSON.parse(row.view) as StoredView;
      view.status.gone = true;
      await sql.run('UPDATE "paper" SET "gone" = 1 WHERE "pmid" = ?', [row.pmid]);
      await sql.run('UPDATE "paper_view" SET "view" = ? WHERE "pmid" = ?', [JSON.stringify(view), row.pmid]);
    }
    await insertRevisions(
      sql,
      rows.map(({ pmid, version }) => ({
        pmid,
        at: arrival.at,
        source: arrival.source,
        changed: ['status.gone'],
        version,
        runId: arrival.runId,
      })),
    );
    return rows.map((row) => String(row.pmid));
  }

  /** What is known of these PMIDs, papers and exclusions alike. */
  async findKnown(
    pmids: readonly string[],
  ): Promise<Map<string, KnownPaper | { excluded: { code: string; detail: string; fetchedOn: string | null } }>> {
    const known = new Map<
      string,
      KnownPaper | { excluded: { code: string; detail: string; fetchedOn: string | null } }
    >();
    const numbers = pmids.map(Number);
    const excluded = await inParts(numbers, (part) =>
      this.database.all<{ pmid: number; code: string; detail: string; fetchedOn: string | null }>(
        `SELECT "pmid", "code", "detail", "fetched_on" AS "fetchedOn" FROM "excluded_record" WHERE "pmid" IN (${marks(part)})`,
        part,
      ),
    );
    for (const { pmid, ...rest } of excluded) known.set(String(pmid), { excluded: rest });
    const papers = await inParts(numbers, (part) =>
      this.database.all<{ pmid: number; added: string; fetchedOn: string | null; gone: number }>(
        `SELECT "pmid", "added", "fetched_on" AS "fetchedOn", "gone" FROM "paper" WHERE "pmid" IN (${marks(part)})`,
        part,
      ),
    );
    for (const row of papers)
      known.set(String(row.pmid), { added: row.added, fetchedOn: row.fetchedOn, gone: row.gone === 1 });
    return known;
  }

  /** Every paper here. */
  async findHeld(): Promise<HeldPaper[]> {
    const held: HeldPaper[] = [];
    const chunks = this.database.stream<{ pmid: number; added: string; gone: number; fetched: number }>(
      `SELECT "pmid", "added", "gone", CASE WHEN "fetched_on" IS NULL THEN 0 ELSE 1 END AS "fetched" FROM "paper"`,
      [],
      2_000,
    );
    for await (const rows of chunks)
      for (const row of rows)
        held.push({ pmid: String(row.pmid), added: row.added, gone: row.gone === 1, fetched: row.fetched === 1 });
    return held;
  }

  async count(): Promise<{ papers: number; untagged: number }> {
    const [row] = await this.database.all<{ papers: number; untagged: number }>(
      'SELECT (SELECT count(*) FROM "paper") AS "papers", (SELECT count(*) FROM "paper" WHERE "taxonomy_version" IS NULL) AS "untagged"',
    );
    return row ?? { papers: 0, untagged: 0 };
  }

  /** Papers with more words than the index takes, and how many of their words are not looked at. */
  async countCut(): Promise<{ papers: number; words: number }> {
    const [row] = await this.database.all<{ papers: number; words: number }>(
      'SELECT count(*) AS "papers", coalesce(sum("words_cut"), 0) AS "words" FROM "paper" WHERE "words_cut" > 0',
    );
    return { papers: Number(row?.papers ?? 0), words: Number(row?.words ?? 0) };
  }

  /** The whole parsed record. */
  async findRecord(pmid: string): Promise<Paper | null> {
    const [row] = await this.findRecords(this.database, [Number(pmid)]);
    return row ? (JSON.parse(row.record) as Paper) : null;
  }

  /** When anything that is shown of any paper last changed, epoch ms; null = never. */
  async lastRevisedAt(): Promise<number | null> {
    const [row] = await this.database.all<{ at: number }>('SELECT "at" FROM "revision" ORDER BY "id" DESC LIMIT 1');
    return row ? Number(row.at) : null;
  }

  /** When each of these papers last changed, epoch ms. */
  async findLastRevised(pmids: readonly string[]): Promise<Map<string, number>> {
    const rows = await inParts(pmids.map(Number), (part) =>
      this.database.all<{ pmid: number; at: number }>(
        `SELECT "pmid", max("at") AS "at" FROM "revision" WHERE "pmid" IN (${marks(part)}) GROUP BY "pmid"`,
        part,
      ),
    );
    return new Map(rows.map((row) => [String(row.pmid), Number(row.at)]));
  }

  findRevisions(pmid: string): Promise<Revision[]> {
    return findRevisions(this.database, Number(pmid));
  }

  private findExisting(sql: Sql, pmids: readonly string[]): Promise<Existing[]> {
    return inParts(pmids.map(Number), (part) =>
      sql.all<Existing>(
        `SELECT "pmid", "version", "revised_on" AS "revisedOn", "content_digest" AS "contentDigest", "listed_at" AS "listedAt", "late", "gone",
           "taxonomy_version" AS "taxonomyVersion", "fetched_on" AS "fetchedOn" FROM "paper" WHERE "pmid" IN (${marks(part)})`,
        part,
      ),
    );
  }

  private findRecords(sql: Sql, pmids: readonly number[]): Promise<{ pmid: number; record: string; view: string }[]> {
    return inParts(pmids, (part) =>
      sql.all<{ pmid: number; record: string; view: string }>(
        `SELECT r."pmid", r."record", v."view" FROM "paper_record" r JOIN "paper_view" v ON v."pmid" = r."pmid" WHERE r."pmid" IN (${marks(part)})`,
        part,
      ),
    );
  }
}

/** An answer may hold a PMID in several versions: the newest counts. */
function newestByPmid(papers: readonly Incoming[]): Map<string, Incoming> {
  const newest = new Map<string, Incoming>();
  for (const incoming of papers) {
    const { head } = incoming;
    const other = newest.get(head.pmid)?.head;
    if (
      !other ||
      head.version > other.version ||
      (head.version === other.version && (head.revisedOn ?? '') >= (other.revisedOn ?? ''))
    )
      newest.set(head.pmid, incoming);
  }
  return newest;
}
