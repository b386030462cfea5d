import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import { Utilities, type Parameters, type Payload } from './answers.js';
import { FaultQueue, faultSchema, type Fault, faultyAnswer, keyInvalid, rateLimited } from './faults.js';
import { cloneRecord, indexRecord, RecordIndex, splitRecords } from './record-index.js';

export interface EutilsServerOptions {
  /** Records as PubMed XML, one or more in each text. */
  records?: readonly string[];
  host?: string;
  /** 0 = any free port. */
  port?: number;
  /** Requests a second without and with a key; 0 = no limit. */
  rate?: number;
  rateWithKey?: number;
  /** Seconds that a refusal for the rate asks to wait. */
  retryAfter?: number;
  /** Keys that are valid; without: any. */
  apiKeys?: readonly string[];
  /** How many records of a search are listed. */
  ceiling?: number;
  latencyMs?: number;
  /** Called at the arrival of each request to a utility. */
  onRequest?: (request: LoggedRequest) => void;
}

const pmidsSchema = z.array(z.string());
/** What can be changed while it runs, also by `POST /_control` as JSON. */
export const controlSchema = z.strictObject({
  faults: z.array(faultSchema).optional(),
  clearFaults: z.boolean().optional(),
  /** Delay of every answer, and up to how much more by chance. */
  latencyMs: z.number().optional(),
  jitterMs: z.number().optional(),
  /** Records not yet in PubMed, and appearing in it. */
  hide: pmidsSchema.optional(),
  show: pmidsSchema.optional(),
  delete: pmidsSchema.optional(),
  /** New versions of records, and new records, as XML. */
  replace: z.string().optional(),
  append: z.string().optional(),
  expireHistory: z.boolean().optional(),
  /** Copies of the records there are, under PMIDs from `base` on, their dates spread over the days `from` to `to`. */
  clone: z
    .strictObject({ count: z.number().int(), from: z.iso.date(), to: z.iso.date(), base: z.number().int() })
    .optional(),
  resetLog: z.boolean().optional(),
});
export type Control = z.infer<typeof controlSchema>;

export interface LoggedRequest {
  /** Arrival, epoch milliseconds. */
  at: number;
  util: string;
  method: string;
  /** As sent, without the key. */
  parameters: Parameters;
  hasKey: boolean;
  url: string;
  headers: Readonly<Record<string, string | undefined>>;
  /** Which connection it came on. */
  connection: number;
}

export interface EutilsStats {
  requests: number;
  /** Refused for the rate. */
  limited: number;
  faults: number;
  perSecondMax: number;
  concurrentMax: number;
  /** Answers whose connection ended before they did. */
  aborted: number;
  connections: number;
  records: number;
}

export interface EutilsServer {
  /** Base address, ending in `/`: a value for NCBI_BASE_URL. */
  url: string;
  control(change: Control): void;
  log(): readonly LoggedRequest[];
  stats(): EutilsStats;
  close(): Promise<void>;
}

/**
 * A stand-in for E-utilities of PubMed: einfo, esearch, epost and efetch over HTTP, with the service's limits, its
 * manners and, on demand, its faults. The demo is served by it, and the tests run against it.
 */
export async function startEutilsServer(options: EutilsServerOptions = {}): Promise<EutilsServer> {
  const standIn = new StandIn(options);
  await standIn.listen();
  return standIn;
}

const PATH = '/entrez/eutils/';
const LONGEST_BODY = 50_000_000;

class StandIn implements EutilsServer {
  url = '';
  private readonly index = new RecordIndex();
  private readonly utilities: Utilities;
  private readonly faults = new FaultQueue();
  private readonly server: Server;
  private readonly closing = new AbortController();
  private readonly connections = new WeakMap<object, number>();
  private requests: LoggedRequest[] = [];
  private readonly recent = new Map<string, number[]>();
  private counts = { limited: 0, faults: 0, perSecondMax: 0, concurrentMax: 0, aborted: 0 };
  private opened = 0;
  private underWay = 0;
  private latencyMs: number;
  private jitterMs = 0;

  constructor(private readonly options: EutilsServerOptions) {
    this.latencyMs = options.latencyMs ?? 0;
    this.utilities = new Utilities(this.index, options.ceiling ?? 9_999);
    for (const xml of options.records ?? []) this.put(xml);
    this.server = createServer((request, response) => {
      this.handle(request, response).catch(() => response.destroy());
    });
    this.server.on('connection', (socket) => this.connections.set(socket, ++this.opened));
  }

  async listen(): Promise<void> {
    const { port = 0, host = '127.0.0.1' } = this.options;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
    this.url = `http://${host}:${(this.server.address() as AddressInfo).port}${PATH}`;
  }

  async close(): Promise<void> {
    this.closing.abort();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  log(): readonly LoggedRequest[] {
    return this.requests;
  }

  stats(): EutilsStats {
    return { ...this.counts, requests: this.requests.length, connections: this.opened, records: this.index.size };
  }

  control(change: Control): void {
    if (change.clearFaults) this.faults.clear();
    this.faults.add(change.faults ?? []);
    this.latencyMs = change.latencyMs ?? this.latencyMs;
    this.jitterMs = change.jitterMs ?? this.jitterMs;
    for (const pmid of change.hide ?? []) this.index.hide(pmid);
    for (const pmid of change.show ?? []) this.index.show(pmid);
    for (const pmid of change.delete ?? []) this.index.remove(pmid);
    this.put(change.replace ?? '');
    this.put(change.append ?? '');
    if (change.expireHistory) this.utilities.expireHistory();
    if (change.clone) this.clone(change.clone);
    if (change.resetLog) {
      this.requests = [];
      this.counts = { limited: 0, faults: 0, perSecondMax: 0, concurrentMax: 0, aborted: 0 };
    }
  }

  private put(xml: string): void {
    for (const record of splitRecords(xml)) this.index.put(indexRecord(record));
  }

  private clone({ count, from, to, base }: NonNullable<Control['clone']>): void {
    const sources = this.index.inOrder('pmid');
    const [first, last] = [Date.parse(from), Date.parse(to)];
    for (let i = 0; i < count; i++) {
      const source = sources[i % sources.length];
      if (!source) throw new Error('There is no record to clone.');
      const day = new Date(first + ((last - first) * i) / count).toISOString().slice(0, 10).replaceAll('-', '/');
      this.index.put(cloneRecord(source, String(base + i), day));
    }
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const body = await readBody(request);
    if (url.pathname === '/_control') return this.controlOverHttp(request, body, response);
    if (url.pathname === '/_log') return sendJson(response, 200, this.requests);
    if (url.pathname === '/_stats') return sendJson(response, 200, this.stats());
    const util = url.pathname.startsWith(PATH) ? /^(\w+)\.fcgi$/.exec(url.pathname.slice(PATH.length))?.[1] : undefined;
    const parameters = Object.fromEntries([...url.searchParams, ...new URLSearchParams(body)]);
    if (util === undefined)
      return this.send(request, response, { status: 404, type: 'text/html', body: '<html><body>404</body></html>' });

    const caller = request.socket.remoteAddress ?? '';
    const rate = this.note(util, request, url, parameters, caller);
    response.on('close', () => {
      this.underWay--;
      if (!response.writableFinished) this.counts.aborted++;
    });
    if (this.latencyMs + this.jitterMs > 0) await this.pause(this.latencyMs + Math.random() * this.jitterMs);

    const key = parameters['api_key'];
    if (key !== undefined && this.options.apiKeys && !this.options.apiKeys.includes(key))
      return this.send(request, response, keyInvalid(key));
    if (rate.limit > 0 && rate.count > rate.limit) {
      this.counts.limited++;
      const wait: Record<string, string> =
        this.options.retryAfter === undefined ? {} : { 'retry-after': String(this.options.retryAfter) };
      return this.send(request, response, rateLimited(429, key ?? caller, rate.count, rate.limit), wait);
    }

    const fault = this.faults.take(util, parameters);
    if (fault) this.counts.faults++;
    const faulty = fault ? faultyAnswer(fault, util, parameters, caller) : null;
    if (faulty) return this.send(request, response, faulty, fault?.headers);
    if (fault?.kind === 'reset') return void request.socket.resetAndDestroy();
    if (fault?.kind === 'hang') {
      await this.pause(fault.ms ?? 3_600_000);
      return void request.socket.destroy();
    }
    if (fault?.kind === 'slow') await this.pause(fault.ms ?? 5_000);
    const shortened = fault?.kind === 'short' ? { ...parameters, retmax: '1' } : parameters;
    const payload = this.utilities.answer(util, shortened);
    if (!payload)
      return this.send(request, response, { status: 404, type: 'text/html', body: '<html><body>404</body></html>' });
    if (fault?.kind === 'truncate' || fault?.kind === 'stall') return this.sendCut(response, payload, fault);
    this.send(request, response, payload);
  }

  /** Writes the request down at its arrival, and counts how many came within the last second. */
  private note(util: string, request: IncomingMessage, url: URL, parameters: Parameters, caller: string) {
    const at = Date.now();
    const { api_key: key, ...rest } = parameters;
    const logged: LoggedRequest = {
      at,
      util,
      method: request.method ?? '',
      parameters: rest,
      hasKey: key !== undefined,
      url: url.pathname + url.search,
      headers: {
        'user-agent': request.headers['user-agent'],
        'accept-encoding': request.headers['accept-encoding']?.toString(),
        'content-type': request.headers['content-type'],
      },
      connection: this.connections.get(request.socket) ?? 0,
    };
    this.requests.push(logged);
    this.options.onRequest?.(logged);
    this.counts.concurrentMax = Math.max(this.counts.concurrentMax, ++this.underWay);
    const within = (name: string) => {
      const times = (this.recent.get(name) ?? []).filter((time) => at - time < 1000);
      times.push(at);
      this.recent.set(name, times);
      return times.length;
    };
    this.counts.perSecondMax = Math.max(this.counts.perSecondMax, within('all'));
    const limit = key === undefined ? (this.options.rate ?? 3) : (this.options.rateWithKey ?? 10);
    return { count: within(key === undefined ? `from ${caller}` : `key ${key}`), limit };
  }

  private send(
    request: IncomingMessage,
    response: ServerResponse,
    { status, type, body }: Payload,
    headers: Record<string, string> = {},
  ): void {
    const zip = body.length > 1_000 && /\bgzip\b/.test(String(request.headers['accept-encoding']));
    const bytes = zip ? gzipSync(body, { level: 1 }) : Buffer.from(body);
    response.writeHead(status, {
      'content-type': type,
      'content-length': bytes.length,
      ...(zip ? { 'content-encoding': 'gzip' } : {}),
      ...headers,
    });
    response.end(bytes);
  }

  private async sendCut(
    response: ServerResponse,
    { status, type, body }: Payload,
    { kind, at = 0.6, chunked = false, zipped = false, ms = 3_600_000 }: Fault,
  ): Promise<void> {
    const bytes = zipped ? gzipSync(body) : Buffer.from(body);
    const part = bytes.subarray(0, Math.floor(bytes.length * at));
    response.writeHead(status, {
      'content-type': type,
      ...(zipped ? { 'content-encoding': 'gzip' } : {}),
      ...(chunked ? {} : { 'content-length': bytes.length }),
    });
    if (chunked && kind === 'truncate') return void response.end(part);
    response.write(part);
    await this.pause(kind === 'stall' ? ms : 30);
    response.destroy();
  }

  private controlOverHttp(request: IncomingMessage, body: string, response: ServerResponse): void {
    // Only JSON, which no web page can send here unasked.
    if (request.method !== 'POST' || !request.headers['content-type']?.startsWith('application/json'))
      return sendJson(response, 415, { error: 'POST application/json' });
    try {
      this.control(controlSchema.parse(JSON.parse(body)));
      sendJson(response, 200, this.stats());
    } catch (error) {
      sendJson(response, 400, { error: error instanceof Error ? error.message : 'bad request' });
    }
  }

  /** Waits, unless it is closed meanwhile. */
  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.closing.signal });
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST_BODY) throw new Error('The request is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}
