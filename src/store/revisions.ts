import type { Revision } from '../model/paper-view.js';
import type { Sql } from './database.js';

/** Any fixed number, other than the migrations': all writers of revisions agree on it. */
const REVISION_LOCK = 7_420_002;

export interface NewRevision {
  pmid: string | number;
  /** Instant of the write. */
  at: number;
  source: Revision['source'];
  /** Names of fields, `tags.FACET`, `status.NAME`, `created`. */
  changed: readonly string[];
  /** `PMID/@Version` of the paper now. */
  version: number;
  runId: string | null;
}

/** A paper's revisions, oldest first. */
export async function findRevisions(sql: Pick<Sql, 'all'>, pmid: number): Promise<Revision[]> {
  const rows = await sql.all<{ at: number; source: Revision['source']; changed: string }>(
    'SELECT "at", "source", "changed" FROM "revision" WHERE "pmid" = ? ORDER BY "id"',
    [pmid],
  );
  return rows.map((row) => ({
    at: new Date(row.at).toISOString(),
    source: row.source,
    changed: JSON.parse(row.changed) as string[],
  }));
}

/**
 * The one door for revisions: whatever changes what clients see of a paper leaves one here, in the same transaction.
 * `/changes`, the corrections and the index in memory read them in the order of their ids, so ids must become visible
 * in that order: on PostgreSQL a lock, held until the commit, lets one writer in at a time (SQLite has one anyway).
 * Call it as the transaction's last write to papers, so that no two transactions wait for one another.
 */
export async function insertRevisions(sql: Sql, rows: readonly NewRevision[]): Promise<void> {
  if (rows.length === 0) return;
  if (sql.dialect === 'postgres') await sql.all(`SELECT pg_advisory_xact_lock(${REVISION_LOCK})`);
  await sql.insert(
    'revision',
    ['pmid', 'at', 'source', 'changed', 'version', 'run_id'],
    rows.map((row) => [Number(row.pmid), row.at, row.source, JSON.stringify(row.changed), row.version, row.runId]),
  );
}
