import { CronTime } from 'cron';
import ipaddr from 'ipaddr.js';

/** Turns a setting's text into its value, or throws `Refused` with the rule that the text breaks (never the text). */
export type Parse<T> = (text: string) => T;

/** The rule that a value breaks, in words that say what is wanted. */
export class Refused extends Error {}

export const text: Parse<string> = (value) => value;

export const oneLine: Parse<string> = (value) => {
  if (/[\r\n\0]/.test(value)) throw new Refused('must be one line');
  return value;
};

/** A word for NCBI's `tool` parameter: no spaces (NLM, E-utilities usage guidelines). */
export const word: Parse<string> = (value) => {
  if (!/^[\w.-]{1,64}$/.test(value))
    throw new Refused('must be one word of letters, digits, dot, dash or underscore, at most 64');
  return value;
};

export const integer =
  (from: number, to: number): Parse<number> =>
  (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < from || number > to)
      throw new Refused(`must be a whole number from ${from} to ${to}`);
    return number;
  };

export const oneOf =
  <const T extends string>(...values: T[]): Parse<T> =>
  (value) => {
    const found = values.find((candidate) => candidate === value.toLowerCase());
    if (found === undefined) throw new Refused(`must be one of: ${values.join(', ')}`);
    return found;
  };

export const httpUrl: Parse<string> = (value) => {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new Refused('must be an address that begins with http:// or https://');
  if (url.username || url.password || url.search || url.hash)
    throw new Refused('must have no user name, query or fragment');
  return url.href.replace(/\/+$/, '');
};

/** Same, but kept with exactly one slash at its end, as E-utilities base addresses are written. */
export const baseUrl: Parse<string> = (value) => `${httpUrl(value)}/`;

export const emailAddress: Parse<string> = (value) => {
  if (!/^[^\s@<>"]+@[^\s@<>"]+$/.test(value)) throw new Refused('must be an e-mail address');
  return value;
};

/** `a@b.c` or `Name <a@b.c>`. */
export const mailbox: Parse<string> = (value) => {
  oneLine(value);
  const address = /^[^<>]*<([^<>]+)>$/.exec(value)?.[1] ?? value;
  if (!/^[^\s@<>"]+@[^\s@<>"]+$/.test(address.trim()))
    throw new Refused('must be an e-mail address, or a name and an address in <>');
  return value;
};

export const databaseUrl: Parse<string> = (value) => {
  if (/^sqlite:.+/.test(value)) return value;
  if (/^postgres(ql)?:\/\//.test(value) && URL.canParse(value)) return value;
  throw new Refused('must be sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE');
};

export const smtpUrl: Parse<string> = (value) => {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || !/^smtps?:$/.test(url.protocol) || !url.hostname)
    throw new Refused('must be smtp://… or smtps://…, with user name and password where the server wants them');
  return value;
};

/** Five fields (minute, hour, day, month, weekday), or `off` = null. */
export const cron: Parse<string | null> = (value) => {
  if (value.toLowerCase() === 'off') return null;
  const rule = 'must be five cron fields (minute hour day month weekday), or off';
  if (value.trim().split(/\s+/).length !== 5) throw new Refused(rule);
  try {
    new CronTime(value.trim());
  } catch {
    throw new Refused(rule);
  }
  return value.trim();
};

export const timeZone: Parse<string> = (value) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
  } catch {
    throw new Refused('must be an IANA time zone such as UTC or Europe/Vienna');
  }
};

/** A calendar date `YYYY-MM-DD` that exists. */
export const calendarDate: Parse<string> = (value) => {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(value) ? new Date(`${value}T00:00:00Z`) : null;
  if (!date || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== value)
    throw new Refused('must be a date that exists, written YYYY-MM-DD');
  return value;
};

/** `90s`, `15m`, `24h`, `2d` → milliseconds. */
export const duration: Parse<number> = (value) => {
  const match = /^(\d{1,6})(s|m|h|d)$/.exec(value);
  if (!match) throw new Refused('must be a whole number with s, m, h or d behind it, such as 24h');
  return Number(match[1]) * { s: 1e3, m: 6e4, h: 36e5, d: 864e5 }[match[2] as 's' | 'm' | 'h' | 'd'];
};

export const instant: Parse<number> = (value) => {
  const at = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(value)
    ? Date.parse(value)
    : NaN;
  if (Number.isNaN(at))
    throw new Refused('must be an instant such as 2026-11-23T12:00:00Z (or a date, meaning its midnight UTC)');
  return at;
};

/** Comma-separated address ranges (CIDR) or single addresses. */
export const addressRanges: Parse<readonly string[]> = (value) => {
  const ranges = value
    .split(',')
    .map((range) => range.trim())
    .filter(Boolean);
  for (const range of ranges) {
    if (!(range.includes('/') ? ipaddr.isValidCIDR(range) : ipaddr.isValid(range)))
      throw new Refused('must be addresses or ranges such as 10.1.0.0/16, separated by commas');
  }
  return ranges;
};

/** What Fastify's `trustProxy` takes: `none`, a number of hops, or address ranges. */
export const trustProxy: Parse<false | number | readonly string[]> = (value) => {
  if (value.toLowerCase() === 'none') return false;
  if (/^\d{1,2}$/.test(value)) return Number(value);
  try {
    return addressRanges(value);
  } catch {
    throw new Refused('must be none, the number of proxies in front, or their address ranges separated by commas');
  }
};
