import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { readSampleRecords } from '../src/demo/sample.js';
import { parsePapers } from '../src/pubmed/parse-papers.js';
import { PapersStore } from '../src/store/papers.store.js';
import { RunsStore } from '../src/store/runs.store.js';
import { TaggingStore } from '../src/store/tagging.store.js';
import { createTagger } from '../src/tagging/tag-paper.js';
import { tagRecord } from '../src/tagging/tag-records.js';
import { anApp, type AnApp } from './support/an-app.js';
import { taxonomy } from './support/an-ingest.js';

const text = readFileSync('docs/api.md', 'utf8');
const examples = [...text.matchAll(/^curl '([^']+)'$/gm)].map((match) => match[1] ?? '');

interface Body {
  data: unknown;
  page?: { next: string | null; total: number; more: boolean };
  total?: number;
  filters?: unknown;
}
interface Problem {
  code: string;
  detail: string;
  errors: { parameter: string; message: string; allowed?: string[] }[];
}

describe('the API of the library', () => {
  let app: AnApp;
  const validators = new Map<string, ValidateFunction>();

  beforeAll(async () => {
    app = await anApp();
    const { papers } = parsePapers(`<PubmedArticleSet>${readSampleRecords().join('\n')}</PubmedArticleSet>`);
    const store = new PapersStore(app.database);
    const tagging = new TaggingStore(app.database);
    const tagger = createTagger(taxonomy);
    await app.database.transaction((sql) =>
      store.storeBatch(sql, papers, { source: 'sync', runId: 'r', at: 1_790_000_000_000, fetchedOn: null, newsFrom: '2026-11-01' }),
    ); // prettier-ignore
    const read = await tagging.read(papers.map(({ pmid }) => Number(pmid)));
    await app.database.transaction((sql) =>
      tagging.write(
        sql,
        read.map(({ pmid, record, contentDigest }) => ({ pmid, contentDigest, ...tagRecord(tagger, record)! })),
        { version: tagger.version, at: 1_790_000_001_000, runId: 'r' },
      ),
    ); // prettier-ignore
    const document = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as { paths: Record<string, { get?: { responses: Record<string, { content?: Record<string, { schema: object }> }> } }> }; // prettier-ignore
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    (addFormats as unknown as (to: unknown) => void)(ajv);
    ajv.addSchema(document, 'api');
    for (const [path, { get }] of Object.entries(document.paths))
      if (get?.responses['200']?.content?.['application/json'])
        validators.set(path, ajv.compile({ $ref: `api#/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')}/get/responses/200/content/application~1json/schema` })); // prettier-ignore
  }, 120_000);
  afterAll(() => app.close());

  const ask = async (path: string): Promise<Body> => {
    const answer = await app.get(path);
    const body = (await answer.json()) as Body;
    expect({ path, status: answer.status, body: answer.status === 200 ? null : body }).toEqual({ path, status: 200, body: null }); // prettier-ignore
    const [pathname = ''] = path.split('?');
    const validate = validators.get(pathname.replace(/\/papers\/\d+/, '/papers/{pmid}'));
    validate?.(body);
    expect({ path, errors: validate ? validate.errors : 'not described' }).toEqual({ path, errors: null });
    return body;
  };
  const refused = async (path: string): Promise<Problem> => {
    const answer = await app.get(path);
    expect([path, answer.status, answer.headers.get('content-type')]).toEqual([path, 400, 'application/problem+json; charset=utf-8']); // prettier-ignore
    return (await answer.json()) as Problem;
  };

  it.each(examples)('runs the documented example %s, and answers in the described shape', async (example) => {
    const { pathname, search } = new URL(example);
    await ask(pathname + search);
  });

  it('keeps the documented mirror exact', async () => {
    const [, script = ''] = /```js\n([\s\S]+?)```/.exec(text) ?? [];
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env: { ...process.env, ORIGIN: app.url } }); // prettier-ignore
    const { page } = await ask('/api/v1/papers?condition=depression');
    expect(page?.total).toBeGreaterThan(5);
    expect(Number(stdout)).toBe(page?.total);
  });

  it('leads from page to page by its Link header', async () => {
    const seen: string[] = [];
    let path: string | undefined = '/api/v1/papers?relevance=any&limit=30&sort=published&condition=';
    while (path !== undefined) {
      const answer = await app.get(path);
      seen.push(...((await answer.json()) as { data: { pmid: string }[] }).data.map(({ pmid }) => pmid));
      path = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
    }
    const { page } = await ask('/api/v1/papers?relevance=any');
    expect(seen).toHaveLength(page?.total ?? -1);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('gives a paper another ETag whenever its bytes are others, be it by its evidence alone', async () => {
    const path = '/api/v1/papers?limit=1';
    const [{ pmid = '' } = {}] = (await ask(path)).data as { pmid: string }[];
    const seen = new Map<string, string>();
    const look = async () => {
      const answer = await app.get(`/api/v1/papers/${pmid}`, { 'accept-encoding': 'identity' });
      const body = await answer.text();
      const etag = answer.headers.get('etag') ?? '';
      expect(seen.get(etag) ?? body).toBe(body);
      seen.set(etag, body);
      const again = await app.get(`/api/v1/papers/${pmid}`, { 'accept-encoding': 'identity', 'if-none-match': etag });
      expect(again.status).toBe(304);
      return JSON.parse(body) as { data: { evidence: unknown; revisions: unknown[] }; asOf: string | null };
    };
    const before = await look();
    await look();
    expect(seen.size).toBe(1);

    const tagging = new TaggingStore(app.database);
    const [read] = await tagging.read([Number(pmid)]);
    const { tags, facts } = tagRecord(createTagger(taxonomy), read?.record ?? '')!;
    const evidence = '{"evidence":[],"factEvidence":[]}';
    const written = await app.database.transaction((sql) =>
      tagging.write(sql, [{ pmid, contentDigest: read?.contentDigest ?? '', tags, facts, evidence }], { version: 'another', at: 1_790_000_002_000, runId: 'r' }),
    ); // prettier-ignore
    expect(written).toEqual({ tagged: 1, changed: 0 });
    const after = await look();
    expect(after.data.evidence).toEqual([]);
    expect(before.data.evidence).not.toEqual([]);
    expect(after.data.revisions).toEqual(before.data.revisions);

    const runs = new RunsStore(app.database);
    await runs.finish(await runs.start('sync', 'command', 'test', 1_790_000_003_000), 'complete', 1_790_000_004_000, null); // prettier-ignore
    expect((await look()).asOf).toBe(new Date(1_790_000_004_000).toISOString());
    expect(seen.size).toBe(3);
  });

  it('shows where a paper has the words that were looked for', async () => {
    const { data } = await ask('/api/v1/papers?q=%22nasal+spray%22+depress*&limit=3');
    const papers = data as { title: string; abstract: { text: string }[]; highlights: { field: string; index: number; start: number; end: number; text: string }[] }[]; // prettier-ignore
    expect(papers.length).toBeGreaterThan(0);
    for (const paper of papers) {
      expect(paper.highlights.length).toBeGreaterThan(0);
      for (const { field, index, start, end, text: marked } of paper.highlights) {
        expect(marked).toMatch(/^(nasal spray|.*depress\w*.*)$/i);
        if (field === 'title') expect(paper.title.slice(start, end)).toBe(marked);
        if (field === 'abstract') expect(paper.abstract[index]?.text.slice(start, end)).toBe(marked);
      }
    }
  });

  it('says what is wrong, what is allowed and what was meant', async () => {
    expect(await refused('/api/v1/papers?conditon=ptsd')).toMatchObject({ code: 'unknown-parameter', detail: expect.stringContaining('did you mean condition?') as unknown }); // prettier-ignore
    expect(await refused('/api/v1/facets?condition=depresion')).toMatchObject({ code: 'unknown-value', errors: [{ parameter: 'condition', allowed: expect.arrayContaining(['ptsd']) as unknown }] }); // prettier-ignore
    expect((await refused('/api/v1/stats/matrix?rows=condition')).errors[0]).toMatchObject({ parameter: 'cols', message: 'is needed' }); // prettier-ignore
    expect((await refused('/api/v1/stats/timeline?by=colour')).code).toBe('unknown-value');
    expect((await refused('/api/v1/papers?from=2026-02-30')).code).toBe('invalid-date');
    expect((await refused(`/api/v1/papers?q=${'x'.repeat(10_000)}`)).code).toBe('query-too-long');
    for (const path of ['/api/v1/papers?cursor=AAAA', '/api/v1/changes?since=AAAA', '/api/v1/changes?since=%00'])
      expect((await refused(path)).code).toBe('invalid-cursor');
    for (const query of [
      'q=%00',
      'q=%ff',
      'q=a&q=b',
      'limit=99999999999999999999',
      'limit=0',
      'q=%22%22',
      'pmid=1e9',
      'minParticipants=1.5',
      'freeFullText=yes',
      "condition=ptsd'--",
    ])
      // prettier-ignore
      expect(['unknown-value']).toContain((await refused(`/api/v1/papers?${query}`)).code);
    const { next } = (await ask('/api/v1/papers?limit=1')).page ?? {};
    expect((await refused(`/api/v1/papers?limit=1&condition=ptsd&cursor=${next}`)).code).toBe('invalid-cursor');
  });

  it('answers hostile but readable words with nothing found, not with an error', async () => {
    for (const q of [
      "'; DROP TABLE paper; --",
      'NEAR(a b)',
      'title:ketamine',
      '"unclosed',
      'a AND OR NOT b*c',
      "x' | y <-> z",
      '{title} : xyzzy',
      '\\',
      '🧠 ketamine',
      '中文 ketamine',
    ]) {
      // prettier-ignore
      const answer = await app.get(`/api/v1/papers?q=${encodeURIComponent(q)}`);
      expect([q, [200, 400].includes(answer.status)]).toEqual([q, true]);
      if (answer.status === 400) expect(((await answer.json()) as Problem).errors[0]?.message).toMatch(/words|letters/);
    }
    expect((await ask('/api/v1/papers?relevance=any')).page?.total).toBeGreaterThan(100);
  });

  it('has no similar papers of a paper that is not here', async () => {
    expect((await app.get('/api/v1/papers/1/similar')).status).toBe(404);
    expect((await app.get('/api/v1/papers/x/similar')).status).toBe(404);
  });
});
