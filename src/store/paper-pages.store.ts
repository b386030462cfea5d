import type { Revision } from '../model/paper-view.js';
import type { Database } from './database.js';
import { findRevisions } from './revisions.js';

/** One stored paper as JSON text without `links`, and what links are made of. */
export interface StoredPaper {
  pmid: string;
  view: string;
  doi: string | null;
  pmcid: string | null;
}

/** A stored paper with the reasons for its tags, `{evidence, factEvidence}` as JSON text, and its past. */
export interface WholePaper extends StoredPaper {
  evidence: string | null;
  revisions: Revision[];
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

  async find(pmid: string): Promise<WholePaper | null> {
    const number = Number(pmid);
    const [rows, revisions] = await Promise.all([
      this.database.all<{ view: string; evidence: string | null; doi: string | null; pmcid: string | null }>(
        'SELECT v."view", v."evidence", p."doi", p."pmcid" FROM "paper" p JOIN "paper_view" v ON v."pmid" = p."pmid" WHERE p."pmid" = ?',
        [number],
      ),
      findRevisions(this.database, number),
    ]);
    const [row] = rows;
    return row ? { pmid: String(number), ...row, revisions } : null;
  }

  /** As long as it is the same, so is what the other methods give. */
  state(): Promise<number | string> {
    return this.database.state();
  }
}
