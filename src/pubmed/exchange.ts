import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import type { AxiosInstance } from 'axios';
import type { Refusal, Utility } from './classify-answer.js';

/** A whole answer, whatever it says. Header names are lower case. */
export interface Answer {
  status: number;
  headers: Record<string, string | undefined>;
  body: Uint8Array;
}

/** An answer did not come, or not whole. */
export class ExchangeFailure extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
    this.name = 'ExchangeFailure';
  }
}

export interface ExchangeHooks {
  /** The connection stands and the request's bytes are on their way. */
  sent(): void;
  /** The head of the answer is here. */
  answered(): void;
}

/**
 * One HTTP exchange with E-utilities: no retry, no pacing, no judgement of what was answered. Always POST, so that
 * neither long id lists nor the API key stand in a URL. Connections are kept and reused.
 */
export class Exchange {
  private readonly agents = {
    httpAgent: new HttpAgent({ keepAlive: true }),
    httpsAgent: new HttpsAgent({ keepAlive: true }),
  };
  private client: Promise<AxiosInstance> | null = null;

  constructor(private readonly options: { baseUrl: string; userAgent: string; timeoutMs: number; maxBytes: number }) {}

  /**
   * @throws ExchangeFailure when no whole answer came in time; the signal's reason when it was aborted.
   */
  async post(util: Utility, form: URLSearchParams, hooks: ExchangeHooks, signal: AbortSignal): Promise<Answer> {
    const client = await this.axios();
    signal.throwIfAborted();
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), this.options.timeoutMs);
    const onAbort = () => limit.abort();
    signal.addEventListener('abort', onAbort, { once: true });
    let body: Readable | null = null;
    try {
      const response = await client.post<Readable>(
        new URL(`${util}.fcgi`, this.options.baseUrl).href,
        form.toString(),
        {
          signal: limit.signal,
          transport: transportThatTells(() => hooks.sent()),
        },
      );
      hooks.answered();
      body = response.data;
      const bytes = await readAll(body, this.options.maxBytes, limit.signal);
      const headers: Answer['headers'] = {};
      for (const [name, value] of Object.entries(response.headers)) headers[name.toLowerCase()] = String(value);
      return { status: response.status, headers, body: bytes };
    } catch (error) {
      signal.throwIfAborted();
      // The error that axios throws holds the whole request with its key: nothing of it goes further than its code.
      throw error instanceof ExchangeFailure
        ? error
        : new ExchangeFailure(this.failureOf(error, limit.signal, body !== null));
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      body?.destroy();
    }
  }

  /** Closes the kept connections. */
  close(): void {
    this.agents.httpAgent.destroy();
    this.agents.httpsAgent.destroy();
  }

  /** Loaded at the first request: axios costs start-up time that a process without PubMed work need not pay. */
  private axios(): Promise<AxiosInstance> {
    this.client ??= import('axios').then(({ default: axios }) =>
      axios.create({
        ...this.agents,
        // A proxy of the environment serves the real service, never a stand-in on this machine.
        ...(isLoopback(this.options.baseUrl) ? { proxy: false as const } : {}),
        headers: {
          'User-Agent': this.options.userAgent,
          'Accept-Encoding': 'gzip',
          'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
        },
        responseType: 'stream',
        // Following a redirect would turn POST into GET without its form, or carry the key to another host.
        maxRedirects: 0,
        validateStatus: () => true,
        maxBodyLength: 10_000_000,
      }),
    );
    return this.client;
  }

  private failureOf(error: unknown, limit: AbortSignal, hasHead: boolean): Refusal {
    const base = { retryable: true, waitMs: null } as const;
    if (limit.aborted)
      return {
        ...base,
        code: 'ncbi-timeout',
        message: `PubMed did not answer within ${Math.round(this.options.timeoutMs / 1000)} s.`,
        halve: 'now',
      };
    const code = codeOf(error);
    if (hasHead)
      return { ...base, code: 'ncbi-cut-short', message: `PubMed's answer broke off${hint(code)}.`, halve: 'later' };
    return {
      ...base,
      code: 'ncbi-unreachable',
      message: `PubMed cannot be reached${hint(code)}.`,
      halve: code === 'ECONNRESET' || code === 'EPIPE' ? 'later' : 'no',
    };
  }
}

async function readAll(body: Readable, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  const onAbort = () => body.destroy(new Error('aborted'));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (signal.aborted) onAbort();
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.length;
      // Counted after decompression, so that a small answer cannot become a large one.
      if (length > maxBytes)
        throw new ExchangeFailure({
          code: 'ncbi-unreadable',
          message: `PubMed's answer is larger than ${Math.round(maxBytes / 1e6)} MB.`,
          retryable: true,
          halve: 'now',
          waitMs: null,
        });
      chunks.push(chunk);
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/**
 * Node's own transport, and word of when the request really leaves: a new connection takes several round trips before
 * its first byte, and the pace is counted at the service.
 */
function transportThatTells(onSent: () => void) {
  return {
    request(options: RequestOptions, onResponse: Parameters<typeof httpRequest>[2]): ClientRequest {
      const isTls = options.protocol === 'https:';
      const request = isTls ? httpsRequest(options, onResponse) : httpRequest(options, onResponse);
      request.once('socket', (socket) => {
        if (socket.connecting) socket.once(isTls ? 'secureConnect' : 'connect', onSent);
        else onSent();
      });
      return request;
    },
  };
}

/** The innermost system code: several addresses that all fail come as one error around theirs. */
function codeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; typeof at === 'object' && at !== null && depth < 5; depth++) {
    const { code, cause, errors } = at as { code?: unknown; cause?: unknown; errors?: unknown };
    if (typeof code === 'string' && !code.startsWith('ERR_')) return code;
    const inner: unknown = Array.isArray(errors) && errors.length > 0 ? errors[0] : cause;
    if (inner === undefined) return typeof code === 'string' ? code : '';
    at = inner;
  }
  return '';
}

const HINTS: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was reset',
  ECONNABORTED: 'the connection was reset',
  ETIMEDOUT: 'no connection in time',
  EHOSTUNREACH: 'no route to it; is there a network?',
  ENETUNREACH: 'no route to it; is there a network?',
  ENETDOWN: 'no network',
  ENOTFOUND: 'its name cannot be resolved; is there a network?',
  EAI_AGAIN: 'its name cannot be resolved; is there a network?',
  EPROTO: 'no secure connection',
  Z_BUF_ERROR: 'compressed data without an end',
  Z_DATA_ERROR: 'damaged compressed data',
};

function hint(code: string): string {
  if (HINTS[code] !== undefined) return ` (${HINTS[code]})`;
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(code)) return ` (its certificate is not trusted: ${code})`;
  return /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? ` (${code})` : '';
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
}
