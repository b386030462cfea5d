import type { Database, Sql } from './database.js';
import { inParts } from './in-parts.js';
import { marks } from './placeholders.js';

/**
 * Records that are no papers here: those that cannot be one, and those that PubMed listed and did not return, which are
 * asked for again.
 */
export class SetAsideStore {
  constructor(private readonly database: Database) {}

  /** Keeps that these PMIDs are no papers, so that they are not fetched again while nothing changes. */
  async exclude(
    sql: Sql,
    records: readonly { pmid: string; code: string; detail: string }[],
    fetchedOn: string | null,
  ): Promise<void> {
    await sql.insert(
      'excluded_record',
      ['pmid', 'code', 'detail', 'fetched_on'],
      records.map((record) => [Number(record.pmid), record.code, record.detail, fetchedOn]),
      `ON CONFLICT ("pmid") DO UPDATE SET "code" = excluded."code", "detail" = excluded."detail", "fetched_on" = excluded."fetched_on"`,
    );
  }

  /** Every PMID that cannot be a paper here, and why. */
  async findExcluded(): Promise<Map<string, { code: string; detail: string }>> {
    const rows = await this.database.all<{ pmid: number; code: string; detail: string }>(
      'SELECT "pmid", "code", "detail" FROM "excluded_record"',
    );
    return new Map(rows.map(({ pmid, code, detail }) => [String(pmid), { code, detail }]));
  }

  /** PMIDs that PubMed listed and did not return, oldest first. */
  async findRetries(): Promise<string[]> {
    const rows = await this.database.all<{ pmid: number }>(
      'SELECT "pmid" FROM "retry_record" ORDER BY "first_missed_at", "pmid"',
    );
    return rows.map((row) => String(row.pmid));
  }

  async addRetries(sql: Sql, pmids: readonly string[], at: number): Promise<void> {
    await sql.insert(
      'retry_record',
      ['pmid', 'first_missed_at', 'last_missed_at'],
      pmids.map((pmid) => [Number(pmid), at, at]),
      'ON CONFLICT ("pmid") DO UPDATE SET "last_missed_at" = excluded."last_missed_at"',
    );
  }

  async removeRetries(sql: Sql, pmids: readonly string[]): Promise<void> {
    await forget(sql, 'retry_record', pmids);
  }
}

/** What has become a paper is excluded no more. */
export function forgetExcluded(sql: Sql, pmids: readonly string[]): Promise<void> {
  return forget(sql, 'excluded_record', pmids);
}

async function forget(sql: Sql, table: 'excluded_record' | 'retry_record', pmids: readonly string[]): Promise<void> {
  await inParts(pmids.map(Number), async (part) => {
    await sql.run(`DELETE FROM "${table}" WHERE "pmid" IN (${marks(part)})`, part);
    return [];
  });
}
