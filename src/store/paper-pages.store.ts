import type { Database } from './database.js';

/** One stored paper as JSON text without `links`, and what links are made of. */
export interface StoredPaper {
  pmid: string;
  view: string;
  doi: string | null;
  pmcid: string | null;
}

/** Reads stored papers as they are shown. */
export class PaperPagesStore {
  constructor(private readonly database: Database) {}

  /** These papers, in the order of the numbers; those that are not there are left out. */
  async findMany(pmids: readonly number[]): Promise<StoredPaper[]> {
    const found = new Map<number, StoredPaper>();
    for (let at = 0; at < pmids.length; at += 500) {
      const part = pmids.slice(at, at + 500);
      const rows = await this.database.all<{ pmid: number; view: string; doi: string | null; pmcid: string | null }>(
        `SELECT p."pmid", v."view", p."doi", p."pmcid" FROM "paper" p JOIN "paper_view" v ON v."pmid" = p."pmid"
         WHERE p."pmid" IN (${part.map(() => '?').join(', ')})`,
        part,
      );
      for (const { pmid, view, doi, pmcid } of rows) found.set(pmid, { pmid: String(pmid), view, doi, pmcid });
    }
    return pmids.flatMap((pmid) => found.get(pmid) ?? []);
  }

  async find(pmid: string): Promise<(StoredPaper & { evidence: string | null }) | null> {
    const [row] = await this.database.all<{
      pmid: number;
      view: string;
      evidence: string | null;
      doi: string | null;
      pmcid: string | null;
    }>(
      `SELECT p."pmid", v."view", v."evidence", p."doi", p."pmcid" FROM "paper" p JOIN "paper_view" v ON v."pmid" = p."pmid" WHERE p."pmid" = ?`,
      [Number(pmid)],
    );
    return row ? { ...row, pmid: String(row.pmid) } : null;
  }
}
