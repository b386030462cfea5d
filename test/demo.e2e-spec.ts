import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { aProcess, type AProcess } from './support/a-process.js';
import { curl, readFences, splitCommand } from './support/readme.js';

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

  it('tells somebody who subscribes where the mail is, and the link in it works', async () => {
    const form = new URLSearchParams({ email: 'visitor@example.org', frequency: 'weekly', condition: 'ocd' });
    const page = await (await fetch(`${url}/subscribe`, { method: 'POST', body: form })).text();
    const folder = /newest file in <code>([^<]+)</.exec(page)?.[1] ?? 'none';
    const newest = () =>
      readdirSync(join(demo.folder, folder))
        // a mail has its name when it is whole
        .filter((name) => name.endsWith('.eml'))
        .map((name) => readFileSync(join(demo.folder, folder, name), 'utf8'))
        .find((mail) => mail.includes('To: visitor@example.org'));
    let mail = newest();
    while (mail === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      mail = newest();
    }
    const { text } = await PostalMime.parse(mail);
    const link = /http:\S+\/confirm\/\S+/.exec(text ?? '')?.[0] ?? '';
    expect(await (await fetch(link, { method: 'POST' })).text()).toContain('you are subscribed');
  });

  it('wanted to reach nobody outside this machine', () => {
    expect(demo.outsideHosts()).toEqual([]);
    expect(demo.output()).not.toMatch(OUTSIDE);
  });

  // the commands of the documentation, run as they stand there
  describe.each(['README.md'])('%s', (file) => {
    const fences = readFences(file);
    const lines = fences.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.trim().split('\n'));
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

    it.each(lines.filter((line) => line.startsWith('curl ')))('%s', async (line) => {
      const { status, body } = await curl(splitCommand(line), url);
      expect([status, body.length > 20]).toEqual([line.includes('/subscriptions') ? 202 : 200, true]);
      if (body.startsWith('{')) expect(JSON.parse(body)).not.toHaveProperty('data', []);
    });

    it.each(lines.filter((line) => line.startsWith('npm run --silent cli -- ')))('%s', async (line) => {
      const command = aProcess(['dist/cli.js', ...splitCommand(line).slice(5)], {
        env: { DATABASE_URL: `sqlite:${join(demo.folder, 'data/var/demo/tracker.sqlite')}` },
      });
      expect(await command.ended).toBe(0);
      expect(command.output().length).toBeGreaterThan(20);
      await command.stop();
    });

    it.each(fences.filter(({ language }) => language === 'js').map(({ text }) => [text.split('\n')[0], text]))(
      '%s',
      async (_, text = '') => {
        const program = join(demo.folder, 'example.mjs');
        writeFileSync(program, text.replaceAll('http://127.0.0.1:3000', url));
        const example = aProcess([program]);
        expect(await example.ended).toBe(0);
        expect(example.output().split('\n').length).toBeGreaterThan(5);
        await example.stop();
      },
    );

    it('names no npm command that does not exist, and no kind of command that this test does not know', () => {
      const others = lines.filter((line) => !/^curl |^npm run --silent cli -- /.test(line));
      for (const line of others) {
        expect(line).toMatch(/^npm ci && npm (start|test|run \w+)$/);
        expect(scripts).toHaveProperty(/npm (?:run )?(\w+)$/.exec(line)?.[1] ?? '');
      }
    });

    it('links only to pages that are there', async () => {
      const text = readFileSync(file, 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
      const pages = [...new Set(text.match(/http:\/\/127\.0\.0\.1:3000[\w/.-]*/g))];
      const missing: string[] = [];
      for (const page of pages) {
        const { status } = await fetch(page.replace('http://127.0.0.1:3000', url));
        if (status !== 200) missing.push(`${page} ${status}`);
      }
      expect(missing).toEqual([]);
    });
  });
});
