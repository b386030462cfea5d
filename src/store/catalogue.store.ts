import type { Database } from './database.js';
import { FIRST_TAG_CHARACTER } from './paper-index.js';
import { Remembered } from './remembered.js';

/** What filters and counts need of a paper. */
export interface CatalogueRow {
  pmid: number;
  added: string;
  publishedOn: string | null;
  listedAt: number;
  retracted: number;
  fullText: number;
  relevance: string | null;
  participants: number | null;
  tags: string | null;
}

const ROW = `"pmid", "added", "published_on" AS "publishedOn", "listed_at" AS "listedAt", "retracted", CASE WHEN "pmcid" IS NULL THEN 0 ELSE 1 END AS "fullText",
  "relevance", "participants", "tags"`;

/** Reads what the catalogue in memory is made of, and whether it is still true. */
export class CatalogueStore {
  private readonly last: Remembered<number>;

  constructor(private readonly database: Database) {
    this.last = new Remembered(database, () => this.readLastRevision());
  }

  /** Id of the last revision: whatever filters and counts see changes with it, whichever process writes. */
  lastRevision(): Promise<number> {
    return this.last.get();
  }

  /** Number of the character in `paper.tags` → `facet/value`. */
  async tagNames(): Promise<Map<number, string>> {
    const rows = await this.database.all<{ id: number; name: string }>('SELECT "id", "name" FROM "tag_name"');
    return new Map(rows.map((row) => [FIRST_TAG_CHARACTER + row.id, row.name]));
  }

  /** All papers. */
  stream(): AsyncIterable<CatalogueRow[]> {
    return this.database.stream<CatalogueRow>(`SELECT ${ROW} FROM "paper"`, [], 5000);
  }

  /** Papers with a revision after one and up to another; null when they are so many that reading all is cheaper. */
  async changed(after: number, through: number, atMost: number): Promise<CatalogueRow[] | null> {
    const pmids = await this.database.column<number>(
      'SELECT DISTINCT "pmid" FROM "revision" WHERE "id" > ? AND "id" <= ? LIMIT ?',
      [after, through, atMost + 1],
    );
    if (pmids.length > atMost) return null;
    const rows: CatalogueRow[] = [];
    for (let at = 0; at < pmids.length; at += 500) {
      const part = pmids.slice(at, at + 500);
      rows.push(
        ...(await this.database.all<CatalogueRow>(
          `SELECT ${ROW} FROM "paper" WHERE "pmid" IN (${part.map(() => '?').join(', ')})`,
          part,
        )),
      );
    }
    return rows;
  }

  private async readLastRevision(): Promise<number> {
    const [last] = await this.database.column<number | null>('SELECT max("id") FROM "revision"');
    return last ?? 0;
  }
}
