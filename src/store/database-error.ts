import { AppError } from '../problem.js';

/** What an operator can do about it, by SQLite result code or PostgreSQL SQLSTATE class. Messages of the drivers may hold SQL and values: they stay in `cause`. */
const SQLITE: [RegExp, string][] = [
  [/^SQLITE_(BUSY|LOCKED)/, 'the database file is locked by another program; close it, or wait'],
  [/^SQLITE_FULL/, 'the disk is full; make room, nothing is lost'],
  [/^SQLITE_READONLY/, 'the database file cannot be written; check its owner and permissions, and those of its folder'],
  [/^SQLITE_(CORRUPT|NOTADB)/, 'the database file is damaged or is not a database; restore a backup'],
  [/^SQLITE_CANTOPEN/, 'the database file cannot be opened; check that its folder exists and can be written'],
  [/^SQLITE_IOERR/, 'the disk reports an error; check that it has room, that files may grow on it, and its health'],
];
const POSTGRES: [RegExp, string][] = [
  [/^(08|57P0|25P03)/, 'PostgreSQL ended the connection; it is tried again'],
  [/^(53100)/, "PostgreSQL's disk is full; make room, nothing is lost"],
  [/^53300/, 'PostgreSQL has no connection left; raise max_connections or run fewer processes'],
  [/^(28|3D)/, 'PostgreSQL refuses the user, the password or the database name in DATABASE_URL'],
  [/^(25006)/, 'PostgreSQL is read-only (a standby?)'],
  [/^(40|55P03)/, 'PostgreSQL could not get a lock; it is tried again'],
  [
    /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH)$/,
    'PostgreSQL cannot be reached; check that it runs and DATABASE_URL',
  ],
];

/** True for what the surroundings of the program did, as against a mistake in a statement. */
export const isEnvironmental = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'database-unavailable';

/** True when another process was writing to the same SQLite file: the statement did nothing and can be repeated. */
export function isLocked(error: unknown): boolean {
  const code = error instanceof AppError ? (error.cause as { code?: unknown } | undefined)?.code : undefined;
  return typeof code === 'string' && /^SQLITE_(BUSY|LOCKED)/.test(code);
}

/** Makes an AppError `database-unavailable` of what the surroundings did; anything else is a fault of ours and stays as it is. */
export function databaseError(error: unknown): Error {
  if (error instanceof AppError) return error;
  const code = (error as { code?: unknown } | null)?.code;
  const message = error instanceof Error ? error.message : '';
  if (typeof code === 'string') {
    const advice = [...SQLITE, ...POSTGRES].find(([pattern]) => pattern.test(code))?.[1];
    if (advice)
      return new AppError('database-unavailable', `The database cannot be used: ${advice} (${code})`, { cause: error });
  }
  // pg throws these without a code
  if (
    /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect/.test(
      message,
    )
  )
    return new AppError(
      'database-unavailable',
      'The database cannot be used: PostgreSQL ended the connection; it is tried again',
      { cause: error },
    );
  return error instanceof Error ? error : new Error(String(error));
}
