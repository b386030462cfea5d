import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { clockFrom, systemClock, type Clock } from './clock.js';
import { readSettings, type SettingsReading } from './config/settings.js';
import { processLog, type Log } from './log.js';
import type { Taxonomy } from './model/taxonomy.js';
import { assertSchema } from './store/migrate.js';
import type { Database } from './store/database.js';
import { openDatabase } from './store/open-database.js';
import { loadOverrides, type Override } from './tagging/overrides.js';
import { createTagger, type Tagger } from './tagging/tag-paper.js';
import { readTaxonomy } from './taxonomy/read-taxonomy.js';
import type { Recognition } from './taxonomy/recognition.js';

/** What the server and every command begin with. */
export interface Boot extends SettingsReading {
  clock: Clock;
  log: Log;
  taxonomy: Taxonomy<Recognition>;
  database: Database;
}

/** Settings of this process: its environment and `.env` in the working directory. */
export const processSettings = (): SettingsReading =>
  readSettings(process.env, existsSync('.env') ? readFileSync('.env', 'utf8') : '');

/** What people decided about single papers stands beside the taxonomy. */
export const overridesPath = (taxonomyPath: string): string => join(dirname(taxonomyPath), 'overrides.yaml');

/**
 * The tagger of a taxonomy file and of the decisions beside it; there need not be any. Takes a moment.
 * @throws AppError `invalid-taxonomy`
 */
export function readTagger(taxonomyPath: string, taxonomy: Taxonomy<Recognition>): Tagger {
  return createTagger(taxonomy, readOverrides(taxonomyPath, taxonomy));
}

/** @throws AppError `invalid-taxonomy` with every mistake and its line */
export function readOverrides(taxonomyPath: string, taxonomy: Taxonomy<Recognition>): Map<string, Override> {
  const path = overridesPath(taxonomyPath);
  return existsSync(path)
    ? loadOverrides(readFileSync(path, 'utf8'), path, taxonomy.facets)
    : new Map<string, Override>();
}

/**
 * Settings, taxonomy and an open store of the right schema, or the reason why not.
 * @throws AppError `invalid-settings`, `invalid-taxonomy`, `database-unavailable`, `schema-mismatch`
 */
export async function boot(): Promise<Boot> {
  const reading = processSettings();
  const { settings } = reading;
  const clock = settings.NOW === null ? systemClock : clockFrom(settings.NOW);
  const log = processLog(settings.LOG_LEVEL, () => clock.now());
  const taxonomy = await readTaxonomy(settings.TAXONOMY);
  const database = await openDatabase(settings.DATABASE_URL);
  try {
    await assertSchema(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  for (const warning of reading.warnings) log.warn(warning);
  return { ...reading, clock, log, taxonomy, database };
}
