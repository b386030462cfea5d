import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { IssueService } from '../src/digest/issue.service.js';
import { KeptStore } from '../src/store/kept.store.js';
import { RunsStore } from '../src/store/runs.store.js';
import { stockOn } from './support/a-library.js';
import { anApp, type AnApp } from './support/an-app.js';

interface Operation {
  operationId: string;
  responses: Record<string, { content?: Record<string, unknown> }>;
}
const description = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
};

const ajv = new Ajv2020.default({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(description, 'openapi');

const pointer = (text: string) => text.replaceAll('~', '~0').replaceAll('/', '~1');
const validator = (path: string, method: string, status: string, type: string): ValidateFunction =>
  ajv.compile({
    $ref: `openapi#/paths/${pointer(path)}/${method}/responses/${status}/content/${pointer(type)}/schema`,
  });

/** What to ask each address for, beyond the bare address. */
const SAMPLES: Record<string, string[]> = {
  '/api/v1/papers': [
    '',
    '?limit=3&q=paper',
    '?condition=ptsd,-ocd&sort=published&from=2024-01-01',
    '?limit=1&sort=match&q=new',
  ],
  '/api/v1/papers/{pmid}': [''],
  '/api/v1/facets': ['', '?condition=ptsd'],
  '/api/v1/stats/timeline': ['?by=condition&interval=month', '?by=study&interval=year&dateType=published'],
  '/api/v1/stats/matrix': ['?rows=condition&cols=direction', '?rows=condition&cols=study&split=species'],
  '/api/v1/changes': ['', '?limit=2', '?condition=ptsd'],
  '/api/v1/digests': ['', '?condition=ptsd&limit=2'],
  '/api/v1/digests/{week}': ['', '?condition=ptsd'],
  '/api/v1/admin/preview': ['?week=2026-W47'],
  '/api/v1/runs': ['', '?job=sync&limit=1'],
};
/** Answers to people who bring the admin token. */
const TOKEN = 'a-token-of-the-tests';

describe('the API description', () => {
  let server: AnApp;
  let runId: string;
  beforeAll(async () => {
    server = await anApp({ settings: { ADMIN_TOKEN: TOKEN } });
    const { store, tag } = stockOn(server.database);
    const papers = Array.from({ length: 12 }, (_, index) => ({
      pmid: String(90_000_001 + index),
      title: `New paper ${index} on ketamine`,
      added: `2026-11-${10 + index}`,
      status: { retracted: index === 3, concern: false, corrected: false, updated: false, preprint: index === 4 },
      mesh: [{ ui: 'D007649', name: 'Ketamine', major: true, qualifiers: [] }],
      related: index === 3 ? [{ type: 'RetractionIn', pmid: null, text: 'J Fict. 2026' }] : [],
      authors: [{ name: 'Abara A', given: null, family: 'Abara', initials: 'A', suffix: null, orcid: null, collective: false, valid: true, equalContribution: false, affiliations: ['Nowhere'] }],
    })); // prettier-ignore
    await store(papers);
    await tag(
      Object.fromEntries(
        papers.map(({ pmid }, index) => [pmid, {
          condition: [index % 2 ? 'ptsd' : 'ocd'],
          study: 'rct',
          species: ['human'],
          facts: { participants: { value: 20 + index, unit: 'participants' as const }, finding: 'It helped.' },
        }]),
      ),
    ); // prettier-ignore
    const runs = new RunsStore(server.database);
    const kept = new KeptStore(server.database);
    await kept.write('news-from', '2026-11-09');
    await kept.write('sync', { query: 'q', from: '1800-01-01', watchFrom: '2026-11-24', cursor: '2026-11-24' });
    await server.app.get(IssueService).issueDue();
    runId = await runs.start('sync', 'command', 'test', Date.parse('2026-11-24T10:00:00Z'));
    await runs.finish(runId, 'complete', Date.parse('2026-11-24T10:05:00Z'), null);
  });
  afterAll(() => server.close());

  it('describes every route of the API, the feeds and the operation', () => {
    const described = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{\w+\}/g, 'X')}`),
    );
    const missing = server.routes
      .filter(({ method, url }) => method !== 'HEAD' && /^\/(api\/v1|feeds|health|metrics)/.test(url))
      .filter(({ method, url }) => {
        const pattern = new RegExp(`^${method} ${url.replace(/:\w+/g, '[^/]+').replace(/\/$/, '')}$`);
        return !described.some((one) => pattern.test(one));
      });
    expect(missing).toEqual([]);
  });

  it('describes nothing that is not there', async () => {
    for (const [path, methods] of Object.entries(description.paths))
      for (const method of Object.keys(methods)) {
        const known = server.routes.some(
          (route) =>
            route.method === method.toUpperCase() && new RegExp(`^${route.url.replace(/:\w+/g, '[^/]+')}$`).test(path),
        );
        expect(`${method} ${path} ${known}`).toBe(`${method} ${path} true`);
      }
    await Promise.resolve();
  });

  const reads = Object.entries(description.paths).flatMap(([path, { get }]) =>
    get && Object.hasOwn(get.responses['200']?.content ?? {}, 'application/json') ? [[path, get] as const] : [],
  );

  it.each(reads)('%s answers as described', async (path) => {
    const address = path.replace('{pmid}', '90000004').replace('{week}', '2026-W47').replace('{id}', runId);
    const headers: Record<string, string> = path.includes('/admin/') ? { authorization: `Bearer ${TOKEN}` } : {};
    const validate = validator(path, 'get', '200', 'application/json');
    for (const sample of SAMPLES[path] ?? ['']) {
      const response = await server.get(`${address}${sample}`, headers);
      const body: unknown = await response.json();
      expect({ sample, status: response.status }).toEqual({ sample, status: 200 });
      expect({ sample, valid: validate(body), errors: validate.errors }).toEqual({ sample, valid: true, errors: null });
    }
  });

  it.each(reads.filter(([path]) => !/health|openapi|admin/.test(path)))('%s refuses as described', async (path) => {
    const address = path.replace('{pmid}', '90000004').replace('{week}', '2026-W47').replace('{id}', runId);
    const response = await server.get(`${address}?no-such-parameter=1`);
    expect(response.status).toBe(400);
    const validate = validator(path, 'get', '400', 'application/problem+json');
    const body: unknown = await response.json();
    expect({ valid: validate(body), errors: validate.errors }).toEqual({ valid: true, errors: null });
  });

  it('is served with the values of the taxonomy in use', async () => {
    const served = (await (await server.get('/api/v1/openapi.json')).json()) as unknown;
    expect(served).toEqual(description);
  });

  it('makes a client that compiles, works, and does not compile when misused', async () => {
    mkdirSync('data/var', { recursive: true });
    const folder = mkdtempSync(join('data/var', 'client-'));
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [
        'test/support/drive-client.mjs',
        'docs/openapi.json',
        server.url,
        resolve(folder),
      ]);
      const { errors, misuse, answers } = JSON.parse(stdout) as {
        errors: string[];
        misuse: number;
        answers: Record<string, unknown> & { pages: string[][] };
      };
      expect(errors).toEqual([]);
      expect(misuse).toBe(3);
      expect(answers).toMatchObject({ listed: 5, total: 12, study: 'rct', runs: 1, file: 'TY  - JOU' });
      expect(answers['refusal']).toMatchObject({ code: 'unknown-value' });
      expect(new Set(answers.pages.flat()).size).toBe(10);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
