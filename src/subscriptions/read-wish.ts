import { FILTER_PARAMETERS, parseFilter, type RawFilter } from '../library/parse-filter.js';
import { renderFilter } from '../library/render-filter.js';
import { FREQUENCIES, WEEKDAYS } from '../model/period.js';
import { MAIL_FORMATS, WEBHOOK_STYLES, type Wish } from '../model/subscription.js';
import type { Taxonomy } from '../model/taxonomy.js';
import { AppError, type ProblemItem } from '../problem.js';

/** RFC 5321: a path has at most 256 octets, with its brackets. */
const LONGEST_ADDRESS = 254;
const LONGEST_URL = 2000;
/** Filters are kept for years and matched for every mail. */
const LONGEST_FILTERS = 4000;

/** What somebody sent, before it is believed. */
export type RawWish = Readonly<Record<string, unknown>>;

const KNOWN = ['email', 'filters', 'frequency', 'weekday', 'timeZone', 'format', 'sendEmpty', 'webhook'];

type Note = (pointer: string, message: string, allowed?: readonly string[]) => void;

/**
 * Reads what somebody asks for. Every problem is named by its place (JSON pointer); what was typed is not repeated,
 * as it may be an address.
 * @throws AppError `invalid-body`
 */
export function readSubscriptionRequest(
  body: unknown,
  taxonomy: Pick<Taxonomy, 'facets'>,
): { email: string; wish: Wish } {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid([{ pointer: '', message: 'must be a JSON object' }]);
  const given = body as RawWish;
  const problems: ProblemItem[] = [];
  const note: Note = (pointer, message, allowed) =>
    problems.push({ pointer, message, ...(allowed ? { allowed } : {}) });
  for (const name of Object.keys(given))
    if (!KNOWN.includes(name)) note(`/${escapePointer(name)}`, 'is not known here', KNOWN);
  const email = readEmail(given['email'], note);
  const wish = readWishParts(given, taxonomy, note);
  if (problems.length > 0) throw invalid(problems);
  return { email, wish };
}

/**
 * Reads the changes of a reader who is known: the same as a request, without an address.
 * @throws AppError `invalid-body`
 */
export function readWish(given: RawWish, taxonomy: Pick<Taxonomy, 'facets'>): Wish {
  const problems: ProblemItem[] = [];
  const wish = readWishParts(given, taxonomy, (pointer, message, allowed) =>
    problems.push({ pointer, message, ...(allowed ? { allowed } : {}) }),
  );
  if (problems.length > 0) throw invalid(problems);
  return wish;
}

const invalid = (items: ProblemItem[]) =>
  new AppError('invalid-body', items.map(({ pointer, message }) => `${pointer || 'The body'} ${message}`).join('; '), {
    items,
  });

const escapePointer = (name: string) => name.slice(0, 64).replace(/~/g, '~0').replace(/\//g, '~1');

/** An address as mail servers take it; one that could add a header or a second recipient is none. */
export function isEmail(text: string): boolean {
  if (text.length > LONGEST_ADDRESS || /[\s\p{Cc}\p{Cf}]/u.test(text)) return false;
  const match = /^([^@<>()[\]\\,;:"]{1,64})@((?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63})$/u.exec(text); // prettier-ignore
  return match !== null && !/^\.|\.\.|\.$/.test(match[1] ?? '');
}

function readEmail(given: unknown, note: Note): string {
  const email = typeof given === 'string' ? given.trim() : '';
  if (!isEmail(email)) note('/email', 'must be an e-mail address such as name@example.org');
  return email;
}

function readWishParts(given: RawWish, taxonomy: Pick<Taxonomy, 'facets'>, note: Note): Wish {
  const choice = <T extends string>(name: string, allowed: readonly T[], fallback: T): T => {
    const value = given[name];
    if (value === undefined || value === null || value === '') return fallback;
    const found = allowed.find((each) => each === value);
    if (found === undefined) note(`/${name}`, `must be one of ${allowed.join(', ')}`, allowed);
    return found ?? fallback;
  };
  return {
    filters: readFilters(given['filters'], taxonomy, note),
    frequency: choice('frequency', FREQUENCIES, 'weekly'),
    weekday: choice('weekday', WEEKDAYS, 'monday'),
    timeZone: readTimeZone(given['timeZone'], note),
    format: choice('format', MAIL_FORMATS, 'html'),
    sendEmpty: readBoolean('sendEmpty', given['sendEmpty'], note),
    webhook: readWebhook(given['webhook'], note),
  };
}

function readBoolean(name: string, given: unknown, note: Note): boolean {
  if (given === undefined || given === null || typeof given === 'boolean') return given ?? false;
  note(`/${name}`, 'must be true or false');
  return false;
}

function readTimeZone(given: unknown, note: Note): string {
  if (given === undefined || given === null || given === '') return 'UTC';
  try {
    if (typeof given === 'string' && given.length <= 64)
      return new Intl.DateTimeFormat('en', { timeZone: given }).resolvedOptions().timeZone;
  } catch {
    // not a time zone: said below
  }
  note('/timeZone', 'must be an IANA time zone such as UTC or Europe/Vienna');
  return 'UTC';
}

function readWebhook(given: unknown, note: Note): Wish['webhook'] {
  if (given === undefined || given === null) return null;
  if (typeof given !== 'object') {
    note('/webhook', 'must be an object with url and style');
    return null;
  }
  const { url, style = 'json' } = given as { url?: unknown; style?: unknown };
  const found = WEBHOOK_STYLES.find((each) => each === style);
  if (found === undefined) note('/webhook/style', `must be one of ${WEBHOOK_STYLES.join(', ')}`, WEBHOOK_STYLES);
  const parsed = typeof url === 'string' && url.length <= LONGEST_URL && URL.canParse(url) ? new URL(url) : null;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password) {
    note('/webhook/url', 'must be an address that begins with https:// or http:// and holds no user name');
    return null;
  }
  return found ? { url: parsed.href, style: found } : null;
}

/** Filters as an object of parameters, `{condition: ["ptsd", "-depression"], q: "infusion*"}`, or as a query string. */
function readFilters(given: unknown, taxonomy: Pick<Taxonomy, 'facets'>, note: Note): string {
  if (given === undefined || given === null || given === '') return '';
  const query = typeof given === 'string' ? fromQueryString(given) : toQuery(given, note);
  if (query === null) return '';
  try {
    const filters = renderFilter(parseFilter(query, taxonomy));
    if (filters.length > LONGEST_FILTERS) note('/filters', `are too long: at most ${LONGEST_FILTERS} characters`);
    return filters;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    for (const { parameter = '', message, allowed } of error.items)
      note(`/filters/${escapePointer(parameter)}`, message, allowed);
    if (error.items.length === 0) note('/filters', error.message);
    return '';
  }
}

/** The parameters of a query string; those that are no filters are left out. */
export function fromQueryString(text: string): Record<string, string[]> {
  const query: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(text.replace(/^.*\?/, '')))
    if ((FILTER_PARAMETERS as readonly string[]).includes(name)) (query[name] ??= []).push(value);
  return query;
}

function toQuery(given: unknown, note: Note): RawFilter | null {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    note('/filters', 'must be an object of parameters, or a query string');
    return null;
  }
  const query: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(given)) {
    const list: unknown[] = Array.isArray(value) ? value : [value];
    const texts = list.filter((each) => ['string', 'number', 'boolean'].includes(typeof each)).map(String);
    if (texts.length !== list.length) note(`/filters/${escapePointer(name)}`, 'must be a text or a list of texts');
    else query[name] = texts;
  }
  return query;
}
