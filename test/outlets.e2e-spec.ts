import { parse } from 'csv-parse/sync';
import { parseAtomFeed, parseRssFeed } from 'feedsmith';
import { request } from 'node:http';
import { KeptStore } from '../src/store/kept.store.js';
import { DigestService } from '../src/digest/digest.service.js';
import { IssueService } from '../src/digest/issue.service.js';
import { stockOn } from './support/a-library.js';
import { anApp, type AnApp } from './support/an-app.js';
import { readCitations, readNbib } from './support/read-citations.js';

const SITE = 'https://papers.example.org';

/** 450 papers of back-fill, some every month from 2024 on, and 5 that came with the last syncs. */
async function fill({ database }: AnApp): Promise<void> {
  const { store, tag } = stockOn(database);
  const month = (index: number) => new Date(Date.UTC(2024, index % 33, 1)).toISOString().slice(0, 7);
  const old = Array.from({ length: 450 }, (_, index) => ({
    pmid: String(80_000_001 + index),
    title: `Old paper ${index} <i>& co</i>`,
    added: `${month(index)}-1${index % 10}`,
    published: { text: '1999 Dec', date: '1999-12' },
  }));
  await store(old);
  const fresh = Array.from({ length: 5 }, (_, index) => ({
    pmid: String(90_000_001 + index),
    title: `New paper ${index}`,
    added: '2026-11-18',
    doi: `10.5555/new.${index}`,
  }));
  await store(fresh);
  await tag(Object.fromEntries(old.map(({ pmid }, index) => [pmid, { condition: index % 2 ? ['ptsd'] : ['ocd'] }])));
  await tag(Object.fromEntries(fresh.map(({ pmid }) => [pmid, { condition: ['ptsd'], study: 'rct' }])));
}

describe('outlets', () => {
  let server: AnApp;
  const text = async (path: string) => {
    const response = await server.get(path);
    expect(response.status).toBe(200);
    return response.text();
  };
  beforeAll(async () => {
    server = await anApp({ settings: { PUBLIC_URL: SITE } });
    await fill(server);
  });
  afterAll(() => server.close());

  describe('feeds of papers', () => {
    it('hold the 200 papers that became visible last, newest first, and lead to the rest without a gap', async () => {
      const seen: string[] = [];
      let path: string | null = '/feeds/papers.atom';
      for (let pages = 0; path !== null && pages < 5; pages++) {
        const feed: ReturnType<typeof parseAtomFeed> = parseAtomFeed(await text(path));
        const published = feed.entries?.map((entry) => entry.published ?? '') ?? [];
        expect([...published].sort().reverse()).toEqual(published);
        seen.push(...(feed.entries ?? []).map((entry) => entry.id ?? ''));
        const next: string | undefined = feed.links?.find((link) => link.rel === 'next')?.href;
        path = next === undefined ? null : next.slice(SITE.length);
        if (pages === 0) expect(feed.entries).toHaveLength(200);
      }
      expect(seen).toHaveLength(455);
      expect(new Set(seen).size).toBe(455);
      expect(seen.slice(0, 5).every((id) => id.startsWith('info:pmid/9000000'))).toBe(true);
    });

    it('have an archive of months that covers everything and does not change when papers come', async () => {
      const feed = parseAtomFeed(await text('/feeds/papers.atom?condition=ptsd'));
      const seen = new Set(feed.entries?.map((entry) => entry.id));
      let path = feed.links?.find((link) => link.rel === 'prev-archive')?.href?.slice(SITE.length);
      const archives = new Map<string, string>();
      while (path !== undefined) {
        const document = await text(path);
        archives.set(path, document);
        const archive = parseAtomFeed(document);
        expect(archive.links?.find((link) => link.rel === 'current')?.href).toBe(
          `${SITE}/feeds/papers.atom?condition=ptsd`,
        );
        expect(document).toContain('<fh:archive/>');
        expect(archive.id).toBe(feed.id);
        for (const entry of archive.entries ?? []) seen.add(entry.id);
        path = archive.links?.find((link) => link.rel === 'prev-archive')?.href?.slice(SITE.length);
      }
      expect(seen.size).toBe(230);
      expect(archives.size).toBeGreaterThan(1);
      const { store, tag } = stockOn(server.database);
      await store([{ pmid: '90000100', title: 'Came later', added: '2026-11-02' }]);
      await tag({ '90000100': { condition: ['ptsd'] } });
      for (const [address, document] of archives) expect(await text(address)).toBe(document);
      expect(
        parseAtomFeed(await text('/feeds/papers.atom?condition=ptsd')).entries?.map((entry) => entry.id),
      ).toContain('info:pmid/90000100');
    });

    it('take any filters, and ignore what they do not know', async () => {
      const feed = parseRssFeed(await text('/feeds/papers.rss?study=rct&condition=ptsd&utm_source=x&colour=blue'));
      expect(feed.items).toHaveLength(5);
      expect(feed.title).toContain('PTSD');
      expect(feed.link).toMatch(/^https:\/\/papers\.example\.org\/papers\?condition=ptsd&study=rct$/);
      expect(parseAtomFeed(await text('/feeds/papers.atom?condition=no-such-thing&archive=nonsense')).entries).toHaveLength(200); // prettier-ignore
    });

    it('answer 304 while nothing has changed, by ETag and by date', async () => {
      const first = await server.get('/feeds/papers.json?study=rct');
      expect(first.headers.get('content-type')).toBe('application/feed+json; charset=utf-8');
      expect(first.headers.get('cache-control')).toBe('public, max-age=300');
      expect(first.headers.get('access-control-allow-origin')).toBe('*');
      await first.text();
      const again = await server.get('/feeds/papers.json?study=rct', { 'if-none-match': first.headers.get('etag')! });
      expect(again.status).toBe(304);
      const dated = first.headers.get('last-modified');
      if (dated !== null)
        expect((await server.get('/feeds/papers.json?study=rct', { 'if-modified-since': dated })).status).toBe(304);
    });

    it('say no to a cursor that was tampered with, and to feeds that do not exist', async () => {
      expect((await server.get('/feeds/papers.atom?cursor=abc')).status).toBe(400);
      for (const path of ['/feeds/papers', '/feeds/papers.xml', '/feeds/authors.atom', '/feeds/papers.atom.x'])
        expect((await server.get(path)).status).toBe(404);
    });
  });

  describe('feeds of digests', () => {
    it('hold issued weeks, under filters those with something in them', async () => {
      expect(parseAtomFeed(await text('/feeds/digests.atom')).entries ?? []).toHaveLength(0);
      await new KeptStore(server.database).write('news-from', '2026-11-16');
      await new KeptStore(server.database).write('sync', { query: 'q', from: '1800-01-01', watchFrom: '2026-11-24', cursor: '2026-11-24' }); // prettier-ignore
      await server.app.get(IssueService).issueDue();
      const feed = parseAtomFeed(await text('/feeds/digests.atom'));
      expect(feed.entries).toHaveLength(1);
      const [entry] = feed.entries ?? [];
      expect(entry?.links?.[0]?.href).toBe(`${SITE}/digests/2026-W47`);
      expect(entry?.content?.value).toContain('New paper 3');
      expect(entry?.content?.value).not.toMatch(/href="[#/]/);
      const issue = await server.app
        .get(DigestService)
        .read(await server.app.get(DigestService).resolveWeek('latest'), '');
      expect(entry?.published).toBe(issue.issuedAt);
      expect(parseAtomFeed(await text('/feeds/digests.atom?condition=ptsd')).entries).toHaveLength(1);
      expect(parseAtomFeed(await text('/feeds/digests.atom?condition=ocd')).entries ?? []).toHaveLength(0);
      expect(parseRssFeed(await text('/feeds/digests.rss')).items).toHaveLength(1);
    });
  });

  describe('exports', () => {
    it.each([
      ['ris', 'application/x-research-info-systems', (body: string) => readCitations(body, '@ris/file').length],
      ['bibtex', 'application/x-bibtex', (body: string) => readCitations(body, '@bibtex/text').length],
      ['csl', 'application/vnd.citationstyles.csl+json', (body: string) => (JSON.parse(body) as unknown[]).length],
      ['nbib', 'application/nbib', (body: string) => readNbib(body).length],
      ['csv', 'text/csv', (body: string) => (parse(body, { bom: true }) as unknown[]).length - 1],
      ['ndjson', 'application/x-ndjson', (body: string) => body.trim().split('\n').length],
    ])('%s holds every paper under the filters', async (format, type, count) => {
      const response = await server.get(`/api/v1/export?format=${format}&condition=ptsd`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain(type);
      expect(response.headers.get('content-disposition')).toMatch(
        /^attachment; filename="ketamine-papers-2026-11-24\.\w+"$/,
      );
      expect(count(await response.text())).toBe(231);
    });

    it('are the same papers in the same order as the list', async () => {
      const list = (await (await server.get('/api/v1/papers?condition=ptsd&limit=100&sort=published')).json()) as { data: unknown[] }; // prettier-ignore
      const lines = (await text('/api/v1/export?format=ndjson&condition=ptsd&sort=published')).split('\n');
      expect(lines.slice(0, 100).map((line) => JSON.parse(line) as unknown)).toEqual(list.data);
    });

    it('come with an ETag without having been read, and 304 to whoever has them', async () => {
      const path = '/api/v1/export?format=csv&condition=ptsd';
      const first = await server.get(path);
      const etag = first.headers.get('etag')!;
      await first.text();
      expect(etag).toMatch(/^W\/"/);
      expect((await server.get(path, { 'if-none-match': etag })).status).toBe(304);
      await stockOn(server.database).store([{ pmid: '90000200', added: '2026-11-24' }]);
      const after = await server.get(path, { 'if-none-match': etag });
      expect(after.status).toBe(200);
      await after.text();
    });

    it('answer HEAD without reading anything', async () => {
      const response = await fetch(`${server.url}/api/v1/export?format=ris`, { method: 'HEAD' });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-disposition')).toContain('.ris"');
      expect(await response.text()).toBe('');
    });

    it('say what formats there are', async () => {
      for (const query of ['', '?format=', '?format=xls', '?format=ris&format=csv']) {
        const response = await server.get(`/api/v1/export${query}`);
        expect(response.status).toBe(400);
        expect(await response.json()).toMatchObject({
          code: 'unknown-value',
          errors: [{ parameter: 'format', allowed: ['ris', 'bibtex', 'csl', 'nbib', 'csv', 'ndjson'] }],
        });
      }
      expect((await server.get('/api/v1/export?format=ris&colour=blue')).status).toBe(400);
    });

    it('stop when the reader goes', async () => {
      await new Promise<void>((resolve, reject) => {
        const asked = request(`${server.url}/api/v1/export?format=ndjson&relevance=any`, (response) => {
          response.once('data', () => {
            response.destroy();
            resolve();
          });
        });
        asked.on('error', reject).end();
      });
      expect((await server.get('/health/live')).status).toBe(200);
      expect(server.lines.join('')).not.toContain('export broke off');
    });
  });

  describe('metrics', () => {
    it('tell how the process and the store are, by route and never by address', async () => {
      await server.get('/api/v1/papers/90000001');
      await server.get('/confirm/s3cr3t-token');
      const body = await text('/metrics');
      expect(body).toMatch(/^tracker_papers 457$/m);
      expect(body).toMatch(/^tracker_store_up 1$/m);
      expect(body).toMatch(
        /http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/papers\/:pmid",status="2xx"\} \d+/,
      );
      expect(body).toContain('process_resident_memory_bytes');
      expect(body).not.toContain('s3cr3t');
      expect(body).not.toContain('90000001');
    });

    it('are for the machine itself and its private network, else for holders of the token', async () => {
      const outside = { 'x-forwarded-for': '203.0.113.9' };
      expect((await server.get('/metrics', outside)).status).toBe(404);
      const guarded = await anApp({ settings: { ADMIN_TOKEN: 'a-token-of-the-tests', TRUST_PROXY: '1' } });
      expect((await guarded.get('/metrics', outside)).status).toBe(401);
      expect((await guarded.get('/metrics', { ...outside, authorization: 'Bearer wrong-token' })).status).toBe(401);
      expect((await guarded.get('/metrics', { ...outside, authorization: 'Bearer a-token-of-the-tests' })).status).toBe(
        200,
      );
      expect((await guarded.get('/metrics', { 'x-forwarded-for': '10.1.2.3' })).status).toBe(200);
      await guarded.close();
    });
  });

  describe('the interactive description', () => {
    it('comes whole from this server, with a style policy of its own', async () => {
      const page = await server.get('/api/docs');
      const body = await page.text();
      expect(page.headers.get('content-security-policy')).toContain("style-src 'self' 'unsafe-inline'");
      expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
      expect(body).not.toMatch(/https?:\/\//);
      for (const [, path] of body.matchAll(/(?:src|href)="([^"]+)"/g))
        expect((await server.get(path!)).status).toBe(200);
      const other = await server.get('/problems');
      expect(other.headers.get('content-security-policy')).not.toContain('unsafe-inline');
    });
  });
});
