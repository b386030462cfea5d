import { AppError } from '../problem.js';
import { classifyAnswer, type Refusal, type Utility } from './classify-answer.js';
import { Exchange, ExchangeFailure, type Answer } from './exchange.js';
import { fetchInParts, type FetchResult } from './fetch-in-parts.js';
import type { ParsedSet } from './parse-papers.js';
import { pacerFor, realTiming, type Pacer, type Timing } from './pacer.js';
import { parseSearch, SEARCH_CEILING, type SearchPage } from './parse-search.js';

/** Where the client says what it does; `Log` of the program fits. Never holds an address, a key or an e-mail. */
export interface ClientLog {
  debug(event: string, fields?: Record<string, string | number>): void;
  warn(event: string, fields?: Record<string, string | number>): void;
}

export interface PubmedClientOptions {
  /** Base address of E-utilities, ending in `/`. */
  baseUrl: string;
  /** Ten requests a second instead of three. */
  apiKey?: string | null | undefined;
  /** Goes with every request, as NCBI asks. */
  email?: string | null | undefined;
  tool: string;
  userAgent?: string | undefined;
  log?: ClientLog;
  /** For one request with its whole answer. */
  requestTimeoutMs?: number;
  /** For one call with all its requests and waits. */
  deadlineMs?: number;
  /** Largest answer, decompressed. */
  maxBytes?: number;
  /** First and longest wait before a request is repeated; the wait is a random part of a doubling bound. */
  backoffMs?: { first: number; longest: number };
  /** Default: the one of this process. */
  pacer?: Pacer;
  timing?: Timing;
  /** Wall clock, for `Retry-After` dates. Epoch milliseconds. */
  now?: () => number;
  random?: () => number;
  /** Reads EFetch's answer, in another thread perhaps. Default: `parsePapers`, here. */
  parse?: (body: Uint8Array) => Promise<ParsedSet>;
}

/** Counts what the service saw. `retried` of the `sent` requests asked again for what had been asked for before. */
export interface RequestCounters {
  sent: number;
  retried: number;
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
  counters?: RequestCounters | undefined;
}

/** A request that is repeated as it is this often. */
const ATTEMPTS = 5;
/** Refusals for the rate do not count as attempts; the pause between them grows, and this many end the call. */
const RATE_REFUSALS = 8;

/**
 * E-utilities for PubMed: searches, and fetches records as papers. Every request goes through the process's pacer;
 * passing faults are waited out and asked again here and nowhere else; every failure ends as an `AppError` with an
 * `ncbi-…` code (or `aborted`) and a text that can be shown.
 */
export class PubmedClient {
  private readonly exchange: Exchange;
  private readonly pacer: Pacer;
  private readonly timing: Timing;
  private readonly random: () => number;
  private readonly backoffMs: { first: number; longest: number };
  private readonly deadlineMs: number;

  constructor(private readonly options: PubmedClientOptions) {
    this.exchange = new Exchange({
      baseUrl: options.baseUrl,
      userAgent: options.userAgent ?? options.tool,
      timeoutMs: options.requestTimeoutMs ?? 60_000,
      maxBytes: options.maxBytes ?? 128_000_000,
    });
    this.pacer = options.pacer ?? pacerFor(options.baseUrl, Boolean(options.apiKey));
    this.timing = options.timing ?? realTiming;
    this.random = options.random ?? Math.random;
    this.backoffMs = options.backoffMs ?? { first: 1_000, longest: 20_000 };
    this.deadlineMs = options.deadlineMs ?? 300_000;
  }

  /**
   * One page of a search, newest publications first. A page that PubMed cut short says so (`short`); asking again for
   * it is the caller's decision, who knows what it has already.
   * @param retmax at most 9,999, PubMed's ceiling, which is also the default
   * @throws AppError
   */
  async search(term: string, options: CallOptions & { retstart?: number; retmax?: number } = {}): Promise<SearchPage> {
    const asked = {
      retstart: options.retstart ?? 0,
      retmax: Math.min(options.retmax ?? SEARCH_CEILING, SEARCH_CEILING),
    };
    const form = {
      term,
      retmode: 'json',
      sort: 'pub_date',
      retstart: String(asked.retstart),
      retmax: String(asked.retmax),
    };
    const page = await this.withDeadline(options.signal, async (signal) => {
      const outcome = await this.ask('esearch', form, (answer) => parseSearch(answer.body, asked), {
        attempts: ATTEMPTS,
        isRepeat: false,
        counters: options.counters,
        signal,
      });
      if (!outcome.ok) throw new AppError(outcome.refusal.code, outcome.refusal.message);
      return outcome.value;
    });
    for (const warning of page.warnings) this.options.log?.debug('pubmed-warning', { warning: this.redact(warning) });
    return page;
  }

  /**
   * The records of these PMIDs. Each PMID asked for is found once in the result: as a paper, excluded, unreadable,
   * deleted, not returned (PubMed drops unknown PMIDs silently), or failed, when PubMed would not give that one record.
   * Records that were not asked for are left out. Where large batches fail, smaller ones are asked for.
   * @throws AppError when nothing could be fetched
   */
  async fetch(pmids: readonly string[], options: CallOptions = {}): Promise<FetchResult> {
    return this.withDeadline(options.signal, (signal, deadline) =>
      fetchInParts(
        pmids,
        (ids, part) =>
          this.ask(
            'efetch',
            { id: ids.join(','), retmode: 'xml' },
            async ({ body }) => ({ set: await this.parse(body), bytes: body.byteLength }),
            {
              attempts: part.isHalf ? 2 : ATTEMPTS,
              isRepeat: part.isHalf,
              counters: options.counters,
              signal,
            },
          ),
        deadline,
      ),
    );
  }

  private async parse(body: Uint8Array): Promise<ParsedSet> {
    if (this.options.parse) return this.options.parse(body);
    // Loaded with the first records: a process that only serves never needs the parser.
    const { parsePapers } = await import('./parse-papers.js');
    return parsePapers(body);
  }

  /** Closes kept connections. Calls under way are the caller's to abort. */
  close(): void {
    this.exchange.close();
  }

  /** Asks until there is an answer that `read` accepts, or until asking again is no use. */
  private async ask<T>(
    util: Utility,
    parameters: Record<string, string>,
    read: (answer: Answer) => T | Promise<T>,
    call: { attempts: number; isRepeat: boolean; counters: RequestCounters | undefined; signal: AbortSignal },
  ): Promise<Asked<T>> {
    const form = new URLSearchParams({ db: 'pubmed', ...parameters, tool: this.options.tool });
    if (this.options.email) form.set('email', this.options.email);
    if (this.options.apiKey) form.set('api_key', this.options.apiKey);

    let rateRefusals = 0;
    for (let attempt = 1, isRepeat = call.isRepeat; ; isRepeat = true) {
      const pausedMs = this.pacer.pausedMs();
      if (pausedMs > this.deadlineMs) return this.refused(pausedFor(pausedMs));
      const outcome = await this.attempt(util, form, read, isRepeat, call.counters, call.signal);
      if (outcome.ok) return outcome;
      const { refusal } = outcome;
      const isRate = refusal.code === 'ncbi-rate-limited';
      const waitMs = isRate ? this.pacer.pausedMs() : this.backoff(attempt, refusal.waitMs);
      const isLast = isRate ? ++rateRefusals > RATE_REFUSALS : attempt >= call.attempts;
      // A batch that is too large now is no smaller the next time.
      const isTooLarge = refusal.halve === 'now' && parameters['id']?.includes(',');
      const stops = !refusal.retryable || isLast || isTooLarge || waitMs > this.deadlineMs;
      // without a connection the run says so once; each attempt at it is no news
      const level = refusal.code === 'ncbi-unreachable' ? 'debug' : 'warn';
      this.options.log?.[level](stops ? 'pubmed-request-failed' : 'pubmed-request-retried', {
        util,
        code: refusal.code,
        detail: refusal.message,
        ...(stops ? {} : { waitMs: Math.round(waitMs) }),
      });
      if (stops) return outcome;
      if (!isRate) {
        attempt++;
        await this.wait(waitMs, call.signal);
      }
    }
  }

  /** One request in its turn. */
  private async attempt<T>(
    util: Utility,
    form: URLSearchParams,
    read: (answer: Answer) => T | Promise<T>,
    isRepeat: boolean,
    counters: RequestCounters | undefined,
    signal: AbortSignal,
  ): Promise<Asked<T>> {
    const turn = await this.pacer.turn(signal);
    try {
      const startedAt = this.timing.now();
      const hooks = {
        sent: () => {
          turn.sent();
          if (!counters) return;
          counters.sent++;
          if (isRepeat) counters.retried++;
        },
        answered: () => turn.answered(),
      };
      const answer = await this.exchange.post(util, form, hooks, signal);
      const verdict = classifyAnswer(
        util,
        answer.status,
        answer.headers,
        answer.body,
        (this.options.now ?? Date.now)(),
      );
      if (!verdict.ok) {
        if (verdict.refusal.code === 'ncbi-rate-limited') turn.refused(verdict.refusal.waitMs);
        return this.refused(verdict.refusal);
      }
      const value = await read(answer);
      this.options.log?.debug('pubmed-request', {
        util,
        bytes: answer.body.byteLength,
        ms: Math.round(this.timing.now() - startedAt),
      });
      return { ok: true, value };
    } catch (error) {
      if (error instanceof ExchangeFailure) return this.refused(error.refusal);
      if (error instanceof AppError && error.code.startsWith('ncbi-'))
        return this.refused({
          code: error.code as Refusal['code'],
          message: error.message,
          retryable:
            error.code === 'ncbi-cut-short' || error.code === 'ncbi-unreadable' || error.code === 'ncbi-outage',
          halve: 'later',
          waitMs: null,
        });
      throw error;
    } finally {
      turn.ended();
    }
  }

  private refused(refusal: Refusal): { ok: false; refusal: Refusal } {
    return { ok: false, refusal: { ...refusal, message: this.redact(refusal.message) } };
  }

  /** What the service echoes is kept out by whoever quotes it; the key and the address, known here, are made sure of. */
  private redact(text: string): string {
    let clean = text;
    for (const secret of [this.options.apiKey, this.options.email])
      if (secret) clean = clean.replaceAll(secret, '[secret]');
    return clean;
  }

  /** Full jitter: anything up to a bound that doubles, so that clients which failed together do not return together. */
  private backoff(attempt: number, askedMs: number | null): number {
    const { first, longest } = this.backoffMs;
    return Math.max(askedMs ?? 0, this.random() * Math.min(longest, first * 2 ** (attempt - 1)));
  }

  private wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const onAbort = () => {
        cancel();
        reject(signal.reason as Error);
      };
      const cancel = this.timing.after(ms, () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      });
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Runs a call under its deadline and the caller's signal; both end it with an AppError. */
  private async withDeadline<T>(
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal, deadline: AppError) => Promise<T>,
  ): Promise<T> {
    const call = new AbortController();
    const aborted = () => call.abort(new AppError('aborted', 'Stopped while PubMed was being asked.'));
    const deadline = new AppError(
      'ncbi-timeout',
      `PubMed gave no usable answer within ${Math.round(this.deadlineMs / 1000)} s.`,
    );
    if (signal?.aborted) aborted();
    signal?.addEventListener('abort', aborted, { once: true });
    const cancel = this.timing.after(this.deadlineMs, () => call.abort(deadline));
    try {
      call.signal.throwIfAborted();
      return await work(call.signal, deadline);
    } finally {
      cancel();
      signal?.removeEventListener('abort', aborted);
    }
  }
}

const pausedFor = (ms: number): Refusal => ({
  code: 'ncbi-rate-limited',
  message: `PubMed asks to slow down, and not to be asked again for ${Math.ceil(ms / 1000)} s.`,
  retryable: false,
  halve: 'no',
  waitMs: ms,
});

export type Asked<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

export type { FetchResult };
