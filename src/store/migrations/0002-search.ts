import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ddl } from './columns.js';

/** What papers are found by: tags beside the narrow columns, words in each database's own full-text index. */
export class Search1000000000002 implements MigrationInterface {
  name = 'Search1000000000002';

  async up(runner: QueryRunner): Promise<void> {
    const { run, counter, postgres } = ddl(runner);
    await run(
      `ALTER TABLE "paper" ADD COLUMN "tags" text`,
      `ALTER TABLE "paper" ADD COLUMN "indexed_as" integer`,
      `ALTER TABLE "paper" ADD COLUMN "words_cut" integer`,
      `CREATE INDEX "paper_indexed" ON "paper" ("indexed_as", "pmid")`,
      `CREATE TABLE "tag_name" ("id" ${counter}, "name" text NOT NULL)`,
      `CREATE UNIQUE INDEX "tag_name_once" ON "tag_name" ("name")`,
    );
    if (postgres)
      await run(
        `CREATE TABLE "paper_text" ("pmid" integer PRIMARY KEY NOT NULL, "terms" tsvector NOT NULL, "words" tsvector NOT NULL)`,
        // each search goes through the entries that are still to be sorted in: few of them
        `CREATE INDEX "paper_text_terms" ON "paper_text" USING gin ("terms") WITH (gin_pending_list_limit = 256)`,
        `CREATE INDEX "paper_text_words" ON "paper_text" USING gin ("words") WITH (gin_pending_list_limit = 256)`,
      );
    else
      // the tokens are ours: `ascii` takes them as they are, whatever alphabet they are of
      await run(
        `CREATE VIRTUAL TABLE "paper_terms" USING fts5("title", "keywords", "abstract", "names", "exact", content='', contentless_delete=1, detail=column, tokenize='ascii')`,
        `CREATE VIRTUAL TABLE "paper_words" USING fts5("title", "keywords", "abstract", "names", content='', contentless_delete=1, tokenize='ascii', prefix='3')`,
      );
  }

  async down(runner: QueryRunner): Promise<void> {
    const { run, postgres } = ddl(runner);
    await run(
      ...(postgres ? [`DROP TABLE "paper_text"`] : [`DROP TABLE "paper_words"`, `DROP TABLE "paper_terms"`]),
      `DROP TABLE "tag_name"`,
      `DROP INDEX "paper_indexed"`,
      `ALTER TABLE "paper" DROP COLUMN "words_cut"`,
      `ALTER TABLE "paper" DROP COLUMN "indexed_as"`,
      `ALTER TABLE "paper" DROP COLUMN "tags"`,
    );
  }
}
