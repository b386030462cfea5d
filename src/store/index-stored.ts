import type { Paper } from '../model/paper.js';
import { ANALYSER_VERSION } from './analyse.js';
import type { Database } from './database.js';
import { indexTags, indexTexts, textsOf } from './paper-index.js';
import type { StoredView } from './to-view.js';

const AT_ONCE = 500;
/** Any fixed number that no other lock has. */
const INDEX_LOCK = 7_420_003;

/**
 * Indexes the papers that no analyser of this version has read: those of a store from before the index, or of another
 * analyser. Each batch is a transaction of its own, so that it may be ended and goes on where it was.
 * @returns how many papers were indexed
 */
export async function indexStored(database: Database): Promise<number> {
  let indexed = 0;
  for (;;) {
    const count = await database.transaction(async (sql) => {
      // one at a time; on SQLite the transaction itself sees to that
      if (sql.dialect === 'postgres') await sql.all(`SELECT pg_advisory_xact_lock(${INDEX_LOCK})`);
      const rows = await sql.all<{ pmid: number; tagged: number; record: string; view: string }>(
        `SELECT p."pmid", CASE WHEN p."relevance" IS NULL THEN 0 ELSE 1 END AS "tagged", r."record", v."view"
         FROM "paper" p JOIN "paper_record" r ON r."pmid" = p."pmid" JOIN "paper_view" v ON v."pmid" = p."pmid"
         WHERE p."indexed_as" IS NULL OR p."indexed_as" <> ? LIMIT ?`,
        [ANALYSER_VERSION, AT_ONCE],
      );
      const papers = rows.map(({ pmid, record }) => ({
        pmid,
        texts: textsOf(JSON.parse(record) as Paper, sql.dialect),
      }));
      await indexTexts(
        sql,
        papers,
        rows.map(({ pmid }) => pmid),
      );
      const byCut = new Map<number, number[]>();
      for (const { pmid, texts } of papers) byCut.set(texts.cut, [...(byCut.get(texts.cut) ?? []), pmid]);
      for (const [cut, pmids] of byCut)
        await sql.run(
          `UPDATE "paper" SET "indexed_as" = ?, "words_cut" = ? WHERE "pmid" IN (${pmids.map(() => '?').join(', ')})`,
          [ANALYSER_VERSION, cut, ...pmids],
        );
      await indexTags(
        sql,
        rows.flatMap(({ tagged, view }) => (tagged === 1 ? [JSON.parse(view) as StoredView] : [])),
      );
      return rows.length;
    });
    indexed += count;
    if (count < AT_ONCE) return indexed;
  }
}
