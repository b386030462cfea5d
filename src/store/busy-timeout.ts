/**
 * How long SQLite itself waits for a lock, ms. It stops the whole process while it waits, so this is short; whoever
 * writes waits on (database.ts). Readers hardly ever have to.
 */
export const BUSY_TIMEOUT_MS = 50;
