import type { DataSource } from 'typeorm';

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
 * What both databases can do (sqlite-database.ts, postgres-database.ts). Reads see committed data only and never wait for a writer; writes stand in
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
