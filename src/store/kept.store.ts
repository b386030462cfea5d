import type { Database, Sql } from './database.js';

/** Small values that are kept between runs, as JSON: cursors, the first news day. */
export class KeptStore {
  constructor(private readonly database: Database) {}

  async read<T>(name: string, sql: Sql = this.database): Promise<T | null> {
    const rows = await sql.all<{ value: string }>('SELECT "value" FROM "kept" WHERE "name" = ?', [name]);
    return rows[0] ? (JSON.parse(rows[0].value) as T) : null;
  }

  async write(name: string, value: unknown, sql: Sql = this.database): Promise<void> {
    await sql.run(
      'INSERT INTO "kept" ("name", "value") VALUES (?, ?) ON CONFLICT ("name") DO UPDATE SET "value" = excluded."value"',
      [name, JSON.stringify(value)],
    );
  }

  /** Writes only if nothing is kept under that name yet. @returns what is kept now */
  async writeOnce<T>(name: string, value: T): Promise<T> {
    await this.database.run('INSERT INTO "kept" ("name", "value") VALUES (?, ?) ON CONFLICT ("name") DO NOTHING', [
      name,
      JSON.stringify(value),
    ]);
    return (await this.database.transaction((sql) => this.read<T>(name, sql))) as T;
  }
}
