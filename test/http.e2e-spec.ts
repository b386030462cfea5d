import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { aPaper } from './support/a-paper.js';
import { anApp, type AnApp } from './support/an-app.js';
import { PapersStore } from '../src/store/papers.store.js';

/** What comes back for bytes that no client library would send. */
const sendRaw = (url: string, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
    socket.on('error', reject).on('close', () => resolve(answer));
  });

/** A request that fetch would forbid or rewrite. */
const ask = (url: string, method: string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number; headers: Record<string, string | string[] | undefined>; body: Buffer }>(
    (resolve, reject) => {
      const request = httpRequest(url, { method, headers, agent: false }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
        );
      });
      request.on('error', reject).end();
    },
  );

interface Problem {
  type: string;
  code: string;
  status: number;
  detail: string;
  requestId: string;
  instance: string;
}

describe('HTTP manners', () => {
  let server: AnApp;
  beforeAll(async () => {
    server = await anApp({ settings: { ADMIN_TOKEN: 'a-token-of-the-tests' } });
    const papers = new PapersStore(server.database);
    await server.database.transaction((sql) =>
      papers.storeBatch(
        sql,
        Array.from({ length: 30 }, (_, index) => aPaper({ pmid: String(90_000_001 + index) })),
        {
          source: 'sync',
          runId: 'test',
          at: Date.parse('2026-11-24T12:00:00Z'),
          fetchedOn: null,
          newsFrom: '2026-11-02',
        },
      ),
    );
  });
  afterAll(() => server.close());

  describe('security headers', () => {
    it('lets pages load only what is theirs, inline nothing and be framed by nobody', async () => {
      const { headers } = await server.get('/problems');
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("style-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('strict-transport-security')).toBeNull();
    });

    it('promises https only where readers come by https', async () => {
      const secure = await anApp({ settings: { PUBLIC_URL: 'https://papers.example.org' } });
      const { headers } = await secure.get('/problems');
      await secure.close();
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    });

    it('keeps addresses with a token to themselves: not stored, not told on, not readable from other sites', async () => {
      for (const path of ['/confirm/abc', '/preferences/abc', '/unsubscribe/abc']) {
        const { headers } = await server.get(path, { origin: 'https://elsewhere.example' });
        expect(headers.get('cache-control')).toBe('no-store');
        expect(headers.get('referrer-policy')).toBe('no-referrer');
        expect(headers.get('access-control-allow-origin')).toBeNull();
        expect(headers.get('etag')).toBeNull();
      }
    });

    it('writes no token into the log', async () => {
      await server.get('/confirm/s3cr3t-t0ken-of-a-reader');
      await server.get('/unsubscribe/s3cr3t-t0ken-of-a-reader?x=1');
      expect(server.lines.join('')).toContain('/confirm/[token]');
      expect(server.lines.join('')).not.toContain('s3cr3t');
    });
  });

  describe('CORS', () => {
    it('is open for reading data', async () => {
      for (const path of ['/api/v1/papers', '/api/v1/openapi.json', '/api/v1/papers/1']) {
        const { headers } = await server.get(path, { origin: 'https://dashboard.example' });
        expect(headers.get('access-control-allow-origin')).toBe('*');
        expect(headers.get('access-control-expose-headers')).toContain('ETag');
      }
    });

    it('answers a preflight for reading, and for nothing else', async () => {
      const preflight = { origin: 'https://dashboard.example', 'access-control-request-method': 'GET' };
      const open = await ask(`${server.url}/api/v1/papers`, 'OPTIONS', preflight);
      expect(open.status).toBe(204);
      expect(open.headers['access-control-allow-methods']).toBe('GET, HEAD, OPTIONS');
      expect(open.headers.allow).toBe('GET, HEAD, OPTIONS');
      const page = await ask(`${server.url}/problems`, 'OPTIONS', preflight);
      expect(page.status).toBe(204);
      expect(page.headers['access-control-allow-origin']).toBeUndefined();
    });

    it('is closed for pages and for the admin', async () => {
      for (const path of ['/problems', '/api/v1/admin/subscriptions']) {
        const { headers } = await server.get(path, { origin: 'https://elsewhere.example' });
        expect(headers.get('access-control-allow-origin')).toBeNull();
      }
    });
  });

  describe('validators', () => {
    it('gives the same content the same strong ETag, and 304 to whoever has it', async () => {
      const first = await ask(`${server.url}/api/v1/papers`, 'GET');
      const etag = first.headers.etag as string;
      expect(etag).toMatch(/^"[\w-]+"$/);
      expect(first.headers['cache-control']).toBe('public, no-cache');
      const again = await ask(`${server.url}/api/v1/papers`, 'GET', { 'if-none-match': `"other", ${etag}` });
      expect(again.status).toBe(304);
      expect(again.headers.etag).toBe(etag);
      expect(again.body).toHaveLength(0);
      const other = await ask(`${server.url}/api/v1/papers?limit=3`, 'GET', { 'if-none-match': etag });
      expect(other.status).toBe(200);
    });

    it('calls the ETag of a packed answer weak, and takes either form back', async () => {
      const packed = await ask(`${server.url}/api/v1/papers`, 'GET', { 'accept-encoding': 'gzip' });
      expect(packed.headers['content-encoding']).toBe('gzip');
      expect(packed.headers.etag).toMatch(/^W\/"/);
      expect(packed.headers.vary).toMatch(/accept-encoding/i);
      const plain = await ask(`${server.url}/api/v1/papers`, 'GET', { 'if-none-match': packed.headers.etag as string });
      expect(plain.status).toBe(304);
    });

    it('changes the ETag with the content', async () => {
      const before = await ask(`${server.url}/api/v1/papers?limit=1`, 'GET');
      const papers = new PapersStore(server.database);
      await server.database.transaction((sql) =>
        papers.storeBatch(sql, [aPaper({ pmid: '90000500', added: '2026-11-24' })], {
          source: 'sync',
          runId: 'test',
          at: Date.parse('2026-11-24T13:00:00Z'),
          fetchedOn: null,
          newsFrom: '2026-11-02',
        }),
      );
      const after = await ask(`${server.url}/api/v1/papers?limit=1`, 'GET', {
        'if-none-match': before.headers.etag as string,
      });
      expect(after.status).toBe(200);
      expect(after.headers.etag).not.toBe(before.headers.etag);
    });

    it('answers HEAD like GET, without the body', async () => {
      const get = await ask(`${server.url}/api/v1/papers`, 'GET');
      const head = await ask(`${server.url}/api/v1/papers`, 'HEAD');
      expect(head.status).toBe(200);
      expect(head.body).toHaveLength(0);
      expect(head.headers.etag).toBe(get.headers.etag);
      expect(head.headers['content-type']).toBe(get.headers['content-type']);
      expect(head.headers['content-length']).toBe(String(get.body.length));
      const fresh = await ask(`${server.url}/api/v1/papers`, 'HEAD', { 'if-none-match': get.headers.etag as string });
      expect(fresh.status).toBe(304);
      expect(fresh.headers['content-length']).toBeUndefined();
    });

    it('gives errors and health neither an ETag nor a place in a cache', async () => {
      for (const path of ['/api/v1/papers?nonsense=1', '/health/live', '/health/ready']) {
        const { headers } = await server.get(path);
        expect(headers.get('etag')).toBeNull();
        expect(headers.get('cache-control')).toBe('no-store');
      }
    });
  });

  describe('compression', () => {
    it.each(['br', 'gzip'])('packs as %s', async (coding) => {
      const answer = await ask(`${server.url}/api/v1/papers`, 'GET', { 'accept-encoding': coding });
      expect(answer.headers['content-encoding']).toBe(coding);
      const read = await fetch(`${server.url}/api/v1/papers`, { headers: { 'accept-encoding': coding } });
      expect(((await read.json()) as { data: unknown[] }).data).toHaveLength(20);
    });

    it('leaves small answers and clients that want none alone', async () => {
      const small = await ask(`${server.url}/health/live`, 'GET', { 'accept-encoding': 'gzip' });
      expect(small.headers['content-encoding']).toBeUndefined();
      const plain = await ask(`${server.url}/api/v1/papers`, 'GET', { 'accept-encoding': 'identity' });
      expect(plain.headers['content-encoding']).toBeUndefined();
    });
  });

  describe('refusals', () => {
    const problemOf = async (response: Response) => {
      expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      return (await response.json()) as Problem;
    };

    it('says 405 and what is allowed where only the method is wrong', async () => {
      const answer = await ask(`${server.url}/api/v1/papers`, 'DELETE');
      expect(answer.status).toBe(405);
      expect(answer.headers.allow).toBe('GET, HEAD, OPTIONS');
      expect(JSON.parse(answer.body.toString())).toMatchObject({ code: 'method-not-allowed', status: 405 });
      expect((await ask(`${server.url}/api/v1/nowhere`, 'DELETE')).status).toBe(404);
    });

    it('says 406 where a client of the API takes no JSON', async () => {
      const problem = await problemOf(await server.get('/api/v1/papers', { accept: 'application/xml' }));
      expect(problem).toMatchObject({ status: 406, code: 'not-acceptable' });
      for (const accept of ['application/*', 'text/html, */*;q=0.1', 'application/json;q=0.5', ''])
        expect((await server.get('/api/v1/papers', { accept })).status).toBe(200);
      expect((await server.get('/api/v1/papers', { accept: '*/*, application/json;q=0' })).status).toBe(406);
    });

    it.each([
      ['a path that is no UTF-8', '/api/v1/papers/%FF'],
      ['a path with half an escape', '/api/v1/papers/%4'],
      ['a query that is no UTF-8', '/api/v1/papers?cursor=%FF%FE'],
      ['a query with half an escape', '/api/v1/papers?cursor=%'],
    ])('answers 400 to %s', async (_, path) => {
      const answer = await ask(`${server.url}${path}`, 'GET');
      expect(answer.status).toBe(400);
      expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      const problem = JSON.parse(answer.body.toString()) as Problem;
      expect(problem.code).toBe('unknown-value');
      expect(problem.requestId).toBe(answer.headers['x-request-id']);
    });

    it('answers 400 to an address without end, and 431 to headers without end', async () => {
      const long = await ask(`${server.url}/api/v1/papers?cursor=${'x'.repeat(20_000)}`, 'GET');
      expect(JSON.parse(long.body.toString())).toMatchObject({ status: 400, code: 'query-too-long' });
      const headers = await sendRaw(
        server.url,
        `GET /api/v1/papers HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(60_000)}\r\n\r\n`,
      );
      expect(headers).toMatch(/^HTTP\/1.1 431 /);
      expect(headers).toContain('"code":"query-too-long"');
    });

    it('answers 400 to bytes that are no request', async () => {
      const answer = await sendRaw(server.url, 'HELLO\r\n\r\n');
      expect(answer).toMatch(/^HTTP\/1.1 400 /);
      expect(answer).toContain('application/problem+json');
    });

    it('shows people a page and programs a problem document', async () => {
      const page = await server.get('/nowhere', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
      expect(page.status).toBe(404);
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      const text = await page.text();
      expect(text).toContain('There is nothing at /nowhere');
      expect((await problemOf(await server.get('/nowhere', { accept: 'application/json' }))).code).toBe('not-found');
      // a browser that calls the API gets what the API speaks
      expect((await problemOf(await server.get('/api/v1/nowhere', { accept: 'text/html' }))).code).toBe('not-found');
    });

    it('escapes what a visitor put into the address', async () => {
      const text = await (await server.get('/%3Cscript%3Ealert(1)%3C/script%3E', { accept: 'text/html' })).text();
      expect(text).not.toContain('<script>alert');
    });

    it('explains every code where its type leads', async () => {
      const problem = await problemOf(await server.get('/api/v1/papers?colour=blue'));
      expect(problem.type).toBe('/problems/unknown-parameter');
      const page = await server.get(problem.type);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('unknown-parameter');
      expect((await server.get('/problems/made-up')).status).toBe(404);
    });

    it('repeats no address or token', async () => {
      const text = await (await server.get('/api/v1/papers?limit=jane.doe%40example.org')).text();
      expect(text).not.toContain('jane.doe');
      const page = await (await server.get('/confirm/s3cr3t', { accept: 'text/html' })).text();
      expect(page).not.toContain('s3cr3t');
    });
  });
});

describe('the rate limit', () => {
  it('counts each client by itself, says how long to wait, and leaves health alone', async () => {
    const server = await anApp({ settings: { RATE_LIMIT: '5', TRUST_PROXY: '1' } });
    const from = (client: string) => server.get('/api/v1/papers', { 'x-forwarded-for': client });
    const statuses: number[] = [];
    for (let index = 0; index < 6; index++) statuses.push((await from('203.0.113.7')).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    const refused = await from('203.0.113.7');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(await refused.json()).toMatchObject({ code: 'too-many-requests', status: 429 });
    expect((await from('203.0.113.8')).status).toBe(200);
    // unmatched addresses cost too, or guessing would be free
    expect((await server.get('/nowhere', { 'x-forwarded-for': '203.0.113.7' })).status).toBe(429);
    expect((await server.get('/health/live', { 'x-forwarded-for': '203.0.113.7' })).status).toBe(200);
    await server.close();
  });

  it('believes nobody about the client where no proxy is trusted', async () => {
    const server = await anApp({ settings: { RATE_LIMIT: '2' } });
    const statuses: number[] = [];
    for (const client of ['203.0.113.1', '203.0.113.2', '203.0.113.3'])
      statuses.push((await server.get('/api/v1/papers', { 'x-forwarded-for': client })).status);
    await server.close();
    expect(statuses).toEqual([200, 200, 429]);
  });
});
