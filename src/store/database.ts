import type { DataSource } from 'typeorm';
import type BetterSqlite3 from 'better-sqlite3';
import type pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { databaseError, isLocked } from './database-error.js';
import { SharedAnswer } from './shared-answer.js';
import { numberPlaceholders } from './placeholders.js';

export type Dialect = 'sqlite' | 'postgres';
export type Value = string | number | null | Uint8Array;

/** SQL with `?` placeholders, on either database. Rows come back as plain objects, counts and instants as numbers. */
export interface Sql {
  readonly dialect: Dialect;
  all<Row>(text: string, values?: readonly Value[]): Promise<Row[]>;
  /** The one column of an answer of many rows, at a fraction of the cost of rows. */
  column<T>(text: string, values?: readonly Value[]): Promise<T[]>;
  /** @returns how many rows the statement changed */
  run(text: string, values?: readonly Value[]): Promise<number>;
  /**
   * Inserts many rows in one go. `conflict` is what stands behind the values, such as
   * `ON CONFLICT (pmid) DO UPDATE SET …`.
   */
  insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly Value[])[],
    conflict?: string,
  ): Promise<number>;
}

/**
 * The one place that knows both databases. Reads see committed data only and never wait for a writer; writes stand in
 * line: SQLite has one writer, and a second transaction opened on the same connection would silently join the first.
 */
export interface Database extends Sql {
  readonly dataSource: DataSource;
  /** Runs `work` in one transaction; on an error nothing of it stays. SQLite takes the write lock at the start. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Streams a large answer in chunks from one consistent snapshot, giving the event loop room between them. */
  stream<Row>(text: string, values: readonly Value[], chunk: number): AsyncIterable<Row[]>;
  /** Epoch milliseconds by the database's own clock, so that processes on several machines agree about claims. */
  now(): Promise<number>;
  /**
   * A mark of everything that is committed, by whichever process: as long as it is the same, so is every answer. It
   * means something only to this process. Asking costs much less than reading.
   */
  state(): Promise<number | string>;
  close(): Promise<void>;
}

/** PostgreSQL takes at most 65,535 parameters a statement. */
const MAX_PARAMETERS = 60_000;

const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');

const insertText = (table: string, columns: readonly string[], rows: number, conflict: string) => {
  const row = `(${columns.map(() => '?').join(', ')})`;
  return `INSERT INTO "${table}" (${quoted(columns)}) VALUES ${Array<string>(rows).fill(row).join(', ')} ${conflict}`;
};

/** How long a write waits for another process's transaction on the same SQLite file, and how often it looks, ms. */
const LOCK_WAIT_MS = 10_000;
/** The same for whoever comes after one that waited in vain, until the lock has gone: a run with many steps left ends soon. */
const LOCK_SHORT_WAIT_MS = 500;
const LOCK_LOOK_MS = 25;

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/* ------------------------------------------------------------------ SQLite */

class SqliteConnection implements Sql {
  readonly dialect = 'sqlite';
  private readonly statements = new Map<string, BetterSqlite3.Statement>();

  constructor(readonly handle: BetterSqlite3.Database) {}

  private prepare(text: string): BetterSqlite3.Statement {
    let statement = this.statements.get(text);
    if (!statement) {
      statement = this.handle.prepare(text);
      // filters make endless texts: drop the oldest rather than grow
      if (this.statements.size >= 500) this.statements.delete(this.statements.keys().next().value as string);
      this.statements.set(text, statement);
    }
    return statement;
  }

  all<Row>(text: string, values: readonly Value[] = []): Promise<Row[]> {
    return this.attempt(() => this.prepare(text).all(...values) as Row[]);
  }

  column<T>(text: string, values: readonly Value[] = []): Promise<T[]> {
    return this.attempt(() => {
      const statement = this.prepare(text);
      // the mode stays with the statement, which the cache gives to others too
      try {
        return statement.pluck(true).all(...values) as T[];
      } finally {
        statement.pluck(false);
      }
    });
  }

  run(text: string, values: readonly Value[] = []): Promise<number> {
    return this.attempt(() => this.prepare(text).run(...values).changes);
  }

  insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly Value[])[],
    conflict = '',
  ): Promise<number> {
    return this.attempt(() => {
      const statement = this.prepare(insertText(table, columns, 1, conflict));
      let changes = 0;
      for (const row of rows) changes += statement.run(...row).changes;
      return changes;
    });
  }

  private attempt<T>(work: () => T): Promise<T> {
    try {
      return Promise.resolve(work());
    } catch (error) {
      return Promise.reject(databaseError(error));
    }
  }
}

export class SqliteDatabase implements Database {
  readonly dialect = 'sqlite';
  private readonly writer: SqliteConnection;
  private readonly reader: SqliteConnection;
  /** Asked several times a request: ready to run. */
  private readonly commits: BetterSqlite3.Statement;
  private readonly states = new SharedAnswer(() => this.readState());
  private line: Promise<unknown> = Promise.resolve();
  private lockWaitMs = LOCK_WAIT_MS;

  constructor(
    readonly dataSource: DataSource,
    private readonly openReader: () => BetterSqlite3.Database,
  ) {
    const { databaseConnection } = dataSource.driver as unknown as { databaseConnection: BetterSqlite3.Database };
    this.writer = new SqliteConnection(databaseConnection);
    this.reader = new SqliteConnection(openReader());
    this.commits = this.reader.handle.prepare('PRAGMA data_version').pluck();
  }

  all<Row>(text: string, values?: readonly Value[]): Promise<Row[]> {
    return this.reader.all<Row>(text, values);
  }

  column<T>(text: string, values?: readonly Value[]): Promise<T[]> {
    return this.reader.column<T>(text, values);
  }

  run(text: string, values?: readonly Value[]): Promise<number> {
    return this.inLine(() => this.whenUnlocked(() => this.writer.run(text, values)));
  }

  insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly Value[])[],
    conflict?: string,
  ): Promise<number> {
    return this.transaction((sql) => sql.insert(table, columns, rows, conflict));
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.inLine(async () => {
      await this.whenUnlocked(() => this.writer.run('BEGIN IMMEDIATE'));
      try {
        const result = await work(this.writer);
        await this.writer.run('COMMIT');
        return result;
      } catch (error) {
        // a full disk or an I/O error has already rolled back
        if (this.writer.handle.inTransaction) await this.writer.run('ROLLBACK');
        throw databaseError(error);
      }
    });
  }

  async *stream<Row>(text: string, values: readonly Value[], chunk: number): AsyncIterable<Row[]> {
    // a connection of its own: an open cursor would block every other statement on the shared reader
    const handle = this.openReader();
    try {
      let rows: Row[] = [];
      for (const row of handle.prepare(text).iterate(...values)) {
        rows.push(row as Row);
        if (rows.length < chunk) continue;
        yield rows;
        rows = [];
        await nextTurn();
      }
      if (rows.length > 0) yield rows;
    } catch (error) {
      throw databaseError(error);
    } finally {
      handle.close();
    }
  }

  now(): Promise<number> {
    return Promise.resolve(Date.now());
  }

  /** SQLite counts for each connection the commits of all others; the reader commits nothing itself. */
  state(): Promise<number> {
    return this.states.get();
  }

  private readState(): Promise<number> {
    try {
      return Promise.resolve(this.commits.get() as number);
    } catch (error) {
      return Promise.reject(databaseError(error));
    }
  }

  async close(): Promise<void> {
    await this.line;
    this.reader.handle.close();
    await this.dataSource.destroy();
  }

  /** SQLite's own wait would stop the whole process, so that it could neither answer nor be stopped meanwhile. */
  private async whenUnlocked<T>(work: () => Promise<T>): Promise<T> {
    const until = performance.now() + this.lockWaitMs;
    for (;;) {
      try {
        const result = await work();
        this.lockWaitMs = LOCK_WAIT_MS;
        return result;
      } catch (error) {
        if (!isLocked(error)) throw error;
        if (performance.now() > until) {
          this.lockWaitMs = LOCK_SHORT_WAIT_MS;
          throw error;
        }
        await sleep(LOCK_LOOK_MS);
      }
    }
  }

  private inLine<T>(work: () => Promise<T>): Promise<T> {
    const result = this.line.then(work);
    this.line = result.catch(() => undefined);
    return result;
  }
}

/* -------------------------------------------------------------- PostgreSQL */

/**
 * A process that stalls or loses its power in the middle of a transaction would keep its locks, that on the claim
 * too, until PostgreSQL notices that nobody is there: with its defaults after two hours.
 */
const BEGIN = `BEGIN; SET LOCAL idle_in_transaction_session_timeout = '60s'`;

const ignore = () => undefined;

type Queryable = Pick<pg.Pool, 'query'>;

class PostgresConnection implements Sql {
  readonly dialect = 'postgres';

  constructor(private readonly client: Queryable) {}

  async all<Row>(text: string, values: readonly Value[] = []): Promise<Row[]> {
    return (await this.query(text, values)).rows as Row[];
  }

  async column<T>(text: string, values: readonly Value[] = []): Promise<T[]> {
    return (await this.query(text, values)).rows.map((row) => Object.values(row as object)[0] as T);
  }

  async run(text: string, values: readonly Value[] = []): Promise<number> {
    return (await this.query(text, values)).rowCount ?? 0;
  }

  async insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly Value[])[],
    conflict = '',
  ): Promise<number> {
    const perStatement = Math.max(1, Math.floor(MAX_PARAMETERS / columns.length));
    let changes = 0;
    for (let at = 0; at < rows.length; at += perStatement) {
      const part = rows.slice(at, at + perStatement);
      changes += await this.run(insertText(table, columns, part.length, conflict), part.flat());
    }
    return changes;
  }

  private async query(text: string, values: readonly Value[]) {
    try {
      return await this.client.query(numberPlaceholders(text), values as Value[]);
    } catch (error) {
      throw databaseError(error);
    }
  }
}

export class PostgresDatabase implements Database {
  readonly dialect = 'postgres';
  private readonly pool: pg.Pool;
  private readonly shared: PostgresConnection;
  private readonly states = new SharedAnswer(() => this.readState());

  constructor(readonly dataSource: DataSource) {
    this.pool = (dataSource.driver as unknown as { master: pg.Pool }).master;
    this.shared = new PostgresConnection(this.pool);
  }

  all<Row>(text: string, values?: readonly Value[]): Promise<Row[]> {
    return this.shared.all<Row>(text, values);
  }

  column<T>(text: string, values?: readonly Value[]): Promise<T[]> {
    return this.shared.column<T>(text, values);
  }

  run(text: string, values?: readonly Value[]): Promise<number> {
    return this.shared.run(text, values);
  }

  insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly Value[])[],
    conflict?: string,
  ): Promise<number> {
    return this.transaction((sql) => sql.insert(table, columns, rows, conflict));
  }

  async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const client = await this.connect();
    let broken: Error | undefined;
    try {
      await client.query(BEGIN);
      const result = await work(new PostgresConnection(client));
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((lost: unknown) => {
        broken = lost instanceof Error ? lost : new Error(String(lost));
      });
      throw databaseError(error);
    } finally {
      this.giveBack(client, broken);
    }
  }

  async *stream<Row>(text: string, values: readonly Value[], chunk: number): AsyncIterable<Row[]> {
    const client = await this.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN READ ONLY');
      await client.query(`DECLARE answer NO SCROLL CURSOR FOR ${numberPlaceholders(text)}`, values as Value[]);
      for (;;) {
        const { rows } = await client.query(`FETCH ${chunk} FROM answer`);
        if (rows.length === 0) break;
        yield rows as Row[];
      }
    } catch (error) {
      throw databaseError(error);
    } finally {
      await client.query('ROLLBACK').catch((lost: unknown) => {
        broken = lost instanceof Error ? lost : new Error(String(lost));
      });
      this.giveBack(client, broken);
    }
  }

  async now(): Promise<number> {
    const [row] = await this.all<{ at: number }>(
      'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS at',
    );
    if (!row) throw new Error('PostgreSQL gave no time');
    return row.at;
  }

  /** Two statements see the same rows when the same transactions had ended before them: that is what a snapshot names. */
  state(): Promise<string> {
    return this.states.get();
  }

  private async readState(): Promise<string> {
    const [snapshot] = await this.column<string>('SELECT pg_current_snapshot()::text');
    if (snapshot === undefined) throw new Error('PostgreSQL gave no snapshot');
    return snapshot;
  }

  close(): Promise<void> {
    return this.dataSource.destroy();
  }

  private giveBack(client: pg.PoolClient, broken: Error | undefined): void {
    client.off('error', ignore);
    client.release(broken);
  }

  private async connect(): Promise<pg.PoolClient> {
    try {
      const client = await this.pool.connect();
      // a connection that breaks between two statements says so by this event, and unheard it would end the process;
      // the next statement on it fails and is dealt with there
      client.on('error', ignore);
      return client;
    } catch (error) {
      throw databaseError(error);
    }
  }
}
