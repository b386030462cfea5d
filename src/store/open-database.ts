import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { DataSource } from 'typeorm';
import { BUSY_TIMEOUT_MS } from './busy-timeout.js';
import { databaseError } from './database-error.js';
import type { Database } from './database.js';
import { ENTITIES } from './entities/index.js';
import { MIGRATIONS } from './migrations/index.js';
import { PostgresDatabase } from './postgres-database.js';
import { SqliteDatabase } from './sqlite-database.js';

/** The path in `sqlite:PATH`, absolute; null for a PostgreSQL address. */
export function sqlitePath(databaseUrl: string): string | null {
  return databaseUrl.startsWith('sqlite:') ? resolve(databaseUrl.slice('sqlite:'.length)) : null;
}

/** kB, for each of the two connections: the system caches the file as well, and what it holds there costs nobody. */
const CACHE_KB = 8_000;

const pragmas = (handle: BetterSqlite3.Database) => {
  handle.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  handle.pragma('synchronous = NORMAL');
  handle.pragma('foreign_keys = ON');
  handle.pragma('temp_store = MEMORY');
  handle.pragma(`cache_size = -${CACHE_KB}`);
};

/** Switching to WAL does not wait for other openers: try again while they are at it. */
function useWal(handle: BetterSqlite3.Database): void {
  for (let attempt = 0; ; attempt++) {
    try {
      if (handle.pragma('journal_mode', { simple: true }) !== 'wal') handle.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      if (attempt >= 100 || !/^SQLITE_BUSY/.test(String((error as { code?: unknown }).code))) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

/**
 * Opens the store that `DATABASE_URL` names. It neither creates nor changes tables.
 * @throws AppError `database-unavailable` with what to do about it
 */
export async function openDatabase(databaseUrl: string): Promise<Database> {
  const path = sqlitePath(databaseUrl);
  try {
    if (path === null) {
      const dataSource = new DataSource({
        type: 'postgres',
        url: databaseUrl,
        entities: ENTITIES,
        migrations: MIGRATIONS,
        parseInt8: true,
        applicationName: 'tracker',
        connectTimeoutMS: 10_000,
        extra: { max: 10, idleTimeoutMillis: 30_000, keepAlive: true },
      });
      await dataSource.initialize();
      return new PostgresDatabase(dataSource);
    }
    mkdirSync(dirname(path), { recursive: true });
    const dataSource = new DataSource({
      type: 'better-sqlite3',
      database: path,
      entities: ENTITIES,
      migrations: MIGRATIONS,
      timeout: BUSY_TIMEOUT_MS,
      prepareDatabase: (handle: BetterSqlite3.Database) => {
        pragmas(handle);
        useWal(handle);
      },
    });
    await dataSource.initialize();
    return new SqliteDatabase(dataSource, () => {
      const handle = new BetterSqlite3(path, { readonly: true, timeout: BUSY_TIMEOUT_MS });
      pragmas(handle);
      return handle;
    });
  } catch (error) {
    throw databaseError(error);
  }
}
