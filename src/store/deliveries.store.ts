import type { Delivery, DeliveryKind, DeliveryStatus } from '../model/delivery.js';
import { DELIVERY_STATUSES } from '../model/delivery.js';
import type { Database, Sql, Value } from './database.js';
import { marks } from './placeholders.js';

/** A delivery to be written down, with what it is going to tell. */
export interface PlannedDelivery {
  id: string;
  subscriptionId: number;
  kind: DeliveryKind;
  period: string;
  status: 'queued' | 'empty';
  pmids: readonly string[];
  correctionIds: readonly number[];
}

/** What decides whether a paper is offered, and nothing long. */
export interface CandidateRow {
  pmid: string;
  added: string;
  listedAt: number;
  /** The week in whose issue it was news. */
  issue: string | null;
  tagged: boolean;
}

/** What a claimed delivery is made of. */
export interface DeliveryContents {
  pmids: string[];
  correctionIds: number[];
}

const COLUMNS = `d."id", d."subscription_id" AS "subscriptionId", d."kind", d."period", d."status", d."attempts", d."next_at" AS "nextAt", d."claim",
  d."created_at" AS "createdAt", d."ended_at" AS "endedAt", d."papers", d."corrections", d."error_code" AS "errorCode", d."error_detail" AS "errorDetail"`;

/** Deliveries that reached their reader, or may still: what they hold is not offered again. */
const STANDING = `('queued', 'sending', 'sent')`;

/** The ledger of deliveries: one row a subscription and period, and what each told. */
export class DeliveriesStore {
  constructor(private readonly database: Database) {}

  /* ------------------------------------------------------------ planning */

  /**
   * Papers that may be offered for a period that ends on `to`: added within the bound, or listed within it though
   * older. Notices, retracted and lost papers are left to the caller, who has their views.
   */
  async findCandidates(newsFrom: string, oldest: string, to: string): Promise<CandidateRow[]> {
    const rows = await this.database.all<{
      pmid: number;
      added: string;
      listedAt: number;
      issue: string | null;
      version: string | null;
    }>(
      `SELECT p."pmid", p."added", p."listed_at" AS "listedAt", i."week" AS "issue", p."taxonomy_version" AS "version"
       FROM "paper" p LEFT JOIN "issue_paper" i ON i."pmid" = p."pmid"
       WHERE p."gone" = 0 AND p."retracted" = 0 AND p."added" >= ? AND p."added" <= ? AND (p."added" >= ? OR p."listed_at" >= ?)
       ORDER BY p."pmid"`,
      [newsFrom, to, oldest, Date.parse(`${oldest}T00:00:00Z`)],
    );
    return rows.map(({ version, ...row }) => ({ ...row, pmid: String(row.pmid), tagged: version !== null }));
  }

  /** What of these papers each of these subscriptions was told of. */
  async findSent(subscriptionIds: readonly number[], pmids: readonly string[]): Promise<Map<number, Set<string>>> {
    const sent = new Map<number, Set<string>>(subscriptionIds.map((id) => [id, new Set()]));
    if (subscriptionIds.length === 0 || pmids.length === 0) return sent;
    const numbers = pmids.map(Number);
    // the primary key begins with the subscription: a span of PMIDs is one short walk along it
    const rows = await this.database.all<{ id: number; pmid: number }>(
      `SELECT "subscription_id" AS "id", "pmid" FROM "delivery_paper"
       WHERE "subscription_id" IN (${marks(subscriptionIds)}) AND "pmid" >= ? AND "pmid" <= ?`,
      [...subscriptionIds, Math.min(...numbers), Math.max(...numbers)],
    );
    for (const { id, pmid } of rows) sent.get(id)?.add(String(pmid));
    return sent;
  }

  /** Corrections seen since an instant, of papers that these subscriptions were told of before, which they do not know. */
  async findUntold(subscriptionIds: readonly number[], since: number): Promise<Map<number, number[]>> {
    const untold = new Map<number, number[]>();
    if (subscriptionIds.length === 0) return untold;
    const rows = await this.database.all<{ id: number; correction: number }>(
      `SELECT dp."subscription_id" AS "id", c."id" AS "correction" FROM "correction" c
       JOIN "delivery_paper" dp ON dp."pmid" = c."pmid" AND dp."subscription_id" IN (${marks(subscriptionIds)})
       WHERE c."seen_at" >= ? AND c."seen_at" >= dp."at"
         AND NOT EXISTS (SELECT 1 FROM "delivery_correction" dc WHERE dc."subscription_id" = dp."subscription_id" AND dc."correction_id" = c."id")
       ORDER BY c."id"`,
      [...subscriptionIds, since],
    );
    for (const { id, correction } of rows) untold.set(id, [...(untold.get(id) ?? []), correction]);
    return untold;
  }

  /** When each of these subscriptions last had a digest planned. */
  async lastPlannedAt(subscriptionIds: readonly number[]): Promise<Map<number, number>> {
    if (subscriptionIds.length === 0) return new Map();
    const rows = await this.database.all<{ id: number; at: number }>(
      `SELECT "subscription_id" AS "id", max("created_at") AS "at" FROM "delivery"
       WHERE "subscription_id" IN (${marks(subscriptionIds)}) AND "kind" = 'digest' AND "status" IN ('queued', 'sending', 'sent', 'empty') GROUP BY "subscription_id"`,
      subscriptionIds,
    );
    return new Map(rows.map((row) => [row.id, row.at]));
  }

  /**
   * Writes deliveries down with all that they will tell. One that exists already is left alone, and so is a paper that
   * another delivery to the same reader holds: the keys of the tables see to it, whoever plans at the same time.
   * @returns how many are new
   */
  async plan(sql: Sql, deliveries: readonly PlannedDelivery[], at: number): Promise<number> {
    let added = 0;
    const fresh: PlannedDelivery[] = [];
    for (const delivery of deliveries) {
      const inserted = await sql.run(
        `INSERT INTO "delivery" ("id", "subscription_id", "kind", "period", "status", "attempts", "next_at", "lease_until", "claim", "created_at", "ended_at", "papers", "corrections")
         VALUES (?, ?, ?, ?, ?, 0, ?, 0, 0, ?, ?, ?, ?) ON CONFLICT ("subscription_id", "period") DO NOTHING`,
        [
          delivery.id,
          delivery.subscriptionId,
          delivery.kind,
          delivery.period,
          delivery.status,
          at,
          at,
          delivery.status === 'empty' ? at : null,
          delivery.pmids.length,
          delivery.correctionIds.length,
        ],
      );
      if (inserted === 0) continue;
      added++;
      fresh.push(delivery);
    }
    await this.hold(sql, fresh, at);
    return added;
  }

  private async hold(
    sql: Sql,
    deliveries: readonly Pick<PlannedDelivery, 'id' | 'subscriptionId' | 'pmids' | 'correctionIds'>[],
    at: number,
  ): Promise<void> {
    const papers: Value[][] = [];
    const corrections: Value[][] = [];
    for (const { id, subscriptionId, pmids, correctionIds } of deliveries) {
      for (const pmid of pmids) papers.push([subscriptionId, Number(pmid), id, at]);
      for (const correction of correctionIds) corrections.push([subscriptionId, correction, id]);
    }
    const columns = ['subscription_id', 'pmid', 'delivery_id', 'at'];
    if (papers.length > 0)
      await sql.insert('delivery_paper', columns, papers, 'ON CONFLICT ("subscription_id", "pmid") DO NOTHING');
    if (corrections.length > 0)
      await sql.insert(
        'delivery_correction',
        ['subscription_id', 'correction_id', 'delivery_id'],
        corrections,
        'ON CONFLICT ("subscription_id", "correction_id") DO NOTHING',
      );
  }

  /** Puts an ended delivery into the line again, with what it is to tell now. @returns false when it has not ended badly */
  async replan(
    delivery: Pick<Delivery, 'subscriptionId' | 'period' | 'id'>,
    told: { pmids: readonly string[]; correctionIds: readonly number[] },
    at: number,
  ): Promise<boolean> {
    return this.database.transaction(async (sql) => {
      if (!(await this.requeue(sql, delivery.subscriptionId, delivery.period, at))) return false;
      await sql.run('UPDATE "delivery" SET "papers" = ?, "corrections" = ? WHERE "id" = ?', [
        told.pmids.length,
        told.correctionIds.length,
        delivery.id,
      ]);
      await this.hold(sql, [{ ...delivery, ...told }], at);
      return true;
    });
  }

  /** Puts what failed, was refused or cancelled into the line again. */
  async requeue(sql: Sql, subscriptionId: number, period: string, at: number): Promise<boolean> {
    const changed = await sql.run(
      `UPDATE "delivery" SET "status" = 'queued', "attempts" = 0, "next_at" = ?, "lease_until" = 0, "created_at" = ?, "ended_at" = NULL
       WHERE "subscription_id" = ? AND "period" = ? AND "status" IN ('failed', 'refused', 'cancelled')`,
      [at, at, subscriptionId, period],
    );
    return changed > 0;
  }

  /* ------------------------------------------------------------- sending */

  /**
   * Takes deliveries that are due, and those whose process has been silent for its lease.
   * @param now by the clock of the program; leases go by the database's own
   */
  async claim(now: number, leaseMs: number, limit: number): Promise<Delivery[]> {
    const at = await this.database.now();
    const skip = this.database.dialect === 'postgres' ? 'FOR UPDATE SKIP LOCKED' : '';
    return this.database.transaction((sql) =>
      sql.all<Delivery>(
        `UPDATE "delivery" AS d SET "status" = 'sending', "lease_until" = ?, "claim" = d."claim" + 1, "attempts" = d."attempts" + 1
         WHERE d."id" IN (SELECT "id" FROM "delivery" WHERE ("status" = 'queued' AND "next_at" <= ?) OR ("status" = 'sending' AND "lease_until" <= ?)
           ORDER BY "next_at", "id" LIMIT ${limit} ${skip}) RETURNING ${this.database.dialect === 'postgres' ? COLUMNS : COLUMNS.replaceAll('d."', '"')}`,
        [at + leaseMs, now, at],
      ),
    );
  }

  /** Whether this process still holds a claim; if so, the lease begins anew. To be asked right before what cannot be undone. */
  async renew(delivery: Pick<Delivery, 'id' | 'claim'>, leaseMs: number): Promise<boolean> {
    const changed = await this.database.run(
      `UPDATE "delivery" SET "lease_until" = ? WHERE "id" = ? AND "claim" = ? AND "status" = 'sending'`,
      [(await this.database.now()) + leaseMs, delivery.id, delivery.claim],
    );
    return changed > 0;
  }

  /** What these deliveries tell. */
  async contents(
    deliveries: readonly Pick<Delivery, 'id' | 'subscriptionId'>[],
  ): Promise<Map<string, DeliveryContents>> {
    const contents = new Map<string, DeliveryContents>(
      deliveries.map(({ id }) => [id, { pmids: [], correctionIds: [] }]),
    );
    if (deliveries.length === 0) return contents;
    const ids = deliveries.map(({ id }) => id);
    const papers = await this.database.all<{ id: string; pmid: number }>(
      `SELECT "delivery_id" AS "id", "pmid" FROM "delivery_paper" WHERE "delivery_id" IN (${marks(ids)}) ORDER BY "pmid"`,
      ids,
    );
    for (const row of papers) contents.get(row.id)?.pmids.push(String(row.pmid));
    const corrections = await this.database.all<{ id: string; correction: number }>(
      `SELECT "delivery_id" AS "id", "correction_id" AS "correction" FROM "delivery_correction" WHERE "delivery_id" IN (${marks(ids)}) ORDER BY "correction_id"`,
      ids,
    );
    for (const row of corrections) contents.get(row.id)?.correctionIds.push(row.correction);
    return contents;
  }

  /** Of these preprints, those that a reader was told of by other deliveries. */
  async findToldPreprints(
    delivery: Pick<Delivery, 'id' | 'subscriptionId'>,
    pmids: readonly string[],
  ): Promise<{ pmid: string; issue: string | null }[]> {
    if (pmids.length === 0) return [];
    const rows = await this.database.all<{ pmid: number; issue: string | null }>(
      `SELECT dp."pmid", i."week" AS "issue" FROM "delivery_paper" dp JOIN "paper" p ON p."pmid" = dp."pmid" LEFT JOIN "issue_paper" i ON i."pmid" = dp."pmid"
       WHERE dp."subscription_id" = ? AND dp."delivery_id" <> ? AND p."preprint" = 1 AND dp."pmid" IN (${marks(pmids)}) ORDER BY dp."pmid"`,
      [delivery.subscriptionId, delivery.id, ...pmids.map(Number)],
    );
    return rows.map((row) => ({ pmid: String(row.pmid), issue: row.issue }));
  }

  /** Writes down what became of a claimed delivery. What failed, was refused or cancelled told nothing. */
  async settle(
    delivery: Pick<Delivery, 'id' | 'claim'>,
    outcome: {
      status: Exclude<DeliveryStatus, 'sending'>;
      at: number;
      nextAt?: number;
      /** The attempt does not count: it never began. */
      uncounted?: boolean;
      error?: { code: string; detail: string };
    },
    also?: (sql: Sql) => Promise<void>,
  ): Promise<boolean> {
    return this.database.transaction(async (sql) => {
      const changed = await sql.run(
        `UPDATE "delivery" SET "status" = ?, "lease_until" = 0, "next_at" = ?, "ended_at" = ?, "error_code" = ?, "error_detail" = ?, "attempts" = "attempts" - ?
         WHERE "id" = ? AND "claim" = ? AND "status" = 'sending'`,
        [
          outcome.status,
          outcome.nextAt ?? outcome.at,
          outcome.status === 'queued' ? null : outcome.at,
          outcome.error?.code ?? null,
          outcome.error?.detail ?? null,
          outcome.uncounted ? 1 : 0,
          delivery.id,
          delivery.claim,
        ],
      );
      if (changed === 0) return false;
      if (outcome.status === 'failed' || outcome.status === 'refused' || outcome.status === 'cancelled')
        await this.releaseContents(sql, 'WHERE "delivery_id" = ?', [delivery.id]);
      await also?.(sql);
      return true;
    });
  }

  /** Ends what waits for a subscription: it is no longer wanted. */
  async cancel(sql: Sql, subscriptionId: number, at: number, kinds: readonly DeliveryKind[]): Promise<void> {
    const which = `"subscription_id" = ? AND "status" = 'queued' AND "kind" IN (${marks(kinds)})`;
    await this.releaseContents(
      sql,
      `WHERE "subscription_id" = ? AND "delivery_id" IN (SELECT "id" FROM "delivery" WHERE ${which})`,
      [subscriptionId, subscriptionId, ...kinds],
    );
    await sql.run(`UPDATE "delivery" SET "status" = 'cancelled', "ended_at" = ? WHERE ${which}`, [
      at,
      subscriptionId,
      ...kinds,
    ]);
  }

  private async releaseContents(sql: Sql, where: string, values: readonly Value[]): Promise<void> {
    for (const table of ['delivery_paper', 'delivery_correction'])
      await sql.run(`DELETE FROM "${table}" ${where}`, values);
  }

  /* ------------------------------------------------------------- reading */

  async find(id: string): Promise<Delivery | null> {
    const [row] = await this.database.all<Delivery>(`SELECT ${COLUMNS} FROM "delivery" d WHERE d."id" = ?`, [id]);
    return row ?? null;
  }

  /** Newest first. */
  async list(query: {
    status?: DeliveryStatus;
    period?: string;
    subscriptionId?: number;
    limit: number;
    before?: string;
  }): Promise<{ deliveries: Delivery[]; next: string | null }> {
    const where = ['1 = 1'];
    const values: Value[] = [];
    const add = (condition: string, value: Value | undefined) => {
      if (value === undefined) return;
      where.push(condition);
      values.push(value);
    };
    add('d."status" = ?', query.status);
    add('d."period" = ?', query.period);
    add('d."subscription_id" = ?', query.subscriptionId);
    add('d."id" < ?', query.before);
    const rows = await this.database.all<Delivery>(
      `SELECT ${COLUMNS} FROM "delivery" d WHERE ${where.join(' AND ')} ORDER BY d."id" DESC LIMIT ?`,
      [...values, query.limit + 1],
    );
    const deliveries = rows.slice(0, query.limit);
    return { deliveries, next: rows.length > query.limit ? (deliveries[deliveries.length - 1]?.id ?? null) : null };
  }

  /** Every paper that a subscription was told of, and when. */
  async listTold(subscriptionId: number): Promise<{ pmid: string; deliveryId: string; at: number }[]> {
    const rows = await this.database.all<{ pmid: number; deliveryId: string; at: number }>(
      `SELECT dp."pmid", dp."delivery_id" AS "deliveryId", dp."at" FROM "delivery_paper" dp JOIN "delivery" d ON d."id" = dp."delivery_id"
       WHERE dp."subscription_id" = ? AND d."status" IN ${STANDING} ORDER BY dp."at", dp."pmid"`,
      [subscriptionId],
    );
    return rows.map((row) => ({ ...row, pmid: String(row.pmid) }));
  }

  /** How many deliveries of a kind were made for a subscription since an instant. */
  async countSince(sql: Sql, subscriptionId: number, kind: DeliveryKind, since: number): Promise<number> {
    const [row] = await sql.all<{ n: number }>(
      'SELECT count(*) AS "n" FROM "delivery" WHERE "subscription_id" = ? AND "kind" = ? AND "created_at" > ?',
      [subscriptionId, kind, since],
    );
    return row?.n ?? 0;
  }

  /** Whether a delivery exists. */
  async exists(
    subscriptionId: number,
    period: string,
    status?: DeliveryStatus,
    sql: Sql = this.database,
  ): Promise<boolean> {
    const rows = await sql.all(
      `SELECT 1 FROM "delivery" WHERE "subscription_id" = ? AND "period" = ? ${status === undefined ? '' : 'AND "status" = ?'}`,
      status === undefined ? [subscriptionId, period] : [subscriptionId, period, status],
    );
    return rows.length > 0;
  }

  /** Whether anything is waiting to be sent now. */
  async hasWork(now: number): Promise<boolean> {
    const at = await this.database.now();
    const rows = await this.database.all(
      `SELECT 1 FROM "delivery" WHERE ("status" = 'queued' AND "next_at" <= ?) OR ("status" = 'sending' AND "lease_until" <= ?) LIMIT 1`,
      [now, at],
    );
    return rows.length > 0;
  }

  /** How many deliveries there are of each status. */
  async counts(): Promise<Record<DeliveryStatus, number>> {
    const rows = await this.database.all<{ status: DeliveryStatus; n: number }>(
      'SELECT "status", count(*) AS "n" FROM "delivery" GROUP BY "status"',
    );
    const counts = Object.fromEntries(DELIVERY_STATUSES.map((status) => [status, 0])) as Record<DeliveryStatus, number>;
    for (const row of rows) counts[row.status] = row.n;
    return counts;
  }
}
