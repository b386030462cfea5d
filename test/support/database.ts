import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/store/migrate.js';
import type { Database } from '../../src/store/database.js';
import { openDatabase } from '../../src/store/open-database.js';

export const DIALECTS = ['sqlite', 'postgres'] as const;
export type TestDialect = (typeof DIALECTS)[number];

/** A database of its own for a test: a file in a folder of its own, or a database in the PostgreSQL of the test run. */
export interface TestDatabase {
  url: string;
  drop: () => Promise<void>;
}

export async function emptyDatabase(dialect: TestDialect): Promise<TestDatabase> {
  if (dialect === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'tracker-test-'));
    return {
      url: `sqlite:${join(folder, 'tracker.sqlite')}`,
      drop: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
    };
  }
  const server = process.env['TEST_POSTGRES_URL'];
  if (!server) throw new Error('TEST_POSTGRES_URL is not set: run the tests with `npm test`');
  const name = `t_${randomBytes(6).toString('hex')}`;
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: `${server}/postgres` });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await run(`CREATE DATABASE ${name}`);
  return { url: `${server}/${name}`, drop: () => run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** An open, migrated store; `close` drops it. */
export async function testStore(
  dialect: TestDialect,
): Promise<{ database: Database; url: string; close: () => Promise<void> }> {
  const { url, drop } = await emptyDatabase(dialect);
  const database = await openDatabase(url);
  await migrate(database);
  return {
    database,
    url,
    close: async () => {
      await database.close();
      await drop();
    },
  };
}
