import type { ProblemCode } from '../problem.js';

export type Utility = 'esearch' | 'efetch' | 'epost' | 'einfo';

export type NcbiCode = Extract<ProblemCode, `ncbi-${string}`>;

/** Why an answer (or the lack of one) is no data, and what to do about it. */
export interface Refusal {
  code: NcbiCode;
  /** For people: what happened. Holds no address, no key and nothing that echoes them. */
  message: string;
  /** The same request may succeed later. */
  retryable: boolean;
  /** Whether asking for fewer records at once helps: at once, only after the same batch failed repeatedly, or not. */
  halve: 'now' | 'later' | 'no';
  /** How long the service asks to wait; null when it does not say. */
  waitMs: number | null;
}

export type Verdict = { ok: true } | { ok: false; refusal: Refusal };

/** No answer has to be waited for longer than this, whatever `Retry-After` says. */
const LONGEST_WAIT_MS = 3_600_000;

/** Data answers begin and end with these roots; the DOCTYPE before them varies. */
const ROOTS: Record<Utility, readonly string[]> = {
  esearch: ['eSearchResult'],
  efetch: ['PubmedArticleSet'],
  epost: ['ePostResult'],
  einfo: ['eInfoResult'],
};

const SLOW_DOWN = refusal('ncbi-rate-limited', 'PubMed asks to slow down (rate limit exceeded).', true);

/** Texts that E-utilities put into an error, tried in order; the first that matches says what it is. */
const SAYINGS: readonly [RegExp, Omit<Refusal, 'waitMs'>][] = [
  [/API rate limit exceeded/i, SLOW_DOWN],
  [
    /API key (is )?(invalid|not valid)|invalid API key/i,
    refusal('ncbi-key-invalid', 'PubMed refuses NCBI_API_KEY as invalid: correct it or remove it.', false),
  ],
  [
    /'?retstart'? cannot be larger than|is out of acceptable range/i,
    refusal(
      'ncbi-ceiling',
      'PubMed lists only the first 9,999 records of a search, and a later one was asked for.',
      false,
    ),
  ],
  [
    /Unable to obtain query #|Cannot retrieve history data|Can't fetch uids from history/i,
    // every request here carries its own terms or PMIDs: asking again is the new search that this calls for
    refusal('ncbi-history-expired', 'PubMed no longer knows the search whose results were asked for.', true),
  ],
  [
    /External viewer error|Empty Response\. Bytes read|Status: Timeout/i,
    refusal('ncbi-timeout', 'PubMed ran out of time over the answer.', true, 'now'),
  ],
  [
    /ID list is empty|Supplied id parameter is empty|Empty term and query_key|Invalid db name|Invalid uid|Too many UIDs/i,
    refusal('ncbi-bad-request', 'PubMed says that the request is not valid', false),
  ],
  [/error forwarding request/i, refusal('ncbi-outage', 'PubMed could not pass the request on.', true, 'later')],
  [
    /Search Backend failed|Database is not supported|Proxy Error/i,
    refusal('ncbi-outage', "PubMed's search does not work at the moment.", true, 'later'),
  ],
];

/**
 * What an answer of E-utilities is, judged by its body: the status says little (errors come with 200, a passing
 * time-out with 400). `ok` means that it looks like the data of that utility from its first to its last tag; whether
 * its inside can be read is for the parser to say.
 *
 * Only the beginning and the end of `body` are looked at, so that large answers cost nothing.
 */
export function classifyAnswer(
  util: Utility,
  status: number,
  headers: Readonly<Record<string, string | undefined>>,
  body: string | Uint8Array,
  now: number,
): Verdict {
  const { head, tail } = endsOf(body);
  const waitMs = waitOf(headers['retry-after'], now);
  const no = (reason: Omit<Refusal, 'waitMs'>): Verdict => ({ ok: false, refusal: { ...reason, waitMs } });

  const said = saidIn(head, util);
  if (said !== null) {
    const known = SAYINGS.find(([pattern]) => pattern.test(said))?.[1];
    if (known?.code === 'ncbi-bad-request') return no({ ...known, message: `${known.message}: ${quote(said)}.` });
    if (known) return no(known);
    if (status === 429) return no(SLOW_DOWN);
    // An error that nobody has told us of: trust the status as to whose fault it is.
    return status >= 400 && status < 500 && status !== 429
      ? no(refusal('ncbi-bad-request', `PubMed refuses the request (HTTP ${status}): ${quote(said)}.`, false))
      : no(refusal('ncbi-outage', `PubMed answers with an error: ${quote(said)}.`, true, 'later'));
  }
  if (status === 429) return no(SLOW_DOWN);
  if (status === 413 || status === 414)
    return no(refusal('ncbi-bad-request', `PubMed finds the request too long (HTTP ${status}).`, true, 'now'));
  if (status >= 300 && status < 400)
    return no(
      refusal('ncbi-bad-request', `PubMed sends the request elsewhere (HTTP ${status}): check NCBI_BASE_URL.`, false),
    );
  if (status === 404)
    return no(
      refusal('ncbi-outage', 'PubMed has no such service (HTTP 404): if this stays, check NCBI_BASE_URL.', true),
    );
  if (status >= 500)
    return no(refusal('ncbi-outage', `PubMed answers with an outage (HTTP ${status}).`, true, 'later'));
  if (/^\s*(<\?xml[^>]*>\s*)?(<!doctype html|<html)/i.test(head))
    return no(
      refusal(
        'ncbi-outage',
        `PubMed answers with a web page instead of data (HTTP ${status}); access may be blocked.`,
        true,
      ),
    );
  if (status >= 400) return no(refusal('ncbi-bad-request', `PubMed refuses the request (HTTP ${status}).`, false));
  if (head.trim() === '') return no(refusal('ncbi-outage', 'PubMed answers with nothing.', true, 'later'));
  return wholeness(util, head, tail) ?? { ok: true };
}

/** Null when the body is whole from root to root. */
function wholeness(util: Utility, head: string, tail: string): Verdict | null {
  const no = (reason: Omit<Refusal, 'waitMs'>): Verdict => ({ ok: false, refusal: { ...reason, waitMs: null } });
  const cut = refusal('ncbi-cut-short', "PubMed's answer was cut short.", true, 'later');
  if (/^\s*\{/.test(head)) {
    if (util === 'efetch' || !head.includes(`"${util}result"`))
      return /\}\s*$/.test(tail)
        ? no(refusal('ncbi-unreadable', 'PubMed answers with something other than what was asked for.', true, 'later'))
        : no(cut);
    return /\}\s*$/.test(tail) ? null : no(cut);
  }
  const root = ROOTS[util].find((name) => new RegExp(`<${name}[\\s/>]`).test(head));
  if (root !== undefined) return new RegExp(`</${root}\\s*>\\s*$|<${root}\\s*/>\\s*$`).test(tail) ? null : no(cut);
  if (/^\s*<(\?xml|!DOCTYPE)/i.test(head) && !/<[A-Za-z]/.test(head))
    return no(refusal('ncbi-outage', 'PubMed answers with the beginning of an answer and no data.', true, 'later'));
  return no(refusal('ncbi-unreadable', 'PubMed answers with something other than what was asked for.', true, 'later'));
}

/**
 * The error that E-utilities state in a body, or null. JSON errors are read without a JSON parser, because the real
 * service writes raw newlines into them. Only the error's own text is read: its neighbours echo the caller's address or key.
 */
function saidIn(head: string, util: Utility): string | null {
  const start = head.trimStart();
  if (start.startsWith('{')) return /"(?:ERROR|error)"\s*:\s*"((?:[^"\\]|\\[\s\S])*)/.exec(start)?.[1] ?? null;
  if (!start.startsWith('<')) {
    const plain = start.slice(0, 300);
    return SAYINGS.some(([pattern]) => pattern.test(plain)) ? plain : null;
  }
  // Inside a record the same tag would be a record's text.
  const beforeRecords =
    util === 'efetch' ? start.split(/<(?:PubmedArticle|PubmedBookArticle|DeleteCitation)>/)[0]! : start;
  const errors = [...beforeRecords.matchAll(/<ERROR>([\s\S]*?)(?:<\/ERROR>|$)/g)].map(([, text]) => text ?? '');
  return errors.length === 0 ? null : decodeEntities(errors.join(' '));
}

/** The five named entities and `&#39;`, which is all that NCBI writes into error texts and short lists. */
export function decodeEntities(text: string): string {
  const signs: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", '#39': "'", amp: '&' };
  return text.replace(/&(lt|gt|quot|apos|#39|amp);/g, (_, name: string) => signs[name] ?? '');
}

/** The ends of a body as text: enough for any error and for both roots. */
function endsOf(body: string | Uint8Array): { head: string; tail: string } {
  if (typeof body === 'string') return { head: strip(body.slice(0, 8192)), tail: body.slice(-512) };
  const text = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return { head: strip(text(body.subarray(0, 8192))), tail: text(body.subarray(-512)) };
}

const strip = (text: string) => text.replace(/^\uFEFF/, '');

/** `Retry-After` (RFC 9110 §10.2.3): seconds, or a date. Null when absent or unreadable. */
function waitOf(header: string | undefined, now: number): number | null {
  const value = header?.trim() ?? '';
  if (value === '') return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), LONGEST_WAIT_MS);
}

/** A stranger's text, short, on one line, without whatever could be an address or a key. */
export function quote(text: string): string {
  const plain = text
    .replace(/\\[nrt]|[\p{C}\s]+/gu, ' ')
    .replace(/https?:\/\/\S+/gi, '[address]')
    .replace(/[\w.+-]+@[\w.-]+/g, '[address]')
    .replace(/\b\d{1,3}(\.\d{1,3}){3}\b/g, '[address]')
    .replace(/(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/gi, '[address]')
    .replace(/\b[0-9a-z_]{16,}\b/gi, '[…]')
    .replace(/[<>"]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return `“${plain.length > 160 ? `${plain.slice(0, 159)}…` : plain.replace(/\.$/, '')}”`;
}

function refusal(
  code: NcbiCode,
  message: string,
  retryable: boolean,
  halve: Refusal['halve'] = 'no',
): Omit<Refusal, 'waitMs'> {
  return { code, message, retryable, halve };
}
