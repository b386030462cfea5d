import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readSampleRecords } from '../src/demo/sample.js';
import { parsePapers } from '../src/pubmed/parse-papers.js';
import { createTagger } from '../src/tagging/tag-paper.js';
import { tagBatch } from '../src/tagging/tag-records.js';
import type { tagThreads } from '../src/tagging/tag-threads.js';
import { loadTaxonomy } from '../src/taxonomy/load-taxonomy.js';

const BUILT = resolve('dist/tagging/tag-threads.js');
const taxonomy = loadTaxonomy(readFileSync('data/taxonomy.yaml', 'utf8'), 'data/taxonomy.yaml');
const records = parsePapers(
  `<?xml version="1.0"?><PubmedArticleSet>${readSampleRecords().slice(0, 60).join('')}</PubmedArticleSet>`,
).papers.map((paper) => JSON.stringify(paper));

(existsSync(BUILT) ? describe : describe.skip)('the threads that tag papers (skipped without a build)', () => {
  let threads: ReturnType<typeof tagThreads>;
  beforeAll(async () => {
    const built = (await import(pathToFileURL(BUILT).href)) as { tagThreads: typeof tagThreads };
    threads = built.tagThreads(taxonomy, new Map());
  });
  afterAll(() => threads.close());

  it.each(['few', 'many'] as const)('give for %s what tagging here gives, each batch its own', async (which) => {
    const { tag, ahead } = threads[which];
    const parts = Array.from({ length: ahead + 1 }, (_, at) => records.slice(at * 12, (at + 1) * 12));
    const tagger = createTagger(taxonomy);
    expect(await Promise.all(parts.map((part) => tag(part)))).toEqual(parts.map((part) => tagBatch(tagger, part)));
  });

  it('leave out what cannot be read, and go on', async () => {
    const [first, , third] = await threads.many.tag([records[0] ?? '', '{"no": "paper"}', records[1] ?? '']);
    expect([first?.tags.relevance, third?.tags.relevance].every((value) => typeof value === 'string')).toBe(true);
    expect((await threads.many.tag(['[]', records[2] ?? ''])).map((one) => one === null)).toEqual([true, false]);
  });
});
