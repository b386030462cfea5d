import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Evidence, FactEvidence, Facts, Tags } from '../src/model/tag.js';
import { migrate } from '../src/store/migrate.js';
import { openDatabase } from '../src/store/open-database.js';
import { PapersStore } from '../src/store/papers.store.js';
import { aPaper } from './support/a-paper.js';
import { emptyDatabase } from './support/database.js';
import { runCommand } from './support/run-command.js';

const built = existsSync('dist/cli.js');
if (!built) process.stderr.write('the tag commands are skipped: dist/ is missing, run `npm run build`\n');

interface TaggedRecord {
  pmid?: string;
  title: string;
  abstract: string | { label: string | null; text: string }[];
  tags: Tags;
  facts: Facts;
  evidence: Evidence[];
  factEvidence: FactEvidence[];
}

const TRIAL = {
  pmid: '9000001',
  title: 'Ketamine for post-traumatic stress disorder: a randomised trial',
  abstract: [
    { label: 'METHODS', text: 'We randomised 48 patients with PTSD to intravenous ketamine 0.5 mg/kg or midazolam.' },
    { label: 'CONCLUSIONS', text: 'Ketamine reduced the symptoms of PTSD within a day.' },
  ],
  publicationTypes: ['Randomized Controlled Trial'],
};
const NOTE = { title: 'Ketamine in depression', abstract: 'Ketamine reduced depressive symptoms in 12 patients.' };
const lines = (...records: unknown[]): string =>
  records.map((record) => (typeof record === 'string' ? record : JSON.stringify(record))).join('\n');

(built ? describe : describe.skip)('the commands of tagging', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tracker-tag-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('`tag --input` prints each record with its tags, facts and evidence, says what is wrong with a line, and exits 2', async () => {
    const store = join(folder, 'never.sqlite');
    const input = file('in.jsonl', lines(TRIAL, 'not JSON', { abstract: 'no title' }, '', NOTE));
    const { code, stdout } = await runCommand(['tag', '--input', input], { env: { DATABASE_URL: `sqlite:${store}` } });
    expect(code).toBe(2);
    const printed = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as TaggedRecord); // prettier-ignore
    expect(printed).toHaveLength(4);
    expect(printed[0]).toMatchObject(TRIAL);
    expect(printed[0]?.tags).toMatchObject({ relevance: 'core', study: 'rct', condition: ['ptsd'] });
    expect(printed[0]?.facts).toEqual({
      participants: { value: 48, unit: 'participants' },
      doses: [{ text: '0.5 mg/kg', value: 0.5, unit: 'mg/kg', route: 'iv' }],
      comparator: 'midazolam',
      trials: [],
      finding: 'Ketamine reduced the symptoms of PTSD within a day.',
    });
    expect(printed[1]).toEqual({ line: 2, error: 'record-unreadable', detail: 'not a line of JSON' });
    expect(printed[2]).toEqual({ line: 3, error: 'record-unreadable', detail: 'title must be a text' });
    for (const record of [printed[0], printed[3]])
      for (const { spans } of [...(record?.evidence ?? []), ...(record?.factEvidence ?? [])])
        for (const { field, index, start, end, text } of spans) {
          const abstract = record?.abstract ?? '';
          const value = field === 'title' ? record?.title : typeof abstract === 'string' ? abstract : abstract[index]?.text; // prettier-ignore
          if (field === 'title' || field === 'abstract') expect(value?.slice(start, end)).toBe(text);
        }
    // touches no store
    expect(existsSync(store)).toBe(false);
  });

  it('`tag --input -` reads what is piped in, whatever ends its lines', async () => {
    const { code, stdout } = await runCommand(['tag', '--input', '-'], { input: `\ufeff${lines(NOTE, NOTE).replace('\n', '\r\n')}` }); // prettier-ignore
    expect(code).toBe(0);
    const printed = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as TaggedRecord); // prettier-ignore
    expect(printed.map(({ tags }) => tags.condition)).toEqual([['depression'], ['depression']]);
  });

  it('`tag --input` of a file that is not there says so', async () => {
    const { code, stdout, stderr } = await runCommand(['tag', '--input', join(folder, 'nowhere.jsonl')]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('nowhere.jsonl cannot be read (ENOENT)');
  });

  it('`eval` scores each facet that is labelled, tells errors when asked, and exits 2 after a bad line', async () => {
    const good = { ...TRIAL, labels: { relevance: 'core', condition: ['ptsd', 'depression'], study: 'rct' } };
    const labelled = file('labelled.jsonl', lines(good, '{'));
    const { code, stdout } = await runCommand(['eval', labelled, '--format', 'json', '--errors']);
    expect(code).toBe(2);
    const report = JSON.parse(stdout) as Record<string, unknown>;
    expect(report).toMatchObject({
      papers: 1,
      facets: [
        { facet: 'condition', micro: { precision: 1, recall: 0.5 } },
        { facet: 'relevance', accuracy: 1 },
        { facet: 'study', accuracy: 1 },
      ],
      editors: null,
      errors: [{ pmid: '9000001', facet: 'condition', tag: 'depression', kind: 'missed' }],
      unreadable: [{ line: 2, error: 'record-unreadable' }],
    });
    const text = await runCommand(['eval', file('good.jsonl', lines(good))]);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/condition +1 +1\.000 +0\.500/);
  });

  it('`eval` scores people’s decisions apart, and a mistake in them is told with its line and what is allowed', async () => {
    copyFileSync('data/taxonomy.yaml', join(folder, 'taxonomy.yaml'));
    const env = { TAXONOMY: join(folder, 'taxonomy.yaml') };
    const labelled = file('labelled.jsonl', lines({ ...TRIAL, labels: { condition: ['ptsd', 'depression'] } }));
    file('overrides.yaml', '"9000001":\n  add: [condition/depression]\n  who: A. Curator\n  why: stated in the full text\n'); // prettier-ignore
    const { code, stdout } = await runCommand(['eval', labelled, '--format', 'json'], { env });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      facets: [{ facet: 'condition', micro: { recall: 0.5 } }],
      editors: {
        before: { facets: [{ micro: { recall: 0.5 } }] },
        after: { facets: [{ micro: { recall: 1, precision: 1 } }] },
      },
    });
    file('overrides.yaml', '"9000001":\n  add: [condition/depresion]\n  who: A. Curator\n');
    const wrong = await runCommand(['eval', labelled], { env });
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/overrides\.yaml:2.*"condition\/depresion" is not a tag/);
    expect(wrong.stderr).toContain('condition/depression');
    expect(wrong.stderr).toMatch(/why/);
  });

  it('`papers show --explain` tells what was considered and rejected, and `tag` by two processes at once tags each paper once', async () => {
    const { url, drop } = await emptyDatabase('sqlite');
    const database = await openDatabase(url);
    try {
      await migrate(database);
      const papers = Array.from({ length: 300 }, (_, at) =>
        aPaper({
          pmid: String(9_000_001 + at),
          title: TRIAL.title,
          abstract: [
            {
              label: 'BACKGROUND',
              text: 'Ketamine is also used for depression and in cluster headache.',
              category: null,
            },
            ...TRIAL.abstract.map((section) => ({ ...section, category: null })),
          ],
        }),
      );
      await database.transaction(
        (sql) =>
        new PapersStore(database).storeBatch(sql, papers, { source: 'sync', runId: 'r', at: Date.now(), fetchedOn: null, newsFrom: '2026-11-23' }), // prettier-ignore
      );
      const env = { DATABASE_URL: url };
      const both = await Promise.all([runCommand(['tag'], { env }), runCommand(['tag'], { env })]);
      // whoever came second either found the claim held, or nothing left to do
      expect(both.map(({ code }) => code)).toContain(0);
      for (const { code, stderr } of both) if (code !== 0) expect([code, stderr]).toEqual([2, expect.stringContaining('Papers are being tagged by')]); // prettier-ignore
      const [row] = await database.all<{ papers: number; revisions: number }>(
        `SELECT (SELECT count(*) FROM "paper" WHERE "relevance" = 'core') AS "papers", (SELECT count(*) FROM "revision" WHERE "source" = 'tagging') AS "revisions"`,
      );
      expect(row).toEqual({ papers: 300, revisions: 300 });
      const { code, stdout } = await runCommand(['papers', 'show', '9000001', '--explain'], { env });
      expect(code).toBe(0);
      expect(stdout).toMatch(/✓ .*\(ptsd\), confidence 0\.\d\d\n +“/);
      expect(stdout).toMatch(
        /\(depression\): not given\n +“depression” \(abstract 1; background sentence\): .*\d+ of 100/,
      );
      expect(stdout).toContain('✓ participants: 48 participants');
      const unknown = await runCommand(['papers', 'show', '123', '--explain'], { env });
      expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('There is no paper with the PMID 123')]); // prettier-ignore
    } finally {
      await database.close();
      await drop();
    }
  });
});
