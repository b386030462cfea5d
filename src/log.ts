import { AsyncLocalStorage } from 'node:async_hooks';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFields = Record<string, string | number | boolean | null | undefined>;

/** Structured log: one line an event, with the ids of the request or run that it belongs to. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** Nest token of the log. */
export const LOG = Symbol('log');

const context = new AsyncLocalStorage<LogFields>();

/** Everything logged while `work` runs carries these fields (`requestId`, `runId`). */
export const withLogFields = <T>(fields: LogFields, work: () => T): T =>
  context.run({ ...context.getStore(), ...fields }, work);

/** Paths whose last part is a person's token. */
const TOKEN_PATH = /\/(confirm|preferences|unsubscribe)\/[^/?#\s"']+/g;
const SECRET_PARAMETER = /([?&;]|\b)(api_key|token|key|password)=[^&\s"']+/gi;
const CREDENTIALS = /\b([a-z][a-z0-9+.-]*:\/\/)[^/@\s]+@/gi;
const ADDRESS = /[^\s@<>"'(),;:]+@[^\s@<>"'(),;:]+\.[a-z]{2,}/gi;

/** Takes tokens, keys, passwords and e-mail addresses out of a text that is going to be logged. */
export function redact(text: string): string {
  return text
    .replace(TOKEN_PATH, '/$1/[token]')
    .replace(SECRET_PARAMETER, '$1$2=[secret]')
    .replace(CREDENTIALS, '$1[secret]@')
    .replace(ADDRESS, '[address]');
}

const clean = (value: LogFields[string]) => (typeof value === 'string' ? redact(value) : value);

/**
 * A log that writes lines: JSON for machines, short plain lines on a terminal.
 * @param write takes one whole line
 */
export function createLog(options: {
  level: LogLevel;
  plain: boolean;
  now: () => number;
  write: (line: string) => void;
}): Log {
  const least = LOG_LEVELS.indexOf(options.level);
  const line =
    (level: LogLevel) =>
    (event: string, fields: LogFields = {}) => {
      if (LOG_LEVELS.indexOf(level) < least) return;
      const all = { ...context.getStore(), ...fields };
      const entries = Object.entries(all).filter(([, value]) => value !== undefined);
      const time = new Date(options.now()).toISOString();
      if (!options.plain) {
        options.write(
          `${JSON.stringify({ time, level, event: redact(event), ...Object.fromEntries(entries.map(([name, value]) => [name, clean(value)])) })}\n`,
        );
        return;
      }
      const tail = entries.map(([name, value]) => `${name}=${String(clean(value))}`).join(' ');
      const mark = level === 'info' ? '' : `${level.toUpperCase()} `;
      options.write(`${time.slice(11, 19)} ${mark}${redact(event)}${tail ? `  ${tail}` : ''}\n`);
    };
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}

/** The process's log, to stderr: stdout is for data. */
export const processLog = (level: LogLevel, now: () => number): Log =>
  createLog({ level, plain: process.stderr.isTTY, now, write: (line) => process.stderr.write(line) });
