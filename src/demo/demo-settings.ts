import { readSettings, type SettingName, type SettingsReading } from '../config/settings.js';
import { parseEnv } from 'node:util';

/** Where the demo keeps everything it writes. */
export const DEMO_DIRECTORY = 'data/var/demo';

/**
 * The settings that a demo takes from its surroundings: where it listens and what it shows. Nothing that leads to
 * PubMed, to a mail server, to another store or to people's addresses.
 */
const TAKEN: readonly SettingName[] = ['HOST', 'PORT', 'LOG_LEVEL', 'TIMEZONE', 'RATE_LIMIT', 'FEED_ABSTRACTS', 'NOW'];
/** Only from the environment: in a `.env` they belong to the real server. */
const TAKEN_FROM_ENVIRONMENT: readonly SettingName[] = [...TAKEN, 'PUBLIC_URL', 'TRUST_PROXY', 'ADMIN_TOKEN'];

/**
 * Settings of the demo: its own store and outbox, PubMed's stand-in for PubMed, mails as files.
 * @param newsFrom the Monday with which the rehearsed weeks begin
 * @throws AppError `invalid-settings`
 */
export function demoSettings(
  environment: Readonly<Record<string, string | undefined>>,
  dotEnv: string,
  demo: { standIn: string; newsFrom?: string },
): SettingsReading {
  const pick = (from: Readonly<Record<string, string | undefined>>, names: readonly SettingName[]) =>
    Object.fromEntries(names.flatMap((name) => (from[name] ? [[name, from[name]]] : [])));
  return readSettings({
    LOG_LEVEL: 'warn',
    ...pick(parseEnv(dotEnv), TAKEN),
    ...pick(environment, TAKEN_FROM_ENVIRONMENT),
    DATABASE_URL: `sqlite:${DEMO_DIRECTORY}/tracker.sqlite`,
    MAIL_DIR: `${DEMO_DIRECTORY}/outbox`,
    NCBI_BASE_URL: demo.standIn,
    ...(demo.newsFrom === undefined ? {} : { NEWS_FROM: demo.newsFrom }),
  });
}
