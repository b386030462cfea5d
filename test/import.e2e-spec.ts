import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { JobRun } from '../src/model/job-run.js';
import { aRecord, type RecordIdea } from './support/a-record.js';
import { anIngest, type AnIngest } from './support/an-ingest.js';
import { DIALECTS } from './support/database.js';

const HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2027//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_270101.dtd">\n<PubmedArticleSet>\n'; // prettier-ignore
const set = (...parts: string[]) => `${HEAD}${parts.join('\n')}\n</PubmedArticleSet>`;
const deleted = (...pmids: string[]) =>
  `<DeleteCitation>${pmids.map((pmid) => `<PMID Version="1">${pmid}</PMID>`).join('\n')}</DeleteCitation>`;
const ours = (pmid: string, also: Partial<RecordIdea> = {}) =>
  aRecord({ pmid, title: `Ketamine and invented outcome ${pmid}`, ...also });
const others = (count: number, from = 50_000) =>
  Array.from({ length: count }, (_, at) =>
    aRecord({ pmid: String(from + at), title: 'Aspirin', abstract: 'Pages 581.' }),
  );

const expectTrue = (run: JobRun) =>
  expect(run.counted).toBe(run.stored + run.updated + run.unchanged + run.excluded + run.missing + run.failed);

describe.each(DIALECTS)('an import on %s', (dialect) => {
  let it_: AnIngest;
  let folder: string;
  beforeEach(async () => {
    it_ = await anIngest(dialect, []);
    folder = mkdtempSync(join(tmpdir(), 'tracker-import-'));
  });
  afterEach(async () => {
    await it_.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const file = (name: string, content: string | Buffer) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const title = async (pmid: string) => (await it_.papers.findRecord(pmid))?.title ?? null;
  const isGone = async (pmid: string) =>
    (await it_.database.all<{ gone: number }>('SELECT "gone" FROM "paper" WHERE "pmid" = ?', [Number(pmid)]))[0]?.gone;

  it('keeps what the query asks for, plain or gzipped, and asks PubMed nothing', async () => {
    const texts = [
      ours('1'),
      aRecord({ pmid: '2', title: 'In the abstract', abstract: 'Mice got <i>S</i>-ketamine.' }),
      aRecord({ pmid: '3', title: 'In a keyword', keywords: ['esketamine'] }),
      aRecord({ pmid: '4', title: 'In a heading', mesh: ['Ketamine'] }),
      aRecord({ pmid: '5', title: 'In a substance', substances: ['methoxetamine'] }),
      aRecord({ pmid: '6', title: 'Only its journal', journal: 'Ketamine Letters' }),
    ];
    const run = await it_.import([
      file('a.xml', set(...others(40), ...texts)),
      file('b.xml.gz', gzipSync(set(ours('7')))),
    ]);
    expectTrue(run);
    expect(run).toMatchObject({
      job: 'import',
      status: 'complete',
      counted: 6,
      stored: 6,
      counts: { files: 2, records: 47 },
      windows: [{ field: 'uid', from: '1', to: '7', counted: 6 }],
      requests: { sent: 0, retried: 0 },
    });
    expect(it_.server.log()).toHaveLength(0);
    expect((await it_.papers.count()).papers).toBe(6);
    expect(await it_.papers.findRevisions('1')).toMatchObject([{ source: 'import', changed: ['created'] }]);
    const again = await it_.import([join(folder, 'a.xml'), join(folder, 'b.xml.gz')]);
    expectTrue(again);
    expect(again).toMatchObject({ status: 'complete', unchanged: 6, stored: 0 });
  });

  it('never lets an older version replace a newer one, in whatever order the files come', async () => {
    const older = file('old.xml', set(ours('1', { title: 'Ketamine, old', revised: '2024-01-01' })));
    const newer = file('new.xml', set(ours('1', { title: 'Ketamine, new', revised: '2025-01-01' })));
    expect(await it_.import([newer])).toMatchObject({ stored: 1 });
    expect(await it_.import([older])).toMatchObject({ status: 'complete', unchanged: 1, updated: 0 });
    expect(await title('1')).toBe('Ketamine, new');
    const second = file('v2.xml', set(ours('1', { title: 'Ketamine, version 2', version: 2, revised: '2023-01-01' })));
    const all = await it_.import([older, second, newer]);
    expectTrue(all);
    expect(all).toMatchObject({ counted: 1, updated: 1, unchanged: 0 });
    expect(await title('1')).toBe('Ketamine, version 2');
  });

  it('obeys DeleteCitation: marks as gone, never drops, and an old copy does not bring it back', async () => {
    const baseline = file('baseline.xml', set(ours('1'), ours('2'), ours('3', { version: 2 })));
    const run = await it_.import([baseline, file('update.xml', set(...others(2), deleted('2', '999')))]);
    expectTrue(run);
    expect(run).toMatchObject({ status: 'complete', counted: 3, stored: 3, counts: { gone: 1 } });
    expect([await isGone('1'), await isGone('2')]).toEqual([0, 1]);
    expect((await it_.papers.findRevisions('2')).at(-1)).toMatchObject({ source: 'import', changed: ['status.gone'] });
    await it_.import([baseline]);
    expect(await isGone('2')).toBe(1);
    await it_.import([file('back.xml', set(ours('2', { revised: '2026-01-01' })))]);
    expect(await isGone('2')).toBe(0);
    expect(await it_.import([file('later.xml', set(deleted('1')))])).toMatchObject({ counted: 1, updated: 1 });
  });

  it('keeps what was whole of a damaged file, says where and why, and still takes the next ones', async () => {
    const many = set(
      ...Array.from({ length: 300 }, (_, at) => ours(String(1000 + at), { abstract: `Text ${at * 7919}.` })),
    );
    const packed = gzipSync(many);
    const cut = file('cut.xml.gz', packed.subarray(0, Math.floor(packed.length * 0.7)));
    const next = file('next.xml', set(ours('7')));
    const run = await it_.import([cut, next]);
    expectTrue(run);
    expect(run).toMatchObject({
      status: 'incomplete',
      error: { code: 'file-damaged' },
      counts: { files: 1, damaged: 1 },
    });
    expect(run.error?.detail).toMatch(
      /^cut\.xml\.gz is damaged at byte \d+ of its packed file: the gzip data end too early/,
    );
    expect(run.stored).toBeGreaterThan(100);
    expect(run.stored).toBeLessThan(300);
    expect(await title('1000')).not.toBeNull();
    expect(await title('7')).not.toBeNull();
    const whole = await it_.import([file('whole.xml.gz', packed)]);
    expect(whole).toMatchObject({ status: 'complete', stored: 301 - run.stored });
  });

  it.each([
    ['without its end', (text: string) => text.replace('</PubmedArticleSet>', ''), /of its text: its end is missing/],
    ['cut in a record', (text: string) => text.slice(0, -80), /in the middle of a record/],
    [
      'with a record that has no end',
      (text: string) => text.replace('</PubmedData></PubmedArticle>', ''),
      /before the one before it/,
    ],
    ['that is an HTML page', () => '<html><body>503</body></html>', /it is not a PubmedArticleSet/],
  ])('refuses a file %s', async (_name, damage, reason) => {
    const run = await it_.import([file('x.xml', damage(set(ours('1'), ours('2'), ours('3'))))]);
    expectTrue(run);
    expect(run.error?.code).toBe('file-damaged');
    expect(run.error?.detail).toMatch(reason);
    expect(run.status).not.toBe('complete');
  });

  it('counts a record that is no XML as failed, with its place, and keeps the others', async () => {
    const broken = ours('2').replace('</ArticleTitle>', '</Title>');
    const run = await it_.import([file('x.xml', set(ours('1'), broken, ours('3')))]);
    expectTrue(run);
    expect(run).toMatchObject({
      status: 'incomplete',
      stored: 2,
      failed: 1,
      reasons: [{ outcome: 'failed', code: 'not-well-formed', pmids: ['2'] }],
    });
    expect(run.reasons[0]?.detail).toMatch(/at byte \d+\) of x\.xml/);
  });

  it('refuses a file that is not what its .md5 says, before anything of it is stored', async () => {
    const path = file('x.xml.gz', gzipSync(set(ours('1'))));
    file('x.xml.gz.md5', `MD5(x.xml.gz)= ${'0'.repeat(32)}\n`);
    const run = await it_.import([path]);
    expect(run).toMatchObject({ status: 'failed', error: { code: 'file-damaged' }, stored: 0 });
    file(
      'x.xml.gz.md5',
      `MD5(x.xml.gz)= ${createHash('md5')
        .update(gzipSync(set(ours('1'))))
        .digest('hex')}\n`,
    );
    expect(await it_.import([path])).toMatchObject({ status: 'complete', stored: 1 });
  });

  it('tells a name that is wrong before any work', async () => {
    const run = await it_.import([file('good.xml', set(ours('1'))), join(folder, 'absent.xml')]);
    expect(run).toMatchObject({ status: 'failed', stored: 0, error: { code: 'file-unreadable' } });
    expect(run.error?.detail).toContain('absent.xml cannot be read: there is no such file');
  });

  it('stops when told to, and goes on when it is started again', async () => {
    const files = Array.from({ length: 4 }, (_, part) =>
      file(`${part}.xml`, set(...Array.from({ length: 300 }, (__, at) => ours(String(1000 * (part + 1) + at))))),
    );
    const stop = new AbortController();
    const run = await it_.import(files, { signal: stop.signal, onStored: () => stop.abort() });
    expectTrue(run);
    expect(run).toMatchObject({ status: 'incomplete', error: { code: 'aborted' } });
    expect(await it_.import(files)).toMatchObject({
      status: 'complete',
      stored: 1200 - run.stored,
      unchanged: run.stored,
    });
  });

  it('is followed by a sync that asks PubMed for what came from files', async () => {
    const record = ours('1', { added: '2026-11-20', revised: '2026-11-20' });
    await it_.import([file('x.xml', set(record))]);
    it_.server.control({
      append: ours('1', { title: 'Ketamine, revised', added: '2026-11-20', revised: '2026-11-21' }),
    });
    expect(await it_.sync()).toMatchObject({ status: 'complete', updated: 1 });
    expect(await title('1')).toBe('Ketamine, revised');
  });
});
