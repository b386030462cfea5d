import { closeSync, existsSync, linkSync, openSync, fsyncSync, rmSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { AppError } from '../problem.js';
import { databaseError } from './database-error.js';
import { sqlitePath } from './open-database.js';

/**
 * Copies a SQLite store as it is at one moment, while others read and write it: `VACUUM INTO` reads one snapshot. The
 * copy takes its name only when it is whole and checked, and nobody else may read it: it holds e-mail addresses.
 * @returns its size in bytes
 * @throws AppError `usage` for PostgreSQL, a store that is not there, a file that is; `database-unavailable`
 */
export function backUp(databaseUrl: string, file: string): number {
  const store = sqlitePath(databaseUrl);
  if (store === null)
    throw new AppError(
      'usage',
      'The store is on PostgreSQL, which has its own tool for this: pg_dump --format=custom --file=FILE "$DATABASE_URL" (docs/operating.md says how to restore it)',
    );
  if (!existsSync(store)) throw new AppError('usage', `There is no store at ${store}: set DATABASE_URL`);
  const target = resolve(file);
  if (existsSync(target)) throw new AppError('usage', `${file} exists already: a backup never overwrites anything`);
  const part = `${target}.part`;
  try {
    rmSync(part, { force: true });
    closeSync(openSync(part, 'wx', 0o600));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new AppError('usage', `${file} cannot be written (${code}): name a file in a folder that exists`, {
      cause: error,
    });
  }
  try {
    copy(store, part);
    check(part);
    sync(part);
    linkSync(part, target);
    return statSync(target).size;
  } catch (error) {
    throw databaseError(error);
  } finally {
    rmSync(part, { force: true });
  }
}

function copy(store: string, part: string): void {
  const source = new BetterSqlite3(store, { readonly: true, timeout: 10_000 });
  try {
    source.prepare('VACUUM INTO ?').run(part);
  } finally {
    source.close();
  }
}

function check(part: string): void {
  const copied = new BetterSqlite3(part, { readonly: true });
  try {
    const found = copied.pragma('quick_check', { simple: true });
    if (found !== 'ok') throw new AppError('database-unavailable', 'The store is damaged: its copy fails the check');
  } finally {
    copied.close();
  }
}

function sync(part: string): void {
  const handle = openSync(part, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
