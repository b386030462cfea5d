import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Boot } from '../boot.js';
import { clockFrom, systemClock } from '../clock.js';
import { DEMO_DIRECTORY, demoSettings } from '../demo/demo-settings.js';
import { startEutilsServer } from '../demo/eutils-server.js';
import { readSampleRecords, SampleTimeline } from '../demo/sample.js';
import { processLog } from '../log.js';
import { AppError } from '../problem.js';
import { serve, settlePort } from '../serve.js';
import type { Database } from '../store/database.js';
import { readTaxonomy } from '../taxonomy/read-taxonomy.js';
import { migrate } from '../store/migrate.js';
import { openDatabase } from '../store/open-database.js';
import { print, tell } from './command.js';
import { rehearsalBegins, rehearsalInstants, rehearse } from './rehearse.js';

const MARKER = join(DEMO_DIRECTORY, 'process');

/**
 * `demo`: the same program on fictional records, with PubMed's stand-in in this process and a store of its own, which
 * begins anew each time. It plays the past weeks through, then serves until it is stopped.
 */
export async function demoCommand(): Promise<never> {
  const dotEnv = existsSync('.env') ? readFileSync('.env', 'utf8') : '';
  const settingsFor = (standIn: string, newsFrom?: string) =>
    demoSettings(process.env, dotEnv, { standIn, ...(newsFrom === undefined ? {} : { newsFrom }) });
  // a mistake in the settings is told before anything is begun
  const { NOW, TIMEZONE } = settingsFor('http://127.0.0.1/').settings;
  const clock = NOW === null ? systemClock : clockFrom(NOW);
  const now = clock.now();
  const dayAt = (instant: number) => new Intl.DateTimeFormat('en-CA', { timeZone: TIMEZONE }).format(instant);

  const standIn = await startEutilsServer({ rate: 0 });
  let database: Database | null = null;
  try {
    const timeline = new SampleTimeline(readSampleRecords(), dayAt(now));
    const show = (instant: number) => standIn.control({ append: timeline.newsOn(dayAt(instant)).join('\n') });

    const reading = await settlePort(settingsFor(standIn.url, rehearsalBegins(now, TIMEZONE)));
    const log = processLog(reading.settings.LOG_LEVEL, () => clock.now());
    const taxonomy = await readTaxonomy(reading.settings.TAXONOMY);
    beginAnew();
    database = await openDatabase(reading.settings.DATABASE_URL);
    await migrate(database);
    const started: Boot = { ...reading, clock, log, taxonomy, database };

    tell('Demo: invented papers only. Nothing is fetched from PubMed, and no mail leaves this machine.');
    const instants = rehearsalInstants(now, TIMEZONE);
    tell(`Playing the weeks since ${dayAt(instants[0] ?? now)} through …`);
    await rehearse(started, instants, show);
    show(now);

    const { url } = await serve(started, {
      demo: true,
      onStop: async () => {
        await standIn.close();
        rmSync(MARKER, { force: true });
      },
    });
    print(readyText(url));
  } catch (error) {
    await standIn.close();
    await database?.close();
    throw error;
  }
  return new Promise<never>(() => undefined);
}

/** Clears what the last demo left. @throws AppError `usage` while another one runs */
function beginAnew(): void {
  const other = existsSync(MARKER) ? Number(readFileSync(MARKER, 'utf8')) : 0;
  if (other > 0 && other !== process.pid && isAlive(other))
    throw new AppError(
      'usage',
      `A demo is running already (process ${other}): stop it first. If it is none, delete ${MARKER}`,
    );
  rmSync(DEMO_DIRECTORY, { recursive: true, force: true });
  mkdirSync(DEMO_DIRECTORY, { recursive: true });
  writeFileSync(MARKER, String(process.pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const readyText = (url: string) => `
The demo is ready: ${url}/

  ${url}/           this week at a glance
  ${url}/papers     every paper: filter, search, see the words behind a tag
  ${url}/digests    nine past weeks, one with a retraction, one with a late paper
  ${url}/subscribe  digests by mail; here they become files
  ${url}/runs       what PubMed counted, accounted for record by record
  ${url}/api/docs   the same as JSON

Mails to an invented reader lie in ${DEMO_DIRECTORY}/outbox/, one with the news of the retraction.
Every paper, author and journal is invented. All of it is made anew at the next start.
Ctrl+C stops it; npm start begins the real thing.
`;
