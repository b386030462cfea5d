import type { Claim, ClaimsStore } from './claims.store.js';
import type { Database } from './database.js';

/** The last logical slot of a schedule. `retryAt` is set while an attempt has failed and another is due. */
export interface Slot {
  slotAt: number;
  done: boolean;
  attempts: number;
  retryAt: number | null;
}

/** What became of the scheduled slots. */
export class SlotsStore {
  constructor(
    private readonly database: Database,
    private readonly claims: ClaimsStore,
  ) {}

  async find(job: string): Promise<Slot | null> {
    const [row] = await this.database.all<{ slotAt: number; done: number; attempts: number; retryAt: number | null }>(
      'SELECT "slot_at" AS "slotAt", "done", "attempts", "retry_at" AS "retryAt" FROM "job_slot" WHERE "job" = ?',
      [job],
    );
    return row ? { ...row, done: row.done === 1 } : null;
  }

  /** @throws AppError `claim-lost` when the job's claim is no longer held: then the slot is another process's */
  async write(job: string, slot: Slot, claim: Claim): Promise<void> {
    await this.database.transaction(async (sql) => {
      await this.claims.assertHeld(sql, claim);
      await sql.run(
        `INSERT INTO "job_slot" ("job", "slot_at", "done", "attempts", "retry_at") VALUES (?, ?, ?, ?, ?)
         ON CONFLICT ("job") DO UPDATE SET "slot_at" = excluded."slot_at", "done" = excluded."done", "attempts" = excluded."attempts", "retry_at" = excluded."retry_at"`,
        [job, slot.slotAt, Number(slot.done), slot.attempts, slot.retryAt],
      );
    });
  }
}
