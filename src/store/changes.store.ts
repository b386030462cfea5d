import type { Revision } from '../model/paper-view.js';
import type { Database } from './database.js';

export interface RevisionRow {
  id: number;
  pmid: number;
  at: number;
  source: Revision['source'];
  changed: string[];
  /** Whether the paper is out of PubMed now. */
  gone: boolean;
}

/** Revisions of all papers in the order in which they became visible. */
export class ChangesStore {
  constructor(private readonly database: Database) {}

  async last(): Promise<number> {
    const [last] = await this.database.column<number | null>('SELECT max("id") FROM "revision"');
    return last ?? 0;
  }

  async after(id: number, through: number, limit: number): Promise<RevisionRow[]> {
    const rows = await this.database.all<Omit<RevisionRow, 'changed' | 'gone'> & { changed: string; gone: number }>(
      `SELECT r."id", r."pmid", r."at", r."source", r."changed", p."gone" FROM "revision" r JOIN "paper" p ON p."pmid" = r."pmid"
       WHERE r."id" > ? AND r."id" <= ? ORDER BY r."id" LIMIT ?`,
      [id, through, limit],
    );
    return rows.map((row) => ({ ...row, changed: JSON.parse(row.changed) as string[], gone: row.gone === 1 }));
  }
}
