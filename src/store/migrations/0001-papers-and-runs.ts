import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ddl } from './columns.js';

export class PapersAndRuns1000000000001 implements MigrationInterface {
  name = 'PapersAndRuns1000000000001';

  async up(runner: QueryRunner): Promise<void> {
    const { run, counter } = ddl(runner);
    await run(
      `CREATE TABLE "paper" ("pmid" integer PRIMARY KEY NOT NULL, "version" integer NOT NULL, "added" text NOT NULL, "published_on" text, "revised_on" text, "listed_at" bigint NOT NULL, "late" integer NOT NULL, "fetched_at" bigint NOT NULL, "fetched_on" text, "content_digest" text NOT NULL, "taxonomy_version" text, "relevance" text, "study" text, "participants" integer, "retracted" integer NOT NULL, "concern" integer NOT NULL, "corrected" integer NOT NULL, "updated" integer NOT NULL, "preprint" integer NOT NULL, "gone" integer NOT NULL, "doi" text, "pmcid" text)`,
      `CREATE INDEX "paper_added" ON "paper" ("added", "pmid")`,
      `CREATE INDEX "paper_published" ON "paper" ("published_on", "pmid")`,
      `CREATE INDEX "paper_listed" ON "paper" ("listed_at", "pmid")`,
      `CREATE INDEX "paper_taxonomy" ON "paper" ("taxonomy_version", "pmid")`,
      `CREATE INDEX "paper_doi" ON "paper" ("doi")`,
      `CREATE TABLE "paper_record" ("pmid" integer PRIMARY KEY NOT NULL, "record" text NOT NULL)`,
      `CREATE TABLE "paper_view" ("pmid" integer PRIMARY KEY NOT NULL, "view" text NOT NULL, "evidence" text)`,
      `CREATE TABLE "revision" ("id" ${counter}, "pmid" integer NOT NULL, "at" bigint NOT NULL, "source" text NOT NULL, "changed" text NOT NULL, "version" integer NOT NULL, "run_id" text)`,
      `CREATE INDEX "revision_pmid" ON "revision" ("pmid", "id")`,
      `CREATE TABLE "excluded_record" ("pmid" integer PRIMARY KEY NOT NULL, "code" text NOT NULL, "detail" text NOT NULL, "fetched_on" text)`,
      `CREATE TABLE "retry_record" ("pmid" integer PRIMARY KEY NOT NULL, "first_missed_at" bigint NOT NULL, "last_missed_at" bigint NOT NULL)`,
      `CREATE TABLE "job_run" ("id" text PRIMARY KEY NOT NULL, "job" text NOT NULL, "triggered_by" text NOT NULL, "holder" text NOT NULL, "started_at" bigint NOT NULL, "finished_at" bigint, "status" text NOT NULL, "windows" text NOT NULL, "counted" integer NOT NULL, "stored" integer NOT NULL, "updated" integer NOT NULL, "unchanged" integer NOT NULL, "excluded" integer NOT NULL, "missing" integer NOT NULL, "failed" integer NOT NULL, "requests_sent" integer NOT NULL, "requests_retried" integer NOT NULL, "counts" text NOT NULL, "error_code" text, "error_detail" text)`,
      `CREATE INDEX "job_run_job" ON "job_run" ("job", "id")`,
      `CREATE INDEX "job_run_status" ON "job_run" ("status", "id")`,
      `CREATE TABLE "run_record" ("run_id" text NOT NULL, "pmid" integer NOT NULL, "outcome" text NOT NULL, "code" text, "detail" text, PRIMARY KEY ("run_id", "pmid"))`,
      `CREATE TABLE "claim" ("name" text PRIMARY KEY NOT NULL, "holder" text NOT NULL, "token" bigint NOT NULL, "acquired_at" bigint NOT NULL, "expires_at" bigint NOT NULL)`,
      `CREATE TABLE "job_slot" ("job" text PRIMARY KEY NOT NULL, "slot_at" bigint NOT NULL, "done" integer NOT NULL, "attempts" integer NOT NULL, "retry_at" bigint)`,
      `CREATE TABLE "kept" ("name" text PRIMARY KEY NOT NULL, "value" text NOT NULL)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = [
      'kept',
      'job_slot',
      'claim',
      'run_record',
      'job_run',
      'retry_record',
      'excluded_record',
      'revision',
      'paper_view',
      'paper_record',
      'paper',
    ];
    await ddl(runner).run(...tables.map((table) => `DROP TABLE "${table}"`));
  }
}
