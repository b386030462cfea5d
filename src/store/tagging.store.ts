import type { Facts, Tags } from '../model/tag.js';
import type { Database, Sql, Value } from './database.js';
import { indexTags, type TaggedPaper } from './paper-index.js';
import { marks } from './placeholders.js';
import { insertRevisions, type NewRevision } from './revisions.js';
import { exchangeTags } from './tagged-view.js';

/** Where a list of papers to tag goes on: behind this one, newest first. */
export interface DuePlace {
  added: string;
  pmid: number;
}

/** Which papers are to be tagged. `untagged`: those that no tagger has seen; `stale`: also those of another version. */
export type DueScope = 'untagged' | 'stale' | 'all';

/** A paper as it was when it was read for tagging. */
export interface PaperToTag {
  pmid: string;
  /** The whole parsed record as JSON. */
  record: string;
  contentDigest: string;
}

export interface Tagged {
  pmid: string;
  contentDigest: string;
  tags: Tags;
  facts: Facts;
  /** `{evidence, factEvidence}` as JSON. */
  evidence: string;
}

export interface TaggedCounts {
  /** Papers that were tagged. */
  tagged: number;
  /** Those of them whose tags or facts are now others. */
  changed: number;
}

/** Papers whose tags are not those of the current tagger, and what the tagger says of them. */
export class TaggingStore {
  constructor(private readonly database: Database) {}

  async hasDue(version: string, scope: DueScope): Promise<boolean> {
    const due = dueCondition(version, scope);
    const rows = await this.database.all(`SELECT 1 FROM "paper" WHERE ${due.text} LIMIT 1`, due.values);
    return rows.length > 0;
  }

  async countDue(version: string, scope: DueScope): Promise<number> {
    const due = dueCondition(version, scope);
    const [row] = await this.database.all<{ n: number }>(
      `SELECT count(*) AS "n" FROM "paper" WHERE ${due.text}`,
      due.values,
    );
    return row?.n ?? 0;
  }

  /** Papers that are due, newest first, behind a place. */
  async listDue(version: string, scope: DueScope, after: DuePlace | null, limit: number): Promise<DuePlace[]> {
    const due = dueCondition(version, scope);
    const behind = after ? ' AND ("added", "pmid") < (?, ?)' : '';
    return this.database.all<DuePlace>(
      `SELECT "added", "pmid" FROM "paper" WHERE ${due.text}${behind} ORDER BY "added" DESC, "pmid" DESC LIMIT ?`,
      [...due.values, ...(after ? [after.added, after.pmid] : []), limit],
    );
  }

  async read(pmids: readonly number[]): Promise<PaperToTag[]> {
    const rows = await this.database.all<{ pmid: number; contentDigest: string; record: string }>(
      `SELECT p."pmid", p."content_digest" AS "contentDigest", r."record" FROM "paper" p JOIN "paper_record" r ON r."pmid" = p."pmid" WHERE p."pmid" IN (${marks(pmids)})`,
      pmids,
    );
    return rows.map((row) => ({ ...row, pmid: String(row.pmid) }));
  }

  /**
   * Writes what the tagger says of a batch, with a revision for each paper whose tags or facts are now others. A paper
   * that was stored anew in the meantime is left as it is: it is due again.
   */
  async write(
    sql: Sql,
    batch: readonly Tagged[],
    { version, at, runId }: { version: string; at: number; runId: string },
  ): Promise<TaggedCounts> {
    const current = new Map((await this.lock(sql, batch)).map((row) => [String(row.pmid), row]));
    const tagged: number[] = [];
    /** Those whose tags the index does not hold yet. */
    const news: TaggedPaper[] = [];
    const viewRows: Value[][] = [];
    const revisions: NewRevision[] = [];
    for (const { pmid, contentDigest, tags, facts, evidence } of batch) {
      const row = current.get(pmid);
      if (row?.contentDigest !== contentDigest) continue;
      tagged.push(row.pmid);
      const { view, changed } = exchangeTags(row.view, tags, facts);
      if (changed.length > 0 || row.evidence === null) news.push({ pmid: row.pmid, tags, facts });
      if (changed.length > 0 || evidence !== row.evidence) viewRows.push([row.pmid, view, evidence]);
      if (changed.length > 0)
        revisions.push({ pmid: row.pmid, at, source: 'tagging', changed, version: row.version, runId });
    }
    for (let from = 0; from < tagged.length; from += 1000) {
      const part = tagged.slice(from, from + 1000);
      await sql.run(`UPDATE "paper" SET "taxonomy_version" = ? WHERE "pmid" IN (${marks(part)})`, [version, ...part]);
    }
    await indexTags(sql, news);
    await sql.insert(
      'paper_view',
      ['pmid', 'view', 'evidence'],
      viewRows,
      'ON CONFLICT ("pmid") DO UPDATE SET "view" = excluded."view", "evidence" = excluded."evidence"',
    );
    await insertRevisions(sql, revisions);
    return { tagged: tagged.length, changed: revisions.length };
  }

  /** The papers as they are now, held until the end of the transaction; those that a sync is writing are left out. */
  private lock(sql: Sql, batch: readonly Tagged[]) {
    const pmids = batch.map(({ pmid }) => Number(pmid));
    return sql.all<{ pmid: number; version: number; contentDigest: string; view: string; evidence: string | null }>(
      `SELECT p."pmid", p."version", p."content_digest" AS "contentDigest", v."view", v."evidence" FROM "paper" p JOIN "paper_view" v ON v."pmid" = p."pmid"
       WHERE p."pmid" IN (${marks(pmids)})${sql.dialect === 'postgres' ? ' FOR UPDATE OF p SKIP LOCKED' : ''}`,
      pmids,
    );
  }
}

function dueCondition(version: string, scope: DueScope): { text: string; values: Value[] } {
  if (scope === 'all') return { text: '1 = 1', values: [] };
  if (scope === 'untagged') return { text: '"taxonomy_version" IS NULL', values: [] };
  return { text: '("taxonomy_version" IS NULL OR "taxonomy_version" <> ?)', values: [version] };
}
