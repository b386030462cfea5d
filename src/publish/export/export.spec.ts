import { parse } from 'csv-parse/sync';
import type { PaperView } from '../../model/paper-view.js';
import type { StoredPaper } from '../../store/paper-pages.store.js';
import { aView } from '../../../test/support/a-view.js';
import { HARD_VIEWS } from '../../../test/support/hard-views.js';
import { readCitations, readNbib, type CslItem } from '../../../test/support/read-citations.js';
import { readPages } from './citation.js';
import { EXPORT_FORMATS, RENDERINGS, type ExportFormat } from './formats.js';
import { renderPapers } from './render-papers.js';

const views = Object.values(HARD_VIEWS);

const stored = ({ links: _, ...view }: PaperView): StoredPaper => ({
  pmid: view.pmid,
  view: JSON.stringify(view),
  doi: view.doi,
  pmcid: view.pmcid,
});

async function exported(format: ExportFormat, papers: readonly PaperView[] = views, chunk = 7): Promise<string> {
  const links = new Map(papers.map((paper) => [paper.pmid, paper.links]));
  async function* chunks() {
    for (let at = 0; at < papers.length; at += chunk) yield await Promise.resolve(papers.slice(at, at + chunk).map(stored)); // prettier-ignore
  }
  let text = '';
  for await (const part of renderPapers(format, chunks(), ({ pmid }) => links.get(pmid)!)) text += part;
  return text;
}

const names = (item: CslItem | undefined) =>
  (item?.author ?? []).map(({ family, given, literal, suffix, ...particles }) =>
    [literal, particles['dropping-particle'], particles['non-dropping-particle'], family, given, suffix]
      .filter(Boolean)
      .join(' '),
  );

describe('RIS', () => {
  let items: CslItem[];
  const of = (name: keyof typeof HARD_VIEWS) => items[Object.keys(HARD_VIEWS).indexOf(name)];
  beforeAll(async () => {
    items = readCitations(await exported('ris'), '@ris/file');
  });

  it('keeps every paper, its title, DOI and date', () => {
    expect(items).toHaveLength(views.length);
    for (const [index, view] of views.entries()) {
      if (view.title && !/[\u0000-\u001f\u202e\ud800]/.test(view.title)) expect(items[index]?.title).toBe(view.title);
      if (view.doi) expect(items[index]?.DOI).toBe(view.doi);
    }
    expect(of('wholeDate')?.issued?.['date-parts']).toEqual([[2024, 7, 15]]);
    expect(of('season')?.issued?.['date-parts']?.[0]?.[0]).toBe(2000);
    expect(of('noDate')?.issued).toBeUndefined();
    expect(of('noTitle')?.title).toBe('Кетамин при депрессии');
  });

  it('keeps names with particles, suffixes and groups', () => {
    expect(names(of('particles'))).toEqual(['van der Berg Jan Q Jr', "D'Angelo Maria-José", 'de la Cruz y Soto P']);
    expect(names(of('collective'))[1]).toBe('Ketamine and Mood Study Group – North and South');
    expect(of('noAuthors')?.author).toBeUndefined();
    expect(of('manyAuthors')?.author).toHaveLength(120);
  });

  it('says that a paper is retracted, and writes one value a line', async () => {
    const text = await exported('ris', [HARD_VIEWS['retracted']!, HARD_VIEWS['markup']!]);
    expect(text).toContain('N1  - Retracted publication: J Fict Psychiatry. 2026;12(4):9 PMID 90000099\r\n');
    for (const line of text.split('\r\n').filter(Boolean)) expect(line).toMatch(/^[A-Z][A-Z0-9] {2}- /);
  });
});

describe('BibTeX', () => {
  let text: string;
  let items: CslItem[];
  const of = (name: keyof typeof HARD_VIEWS) => items[Object.keys(HARD_VIEWS).indexOf(name)];
  beforeAll(async () => {
    text = await exported('bibtex');
    items = readCitations(text, '@bibtex/text');
  });
  const plain = (markup: string | undefined) => markup?.replace(/<span class="nocase">(.*?)<\/span>/g, '$1');

  it('keeps every paper under a key of its own', () => {
    expect(items).toHaveLength(views.length);
    const keys = items.map((item) => item['citation-key']);
    expect(new Set(keys).size).toBe(views.length);
    for (const key of keys) expect(key).toMatch(/^[A-Za-z]+\d*_9\d{7}$/);
  });

  it('keeps titles to the character', () => {
    for (const name of ['plain', 'specialCharacters', 'accents', 'formula', 'noTitle'] as const)
      expect(plain(of(name)?.title)).toBe(HARD_VIEWS[name]!.title || HARD_VIEWS[name]!.vernacularTitle);
  });

  it('keeps names with particles, suffixes and groups', () => {
    expect(names(of('particles'))).toEqual(['van der Berg Jan Q Jr', "D'Angelo Maria-José", 'de la Cruz y Soto P']);
    expect(names(of('collective'))).toEqual(['Abara A.', 'Ketamine and Mood Study Group, North and South']);
    expect(names(of('singleName'))).toEqual(['Suharto']);
    expect(of('manyAuthors')?.author).toHaveLength(120);
  });

  it('balances its braces whatever the texts hold', () => {
    let depth = 0;
    for (const character of text) depth += character === '{' ? 1 : character === '}' ? -1 : 0;
    expect(depth).toBe(0);
  });

  it('writes out dates, pages, preprints and retractions', () => {
    expect(of('wholeDate')?.issued?.['date-parts']?.[0]?.slice(0, 2)).toEqual([2024, 7]);
    expect(of('noDate')?.issued).toBeUndefined();
    expect(of('plain')?.page).toBe('101-109');
    expect(text).toMatch(/@misc\{Abara2026_90000016,/);
    expect(text).toContain('note = {Retracted publication: ');
  });
});

describe('CSL-JSON', () => {
  it('is a list of items that citation processors take, of known members only', async () => {
    const items = JSON.parse(await exported('csl')) as Record<string, unknown>[];
    expect(items).toHaveLength(views.length);
    const known = ['id', 'type', 'title', 'original-title', 'author', 'issued', 'container-title', 'container-title-short', 'volume', 'issue', 'page', 'DOI', 'PMID', 'PMCID', 'ISSN', 'URL', 'language', 'keyword', 'note', 'abstract', 'source']; // prettier-ignore
    for (const item of items) {
      for (const [name, value] of Object.entries(item)) {
        expect(known).toContain(name);
        expect(value).not.toBeNull();
        expect(value).not.toBe('');
      }
      expect(['article', 'article-journal']).toContain(item['type']);
    }
    const of = (name: string) => items[Object.keys(HARD_VIEWS).indexOf(name)];
    expect(of('particles')?.['author']).toEqual([
      { family: 'van der Berg', given: 'Jan Q', suffix: 'Jr' },
      { family: "D'Angelo", given: 'Maria-José' },
      { family: 'de la Cruz y Soto', given: 'P' },
    ]);
    expect(of('collective')?.['author']).toContainEqual({ literal: 'Ketamine and Mood Study Group, North and South' });
    expect(of('wholeDate')?.['issued']).toEqual({ 'date-parts': [[2024, 7, 15]] });
    expect(of('noDate')).not.toHaveProperty('issued');
    expect(of('preprint')).toMatchObject({ type: 'article', note: expect.stringContaining('newer version') as string });
    expect(of('noAuthors')).not.toHaveProperty('author');
  });

  it('is a list even of nothing', async () => {
    expect(JSON.parse(await exported('csl', []))).toEqual([]);
  });
});

describe('MEDLINE', () => {
  it('says the same in tags and wrapped lines', async () => {
    const text = await exported('nbib');
    const records = readNbib(text);
    expect(records).toHaveLength(views.length);
    for (const line of text.split('\n')) {
      if (line.length > 87) expect(line.slice(6).trim()).not.toMatch(/ /);
    }
    const of = (name: string) => records[Object.keys(HARD_VIEWS).indexOf(name)]!;
    expect(of('particles').get('FAU')).toEqual(['van der Berg, Jan Q Jr', "D'Angelo, Maria-José", 'de la Cruz y Soto, P']); // prettier-ignore
    expect(of('particles').get('AU')).toEqual(['van der Berg JQ Jr', "D'Angelo MJ", 'de la Cruz y Soto P']);
    expect(of('particles').get('AUID')).toEqual(['ORCID: 0000-0001-2345-6789']);
    expect(of('collective').get('CN')).toEqual(['Ketamine and Mood Study Group, North and South']);
    expect(of('retracted').get('RIN')).toEqual(['J Fict Psychiatry. 2026;12(4):9 PMID: 90000099']);
    expect(of('retracted').get('MH')).toEqual([
      '*Ketamine/therapeutic use/adverse effects',
      'Depressive Disorder, Treatment-Resistant',
    ]);
    expect(of('preprint').get('UIN')?.[0]).toContain('PMID: 90000001');
    expect(of('longWords').get('AB')?.[0]).toBe('word '.repeat(400).trim());
    expect(of('noDate').has('DP')).toBe(false);
    expect(of('plain').get('SO')).toEqual(['J Fict Psychiatry. 2026 Nov;12(3):101-9. doi: 10.5555/plain.1.']);
  });
});

describe('dates in MEDLINE', () => {
  it.each([
    ['2026 11', '2026 Nov'],
    ['2026 11 05', '2026 Nov 5'],
    ['2026 Nov 5', '2026 Nov 5'],
    ['2000 Spring', '2000 Spring'],
    ['1998 Dec-1999 Jan', '1998 Dec-1999 Jan'],
  ])('%s', async (text, expected) => {
    const [record] = readNbib(await exported('nbib', [aView({ published: { text, date: null } })]));
    expect(record?.get('DP')).toEqual([expected]);
  });
});

describe('CSV', () => {
  const COLUMNS = 'pmid,title,authors,journal,published,added,doi,pmcid,study,relevance,condition,direction,route,compound,mechanism,safety,care,species,population,participants,finding,status,url'; // prettier-ignore

  it('begins with a byte order mark and has the columns in their order', async () => {
    const text = await exported('csv');
    expect(text.startsWith(`\uFEFF${COLUMNS}\r\n`)).toBe(true);
    const rows = parse<Record<string, string>>(text, { bom: true, columns: true, record_delimiter: '\r\n' });
    expect(rows).toHaveLength(views.length);
    const of = (name: string) => rows[Object.keys(HARD_VIEWS).indexOf(name)]!;
    expect(of('retracted')).toMatchObject({
      pmid: '90000017',
      study: 'rct',
      condition: 'depression; treatment-resistant-depression',
      participants: '48',
      status: 'retracted',
      url: 'https://pubmed.ncbi.nlm.nih.gov/90000017/',
    });
    expect(of('specialCharacters')['title']).toBe(HARD_VIEWS['specialCharacters']!.title);
    expect(of('manyAuthors')['authors']?.split('; ')).toHaveLength(120);
    expect(of('noDate')['published']).toBe('');
  });

  it('has no cell that a spreadsheet would run', async () => {
    const rows = parse(await exported('csv'), { bom: true, record_delimiter: '\r\n' });
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    expect(rows.flat()).toContain(`'=HYPERLINK("http://evil.example","click")`);
    expect(rows.flat()).toContain(`'-2+3 was found, "quoted", over lines`);
  });
});

describe('NDJSON', () => {
  it('has one whole paper a line', async () => {
    const lines = (await exported('ndjson')).split('\n').slice(0, -1);
    expect(lines.map((line) => JSON.parse(line) as PaperView)).toEqual(JSON.parse(JSON.stringify(views)));
  });
});

describe('every format', () => {
  it.each(EXPORT_FORMATS)('%s is the same in chunks of one and of many', async (format) => {
    expect(await exported(format, views, 1)).toBe(await exported(format, views, 1000));
  });

  it('knows what it is called', () => {
    for (const { mediaType, extension } of Object.values(RENDERINGS)) {
      expect(mediaType).toMatch(/; charset=utf-8/);
      expect(extension).toMatch(/^[a-z]+$/);
    }
  });
});

describe('page ranges', () => {
  it.each([
    ['101-9', { first: '101', last: '109' }],
    ['S12-5', { first: 'S12', last: 'S15' }],
    ['e1-12', { first: 'e1', last: 'e12' }],
    ['1234-1240', { first: '1234', last: '1240' }],
    ['4002.e26', { first: '4002.e26', last: null }],
    ['12-5, 20', { first: '12-5, 20', last: null }],
    ['', null],
  ])('%s', (text, expected) => expect(readPages(text)).toEqual(expected));
});
