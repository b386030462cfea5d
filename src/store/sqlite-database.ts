import { setTimeout as sleep } from 'node:timers/promises';
import type BetterSqlite3 from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import type { Database, Sql, Value } from './database.js';
import { databaseError, isLocked } from './database-error.js';
import { insertText } from './insert-text.js';
import { SharedAnswer } from './shared-answer.js';

/** How long a write waits for another process's transaction on the same SQLite file, and how often it looks, ms. */
const LOCK_WAIT_MS = 10_000;
/** The same for whoever comes after one that waited in vain, until the lock has gone: a run with many steps left ends soon. */
const LOCK_SHORT_WAIT_MS = 500;
const LOCK_LOOK_MS = 25;

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

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
