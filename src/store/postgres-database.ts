import type pg from 'pg';
import type { DataSource } from 'typeorm';
import type { Database, Sql, Value } from './database.js';
import { databaseError } from './database-error.js';
import { insertText } from './insert-text.js';
import { numberPlaceholders } from './placeholders.js';
import { SharedAnswer } from './shared-answer.js';

/** PostgreSQL takes at most 65,535 parameters a statement. */
const MAX_PARAMETERS = 60_000;

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
    // one that is cut in the moment in which it is made says so before whoever asked for it has it in hand
    this.pool.on('connect', (client) => client.on('error', ignore));
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
