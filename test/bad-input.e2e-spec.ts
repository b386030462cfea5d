import { request } from 'node:http';
import { stockOn } from './support/a-library.js';
import { anApp, type AnApp } from './support/an-app.js';

/** Longer than anything may take on a busy machine; a query that hangs is what this is about. */
const AT_MOST_MS = 5_000;

/** As the bytes stand, without a client library that would mend them. */
const ask = (url: string): Promise<{ status: number; type: string; body: string; ms: number }> =>
  new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const { hostname, port } = new URL(url);
    const asked = request({ hostname, port, path: url.slice(`http://${hostname}:${port}`.length), agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part: string) => (body += part));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: String(response.headers['content-type']),
          body,
          ms: performance.now() - startedAt,
        }),
      );
    });
    asked.on('error', reject).end();
  }); // prettier-ignore

/** Lists that take filters, with what they need besides. */
const FILTERED = [
  '/api/v1/papers?',
  '/api/v1/facets?',
  '/api/v1/stats/timeline?by=condition&',
  '/api/v1/stats/matrix?rows=condition&cols=study&',
  '/api/v1/changes?',
  '/api/v1/export?format=ndjson&',
  '/api/v1/digests/2026-W47?',
];
const LENIENT = [
  '/feeds/papers.atom?',
  '/feeds/papers.rss?',
  '/feeds/papers.json?',
  '/feeds/digests.atom?',
  '/papers/90000001?',
];

/** Refused with a problem that says what to do. */
const BAD: Record<string, string> = {
  'an unknown parameter': 'colour=blue',
  'a parameter of the prototype': '__proto__=1&constructor=2',
  'an unknown value': 'condition=pstd',
  'a value of another facet': 'study=ptsd',
  'SQL as a value': `condition=${encodeURIComponent("ptsd' OR 1=1; DROP TABLE paper; --")}`,
  'an impossible date': 'from=2026-02-30',
  'a date of another country': 'from=24.11.2026',
  'dates the wrong way round': 'from=2026-11-20&to=2026-11-01',
  'a year without end': 'from=999999999-01-01',
  'a scalar given twice': 'dateType=added&dateType=published',
  'a huge number': 'minParticipants=99999999999999999999999',
  'a negative number': 'minParticipants=-5',
  'a number that is none': 'minParticipants=NaN',
  'a PMID that is none': 'pmid=12abc',
  'a query without end': `q=${'depression+'.repeat(1_000)}`,
  'a word without end': `q=${'a'.repeat(10_000)}`,
  'bytes that are no UTF-8': 'q=%FF%FE',
  'half an escape': 'q=100%',
};
/** Taken for the words that they are: 200, or 400 where there is nothing in them to look for. */
const WORDS: Record<string, string> = {
  'operators of a query language': `q=${encodeURIComponent('NEAR(a b) AND OR NOT ^ { } : + - * ( )')}`,
  'an open quotation': `q=${encodeURIComponent('"open')}`,
  'a hyphenated word': 'q=IL-6',
  'an apostrophe': `q=${encodeURIComponent("it's")}`,
  'column syntax': `q=${encodeURIComponent('title:ketamine')}`,
  'SQL': `q=${encodeURIComponent("'; DROP TABLE paper; --")}`,
  'markup': `q=${encodeURIComponent('<script>alert(1)</script>')}`,
  'control characters': 'q=a%00b%08c%1Bd',
  'bare stars and dashes': `q=${encodeURIComponent('* - ** -- *a')}`,
  'right-to-left marks': `q=${encodeURIComponent('\u202Eketamine')}`,
  'an emoji and half of one': `q=${encodeURIComponent('💊')}%ED%A0%80`.replace('%ED%A0%80', ''),
  'backslashes': `q=${encodeURIComponent('\\ \\" \\0 %_')}`,
}; // prettier-ignore

describe('bad input', () => {
  let server: AnApp;
  beforeAll(async () => {
    server = await anApp();
    const { store, tag } = stockOn(server.database);
    const papers = Array.from({ length: 30 }, (_, index) => ({ pmid: String(90_000_001 + index), title: `Ketamine ${index}`, added: '2026-11-18' })); // prettier-ignore
    await store(papers);
    await tag(Object.fromEntries(papers.map(({ pmid }) => [pmid, { condition: ['ptsd'] }])));
  });
  afterAll(() => server.close());

  it.each(Object.entries(BAD))('%s is 400 with a problem that helps, everywhere in the API', async (_, query) => {
    for (const address of FILTERED) {
      const { status, type, body, ms } = await ask(`${server.url}${address}${query}`);
      expect({ address, status, type }).toEqual({ address, status: 400, type: 'application/problem+json; charset=utf-8' }); // prettier-ignore
      const problem = JSON.parse(body) as { detail: string; errors?: { message: string }[] };
      expect(problem.detail.length).toBeGreaterThan(10);
      expect(body.length).toBeLessThan(20_000);
      expect(body).not.toMatch(/SELECT |FROM "|at \w+ \(|node_modules/);
      expect(ms).toBeLessThan(AT_MOST_MS);
    }
  });

  it.each(Object.entries(BAD))('%s keeps no feed or page from being read, unless it cannot be read itself', async (name, query) => {
    for (const address of LENIENT) {
      const { status, ms } = await ask(`${server.url}${address}${query}`);
      const unreadable = /UTF-8|escape/.test(name);
      expect({ address, status }).toEqual({ address, status: unreadable ? 400 : 200 });
      expect(ms).toBeLessThan(AT_MOST_MS);
    }
  }); // prettier-ignore

  it.each(Object.entries(WORDS))('%s in q are words', async (_, query) => {
    for (const address of [...FILTERED, ...LENIENT]) {
      const { status, body, ms } = await ask(`${server.url}${address}${query}`);
      expect({ address, status, body: status >= 500 ? body : '' }).toEqual({ address, status: status === 400 ? 400 : 200, body: '' }); // prettier-ignore
      expect(ms).toBeLessThan(AT_MOST_MS);
    }
  });

  it.each(['limit=0', 'limit=100001', 'limit=1e3', 'limit=9999999999', 'limit=-1', 'limit=', 'limit=5&limit=6', 'limit=%20'])(
    'limit: %s',
    async (query) => {
      for (const path of ['/api/v1/papers', '/api/v1/changes', '/api/v1/runs', '/api/v1/digests']) {
        const { status } = await ask(`${server.url}${path}?${query}`);
        expect({ path, status }).toEqual({ path, status: query === 'limit=' ? 200 : 400 });
      }
    },
  ); // prettier-ignore

  it('says no to cursors of another query, of another list, and to those tampered with', async () => {
    const first = JSON.parse((await ask(`${server.url}/api/v1/papers?limit=5&condition=ptsd`)).body) as { page: { next: string } }; // prettier-ignore
    const cursor = first.page.next;
    const good = await ask(`${server.url}/api/v1/papers?limit=5&condition=ptsd&cursor=${cursor}`);
    expect(good.status).toBe(200);
    const changed = (at: number) => cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1);
    const tries = [
      `/api/v1/papers?limit=5&condition=ocd&cursor=${cursor}`,
      `/api/v1/papers?limit=5&condition=ptsd&sort=published&cursor=${cursor}`,
      `/api/v1/changes?since=${cursor}`,
      `/api/v1/runs?cursor=${cursor}`,
      `/api/v1/digests?cursor=${cursor}`,
      `/feeds/papers.atom?condition=ptsd&cursor=${cursor}`,
      `/api/v1/papers?limit=5&condition=ptsd&cursor=${cursor.slice(0, -3)}`,
      `/api/v1/papers?limit=5&condition=ptsd&cursor=${'x'.repeat(5_000)}`,
      `/api/v1/papers?limit=5&condition=ptsd&cursor=${encodeURIComponent('{"$gt":""}')}`,
      ...[0, 3, Math.floor(cursor.length / 2)].map((at) => `/api/v1/papers?limit=5&condition=ptsd&cursor=${changed(at)}`),
    ];
    for (const path of tries) {
      const { status, body } = await ask(`${server.url}${path}`);
      expect({ path: path.slice(0, 80), status }).toEqual({ path: path.slice(0, 80), status: 400 });
      expect(['invalid-cursor', 'unknown-value']).toContain((JSON.parse(body) as { code: string }).code);
    }
  }); // prettier-ignore

  it.each([
    '/api/v1/papers/0',
    '/api/v1/papers/abc',
    '/api/v1/papers/99999999999999999999',
    '/api/v1/papers/1%27%20OR%201=1',
    '/api/v1/papers/90000001%00',
    '/api/v1/papers/..%2F..%2Fetc%2Fpasswd',
    '/api/v1/papers/90000001/similar/x',
    '/api/v1/runs/../../etc/passwd',
    '/api/v1/runs/x',
    '/assets/..%2F..%2Fpackage.json',
    '/digests/2027-W01',
    `/api/v1/papers/${'9'.repeat(200)}`,
    '/problems/__proto__',
    '/feeds/__proto__.atom',
  ])('%s is not there', async (path) => {
    const { status, ms } = await ask(`${server.url}${path}`);
    expect(status).toBe(404);
    expect(ms).toBeLessThan(AT_MOST_MS);
  });

  it.each(['/api/v1/digests/2026-W99', '/api/v1/digests/today', '/digests/%00', `/api/v1/papers/${'9'.repeat(5_000)}`])(
    '%s cannot be meant',
    async (path) => {
      const { status } = await ask(`${server.url}${path}`);
      expect(status).toBe(400);
    },
  );

  it('is never an error of ours', () => {
    expect(server.lines.filter((line) => /"level":"error"/.test(line))).toEqual([]);
  });
});
