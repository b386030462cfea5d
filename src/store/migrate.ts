import { MigrationExecutor } from 'typeorm';
import { AppError } from '../problem.js';
import { databaseError } from './database-error.js';
import type { Database } from './database.js';
import { BUSY_TIMEOUT_MS } from './busy-timeout.js';
import { indexStored } from './index-stored.js';
import { MIGRATIONS } from './migrations/index.js';

/** Any fixed number: the advisory lock that all processes agree on. */
const MIGRATION_LOCK = 7_420_001;
/** How long a process waits for another one that is migrating, ms. */
const MIGRATION_WAIT_MS = 120_000;

/** Name of the schema that this program needs: that of its last migration. */
export const SCHEMA_VERSION = MIGRATIONS[MIGRATIONS.length - 1]!.name;

/** Names of the migrations that the store has, oldest first; none for an empty database. */
export async function storeMigrations(database: Database): Promise<string[]> {
  const exists =
    database.dialect === 'sqlite'
      ? await database.all(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'`)
      : await database.all(
          `SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'migrations'`,
        );
  if (exists.length === 0) return [];
  const rows = await database.all<{ name: string }>('SELECT "name" FROM "migrations" ORDER BY "timestamp"');
  return rows.map((row) => row.name);
}

/**
 * Brings the store to this program's schema. Safe when several processes start at once on an empty database: one
 * migrates under a lock of the database, the others wait and find nothing left to do.
 * @returns names of the migrations that this call ran
 */
export async function migrate(database: Database): Promise<string[]> {
  const done = await runMigrations(database);
  // outside the migrations' transaction: it may take minutes, and need not be all or nothing
  await indexStored(database);
  return done;
}

async function runMigrations(database: Database): Promise<string[]> {
  const runner = database.dataSource.createQueryRunner();
  try {
    // nothing else goes on while a store is migrated: SQLite itself may wait until another process has done it
    if (database.dialect === 'sqlite') await runner.query(`PRAGMA busy_timeout = ${MIGRATION_WAIT_MS}`);
    // SQLite: the write lock is taken before the first look; PostgreSQL: the lock ends with the transaction
    await runner.query(database.dialect === 'sqlite' ? 'BEGIN IMMEDIATE' : 'BEGIN');
    try {
      if (database.dialect === 'postgres') await runner.query(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
      const unknown = (await storeMigrations(database)).filter(
        (name) => !MIGRATIONS.some((known) => known.name === name),
      );
      if (unknown.length > 0) throw newerStore(unknown);
      const executor = new MigrationExecutor(database.dataSource, runner);
      executor.transaction = 'none';
      const done = await executor.executePendingMigrations();
      await runner.query('COMMIT');
      return done.map((migration) => migration.name);
    } catch (error) {
      await runner.query('ROLLBACK');
      throw databaseError(error);
    }
  } catch (error) {
    throw databaseError(error);
  } finally {
    if (database.dialect === 'sqlite') await runner.query(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    await runner.release();
  }
}

/** Takes back the last migration; for tests and for developers. */
export async function revertLast(database: Database): Promise<void> {
  const runner = database.dataSource.createQueryRunner();
  try {
    await new MigrationExecutor(database.dataSource, runner).undoLastMigration();
  } finally {
    await runner.release();
  }
}

/**
 * Refuses a store of another schema version; serving never migrates.
 * @throws AppError `schema-mismatch` with the command to run
 */
export async function assertSchema(database: Database): Promise<void> {
  const have = await storeMigrations(database);
  const unknown = have.filter((name) => !MIGRATIONS.some((known) => known.name === name));
  if (unknown.length > 0) throw newerStore(unknown);
  if (have.length < MIGRATIONS.length)
    throw new AppError(
      'schema-mismatch',
      `The store has ${have.length === 0 ? 'no tables yet' : `schema ${have[have.length - 1]}`}, this program needs ${SCHEMA_VERSION}: run \`node dist/cli.js migrate\``,
    );
}

const newerStore = (unknown: string[]) =>
  new AppError(
    'schema-mismatch',
    `The store was made by a newer version of this program (${unknown.join(', ')}): run that version, or restore a backup`,
  );
