import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parsePapers } from '../src/pubmed/parse-papers.js';
import type { parseThread } from '../src/pubmed/parse-thread.js';

const BUILT = resolve('dist/pubmed/parse-thread.js');
const FOLDER = 'test/fixtures/pubmed';
const fixtures = readdirSync(FOLDER).filter((name) => name.endsWith('.xml'));
const bytes = (name: string) => readFileSync(join(FOLDER, name));

(existsSync(BUILT) ? describe : describe.skip)('the thread that parses records (skipped without a build)', () => {
  let thread: ReturnType<typeof parseThread>;
  beforeAll(async () => {
    const built = (await import(pathToFileURL(BUILT).href)) as { parseThread: typeof parseThread };
    thread = built.parseThread();
  });
  afterAll(() => thread.close());

  it('gives what parsing here gives, each answer to its own question', async () => {
    const sets = await Promise.all(fixtures.map((name) => thread.ask(bytes(name))));
    expect(sets).toEqual(fixtures.map((name) => parsePapers(bytes(name))));
  });

  it('refuses what parsing here refuses, and goes on', async () => {
    const whole = bytes('indexed.xml').toString('utf8');
    const entities = whole.replace(/<!DOCTYPE[^>]*>/, '<!DOCTYPE x [<!ENTITY a "b">]>');
    await expect(thread.ask(Buffer.from(entities))).rejects.toMatchObject({ code: 'ncbi-unreadable' });
    await expect(thread.ask(Buffer.from(whole.slice(0, -60)))).rejects.toMatchObject({ code: 'ncbi-cut-short' });
    expect((await thread.ask(Buffer.from(whole))).papers).toHaveLength(1);
  });

  it('begins anew after it was ended', async () => {
    await thread.close();
    expect((await thread.ask(bytes('indexed.xml'))).papers).toHaveLength(1);
  });
});
