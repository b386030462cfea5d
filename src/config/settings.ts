import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { AppError, type ProblemItem } from '../problem.js';
import * as read from './parsers.js';
import { Refused, type Parse } from './parsers.js';

interface Setting<T> {
  parse: Parse<T>;
  /** Written as a user would write it; undefined = unset. */
  default?: string;
  /** What stands in the documentation where the default is not a value of its own. */
  defaultText?: string;
  doc: string;
  /** Never printed, and can be given as a file by NAME_FILE. */
  secret?: boolean;
  group: string;
}

type More = Pick<Setting<unknown>, 'default' | 'defaultText' | 'secret'>;

function setting<T, M extends More = Record<never, never>>(parse: Parse<T>, group: string, doc: string, more?: M) {
  return { parse, group, doc, ...(more as M) };
}

/** Every setting, once: .env.example and docs/configuration.md are made of this table. */
export const SETTINGS = {
  HOST: setting(read.oneLine, 'Server', 'Address to listen on.', { default: '127.0.0.1' }),
  PORT: setting(read.integer(0, 65535), 'Server', 'Port to listen on; 0 takes any free port and prints it.', {
    default: '3000',
  }),
  PUBLIC_URL: setting(
    read.httpUrl,
    'Server',
    'Address under which readers reach the server; required with `SMTP_URL`, because mails link to it.',
    { defaultText: 'http://HOST:PORT' },
  ),
  TRUST_PROXY: setting(
    read.trustProxy,
    'Server',
    'Proxies in front whose X-Forwarded-For is believed: `none`, a number of hops, or address ranges.',
    { default: 'none' },
  ),
  RATE_LIMIT: setting(
    read.integer(0, 1_000_000),
    'Server',
    'Requests a minute that one client may make; 0 = no limit.',
    { default: '300' },
  ),
  ADMIN_TOKEN: setting(
    read.oneLine,
    'Server',
    'Bearer token of the admin routes, at least 16 characters; they are 404 while it is unset.',
    { secret: true },
  ),
  LOG_LEVEL: setting(read.oneOf('debug', 'info', 'warn', 'error'), 'Server', 'Least severe log lines to write.', {
    default: 'info',
  }),

  DATABASE_URL: setting(read.databaseUrl, 'Store', '`sqlite:PATH`, or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.', {
    default: 'sqlite:data/var/tracker.sqlite',
    secret: true,
  }),
  TAXONOMY: setting(
    read.oneLine,
    'Store',
    'File with the PubMed query, facets and tags; another drug is another file.',
    { default: 'data/taxonomy.yaml' },
  ),

  NCBI_BASE_URL: setting(read.baseUrl, 'PubMed', 'Base address of E-utilities.', {
    default: 'https://eutils.ncbi.nlm.nih.gov/entrez/eutils/',
  }),
  NCBI_API_KEY: setting(read.oneLine, 'PubMed', 'Your NCBI API key: 10 requests a second instead of 3.', {
    secret: true,
  }),
  NCBI_EMAIL: setting(read.emailAddress, 'PubMed', 'Your address, sent with every request as NCBI asks.'),
  NCBI_TOOL: setting(read.word, 'PubMed', 'Name that NCBI sees.', { default: 'ketamine-tracker' }),
  SYNC_FROM: setting(read.calendarDate, 'PubMed', 'First create date of the back-fill.', {
    defaultText: 'the beginning of the literature',
  }),

  JOBS: setting(read.oneOf('on', 'off'), 'Jobs', '`off`: a replica that only serves.', { default: 'on' }),
  SYNC_CRON: setting(read.cron, 'Jobs', 'When new and changed records are fetched.', { default: '15 */4 * * *' }),
  SWEEP_CRON: setting(read.cron, 'Jobs', 'When the whole query is compared with the store.', { default: '30 3 * * 6' }),
  DIGEST_CRON: setting(read.cron, 'Jobs', "When the past week's digest is issued.", { default: '0 12 * * 1' }),
  DIGEST_WAIT: setting(
    read.duration,
    'Jobs',
    'How long an issue waits for a complete sync before it goes out marked incomplete.',
    { default: '24h' },
  ),
  NEWS_FROM: setting(read.calendarDate, 'Jobs', 'Papers added before it are never news.', {
    defaultText: 'Monday of the week of the first sync, kept in the store',
  }),
  TIMEZONE: setting(read.timeZone, 'Jobs', 'Time zone of the schedules and of the digest weeks.', { default: 'UTC' }),
  NOW: setting(read.instant, 'Jobs', "Instant at which the process's clock starts, for rehearsals only."),

  SMTP_URL: setting(
    read.smtpUrl,
    'Mail',
    'Mail server, `smtp://USER:PASSWORD@HOST:PORT`; without it mails are written as files to `MAIL_DIR`.',
    { secret: true },
  ),
  MAIL_FROM: setting(read.mailbox, 'Mail', 'Sender of all mails; required with `SMTP_URL`.'),
  MAIL_DIR: setting(read.oneLine, 'Mail', 'Where mails are written as .eml files when there is no `SMTP_URL`.', {
    default: 'data/var/outbox',
  }),
  MAIL_FOOTER: setting(
    read.oneLine,
    'Mail',
    'A line at the end of each mail, such as the postal address that the law of your country asks for.',
  ),
  DKIM_DOMAIN: setting(
    read.oneLine,
    'Mail',
    'Signing domain, when the mail relay does not sign; needs the two others.',
  ),
  DKIM_SELECTOR: setting(read.word, 'Mail', 'DKIM selector.'),
  DKIM_KEY: setting(read.text, 'Mail', 'DKIM private key in PEM.', { secret: true }),

  OUTBOUND_ALLOW: setting(
    read.addressRanges,
    'Outlets',
    'Address ranges that webhooks may reach besides public addresses.',
    { defaultText: 'none' },
  ),
  FEED_ABSTRACTS: setting(
    read.oneOf('full', 'none'),
    'Outlets',
    "Whether public feeds carry abstracts (some are under their publishers' copyright).",
    { default: 'full' },
  ),
};

export type SettingName = keyof typeof SETTINGS;
type Parsed<N extends SettingName> = ReturnType<(typeof SETTINGS)[N]['parse']>;
type HasDefault<N extends SettingName> = (typeof SETTINGS)[N] extends { default: string }
  ? Parsed<N>
  : Parsed<N> | null;
export type Settings = Readonly<{ [N in Exclude<SettingName, 'PUBLIC_URL'>]: HasDefault<N> } & { PUBLIC_URL: string }>;

/** Where a value came from, for the `config` command. */
export type Origin = 'default' | 'environment' | '.env' | 'file' | 'unset';

export interface SettingsReading {
  settings: Settings;
  origins: Record<SettingName, Origin>;
  warnings: string[];
}

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

/** Nest token of the frozen settings. */
export const SETTINGS_TOKEN = Symbol('settings');

const isLoopbackHost = (host: string) => /^(127(\.\d{1,3}){3}|localhost|::1|\[::1\])$/i.test(host);

/**
 * Reads all settings from an environment and the text of a `.env` file; the environment wins. A setting that is set
 * to nothing counts as unset. Secrets may be given as `NAME_FILE`.
 * @throws AppError `invalid-settings` with every problem at once, by name and rule, never by value.
 */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
  dotEnv = '',
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): SettingsReading {
  const fromFile = parseEnv(dotEnv) as Record<string, string | undefined>;
  const problems: ProblemItem[] = [];
  const refuse = (parameter: string, message: string) => problems.push({ parameter, message });
  const values = {} as Record<SettingName, unknown>;
  const origins = {} as Record<SettingName, Origin>;

  const given = (name: string): { text: string; origin: Origin } | null => {
    if (environment[name]) return { text: environment[name], origin: 'environment' };
    if (fromFile[name]) return { text: fromFile[name], origin: '.env' };
    return null;
  };

  for (const name of SETTING_NAMES) {
    const definition: Setting<unknown> = SETTINGS[name];
    let found = given(name);
    const path = definition.secret ? given(`${name}_FILE`) : null;
    if (path && found) refuse(name, `is given twice: set either ${name} or ${name}_FILE`);
    else if (path) {
      try {
        found = { text: readFile(path.text).trim(), origin: 'file' };
      } catch {
        refuse(`${name}_FILE`, 'names a file that cannot be read');
      }
    }
    const source = found?.text ?? definition.default;
    origins[name] = found?.origin ?? (definition.default === undefined ? 'unset' : 'default');
    values[name] = null;
    if (source === undefined) continue;
    try {
      values[name] = definition.parse(source);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refuse(name, error.message);
    }
  }

  const settings = values as { -readonly [N in keyof Settings]: Settings[N] };
  const publicUrl = values['PUBLIC_URL'] as string | null;
  settings.PUBLIC_URL =
    publicUrl ?? `http://${settings.HOST.includes(':') ? `[${settings.HOST}]` : settings.HOST}:${settings.PORT}`;
  const warnings: string[] = [];

  if (settings.SMTP_URL) {
    if (!publicUrl && !problems.some((p) => p.parameter === 'PUBLIC_URL'))
      refuse('PUBLIC_URL', 'is required with SMTP_URL, because mails link to it');
    if (!settings.MAIL_FROM && !problems.some((p) => p.parameter === 'MAIL_FROM'))
      refuse('MAIL_FROM', 'is required with SMTP_URL');
    if (publicUrl?.startsWith('http:'))
      warnings.push('PUBLIC_URL begins with http: — mails will link to an address that is not encrypted');
    if (settings.NOW !== null && !isLoopbackHost(new URL(settings.SMTP_URL).hostname))
      refuse('NOW', 'is refused with an SMTP_URL that is not on this machine: a rehearsal must not mail people');
  }
  const dkim = (['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_KEY'] as const).filter((name) => settings[name]);
  if (dkim.length > 0 && dkim.length < 3)
    refuse('DKIM_DOMAIN', 'needs DKIM_DOMAIN, DKIM_SELECTOR and DKIM_KEY together');
  if (settings.ADMIN_TOKEN !== null && settings.ADMIN_TOKEN.length < 16)
    refuse('ADMIN_TOKEN', 'must have at least 16 characters');
  if (settings.NOW !== null)
    warnings.push(
      `NOW is set: this process's clock started at ${new Date(settings.NOW).toISOString()}; for rehearsals only`,
    );

  if (problems.length > 0) {
    const lines = problems.map((p) => `  ${p.parameter} ${p.message}`);
    throw new AppError('invalid-settings', `Settings that cannot be used:\n${lines.join('\n')}`, { items: problems });
  }
  return { settings: Object.freeze(settings), origins, warnings };
}

/** A setting's value as the `config` command may show it: secrets are never shown, of a database only where it is. */
export function showSetting(settings: Settings, name: SettingName): string {
  const value = settings[name];
  if (value === null) return '';
  if (name === 'DATABASE_URL') {
    const text = settings.DATABASE_URL;
    if (text.startsWith('sqlite:')) return text;
    const url = new URL(text);
    return `${url.protocol}//${url.host}${url.pathname}`;
  }
  if ((SETTINGS[name] as Setting<unknown>).secret) return '(secret)';
  if (name === 'NOW') return new Date(settings.NOW ?? 0).toISOString();
  if (name === 'DIGEST_WAIT') return `${settings.DIGEST_WAIT / 1000}s`;
  if (Array.isArray(value)) return value.join(',');
  return value === false ? 'none' : String(value);
}
