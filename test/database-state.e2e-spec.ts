import { KeptStore } from '../src/store/kept.store.js';
import { openDatabase } from '../src/store/open-database.js';
import { Remembered } from '../src/store/remembered.js';
import { DIALECTS, testStore } from './support/database.js';

describe.each(DIALECTS)('the state of a store on %s', (dialect) => {
  let store: Awaited<ReturnType<typeof testStore>>;
  beforeEach(async () => {
    store = await testStore(dialect);
  });
  afterEach(() => store.close());

  it('is another after every commit, of this process or of another', async () => {
    const elsewhere = await openDatabase(store.url);
    const states = new Set([await store.database.state()]);
    let commits = 0;
    for (const database of [store.database, elsewhere, store.database]) {
      await new KeptStore(database).write('a', { commit: (commits += 1) });
      states.add(await store.database.state());
      await database.transaction((sql) => sql.run(`UPDATE "kept" SET "value" = '"x${(commits += 1)}"'`));
      states.add(await store.database.state());
    }
    await elsewhere.close();
    expect(states.size).toBe(1 + commits);
  });

  it('says nothing of what is not committed', async () => {
    const before = await store.database.state();
    await store.database.transaction(async (sql) => {
      await sql.run(`INSERT INTO "kept" ("name", "value") VALUES ('a', '1')`);
      // on PostgreSQL another suite's commits count too
      if (dialect === 'sqlite') expect(await store.database.state()).toBe(before);
    });
    expect(await store.database.state()).not.toBe(before);
  });

  it('spares reading again until there is something new, and never hides that', async () => {
    const kept = new KeptStore(store.database);
    let reads = 0;
    const remembered = new Remembered(store.database, () => {
      reads += 1;
      return kept.read<number>('a');
    });
    expect(await remembered.get()).toBeNull();
    for (let value = 1; value <= 5; value += 1) {
      await kept.write('a', value);
      expect(await Promise.all([remembered.get(), remembered.get()])).toEqual([value, value]);
      expect(await remembered.get()).toBe(value);
    }
    // PostgreSQL counts the transactions of all its databases, so another suite may be a reason to look again
    if (dialect === 'sqlite') expect(reads).toBeLessThanOrEqual(11);
  });
});
