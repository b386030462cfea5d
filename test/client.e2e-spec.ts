import { inspect } from 'node:util';
import { jest } from '@jest/globals';
import {
  startEutilsServer,
  type Control,
  type EutilsServer,
  type EutilsServerOptions,
} from '../src/demo/eutils-server.js';
import { AppError } from '../src/problem.js';
import { Pacer } from '../src/pubmed/pacer.js';
import { PubmedClient, type PubmedClientOptions } from '../src/pubmed/pubmed.client.js';
import { aRecord } from './support/a-record.js';

const KEY = 'a-key-that-nobody-may-see-0123456789abcdef';
const EMAIL = 'someone@reader.example';
const PMIDS = Array.from({ length: 16 }, (_, i) => String(91_000_001 + i));
const RECORDS = PMIDS.map((pmid) => aRecord({ pmid, title: 'Dormidol', abstract: 'Text that goes on. '.repeat(80) }));
const ALL = 'dormidol[tiab]';

let server: EutilsServer;
let clients: PubmedClient[] = [];
let written: string[] = [];

const start = async (control: Control = {}, options: EutilsServerOptions = {}) => {
  server = await startEutilsServer({ records: RECORDS, rate: 0, rateWithKey: 0, ...options });
  server.control(control);
};
/** Everything that the client says goes into `written`. The pace is tested elsewhere; here it is out of the way. */
const aClient = (options: Partial<PubmedClientOptions> = {}) => {
  const log = (event: string, fields?: unknown) => void written.push(`${event} ${inspect(fields)}`);
  const client = new PubmedClient({
    baseUrl: server.url,
    tool: 'tester',
    log: { debug: log, warn: log },
    pacer: new Pacer({ perSecond: 10_000, gapMs: 0 }),
    backoffMs: { first: 2, longest: 10 },
    ...options,
  });
  clients.push(client);
  return client;
};
/** The error a call ends with, which must be one of ours. */
const failing = async (call: Promise<unknown>): Promise<AppError> => {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`not an AppError: ${inspect(error)}`);
  written.push(inspect(error, { depth: 10, showHidden: true }), JSON.stringify(error));
  return error;
};
const returned = (result: { papers: { pmid: string }[] }) => result.papers.map((paper) => paper.pmid);
const requests = () => server.stats().requests;

afterEach(async () => {
  for (const client of clients) client.close();
  clients = [];
  await server.close();
  const everything = written.join('\n');
  written = [];
  expect(everything).not.toContain(KEY);
  expect(everything).not.toContain(EMAIL);
  expect(everything).not.toMatch(/127\.0\.0\.1|::1/);
});

describe('a request', () => {
  it('is a POST with tool, e-mail and key in its body, says who asks, and takes gzip', async () => {
    await start();
    const client = aClient({ apiKey: KEY, email: EMAIL, userAgent: 'tester/1.0' });
    const counters = { sent: 0, retried: 0 };
    const page = await client.search(ALL, { counters });
    await client.fetch(page.pmids, { counters });
    expect(counters).toEqual({ sent: 2, retried: 0 });
    expect(server.log()).toHaveLength(2);
    for (const request of server.log())
      expect(request).toMatchObject({
        method: 'POST',
        hasKey: true,
        parameters: { db: 'pubmed', tool: 'tester', email: EMAIL },
        headers: {
          'user-agent': 'tester/1.0',
          'accept-encoding': 'gzip',
          'content-type': expect.stringMatching(/form-urlencoded/) as string,
        },
        url: expect.not.stringContaining('?') as string,
      });
    expect(server.log()[0]?.parameters).toMatchObject({ retmode: 'json', sort: 'pub_date', term: ALL });
  });

  it('reuses its connection', async () => {
    await start();
    const client = aClient();
    for (let i = 0; i < 5; i++) await client.fetch(PMIDS);
    expect(server.stats()).toMatchObject({ requests: 5, connections: 1 });
  });

  it('runs beside others', async () => {
    await start({ latencyMs: 80 });
    const client = aClient();
    const results = await Promise.all([0, 4, 8].map((from) => client.fetch(PMIDS.slice(from, from + 4))));
    expect(results.flatMap(returned)).toEqual(PMIDS.slice(0, 12));
    expect(server.stats().concurrentMax).toBe(3);
  });
});

describe('a search', () => {
  it('gives count and PMIDs, page by page', async () => {
    await start();
    const client = aClient();
    expect(await client.search(ALL)).toMatchObject({ count: 16, pmids: [...PMIDS].reverse(), short: false });
    expect(await client.search(ALL, { retstart: 14, retmax: 5 })).toMatchObject({
      count: 16,
      pmids: ['91000002', '91000001'],
      short: false,
    });
  });

  it('takes no hits with a warning as no hits', async () => {
    await start();
    expect(await aClient().search('nowhere[tiab]')).toMatchObject({ count: 0, pmids: [], short: false });
    expect(written.join()).toMatch(/finds nothing for nowhere/);
  });

  it('refuses a field that PubMed does not know, after one request', async () => {
    await start();
    expect(await failing(aClient().search('dormidol[cdrt]'))).toMatchObject({ code: 'ncbi-field-unknown' });
    expect(requests()).toBe(1);
  });

  it('says when the list is shorter than the count', async () => {
    await start({ faults: [{ kind: 'short', times: 1 }] });
    expect(await aClient().search(ALL)).toMatchObject({ count: 16, short: true });
  });

  it('is refused past the ceiling, after one request, though the answer is broken JSON', async () => {
    await start({}, { ceiling: 10 });
    const error = await failing(aClient().search(ALL, { retstart: 10 }));
    expect(error).toMatchObject({ code: 'ncbi-ceiling', retryable: false });
    expect(requests()).toBe(1);
  });

  it.each(['backend', 'html', 'empty', 'prolog', 'reset', 'http'] as const)(
    'never takes an outage for no hits (%s)',
    async (kind) => {
      await start({ faults: [{ kind }] });
      const error = await failing(aClient().search(ALL));
      expect(error.retryable).toBe(true);
      expect(requests()).toBe(5);
    },
  );
});

describe('a passing fault', () => {
  const passing: [string, NonNullable<Control['faults']>[number]][] = [
    ['an outage page, 502', { kind: 'http', status: 502 }],
    ['an outage page, 500', { kind: 'http', status: 500 }],
    ['an outage page, 503 with Retry-After', { kind: 'http', status: 503, headers: { 'retry-after': '0' } }],
    ['a reset connection', { kind: 'reset' }],
    ['an answer cut in the middle', { kind: 'truncate' }],
    ['an answer cut in the middle without a sign of it', { kind: 'truncate', chunked: true }],
    ['a compressed answer cut in the middle', { kind: 'truncate', zipped: true }],
    ['a compressed answer cut without a sign of it', { kind: 'truncate', zipped: true, chunked: true }],
    ['an empty answer', { kind: 'empty' }],
    ['a web page with 200', { kind: 'html' }],
    ['half a record with 200', { kind: 'garbage' }],
    ['a prolog without records', { kind: 'prolog' }],
    ['an error of the backend with 200', { kind: 'backend' }],
    ['a request that could not be forwarded', { kind: 'garbage', body: '{"error":"error forwarding request"}' }],
    ['a time-out with 400', { kind: 'timeout400' }],
    ['a history that expired, of which the request names none', { kind: 'backend', body: 'Unable to obtain query #1' }],
    ['another answer than asked for', { kind: 'garbage', body: '<eSearchResult><Count>0</Count></eSearchResult>' }],
    [
      'a set that closes but whose record does not',
      { kind: 'garbage', body: '<PubmedArticleSet><PubmedArticle><PMID>1</PMID></PubmedArticleSet>' },
    ],
  ];
  it.each(passing)('is waited out: %s', async (_, fault) => {
    await start({ faults: [{ ...fault, util: 'efetch', times: 1 }] });
    const counters = { sent: 0, retried: 0 };
    const result = await aClient().fetch(PMIDS, { counters });
    expect(returned(result)).toEqual(PMIDS);
    expect(result).toMatchObject({ notReturned: [], failed: [] });
    expect(counters.sent).toBe(requests());
    expect(counters.retried).toBe(counters.sent - 1);
  });

  it('is waited out with growing, random waits', async () => {
    await start({ faults: [{ kind: 'http', status: 502, times: 4 }] });
    await aClient({ backoffMs: { first: 10, longest: 40 }, random: () => 0.999 }).search(ALL);
    const waits = [...written.join('\n').matchAll(/waitMs: (\d+)/g)].map(([, ms]) => Number(ms));
    expect(waits).toEqual([10, 20, 40, 40]);
  });

  it('does not hurt a client that keeps no history at the service', async () => {
    await start();
    const client = aClient();
    const { pmids } = await client.search(ALL);
    server.control({ expireHistory: true });
    expect(returned(await client.fetch(pmids))).toHaveLength(16);
  });
});

describe('a lasting fault', () => {
  it.each([
    ['an outage page', { kind: 'http', status: 502 }, 'ncbi-outage', /outage \(HTTP 502\)/],
    ['an error of the backend', { kind: 'backend' }, 'ncbi-outage', /search does not work/],
    ['a web page', { kind: 'html' }, 'ncbi-outage', /web page instead of data/],
    ['a time-out with 400', { kind: 'timeout400' }, 'ncbi-timeout', /ran out of time/],
    ['cut answers', { kind: 'truncate' }, 'ncbi-cut-short', /broke off/],
    ['answers cut without a sign', { kind: 'truncate', chunked: true }, 'ncbi-cut-short', /cut short/],
    ['broken connections', { kind: 'reset' }, 'ncbi-unreachable', /cannot be reached \(the connection was reset\)/],
    ['a wrong address', { kind: 'http', status: 404 }, 'ncbi-outage', /check NCBI_BASE_URL/],
  ] as const)('ends the call with its code after a bounded number of requests: %s', async (_, fault, code, message) => {
    await start({ faults: [fault] });
    const error = await failing(aClient().fetch(PMIDS));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(requests()).toBeLessThanOrEqual(20);
  });

  it.each([
    [
      'no correct ids',
      {
        kind: 'http',
        status: 400,
        type: 'text/xml',
        body: '<eFetchResult><ERROR>ID list is empty! Possibly it has no correct IDs.</ERROR></eFetchResult>',
      },
      'ncbi-bad-request',
    ],
    ['an invalid key', { kind: 'keyInvalid' }, 'ncbi-key-invalid'],
    [
      'a redirect',
      { kind: 'http', status: 302, headers: { location: 'http://elsewhere.example/' } },
      'ncbi-bad-request',
    ],
  ] as const)('stops the call at once where asking again is no use: %s', async (_, fault, code) => {
    await start({ faults: [fault] });
    expect(await failing(aClient({ apiKey: KEY }).fetch(PMIDS))).toMatchObject({ code });
    expect(requests()).toBe(1);
  });

  it('says in plain words that there is nobody', async () => {
    await start();
    const away = await startEutilsServer();
    await away.close();
    const counters = { sent: 0, retried: 0 };
    const error = await failing(aClient({ baseUrl: away.url }).search(ALL, { counters }));
    expect(error).toMatchObject({
      code: 'ncbi-unreachable',
      message: 'PubMed cannot be reached (connection refused).',
    });
    expect(counters).toEqual({ sent: 0, retried: 0 });
    const nameless = await failing(aClient({ baseUrl: 'http://pubmed.invalid/' }).search(ALL));
    expect(nameless.message).toMatch(/^PubMed cannot be reached \(its name cannot be resolved; is there a network\?\)/);
  });

  it('does not send the key elsewhere', async () => {
    await start();
    const elsewhere = await startEutilsServer();
    server.control({ faults: [{ kind: 'http', status: 307, headers: { location: elsewhere.url } }] });
    expect(await failing(aClient({ apiKey: KEY }).search(ALL))).toMatchObject({ code: 'ncbi-bad-request' });
    expect(elsewhere.stats().connections).toBe(0);
    await elsewhere.close();
  });

  it('refuses an answer beyond the size that it takes, and asks for less', async () => {
    await start();
    const client = aClient({ maxBytes: 20_000 });
    expect(returned(await client.fetch(PMIDS))).toEqual(PMIDS);
    expect(requests()).toBeGreaterThan(2);
    server.control({
      faults: [{ kind: 'garbage', body: `<PubmedArticleSet>${' '.repeat(10_000_000)}</PubmedArticleSet>` }],
    });
    expect(await failing(client.fetch(['91000001']))).toMatchObject({ code: 'ncbi-unreadable' });
  });
});

describe('a batch', () => {
  it('accounts for every PMID asked for, and takes none that was not', async () => {
    await start({ delete: ['91000002'], hide: ['91000005'] });
    const result = await aClient().fetch(['91000001', '91000002', '91000001', '91000005', '7']);
    expect(returned(result)).toEqual(['91000001']);
    expect(result.notReturned).toEqual(['91000002', '91000005', '7']);
    expect(result.bytes).toBeGreaterThan(1_000);

    const stranger = `<PubmedArticleSet>${aRecord({ pmid: '5' })}</PubmedArticleSet>`;
    server.control({ faults: [{ kind: 'garbage', body: stranger, times: 1 }] });
    expect(await aClient().fetch(['91000001'])).toMatchObject({ papers: [], notReturned: ['91000001'] });
  });

  it('asks nothing for no PMIDs, and not for what is none', async () => {
    await start();
    expect(await aClient().fetch([])).toMatchObject({ papers: [], notReturned: [], failed: [] });
    expect(await failing(aClient().fetch(['1&api_key=x']))).toMatchObject({ code: 'unknown-value' });
    expect(requests()).toBe(0);
  });

  it('is empty-handed without an error when none of its PMIDs exists', async () => {
    await start();
    expect(await aClient().fetch(['5', '6'])).toMatchObject({ papers: [], notReturned: ['5', '6'], failed: [] });
    expect(requests()).toBe(1);
  });

  it.each(['timeout400', 'http', 'truncate'] as const)(
    'is halved until the service can serve it (%s)',
    async (kind) => {
      await start({ faults: [{ kind, moreThan: 4 }] });
      const counters = { sent: 0, retried: 0 };
      const result = await aClient().fetch(PMIDS, { counters });
      expect(returned(result)).toEqual(PMIDS);
      expect(counters.sent).toBe(requests());
      expect(counters.retried).toBe(counters.sent - 1);
    },
  );

  it.each([
    ['in the middle', ['91000007']],
    ['at the beginning', ['91000001']],
    ['at the end', ['91000016']],
    ['twice', ['91000003', '91000012']],
  ])('gives all records but the one that the service cannot give: %s', async (_, bad) => {
    await start({ faults: bad.map((pmid) => ({ kind: 'http' as const, status: 500, pmid })) });
    const result = await aClient().fetch(PMIDS);
    expect(returned(result)).toEqual(PMIDS.filter((pmid) => !bad.includes(pmid)));
    expect(result.failed).toEqual(
      bad.map((pmid) => ({ pmid, code: 'ncbi-outage', detail: 'PubMed answers with an outage (HTTP 500).' })),
    );
    expect(result.notReturned).toEqual([]);
  });

  it('keeps what it has when an outage begins in its middle, and calls the rest failed', async () => {
    await start({
      faults: [
        { kind: 'timeout400', moreThan: 8 },
        { kind: 'http', status: 502, skip: 1 },
      ],
    });
    const result = await aClient().fetch(PMIDS);
    expect(returned(result)).toEqual(PMIDS.slice(0, 8));
    expect(result.failed.map(({ pmid, code }) => `${pmid} ${code}`)).toEqual(
      PMIDS.slice(8).map((pmid) => `${pmid} ncbi-outage`),
    );
    expect(requests()).toBeLessThan(25);
  });
});

describe('time', () => {
  it('is limited for one request: a batch that hangs is asked for in halves', async () => {
    await start({ faults: [{ kind: 'hang', moreThan: 8 }] });
    const result = await aClient({ requestTimeoutMs: 150 }).fetch(PMIDS);
    expect(returned(result)).toEqual(PMIDS);
    expect(server.stats()).toMatchObject({ requests: 3, aborted: 1 });
  });

  it('is limited for an answer that begins and does not go on', async () => {
    await start({ faults: [{ kind: 'stall', moreThan: 8 }] });
    expect(returned(await aClient({ requestTimeoutMs: 200 }).fetch(PMIDS))).toEqual(PMIDS);
    expect(server.stats()).toMatchObject({ requests: 3, aborted: 1 });
  });

  it('is limited for a whole call', async () => {
    await start({ faults: [{ kind: 'hang' }] });
    const before = performance.now();
    const error = await failing(aClient({ deadlineMs: 400 }).search(ALL));
    expect(error).toMatchObject({
      code: 'ncbi-timeout',
      message: expect.stringMatching(/^PubMed gave no usable answer within/) as string,
    });
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  it('that runs out leaves what has been fetched', async () => {
    await start({
      faults: [
        { kind: 'timeout400', moreThan: 8 },
        { kind: 'hang', skip: 1 },
      ],
    });
    const result = await aClient({ deadlineMs: 600 }).fetch(PMIDS);
    expect(returned(result)).toEqual(PMIDS.slice(0, 8));
    expect(result.failed).toHaveLength(8);
    expect(result.failed[0]).toMatchObject({ pmid: '91000009', code: 'ncbi-timeout' });
  });

  it('is not waited for when the service asks for more of it than there is', async () => {
    await start({ faults: [{ kind: 'http', status: 429, headers: { 'retry-after': '3000' } }] });
    const client = aClient();
    expect(await failing(client.search(ALL))).toMatchObject({ code: 'ncbi-rate-limited' });
    const error = await failing(client.search(ALL));
    expect(error.message).toMatch(/not to be asked again for (2999|3000) s/);
    expect(requests()).toBe(1);
  });
});

// Jest fails a test that leaves a rejection unhandled.
describe('an abort', () => {
  const aborting = async (call: (signal: AbortSignal) => Promise<unknown>, afterMs: number) => {
    const controller = new AbortController();
    const outcome = failing(call(controller.signal));
    setTimeout(() => controller.abort(), afterMs);
    const before = performance.now();
    const error = await outcome;
    expect(error.code).toBe('aborted');
    expect(performance.now() - before).toBeLessThan(afterMs + 500);
  };

  it('before the call asks nothing', async () => {
    await start();
    expect(await failing(aClient().search(ALL, { signal: AbortSignal.abort() }))).toMatchObject({ code: 'aborted' });
    expect(requests()).toBe(0);
  });

  it('ends a request that waits for its answer, and its connection', async () => {
    await start({ faults: [{ kind: 'hang' }] });
    await aborting((signal) => aClient().fetch(PMIDS, { signal }), 100);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.stats()).toMatchObject({ requests: 1, aborted: 1 });
  });

  it('ends a request in the middle of its answer', async () => {
    await start({ faults: [{ kind: 'stall' }] });
    await aborting((signal) => aClient().fetch(PMIDS, { signal }), 100);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.stats()).toMatchObject({ requests: 1, aborted: 1 });
  });

  it('ends a wait between two requests', async () => {
    await start({ faults: [{ kind: 'http', status: 502 }] });
    const slow = aClient({ backoffMs: { first: 60_000, longest: 60_000 }, random: () => 1 });
    await aborting((signal) => slow.fetch(PMIDS, { signal }), 100);
    expect(requests()).toBe(1);
  });

  it('ends a wait for a turn, and of all calls that share the signal', async () => {
    await start();
    const client = aClient({ pacer: new Pacer({ perSecond: 1, gapMs: 60_000 }) });
    await client.search(ALL);
    await aborting(
      (signal) =>
        Promise.all([client.search(ALL, { signal }), client.fetch(PMIDS, { signal }), client.fetch(PMIDS, { signal })]),
      100,
    );
    expect(requests()).toBe(1);
  });
});

describe('what is said', () => {
  it('never holds key, address or e-mail, whatever the service echoes', async () => {
    const echo = `odd thing at 127.0.0.1 with ${KEY} of ${EMAIL} (http://x.example/?api_key=${KEY})`;
    const console_ = (['log', 'warn', 'error'] as const).map((name) =>
      jest.spyOn(console, name).mockImplementation((...args) => void written.push(inspect(args, { depth: 10 }))),
    );
    await start({}, { apiKeys: [KEY] });
    const client = aClient({ apiKey: KEY, email: EMAIL });
    const faults: NonNullable<Control['faults']> = [
      { kind: 'limit200', times: 1 },
      { kind: 'keyInvalid', times: 1 },
      { kind: 'html', times: 5 },
      { kind: 'backend', body: echo, times: 5 },
      { kind: 'http', status: 400, type: 'application/json', body: JSON.stringify({ error: echo }), times: 1 },
      {
        kind: 'http',
        status: 400,
        type: 'text/xml',
        body: `<eFetchResult><ERROR>Invalid uid ${echo}</ERROR></eFetchResult>`,
        times: 1,
      },
    ];
    for (const fault of faults) {
      server.control({ faults: [fault] });
      if (fault.kind === 'limit200') await client.search(ALL);
      else await failing(client.search(ALL));
    }
    await failing(aClient({ baseUrl: 'http://127.0.0.1:1/', apiKey: KEY, email: EMAIL }).search(ALL));
    await failing(aClient({ apiKey: 'wrong' }).search(ALL));
    for (const spy of console_) spy.mockRestore();
    // judged after each test for everything that was written; here: there was something to judge
    expect(written.filter((line) => line.includes('odd thing at [address]'))).not.toEqual([]);
    expect(written.join()).toMatch(/refuses NCBI_API_KEY/);
  });
});
