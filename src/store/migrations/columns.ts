import type { QueryRunner } from 'typeorm';

/** Column types and constraints, spelled as each database's own schema reading spells them. */
export function ddl(runner: QueryRunner) {
  const postgres = runner.connection.options.type === 'postgres';
  return {
    postgres,
    /** A primary key that counts by itself. */
    counter: postgres ? 'SERIAL PRIMARY KEY' : 'integer PRIMARY KEY AUTOINCREMENT NOT NULL',
    run: async (...statements: string[]) => {
      for (const statement of statements) await runner.query(statement);
    },
  };
}
