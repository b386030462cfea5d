import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { aProcess, type AProcess } from './support/a-process.js';

/** What a careless surrounding may hold: none of it may be touched by the demo. */
const DOT_ENV = [
  'NCBI_BASE_URL=https://eutils.ncbi.nlm.nih.gov/entrez/eutils/',
  'NCBI_EMAIL=somebody@example.org',
  'SMTP_URL=smtp://mail.example.org:25',
  'MAIL_FROM=Tracker <tracker@example.org>',
  'PUBLIC_URL=https://tracker.example.org',
  'DATABASE_URL=postgres://nobody:secret@db.example.org:5432/real',
].join('\n');

const OUTSIDE = /pubmed\.ncbi\.nlm\.nih\.gov|doi\.org\/|pmc\.ncbi|(tracker|mail|db)\.example\.org/;

interface Envelope<T> {
  data: T;
  page?: { total: number };
}
interface Digest {
  week: string;
  state: string;
  complete: boolean;
  counts: { papers: number; late: number; corrections: number };
  corrections?: { kind: string; title: string }[];
}

// the files of the build: `npm test` makes them first
const built = existsSync('dist/cli.js');

(built ? describe : describe.skip)('npm run demo', () => {
  let demo: AProcess;
  let url: string;
  const get = (path: string) => fetch(`${url}${path}`);
  const json = async <T>(path: string) => (await (await get(path)).json()) as Envelope<T>;

  beforeAll(async () => {
    demo = aProcess(['dist/cli.js', 'demo'], { dotEnv: DOT_ENV });
    await demo.says(/The demo is ready/);
    url = /ready: (http:\/\/[^\s/]+)/.exec(demo.output())?.[1] ?? '';
  }, 180_000);
  afterAll(async () => {
    expect(await demo.stop()).toBe(0);
  });

  it('tells where it is, that all of it is invented, and how to stop it', () => {
    expect(demo.output()).toMatch(/ready: http:\/\/127\.0\.0\.1:\d+\//);
    expect(demo.output()).toMatch(/invented/);
    expect(demo.output()).toMatch(/Ctrl\+C/);
  });

  it('is complete, with the weeks behind it in the ledger', async () => {
    const health = (await (await get('/health/ready')).json()) as { status: string; counts: { untagged: number } };
    expect(health.status).toBe('ok');
    const runs = await json<{ job: string; status: string; startedAt: string }[]>('/api/v1/runs?job=sync&limit=100');
    expect(runs.data.length).toBeGreaterThan(15);
    expect(runs.data.every(({ status }) => status === 'complete' || status === 'running')).toBe(true);
  });

  it('has papers of every year, this week too, and every one of them with a number of the invented', async () => {
    const papers = await json<{ pmid: string; added: string }[]>('/api/v1/papers?relevance=any&limit=100');
    expect(papers.page?.total).toBeGreaterThan(160);
    expect(papers.data.every(({ pmid }) => Number(pmid) > 99_000_000)).toBe(true);
    const age = (Date.now() - Date.parse(papers.data[0]?.added ?? '')) / 86_400_000;
    expect(age).toBeLessThan(3);
  });

  it('has issued the past weeks, with a late paper, a retraction, a concern, an erratum and a new version', async () => {
    const { data } = await json<Digest[]>('/api/v1/digests?limit=20');
    const issued = data.filter(({ state }) => state === 'issued');
    expect(issued.length).toBeGreaterThanOrEqual(8);
    expect(issued.every(({ complete }) => complete)).toBe(true);
    expect(issued.every(({ counts }) => counts.papers >= 4)).toBe(true);
    expect(issued.reduce((sum, { counts }) => sum + counts.late, 0)).toBe(1);
    const kinds = new Set<string>();
    for (const { week } of issued)
      for (const { kind } of (await json<Digest>(`/api/v1/digests/${week}`)).data.corrections ?? []) kinds.add(kind);
    expect([...kinds].sort()).toEqual(['concern', 'erratum', 'retraction', 'update']);
  });

  it('links to neither PubMed nor a DOI, in answers and on pages', async () => {
    const papers = await json<{ pmid: string; links: Record<string, string | null> }[]>('/api/v1/papers?limit=20');
    for (const { links } of papers.data) expect(Object.values(links).filter(Boolean)).toEqual([]);
    const pages = ['/digests', '/digests/latest', '/digests/latest.md', '/runs', `/papers/${papers.data[0]?.pmid}`];
    for (const path of pages) {
      const text = await (await get(path)).text();
      expect(text.length).toBeGreaterThan(500);
      expect(text).not.toMatch(OUTSIDE);
    }
  });

  it('says on its pages that the records are fictional', async () => {
    expect(await (await get('/digests')).text()).toMatch(/fictional records/i);
  });

  it('has written the mails of a reader to its outbox, with the news of a retraction, and sent none', async () => {
    const outbox = join(demo.folder, 'data/var/demo/outbox');
    const mails = await Promise.all(
      readdirSync(outbox).map((name) => PostalMime.parse(readFileSync(join(outbox, name)))),
    );
    expect(mails.length).toBeGreaterThan(6);
    expect(mails.filter(({ subject }) => /retraction/.test(subject ?? ''))).toHaveLength(1);
    for (const { to, html, text } of mails) {
      expect(to?.[0]?.address).toBe('reader@example.org');
      expect(`${html}${text}`).toContain(url);
      expect(`${html}${text}`).not.toMatch(OUTSIDE);
    }
  });

  it('wanted to reach nobody outside this machine', () => {
    expect(demo.outsideHosts()).toEqual([]);
    expect(demo.output()).not.toMatch(OUTSIDE);
  });
});
