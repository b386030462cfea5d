import { AppError } from '../problem.js';
import type { Database } from './database.js';

/** One stored paper as JSON text without `links`, and what links are made of. */
export interface StoredPaper {
  pmid: string;
  view: string;
  doi: string | null;
  pmcid: string | null;
}

export interface PaperPage {
  papers: StoredPaper[];
  next: string | null;
  total: number;
}

/** Reads papers newest first; a page costs the same however deep it lies. */
export class PaperPagesStore {
  constructor(private readonly database: Database) {}

  async page(limit: number, cursor: string | null): Promise<PaperPage> {
    const after = cursor === null ? null : readCursor(cursor);
    const rows = await this.database.all<{
      pmid: number;
      added: string;
      view: string;
      doi: string | null;
      pmcid: string | null;
    }>(
      `SELECT p."pmid", p."added", v."view", p."doi", p."pmcid" FROM "paper" p JOIN "paper_view" v ON v."pmid" = p."pmid"
       ${after ? 'WHERE (p."added", p."pmid") < (?, ?)' : ''} ORDER BY p."added" DESC, p."pmid" DESC LIMIT ?`,
      [...(after ? [after.added, after.pmid] : []), limit + 1],
    );
    const [count] = await this.database.all<{ total: number }>('SELECT count(*) AS "total" FROM "paper"');
    const papers = rows.slice(0, limit);
    const last = papers[papers.length - 1];
    return {
      papers: papers.map((row) => ({ pmid: String(row.pmid), view: row.view, doi: row.doi, pmcid: row.pmcid })),
      next: rows.length > limit && last ? Buffer.from(`${last.added} ${last.pmid}`).toString('base64url') : null,
      total: count?.total ?? 0,
    };
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

function readCursor(cursor: string): { added: string; pmid: number } {
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (!match?.[1])
    throw new AppError('invalid-cursor', 'This cursor was not given by this list; begin again without one', {
      items: [{ parameter: 'cursor', message: 'is not a cursor of this list' }],
    });
  return { added: match[1], pmid: Number(match[2]) };
}
