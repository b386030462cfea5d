import type { Database } from './database.js';

/** The last logical slot of a schedule. `retryAt` is set while an attempt has failed and another is due. */
export interface Slot {
  slotAt: number;
  done: boolean;
  attempts: number;
  retryAt: number | null;
}

/** What became of the scheduled slots; written only by the holder of the job's claim. */
export class SlotsStore {
  constructor(private readonly database: Database) {}

  async find(job: string): Promise<Slot | null> {
    const [row] = await this.database.all<{ slotAt: number; done: number; attempts: number; retryAt: number | null }>(
      'SELECT "slot_at" AS "slotAt", "done", "attempts", "retry_at" AS "retryAt" FROM "job_slot" WHERE "job" = ?',
      [job],
    );
    return row ? { ...row, done: row.done === 1 } : null;
  }

  async write(job: string, slot: Slot): Promise<void> {
    await this.database.run(
      `INSERT INTO "job_slot" ("job", "slot_at", "done", "attempts", "retry_at") VALUES (?, ?, ?, ?, ?)
       ON CONFLICT ("job") DO UPDATE SET "slot_at" = excluded."slot_at", "done" = excluded."done", "attempts" = excluded."attempts", "retry_at" = excluded."retry_at"`,
      [job, slot.slotAt, Number(slot.done), slot.attempts, slot.retryAt],
    );
  }
}
