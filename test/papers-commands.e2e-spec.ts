import { existsSync } from 'node:fs';
import type { PaperView } from '../src/model/paper-view.js';
import { stockOn } from './support/a-library.js';
import { testStore } from './support/database.js';
import { readCitations, readNbib } from './support/read-citations.js';
import { runCommand } from './support/run-command.js';

const built = existsSync('dist/cli.js');
if (!built) process.stderr.write('the papers commands are skipped: dist/ is missing, run `npm run build`\n');

(built ? describe : describe.skip)('papers list', () => {
  let store: Awaited<ReturnType<typeof testStore>>;
  const list = (...args: string[]) =>
    runCommand(['papers', 'list', ...args], { env: { DATABASE_URL: store.url, LOG_LEVEL: 'error' } });
  const printed = async (...args: string[]) => {
    const { code, stdout, stderr } = await list(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };

  beforeAll(async () => {
    store = await testStore('sqlite');
    const { store: bring, tag } = stockOn(store.database);
    await bring([
      { pmid: '1', added: '2026-11-01', title: '=SUM(1) & "ketamine" {braces}, 100% für alle.', doi: '10.1000/one' },
      { pmid: '2', added: '2026-11-02', title: 'Esketamine at\u001b[31m night.' },
      { pmid: '3', added: '2026-11-03', title: 'A third.', abstract: [{ label: null, text: 'wort '.repeat(9000), category: null }] }, // prettier-ignore
    ]);
    await tag({ 1: { condition: ['ptsd'], study: 'rct' }, 2: { condition: ['ptsd'] }, 3: { condition: ['pain'] } });
  });
  afterAll(() => store.close());

  it('shows a table for eyes: newest first, nothing that a terminal would obey, and how many there are', async () => {
    const { code, stdout, stderr } = await list('--limit', '2');
    expect(code).toBe(0);
    const rows = stdout.trimEnd().split('\n');
    expect(rows.map((row) => row.slice(0, 21))).toEqual(['3         2026-11-03 ', '2         2026-11-02 ']);
    expect(stdout).not.toContain('\u001b');
    expect(stderr).toContain('2 of 3 papers');
  });

  it('takes filters as words, as options and as a copied query string', async () => {
    const pmids = async (...args: string[]) =>
      (JSON.parse(await printed('--format', 'json', ...args)) as PaperView[]).map(({ pmid }) => pmid);
    expect(await pmids('condition=ptsd')).toEqual(['2', '1']);
    expect(await pmids('--condition', 'ptsd', 'study=rct')).toEqual(['1']);
    expect(await pmids('?condition=ptsd&sort=added&to=2026-11-01')).toEqual(['1']);
    expect(await pmids('condition=ptsd', '--limit', '1')).toEqual(['2']);
    expect(await pmids('q=nothingatall')).toEqual([]);
  });

  it('writes whole papers as JSON and as lines of JSON', async () => {
    const all = JSON.parse(await printed('--format', 'json')) as PaperView[];
    const lines = (await printed('--format', 'ndjson')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as PaperView)).toEqual(all);
    expect(all[2]).toMatchObject({ pmid: '1', tags: { study: 'rct' }, links: { doi: 'https://doi.org/10.1000/one' } });
  });

  it('writes CSV that a spreadsheet neither misreads nor obeys', async () => {
    const csv = await printed('--format', 'csv', 'pmid=1');
    const [head = '', row = '', ...more] = csv.trimEnd().split('\r\n');
    expect(head).toMatch(/^\ufeffpmid,title,authors,/);
    expect(row).toContain(`"'=SUM(1) & ""ketamine"" {braces}, 100% für alle."`);
    expect(more).toEqual([]);
  });

  it.each([
    ['bibtex', '@bibtex/text'],
    ['ris', '@ris/file'],
  ] as const)('writes %s that another program reads', async (format, type) => {
    const items = readCitations(await printed('--format', format), type);
    expect(items).toHaveLength(3);
    expect(items[2]).toMatchObject({ DOI: '10.1000/one', title: expect.stringContaining('ketamine') as unknown });
  });

  it('writes CSL-JSON and MEDLINE', async () => {
    const csl = JSON.parse(await printed('--format', 'csl')) as { DOI?: string }[];
    expect(csl.map(({ DOI }) => DOI ?? null)).toEqual([null, null, '10.1000/one']);
    const records = readNbib(await printed('--format', 'nbib'));
    expect(records.map((record) => record.get('PMID'))).toEqual([['3'], ['2'], ['1']]);
  });

  it('says what is wrong and what is allowed, and exits with 1', async () => {
    for (const [args, told] of [
      [['--format', 'xml'], 'table, json, ndjson, csv, ris, bibtex, nbib, csl'],
      [['condition=ptds'], 'did you mean ptsd'],
      [['--limit', '0'], '--limit must be a whole number of 1 or more'],
      [['ketamine'], 'ketamine'],
    ] as const) {
      const { code, stdout, stderr } = await list(...args);
      expect({ args, code, stdout }).toEqual({ args, code: 1, stdout: '' });
      expect(stderr).toContain(told);
    }
  });

  it('leaves it to `status` to say which words are not searched', async () => {
    const env = { DATABASE_URL: store.url };
    const { stdout } = await runCommand(['status', '--format', 'json'], { env });
    const { notSearched } = JSON.parse(stdout) as { notSearched: { papers: number; words: number } };
    expect(notSearched.papers).toBe(1);
    expect(notSearched.words).toBeGreaterThan(8000);
    expect((await runCommand(['status'], { env })).stdout).toContain(`${notSearched.words} words of 1 very long paper`);
  });
});
