import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { assertSchema, migrate, revertLast, storeMigrations } from '../src/store/migrate.js';
import { MIGRATIONS } from '../src/store/migrations/index.js';
import { openDatabase } from '../src/store/open-database.js';
import { DIALECTS, emptyDatabase } from './support/database.js';

describe.each(DIALECTS)('migrations on %s', (dialect) => {
  it('make exactly what the entities say', async () => {
    const { url, drop } = await emptyDatabase(dialect);
    const database = await openDatabase(url);
    await migrate(database);
    const { upQueries } = await database.dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map((query) => query.query)).toEqual([]);
    await database.close();
    await drop();
  });

  it('go down to an empty store and up again', async () => {
    const { url, drop } = await emptyDatabase(dialect);
    const database = await openDatabase(url);
    expect(await migrate(database)).toHaveLength(MIGRATIONS.length);
    for (let left = MIGRATIONS.length; left > 0; left--) await revertLast(database);
    const tables = await database.all<{ name: string }>(
      dialect === 'sqlite'
        ? `SELECT "name" FROM sqlite_master WHERE "type" = 'table' AND "name" NOT LIKE 'sqlite_%'`
        : `SELECT table_name AS "name" FROM information_schema.tables WHERE table_schema = current_schema()`,
    );
    expect(
      tables.map((table) => table.name).filter((name) => !['migrations', 'typeorm_metadata'].includes(name)),
    ).toEqual([]);
    expect(await migrate(database)).toHaveLength(MIGRATIONS.length);
    expect(await migrate(database)).toEqual([]);
    await database.close();
    await drop();
  });

  it('refuses a store without tables or of a newer version, with what to do', async () => {
    const { url, drop } = await emptyDatabase(dialect);
    const database = await openDatabase(url);
    await expect(assertSchema(database)).rejects.toThrow('run `node dist/cli.js migrate`');
    await migrate(database);
    await assertSchema(database);
    await database.run(
      `INSERT INTO "migrations" ("timestamp", "name") VALUES (9000000000000, 'FromTheFuture9000000000000')`,
    );
    await expect(assertSchema(database)).rejects.toThrow('newer version');
    await expect(migrate(database)).rejects.toThrow('newer version');
    await database.close();
    await drop();
  });

  const built = existsSync('dist/cli.js');
  (built ? it : it.skip)(
    'is safe when five processes start at once on an empty store (needs `npm run build`)',
    async () => {
      const { url, drop } = await emptyDatabase(dialect);
      const exits = await Promise.all(
        Array.from(
          { length: 5 },
          () =>
            new Promise<{ code: number | null; said: string }>((resolve) => {
              let said = '';
              const child = spawn(process.execPath, ['dist/cli.js', 'migrate'], {
                env: { ...process.env, DATABASE_URL: url },
                stdio: ['ignore', 'ignore', 'pipe'],
              });
              child.stderr.on('data', (text: Buffer) => (said += text.toString()));
              child.on('close', (code) => resolve({ code, said }));
            }),
        ),
      );
      expect(exits.map((exit) => exit.code)).toEqual([0, 0, 0, 0, 0]);
      expect(exits.filter((exit) => exit.said.startsWith('Migrated'))).toHaveLength(1);
      const database = await openDatabase(url);
      expect(await storeMigrations(database)).toHaveLength(MIGRATIONS.length);
      await database.close();
      await drop();
    },
  );
});
