import { parse } from 'csv-parse/sync';
import { parseAtomFeed, parseRssFeed } from 'feedsmith';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { SaxesParser } from 'saxes';
import { labelsOf } from '../src/digest/describe-paper.js';
import { oneLine } from '../src/escape.js';
import type { PaperView } from '../src/model/paper-view.js';
import { linksOf } from '../src/publish/paper-links.js';
import { RENDERINGS, type ExportFormat } from '../src/publish/export/formats.js';
import { nameUuid } from '../src/publish/feed/feed.js';
import { renderFeed } from '../src/publish/feed/formats.js';
import { paperEntry } from '../src/publish/feed/paper-entry.js';
import { parsePapers } from '../src/pubmed/parse-papers.js';
import { noFacts, noTags } from '../src/model/tag.js';
import { toView } from '../src/store/to-view.js';
import { taxonomy } from './support/a-digest.js';
import { readCitations, readNbib } from './support/read-citations.js';

const SHARED = process.env['SHARED_DIR'] ?? resolve('../shared');
const file = resolve(SHARED, 'pubmed', 'pubmed-real.xml.gz');
const present = existsSync(file);
if (!present) console.warn(`${file} is not there: exports of real records are skipped`);

const squash = (text: string) => text.replace(/\s+/g, ' ').trim();
/** citation.js shows protected capitals as markup, and reads TeX's quotes and dashes. */
const plain = (text: string | undefined) => squash((text ?? '').replace(/<\/?span[^>]*>/g, ''));

(present ? describe : describe.skip)('real records, through every outlet', () => {
  let views: PaperView[];
  const exported = (format: ExportFormat) => {
    const { before, between, after, render } = RENDERINGS[format];
    return before + views.map(render).join(between) + after;
  };
  beforeAll(() => {
    const { papers } = parsePapers(gunzipSync(readFileSync(file)).toString('utf8'));
    views = papers.map((paper) => {
      const view = toView(paper, { listedAt: Date.parse('2026-11-20T00:00:00Z'), late: false, gone: false, tags: noTags(), facts: noFacts() }); // prettier-ignore
      return { ...view, links: linksOf(paper, { external: true }) };
    });
    expect(views.length).toBeGreaterThan(1_000);
  });

  const people = (view: PaperView) => view.authors.filter(({ collective, family }) => !collective && family).map(({ family }) => oneLine(family!)); // prettier-ignore

  it('keep title, DOI and every author in RIS', () => {
    const items = readCitations(exported('ris'), '@ris/file');
    expect(items).toHaveLength(views.length);
    for (const [index, view] of views.entries()) {
      const item = items[index];
      if (view.title) expect(plain(item?.title)).toBe(squash(oneLine(view.title)));
      if (view.doi) expect(item?.DOI).toBe(view.doi);
      expect(item?.author?.length ?? 0).toBe(view.authors.length);
    }
  });

  it('keep DOI and every author in BibTeX, under distinct keys', () => {
    const items = readCitations(exported('bibtex'), '@bibtex/text');
    expect(items).toHaveLength(views.length);
    expect(new Set(items.map((item) => item['citation-key'])).size).toBe(views.length);
    for (const [index, view] of views.entries()) {
      const item = items[index];
      if (view.doi) expect(decodeURIComponent(item?.DOI ?? '')).toBe(decodeURIComponent(view.doi));
      expect(item?.author?.length ?? 0).toBe(view.authors.length);
      const words = (item?.author ?? []).map((author) => [author['dropping-particle'], author['non-dropping-particle'], author.family, author.literal].filter(Boolean).join(' ')); // prettier-ignore
      for (const family of people(view)) expect(words.join('|')).toContain(family.split(' ').pop());
    }
  });

  it('keep everything in MEDLINE, CSL-JSON and CSV', () => {
    const records = readNbib(exported('nbib'));
    const items = JSON.parse(exported('csl')) as { PMID: string; author?: unknown[] }[];
    const rows = parse<Record<string, string>>(exported('csv'), { bom: true, columns: true, record_delimiter: '\r\n' });
    expect([records.length, items.length, rows.length]).toEqual([views.length, views.length, views.length]);
    for (const [index, view] of views.entries()) {
      expect(records[index]?.get('PMID')).toEqual([view.pmid]);
      if (view.title) expect(squash(records[index]?.get('TI')?.[0] ?? '')).toBe(squash(oneLine(view.title)));
      expect(records[index]?.get('AU')?.length ?? 0).toBe(people(view).length);
      expect(records[index]?.get('MH')?.length ?? 0).toBe(view.mesh.length);
      expect(items[index]?.author?.length ?? 0).toBe(view.authors.length);
      expect(rows[index]?.['pmid']).toBe(view.pmid);
      expect(rows[index]?.['doi']).toBe(view.doi ?? '');
    }
  });

  it('make well-formed feeds', () => {
    const around = { publicUrl: 'https://papers.example.org', facets: taxonomy.facets, label: labelsOf(taxonomy.facets), abstracts: true }; // prettier-ignore
    const entries = views.map((view) => paperEntry(view, null, around));
    const feed = { id: nameUuid('test'), title: 'Test', subtitle: 'Test', rights: 'Test', homeUrl: 'https://papers.example.org/papers', selfUrl: 'https://papers.example.org/feeds/papers.atom', updated: '2026-11-20T00:00:00.000Z', paging: { first: null, next: null, current: null, prevArchive: null, isArchive: false }, entries }; // prettier-ignore
    for (const format of ['atom', 'rss'] as const) {
      const text = renderFeed(format, feed);
      const parser = new SaxesParser({ xmlns: true });
      parser.on('error', (error) => {
        throw error;
      });
      parser.write(text).close();
      const found = format === 'atom' ? parseAtomFeed(text).entries : parseRssFeed(text).items;
      expect(found).toHaveLength(views.length);
    }
  });
});
