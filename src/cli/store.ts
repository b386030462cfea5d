import { processSettings } from '../boot.js';
import { SETTING_NAMES, showSetting } from '../config/settings.js';
import type { JobRun } from '../model/job-run.js';
import { backUp } from '../store/backup.js';
import { migrate, SCHEMA_VERSION } from '../store/migrate.js';
import { openDatabase } from '../store/open-database.js';
import { PapersStore } from '../store/papers.store.js';
import { describeSync } from '../publish/health/describe-sync.js';
import { RunsStore } from '../store/runs.store.js';
import { ClaimsStore } from '../store/claims.store.js';
import { PUBMED_CLAIM } from '../jobs/pubmed-claim.js';
import { print, tell, withStore, type ExitCode } from './command.js';
import { renderLedger } from './sync.js';

/** `migrate`: brings the store to this program's schema. */
export async function migrateCommand(): Promise<ExitCode> {
  const { settings } = processSettings();
  const database = await openDatabase(settings.DATABASE_URL);
  try {
    const done = await migrate(database);
    tell(done.length === 0 ? `The store is up to date (${SCHEMA_VERSION}).` : `Migrated: ${done.join(', ')}.`);
    return 0;
  } finally {
    await database.close();
  }
}

/** `backup FILE`: a consistent copy of a SQLite store, also while it is in use. */
export function backupCommand(file: string): ExitCode {
  const { settings } = processSettings();
  const bytes = backUp(settings.DATABASE_URL, file);
  tell(`Wrote ${file} (${(bytes / 1_000_000).toFixed(1)} MB). To restore it, see docs/operating.md.`);
  return 0;
}

/** `config`: every setting, its value (never a secret's) and where it came from. */
export function configCommand(): ExitCode {
  const { settings, origins, warnings } = processSettings();
  const width = Math.max(...SETTING_NAMES.map((name) => name.length));
  for (const name of SETTING_NAMES)
    print(`${name.padEnd(width)}  ${showSetting(settings, name) || '–'}  (${origins[name]})`);
  for (const warning of warnings) tell(`Warning: ${warning}`);
  return 0;
}

/** `status`: how complete and how fresh the store is. Exit 2 when the last sync is not complete. */
export const statusCommand = (options: { format: string }): Promise<ExitCode> =>
  withStore(async ({ database, clock }) => {
    const runs = new RunsStore(database, () => clock.now());
    const papers = new PapersStore(database);
    const counts = await papers.count();
    const notSearched = await papers.countCut();
    const last = await runs.last('sync');
    const completeAt = await runs.lastCompleteSyncAt();
    const holder = await new ClaimsStore(database).holder(PUBMED_CLAIM);
    const asOf = completeAt === null ? null : new Date(completeAt).toISOString();
    if (options.format === 'json')
      print(
        JSON.stringify({ counts, notSearched, asOf, lastSync: last, pubmedHeldBy: holder?.holder ?? null }, null, 2),
      );
    else {
      print(`Papers: ${counts.papers} (${counts.untagged} not yet tagged)`);
      if (notSearched.papers > 0)
        print(`Beyond the limits of search: ${notSearched.words} words of ${notSearched.papers} very long papers`);
      print(`Complete as of: ${asOf ?? 'never'}`);
      print(`PubMed: ${describeSync({ last, completeAt, nextAt: null, now: clock.now() })}`);
      if (holder) print(`Working with PubMed now: ${holder.holder}`);
      print(last ? `Last sync:\n${renderLedger(last)}` : 'Last sync: none yet');
    }
    return isGood(last) ? 0 : 2;
  });

const isGood = (last: JobRun | null) => last?.status === 'complete';
