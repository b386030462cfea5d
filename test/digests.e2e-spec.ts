import { KeptStore } from '../src/store/kept.store.js';
import { PapersStore } from '../src/store/papers.store.js';
import { TaggingService } from '../src/tagging/tagging.service.js';
import { IssueJob } from '../src/jobs/issue-job.js';
import type { Digest } from '../src/model/issue.js';
import { aPaper } from './support/a-paper.js';
import { anApp, type AnApp } from './support/an-app.js';

const AT = '2026-11-24T15:00:00Z';

/** Two weeks of papers, the first one issued. */
async function aTracker(): Promise<AnApp> {
  const it = await anApp({ at: AT, settings: { NEWS_FROM: '2026-11-16' } });
  const papers = new PapersStore(it.database);
  const given = [
    { pmid: '11', added: '2026-11-17', title: 'Ketamine for post-traumatic stress disorder: a randomised controlled trial.' },
    { pmid: '12', added: '2026-11-18', title: 'Esketamine nasal spray in treatment-resistant depression: a cohort study.' },
    { pmid: '13', added: '2026-11-19', title: 'Ketamine <b>& "quotes"</b> | in obsessive-compulsive disorder' },
    { pmid: '14', added: '2026-11-24', title: 'Ketamine for depression, of the week that is open' },
    { pmid: '15', added: '2026-11-04', title: 'Ketamine for depression, before the news' },
  ]; // prettier-ignore
  await it.database.transaction((sql) =>
    papers.storeBatch(sql, given.map(aPaper), {
      source: 'sync',
      runId: 'test',
      at: Date.parse(AT),
      fetchedOn: '2026-11-24',
      newsFrom: '2026-11-16',
    }),
  );
  await new KeptStore(it.database).write('sync', { query: 'q', from: '1800-01-01', watchFrom: '2026-11-24', cursor: '2026-11-24' }); // prettier-ignore
  await it.app.get(TaggingService).run({ trigger: 'command', holder: 'test', signal: new AbortController().signal });
  await it.app.get(IssueJob).run({ trigger: 'command', holder: 'test' });
  return it;
}

const read = async (it: AnApp, path: string, headers?: Record<string, string>) => {
  const answer = await it.get(path, headers);
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text(), answer };
};
const json = async <T>(it: AnApp, path: string) => (JSON.parse((await read(it, path)).text) as { data: T }).data;

describe('digests over HTTP', () => {
  let it_: AnApp;
  beforeAll(async () => {
    it_ = await aTracker();
  });
  afterAll(() => it_.close());

  it('are listed with what they hold, newest first, back to the oldest paper', async () => {
    const weeks = await json<(Pick<Digest, 'week' | 'state' | 'counts'> & { links: Record<string, string> })[]>(
      it_,
      '/api/v1/digests',
    );
    expect(weeks.map(({ week, state, counts }) => [week, state, counts.papers])).toEqual([
      ['2026-W48', 'open', 1],
      ['2026-W47', 'issued', 3],
      ['2026-W46', 'retrospective', 0],
      ['2026-W45', 'retrospective', 1],
    ]);
    for (const link of Object.values(weeks[1]?.links ?? {}))
      expect((await it_.get(new URL(link).pathname)).status).toBe(200);
  });

  it('are listed page by page', async () => {
    const first = JSON.parse((await read(it_, '/api/v1/digests?limit=3')).text) as { page: { next: string } };
    expect(first.page.next).toBe('2026-W45');
    const second = JSON.parse((await read(it_, `/api/v1/digests?limit=3&cursor=${first.page.next}`)).text) as {
      data: { week: string }[];
      page: { next: string | null };
    };
    expect([second.data.map(({ week }) => week), second.page.next]).toEqual([['2026-W45'], null]);
  });

  it('say the same as JSON, page, Markdown and text, by extension and by Accept', async () => {
    const digest = await json<Digest>(it_, '/api/v1/digests/2026-W47');
    expect(digest.papers.map(({ pmid }) => pmid).sort()).toEqual(['11', '12', '13']);
    for (const [path, accept, type] of [
      ['/api/v1/digests/2026-W47.md', undefined, 'text/markdown'],
      ['/api/v1/digests/2026-W47', 'text/markdown', 'text/markdown'],
      ['/api/v1/digests/latest', 'text/plain;q=0.9, application/json;q=0.1', 'text/plain'],
      ['/digests/2026-W47.txt', undefined, 'text/plain'],
      ['/digests/2026-W47', undefined, 'text/html'],
      ['/api/v1/digests/2026-W47.html', undefined, 'text/html'],
    ] as const) {
      const answer = await read(it_, path, accept ? { accept } : {});
      expect([path, answer.status, answer.type]).toEqual([path, 200, `${type}; charset=utf-8`]);
      expect(answer.text).toContain('Esketamine nasal spray in treatment-resistant depression');
      if (type !== 'text/plain') expect(answer.text).not.toContain('<b>&');
    }
  });

  it('take any filter, and name it in words', async () => {
    const digest = await json<Digest>(it_, '/api/v1/digests/2026-W47?condition=ptsd,ocd');
    expect(digest.papers.map(({ pmid }) => pmid).sort()).toEqual(['11', '13']);
    expect((await read(it_, '/digests/2026-W47.txt?condition=ptsd')).text).toContain('Only: Condition: PTSD');
  });

  it('have one page each: the moving names lead to it', async () => {
    const { answer } = await read(it_, '/digests/latest?condition=ptsd');
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/digests/2026-W47?condition=ptsd']);
  });

  it.each([
    ['/api/v1/digests/2026-W54', 400, 'unknown-value'],
    ['/api/v1/digests/yesterday', 400, 'unknown-value'],
    ['/api/v1/digests/2026-W49', 404, 'not-found'],
    ['/api/v1/digests/2027-W53', 404, 'not-found'],
    ['/api/v1/digests/2026-W47?condition=nothing', 400, 'unknown-value'],
    ['/api/v1/digests?limit=0', 400, 'unknown-value'],
    ['/api/v1/digests?cursor=2026', 400, 'invalid-cursor'],
  ])('%s is a problem %i %s', async (path, status, code) => {
    const answer = await read(it_, path);
    expect([answer.status, answer.type, (JSON.parse(answer.text) as { code: string }).code]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
      code,
    ]);
  });

  it('refuse forms that nobody has', async () => {
    expect((await read(it_, '/api/v1/digests/2026-W47', { accept: 'image/png' })).status).toBe(406);
  });

  it('are asked for again and not sent again while nothing has changed', async () => {
    const first = await it_.get('/api/v1/digests/2026-W47');
    const etag = first.headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    expect((await it_.get('/api/v1/digests/2026-W47', { 'if-none-match': etag })).status).toBe(304);
  });

  it('stand in the ledger', async () => {
    expect(await json<unknown[]>(it_, '/api/v1/runs?job=issue')).toMatchObject([
      { job: 'issue', status: 'complete', counts: { issues: 1, papers: 3, late: 0, corrections: 0 } },
    ]);
  });

  it('list their weeks on a page', async () => {
    const page = await read(it_, '/digests?condition=ptsd');
    expect(page.status).toBe(200);
    expect(page.text).toContain('href="/digests/2026-W47?condition=ptsd"');
  });
});
