import type { JobRun } from '../../src/model/job-run.js';
import type { Database } from '../../src/store/database.js';
import { RunsStore } from '../../src/store/runs.store.js';

/** The equations that every ended run fulfils. */
export function expectTrueRun(run: JobRun): void {
  expect(run.counted).toBe(run.stored + run.updated + run.unchanged + run.excluded + run.missing + run.failed);
  for (const outcome of ['excluded', 'missing', 'failed'] as const) {
    const listed = run.reasons.filter((reason) => reason.outcome === outcome).flatMap((reason) => reason.pmids);
    expect([run.id, outcome, listed.length]).toEqual([run.id, outcome, run[outcome]]);
  }
  if (run.status === 'complete') expect([run.failed, run.error]).toEqual([0, null]);
}

const figure = async (database: Database, text: string) => (await database.column<number>(text))[0];

/**
 * Holds the whole store to what it promises, whatever happened to the processes that wrote it: each of these papers
 * is there once, complete and indexed, with one beginning; every run has ended and accounts for all that it listed;
 * what the runs say was stored is what is there.
 * @returns the runs, oldest first
 */
export async function expectTrueStore(database: Database, pmids: readonly string[]): Promise<JobRun[]> {
  const sorted = pmids.map(Number).sort((a, b) => a - b);
  for (const table of ['paper', 'paper_record', 'paper_view'])
    expect([table, await database.column(`SELECT "pmid" FROM "${table}" ORDER BY "pmid"`)]).toEqual([table, sorted]);
  expect(
    await database.column(`SELECT "pmid" FROM "revision" WHERE "changed" LIKE '%"created"%' ORDER BY "pmid"`),
  ).toEqual(sorted);
  const found =
    database.dialect === 'sqlite'
      ? `SELECT "rowid" FROM "paper_words" WHERE "paper_words" MATCH 'ketamine' ORDER BY "rowid"`
      : `SELECT "pmid" FROM "paper_text" WHERE "words" @@ 'ketamine'::tsquery ORDER BY "pmid"`;
  const indexed = await database.column(found);
  expect(indexed).toEqual(sorted);

  const store = new RunsStore(database);
  const ids = await database.column<string>('SELECT "id" FROM "job_run" ORDER BY "id"');
  const runs: JobRun[] = [];
  for (const id of ids) {
    const run = await store.get(id);
    if (!run) throw new Error(`no run ${id}`);
    expect([id, run.status]).not.toEqual([id, 'running']);
    expectTrueRun(run);
    runs.push(run);
  }
  expect(await figure(database, `SELECT count(*) FROM "run_record" WHERE "outcome" = 'pending'`)).toBe(0);
  expect(runs.reduce((sum, run) => sum + run.stored, 0)).toBe(pmids.length);
  expect(runs.reduce((sum, run) => sum + run.updated, 0)).toBe(0);
  if (database.dialect === 'sqlite') expect(await database.column('PRAGMA integrity_check')).toEqual(['ok']);
  return runs;
}
