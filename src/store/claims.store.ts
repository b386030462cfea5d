import { AppError } from '../problem.js';
import type { Database, Sql } from './database.js';

/** A claim that this process holds. `token` changes with every holder. */
export interface Claim {
  name: string;
  holder: string;
  token: number;
}

export interface ClaimRow {
  holder: string;
  acquiredAt: number;
  expiresAt: number;
}

/**
 * Who may do a thing now, agreed in the database: taken by one atomic statement, renewed while the work lasts, and
 * free again when its holder has been silent for the lease. Times are the database's own, so that processes on
 * machines with different clocks agree.
 */
export class ClaimsStore {
  constructor(private readonly database: Database) {}

  /** Takes the claim if it is free or its lease is over. @returns null when another process holds it */
  async take(name: string, holder: string, leaseMs: number): Promise<Claim | null> {
    const now = await this.database.now();
    const rows = await this.database.transaction((sql) =>
      sql.all<{ token: number }>(
        // an end further off than any lease means that the clock was set back and that nobody renewed since
        `INSERT INTO "claim" ("name", "holder", "token", "acquired_at", "expires_at") VALUES (?, ?, 1, ?, ?)
         ON CONFLICT ("name") DO UPDATE SET "holder" = excluded."holder", "token" = "claim"."token" + 1,
           "acquired_at" = excluded."acquired_at", "expires_at" = excluded."expires_at"
         WHERE "claim"."expires_at" <= excluded."acquired_at" OR "claim"."expires_at" > ?
         RETURNING "token"`,
        [name, holder, now, now + leaseMs, now + 3 * leaseMs],
      ),
    );
    return rows[0] ? { name, holder, token: rows[0].token } : null;
  }

  /** Puts off the end of the lease. @throws AppError `claim-lost` when somebody else has taken over */
  async renew(claim: Claim, leaseMs: number): Promise<void> {
    const now = await this.database.now();
    const changed = await this.database.run(
      `UPDATE "claim" SET "expires_at" = ? WHERE "name" = ? AND "token" = ? AND "expires_at" > 0`,
      [now + leaseMs, claim.name, claim.token],
    );
    if (changed === 0) throw lost(claim);
  }

  /**
   * To be called inside the transaction that writes on behalf of the claim: a holder that stalled past its lease
   * writes nothing more once another has taken over.
   * @throws AppError `claim-lost`
   */
  async assertHeld(sql: Sql, claim: Claim): Promise<void> {
    const share = sql.dialect === 'postgres' ? ' FOR SHARE' : '';
    const rows = await sql.all(`SELECT 1 FROM "claim" WHERE "name" = ? AND "token" = ? AND "expires_at" > 0${share}`, [
      claim.name,
      claim.token,
    ]);
    if (rows.length === 0) throw lost(claim);
  }

  /** Gives the claim back; harmless when it was lost meanwhile. The row stays, so that tokens go on rising. */
  async release(claim: Claim): Promise<void> {
    await this.database.run(`UPDATE "claim" SET "expires_at" = 0 WHERE "name" = ? AND "token" = ?`, [
      claim.name,
      claim.token,
    ]);
  }

  /** Who holds it now, if anybody. */
  async holder(name: string): Promise<ClaimRow | null> {
    const now = await this.database.now();
    const rows = await this.database.all<ClaimRow>(
      `SELECT "holder", "acquired_at" AS "acquiredAt", "expires_at" AS "expiresAt" FROM "claim" WHERE "name" = ? AND "expires_at" > ?`,
      [name, now],
    );
    return rows[0] ?? null;
  }
}

/** What a holder that came too late is told. */
export const lost = (claim: Claim) =>
  new AppError(
    'claim-lost',
    `This process no longer holds the claim "${claim.name}": it was silent for too long and another process took over`,
  );
