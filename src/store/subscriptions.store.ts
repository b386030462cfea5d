import type { FilterVersion, Subscription, SubscriptionState, Wish } from '../model/subscription.js';
import { SUBSCRIPTION_STATES } from '../model/subscription.js';
import type { Database, Sql } from './database.js';
import { marks } from './placeholders.js';

/** A subscription with what only the program needs of it. */
export interface StoredSubscription extends Subscription {
  /** When the mail of its next period is due, epoch ms. */
  dueAt: number;
  /** Key with which posts to its webhook are signed; null = no webhook yet. */
  webhookKey: string | null;
}

export type TokenPurpose = 'confirm' | 'manage';

export interface SignUp {
  id: number;
  email: string;
  wish: Wish;
  at: number;
}

interface Row {
  id: number;
  email: string;
  state: SubscriptionState;
  wish: string;
  requested: string | null;
  createdAt: number;
  confirmedAt: number | null;
  history: string;
  dueAt: number;
  webhookKey: string | null;
}

const COLUMNS = [
  'id',
  'email',
  'state',
  'wish',
  'requested',
  'created_at" AS "createdAt',
  'confirmed_at" AS "confirmedAt',
  'history',
  'due_at" AS "dueAt',
  'webhook_key" AS "webhookKey',
]
  .map((column) => `s."${column}"`)
  .join(', ');

const toSubscription = (row: Row): StoredSubscription => ({
  ...row,
  wish: JSON.parse(row.wish) as Wish,
  requested: row.requested === null ? null : (JSON.parse(row.requested) as Wish),
  history: JSON.parse(row.history) as FilterVersion[],
});

/** Two spellings of an address that differ only in case are one reader. */
export const addressKey = (email: string): string => email.toLowerCase();

/** Who wants what: subscriptions, the links in their mails, and what was typed and not looked at yet. */
export class SubscriptionsStore {
  constructor(private readonly database: Database) {}

  /** Writes down what somebody typed, without looking anything up. */
  async addSignUp(email: string, wish: Wish, at: number): Promise<void> {
    await this.database.run('INSERT INTO "sign_up" ("email", "wish", "at") VALUES (?, ?, ?)', [
      email,
      JSON.stringify(wish),
      at,
    ]);
  }

  /** What was typed and not looked at yet, oldest first. */
  async listSignUps(limit: number): Promise<SignUp[]> {
    const rows = await this.database.all<{ id: number; email: string; wish: string; at: number }>(
      'SELECT "id", "email", "wish", "at" FROM "sign_up" ORDER BY "id" LIMIT ?',
      [limit],
    );
    return rows.map((row) => ({ ...row, wish: JSON.parse(row.wish) as Wish }));
  }

  /** @returns false when another process was faster */
  async removeSignUp(sql: Sql, id: number): Promise<boolean> {
    return (await sql.run('DELETE FROM "sign_up" WHERE "id" = ?', [id])) > 0;
  }

  async find(id: number, sql: Sql = this.database): Promise<StoredSubscription | null> {
    return (await this.where('s."id" = ?', [id], sql))[0] ?? null;
  }

  async findMany(ids: readonly number[]): Promise<StoredSubscription[]> {
    return ids.length === 0 ? [] : this.where(`s."id" IN (${marks(ids)})`, ids);
  }

  async findByAddress(email: string, sql: Sql = this.database): Promise<StoredSubscription | null> {
    return (await this.where('s."address_key" = ?', [addressKey(email)], sql))[0] ?? null;
  }

  /** The owner of a link, while the link lasts. */
  async findByToken(
    hash: string,
    purpose: TokenPurpose,
    now: number,
  ): Promise<(StoredSubscription & { hash: string }) | null> {
    const [row] = await this.database.all<Row & { hash: string }>(
      `SELECT ${COLUMNS}, t."hash" FROM "subscription_token" t JOIN "subscription" s ON s."id" = t."subscription_id"
       WHERE t."hash" = ? AND t."purpose" = ? AND t."expires_at" > ?`,
      [hash, purpose, now],
    );
    return row ? { ...toSubscription(row), hash: row.hash } : null;
  }

  /** Active ones whose mail is due, in order of their ids. */
  async findDue(now: number, afterId: number, limit: number): Promise<StoredSubscription[]> {
    return this.where(`s."state" = 'active' AND s."due_at" <= ? AND s."id" > ? ORDER BY s."id" LIMIT ?`, [
      now,
      afterId,
      limit,
    ]);
  }

  private async where(
    where: string,
    values: readonly (string | number)[],
    sql: Sql = this.database,
  ): Promise<StoredSubscription[]> {
    return (await sql.all<Row>(`SELECT ${COLUMNS} FROM "subscription" s WHERE ${where}`, values)).map(toSubscription);
  }

  /** @returns its id */
  async add(sql: Sql, subscription: Omit<StoredSubscription, 'id'>): Promise<number> {
    const [row] = await sql.all<{ id: number }>(
      `INSERT INTO "subscription" ("email", "address_key", "state", "wish", "requested", "created_at", "confirmed_at", "history", "frequency", "due_at", "webhook_key")
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING "id"`,
      [subscription.email, addressKey(subscription.email), ...this.values(subscription)],
    );
    if (!row) throw new Error('the database gave no id');
    return row.id;
  }

  async write(sql: Sql, subscription: StoredSubscription): Promise<void> {
    await sql.run(
      `UPDATE "subscription" SET "state" = ?, "wish" = ?, "requested" = ?, "created_at" = ?, "confirmed_at" = ?, "history" = ?, "frequency" = ?, "due_at" = ?, "webhook_key" = ?
       WHERE "id" = ?`,
      [...this.values(subscription), subscription.id],
    );
  }

  private values(subscription: Omit<StoredSubscription, 'id'>) {
    const { state, wish, requested, createdAt, confirmedAt, history, dueAt, webhookKey } = subscription;
    return [
      state,
      JSON.stringify(wish),
      requested === null ? null : JSON.stringify(requested),
      createdAt,
      confirmedAt,
      JSON.stringify(history),
      wish.frequency,
      dueAt,
      webhookKey,
    ];
  }

  /**
   * Reads a subscription, lets `change` make another of it, and writes that: in one transaction, in which nobody else
   * changes it.
   */
  async change(
    id: number,
    change: (subscription: StoredSubscription, sql: Sql) => Promise<StoredSubscription> | StoredSubscription,
  ): Promise<StoredSubscription | null> {
    return this.database.transaction(async (sql) => {
      if (sql.dialect === 'postgres') await sql.all('SELECT 1 FROM "subscription" WHERE "id" = ? FOR UPDATE', [id]);
      const before = await this.find(id, sql);
      if (!before) return null;
      const after = await change(before, sql);
      await this.write(sql, after);
      return after;
    });
  }

  /** Moves what is due next, unless the reader has moved it meanwhile. */
  async moveDue(sql: Sql, moves: readonly { id: number; from: number; to: number }[]): Promise<void> {
    for (const { id, from, to } of moves)
      await sql.run('UPDATE "subscription" SET "due_at" = ? WHERE "id" = ? AND "due_at" = ?', [to, id, from]);
  }

  /** Keeps the hashes of new links. */
  async addTokens(
    tokens: readonly { hash: string; subscriptionId: number; purpose: TokenPurpose }[],
    now: number,
    expiresAt: number,
    sql: Sql = this.database,
  ): Promise<void> {
    if (tokens.length === 0) return;
    await sql.insert(
      'subscription_token',
      ['hash', 'subscription_id', 'purpose', 'created_at', 'expires_at'],
      tokens.map(({ hash, subscriptionId, purpose }) => [hash, subscriptionId, purpose, now, expiresAt]),
    );
  }

  async removeTokens(sql: Sql, subscriptionId: number, purpose: TokenPurpose): Promise<void> {
    await sql.run('DELETE FROM "subscription_token" WHERE "subscription_id" = ? AND "purpose" = ?', [
      subscriptionId,
      purpose,
    ]);
  }

  /** Uses a link up. @returns false when it has been used already */
  async removeToken(sql: Sql, hash: string): Promise<boolean> {
    return (await sql.run('DELETE FROM "subscription_token" WHERE "hash" = ?', [hash])) > 0;
  }

  /** Deletes everything known of a reader. */
  async remove(id: number): Promise<void> {
    await this.database.transaction((sql) => this.removeAll(sql, '= ?', [id]));
  }

  /** Deletes sign-ups that nobody confirmed, and links that have ended. @returns how many sign-ups */
  async prune(pendingBefore: number, now: number): Promise<number> {
    return this.database.transaction(async (sql) => {
      const ids = await sql.all<{ id: number }>(
        `SELECT "id" FROM "subscription" WHERE "state" = 'pending' AND "created_at" < ? LIMIT 500`,
        [pendingBefore],
      );
      if (ids.length > 0)
        await this.removeAll(
          sql,
          `IN (${marks(ids)})`,
          ids.map((row) => row.id),
        );
      await sql.run('DELETE FROM "subscription_token" WHERE "expires_at" <= ?', [now]);
      return ids.length;
    });
  }

  private async removeAll(sql: Sql, which: string, ids: readonly number[]): Promise<void> {
    for (const table of ['delivery_correction', 'delivery_paper', 'delivery', 'subscription_token'])
      await sql.run(`DELETE FROM "${table}" WHERE "subscription_id" ${which}`, ids);
    await sql.run(`DELETE FROM "subscription" WHERE "id" ${which}`, ids);
  }

  /** How many there are in each state. */
  async counts(): Promise<Record<SubscriptionState, number>> {
    const rows = await this.database.all<{ state: SubscriptionState; n: number }>(
      'SELECT "state", count(*) AS "n" FROM "subscription" GROUP BY "state"',
    );
    const counts = Object.fromEntries(SUBSCRIPTION_STATES.map((state) => [state, 0])) as Record<
      SubscriptionState,
      number
    >;
    for (const row of rows) counts[row.state] = row.n;
    return counts;
  }
}
