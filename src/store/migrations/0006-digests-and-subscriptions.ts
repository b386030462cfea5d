import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ddl } from './columns.js';

export class DigestsAndSubscriptions1000000000006 implements MigrationInterface {
  name = 'DigestsAndSubscriptions1000000000006';

  async up(runner: QueryRunner): Promise<void> {
    const { run, counter } = ddl(runner);
    await run(
      `CREATE TABLE "issue" ("week" text PRIMARY KEY NOT NULL, "from_day" text NOT NULL, "to_day" text NOT NULL, "time_zone" text NOT NULL, "issued_at" bigint NOT NULL, "complete" integer NOT NULL, "complete_through" text, "taxonomy_version" text NOT NULL, "digest" text NOT NULL)`,
      `CREATE TABLE "issue_paper" ("pmid" integer PRIMARY KEY NOT NULL, "week" text NOT NULL, "position" integer NOT NULL, "late" integer NOT NULL, "view" text NOT NULL)`,
      `CREATE INDEX "issue_paper_week" ON "issue_paper" ("week", "position")`,
      `CREATE TABLE "correction" ("id" ${counter}, "pmid" integer NOT NULL, "kind" text NOT NULL, "notice_pmid" integer NOT NULL, "title" text NOT NULL, "seen_at" bigint NOT NULL, "week" text)`,
      `CREATE UNIQUE INDEX "correction_once" ON "correction" ("pmid", "kind", "notice_pmid")`,
      `CREATE INDEX "correction_seen" ON "correction" ("seen_at", "id")`,
      `CREATE INDEX "correction_week" ON "correction" ("week")`,
      `CREATE TABLE "subscription" ("id" ${counter}, "email" text NOT NULL, "address_key" text NOT NULL, "state" text NOT NULL, "wish" text NOT NULL, "requested" text, "created_at" bigint NOT NULL, "confirmed_at" bigint, "history" text NOT NULL, "frequency" text NOT NULL, "due_at" bigint NOT NULL, "webhook_key" text)`,
      `CREATE UNIQUE INDEX "subscription_address" ON "subscription" ("address_key")`,
      `CREATE INDEX "subscription_due" ON "subscription" ("state", "frequency", "due_at")`,
      `CREATE TABLE "subscription_token" ("hash" text PRIMARY KEY NOT NULL, "subscription_id" integer NOT NULL, "purpose" text NOT NULL, "created_at" bigint NOT NULL, "expires_at" bigint NOT NULL)`,
      `CREATE INDEX "subscription_token_owner" ON "subscription_token" ("subscription_id", "purpose")`,
      `CREATE INDEX "subscription_token_end" ON "subscription_token" ("expires_at")`,
      `CREATE TABLE "sign_up" ("id" ${counter}, "email" text NOT NULL, "wish" text NOT NULL, "at" bigint NOT NULL)`,
      `CREATE TABLE "delivery" ("id" text PRIMARY KEY NOT NULL, "subscription_id" integer NOT NULL, "kind" text NOT NULL, "period" text NOT NULL, "status" text NOT NULL, "attempts" integer NOT NULL, "next_at" bigint NOT NULL, "lease_until" bigint NOT NULL, "claim" integer NOT NULL, "created_at" bigint NOT NULL, "ended_at" bigint, "papers" integer NOT NULL, "corrections" integer NOT NULL, "error_code" text, "error_detail" text)`,
      `CREATE UNIQUE INDEX "delivery_once" ON "delivery" ("subscription_id", "period")`,
      `CREATE INDEX "delivery_next" ON "delivery" ("status", "next_at")`,
      `CREATE INDEX "delivery_period" ON "delivery" ("period", "status")`,
      `CREATE TABLE "delivery_paper" ("subscription_id" integer NOT NULL, "pmid" integer NOT NULL, "delivery_id" text NOT NULL, "at" bigint NOT NULL, PRIMARY KEY ("subscription_id", "pmid"))`,
      `CREATE INDEX "delivery_paper_delivery" ON "delivery_paper" ("delivery_id")`,
      `CREATE INDEX "delivery_paper_pmid" ON "delivery_paper" ("pmid")`,
      `CREATE TABLE "delivery_correction" ("subscription_id" integer NOT NULL, "correction_id" integer NOT NULL, "delivery_id" text NOT NULL, PRIMARY KEY ("subscription_id", "correction_id"))`,
      `CREATE INDEX "delivery_correction_delivery" ON "delivery_correction" ("delivery_id")`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = [
      'delivery_correction',
      'delivery_paper',
      'delivery',
      'sign_up',
      'subscription_token',
      'subscription',
      'correction',
      'issue_paper',
      'issue',
    ];
    await ddl(runner).run(...tables.map((table) => `DROP TABLE "${table}"`));
  }
}
