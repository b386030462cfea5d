import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import type { Paper } from '../model/paper.js';
import { parsePapers } from './parse-papers.js';
import { parseRecord } from './parse-record.js';

const FIXTURES = 'test/fixtures/pubmed';
const read = (name: string) => readFileSync(`${FIXTURES}/${name}.xml`, 'utf8');
const papers = (name: string) => parsePapers(read(name)).papers;
const paper = (name: string): Paper => {
  const [first] = papers(name);
  if (!first) throw new Error(`${name} holds no paper`);
  return first;
};
const wrap = (records: string) => `<?xml version="1.0" ?><PubmedArticleSet>${records}</PubmedArticleSet>`;
const record = (title: string, pmid = '1') =>
  `<PubmedArticle><MedlineCitation><PMID Version="1">${pmid}</PMID><Article><ArticleTitle>${title}</ArticleTitle></Article></MedlineCitation><PubmedData><History><PubMedPubDate PubStatus="entrez"><Year>2024</Year><Month>1</Month><Day>2</Day></PubMedPubDate></History></PubmedData></PubmedArticle>`;

describe('a record', () => {
  it('keeps the text of title and abstract in order, whatever markup is inside', () => {
    const { title, abstract } = paper('inline-markup');
    expect(title).toBe('Role of Grin2b in Ca2+ flux & S(+)-ketamine β-block: 10\u00a0mg < 20 mg');
    expect(abstract[0]?.text).toBe('We saw p\u00a0<\u00a00.05 with Ki rising twofold.');
  });

  it('keeps labels, categories and unlabelled sections of an abstract', () => {
    const { abstract, abstractCopyright } = paper('structured-abstract');
    expect(abstract).toEqual([
      { label: 'BACKGROUND', text: 'Nobody knew.', category: 'BACKGROUND' },
      { label: null, text: 'Between the headings.', category: null },
      { label: 'WHAT WE FOUND', text: 'Something.', category: 'RESULTS' },
    ]);
    expect(abstractCopyright).toBe('© 2024 The Inventors.');
  });

  it('keeps other abstracts with their language and kind', () => {
    expect(paper('other-abstracts').otherAbstracts).toEqual([
      { language: 'spa', type: 'Publisher', label: 'OBJETIVO', text: 'Primero.' },
      { language: 'spa', type: 'Publisher', label: 'RESULTADOS', text: 'Segundo.' },
      { language: 'eng', type: 'plain-language-summary', label: null, text: 'In plain words.' },
    ]);
  });

  it('keeps the vernacular title, also where there is no other', () => {
    expect(paper('translated-title')).toMatchObject({
      title: '[Ketamine in invented towns].',
      vernacularTitle: 'Ketamin in erfundenen Städten.',
      language: ['ger'],
    });
    expect(paper('empty-title')).toMatchObject({ title: '', vernacularTitle: 'Ketamine in een verzonnen stad' });
  });

  it('keeps authors with particles, suffixes, groups, affiliations and ORCIDs in any spelling', () => {
    const { authors, authorsComplete, investigators } = paper('authors');
    expect(authors.map((author) => [author.name, author.orcid])).toEqual([
      ['van der Beispiel Anna Maria', '0000-0002-1825-0097'],
      ['Muster Paul Jr', '0000-0002-1825-0097'],
      ['Third C', '0000-0002-1694-233X'],
      ['Wrong D', null],
      ['Superseded E', null],
      ['The KET-DREAM Study Group', null],
    ]);
    expect(authors[0]).toMatchObject({
      equalContribution: true,
      affiliations: ['Institute of Imagination, Nowhere.', 'Also elsewhere & beyond.'],
    });
    expect(authors[4]?.valid).toBe(false);
    expect(authors[5]?.collective).toBe(true);
    expect(authorsComplete).toBe(false);
    expect(investigators[0]?.family).toBe('Member');
  });

  it.each([
    ['date-year', '2019', '2019'],
    ['date-season', '2020 Fall', '2020-10'],
    ['date-medline-season', '2000 Spring', '2000-04'],
    ['date-medline-range', '1998 Dec-1999 Jan', '1998-12'],
    ['date-numeric-month', '2021 02 30', '2021-02'],
    ['inline-markup', '2024 Jul 15', '2024-07-15'],
  ])('keeps the text of its date and what can be read of it: %s', (name, text, date) => {
    expect(paper(name).published).toEqual({ text, date });
  });

  it('was added on the day of PubStatus entrez, however old its other dates are', () => {
    expect(paper('late-entry').added).toBe('2009-09-23');
    expect(paper('only-completed').added).toBe('1976-02-09');
    expect(paper('inline-markup').history[0]).toEqual({ status: 'entrez', at: '2024-07-16T03:41' });
  });

  it('has its own DOI, not one of its references', () => {
    expect(paper('doi-in-references')).toMatchObject({ doi: '10.5555/own.42', pmcid: 'PMC9990042', referenceCount: 2 });
    expect(paper('doi-in-references').otherIds).toEqual([
      { type: 'mid', value: 'NIHMS990042' },
      { type: 'pii', value: 'S0000-42' },
    ]);
  });

  it('has pages that are text, and a version', () => {
    expect(paper('pages-and-version')).toMatchObject({
      version: 3,
      journal: { pages: '4002.e26', volume: '12', issue: '3' },
    });
  });

  it('keeps indexing, substances, keywords, trials, grants and the rest', () => {
    expect(paper('indexed')).toMatchObject({
      mesh: [
        {
          ui: 'D007649',
          name: 'Ketamine',
          major: true,
          qualifiers: [{ ui: 'Q000627', name: 'therapeutic use', major: true }],
        },
        { ui: 'D006801', name: 'Humans', major: false, qualifiers: [] },
      ],
      chemicals: [{ ui: 'D007649', name: 'Ketamine', registryNumber: '690G0D6V8H' }],
      keywords: [
        { text: 'ketamine', major: false, owner: 'NOTNLM' },
        { text: 'in vivo imaging', major: true, owner: 'NOTNLM' },
        { text: 'Non-NASA Center', major: false, owner: 'NASA' },
      ],
      trials: ['NCT09990001', 'NCT09990003', 'ISRCTN09990002', '2019-099900-11'],
      grants: [{ id: 'R01 XX000001', acronym: 'XX', agency: 'Agency of Nowhere', country: 'Nowhere' }],
      supplementaryMesh: [{ ui: 'C000001', name: 'INVENT protocol', type: 'Protocol' }],
      geneSymbols: ['GRIN2B'],
      conflictOfInterest: 'None that are real.',
    });
  });

  it('is retracted by its reference to a notice; the notice is not, nor is a word in a title', () => {
    expect(papers('retraction').map((one) => one.status.retracted)).toEqual([true, false]);
    expect(papers('retraction')[1]?.related).toEqual([
      { type: 'RetractionOf', pmid: '70900045', text: 'Ann Imag Psychiatry. 2024;12:3' },
    ]);
    const none = { retracted: false, concern: false, corrected: false, updated: false, preprint: false };
    expect(papers('states').map((one) => one.status)).toEqual([
      { ...none, concern: true },
      { ...none, corrected: true },
      { ...none, updated: true, preprint: true },
      none,
    ]);
  });

  it.each([
    ['no-text', 'no-text'],
    ['no-create-date', 'no-create-date'],
    ['book', 'book-record'],
  ])('that cannot be a paper is excluded with a code: %s', (name, code) => {
    expect(parsePapers(read(name)).excluded).toEqual([
      expect.objectContaining({ code, pmid: expect.stringMatching(/^709000/) as string }),
    ]);
  });

  it('that is damaged does not lose the others', () => {
    const set = parsePapers(read('one-bad-record'));
    expect(set.papers.map((one) => one.pmid)).toEqual(['70900056', '70900058']);
    expect(set.unreadable).toEqual([expect.objectContaining({ pmid: '70900057', code: 'not-well-formed' })]);
  });

  it('that was deleted is reported', () => {
    expect(parsePapers(read('delete-citation')).deleted).toEqual(['70900054', '70900055']);
  });

  it('has a line for each fixture in its README', () => {
    const readme = readFileSync(`${FIXTURES}/README.md`, 'utf8');
    for (const file of readdirSync(FIXTURES).filter((name) => name.endsWith('.xml')))
      expect(readme).toContain(`\`${file}\``);
  });

  it('keeps its text under any nesting of markup', () => {
    const words = fc.string({
      unit: fc.constantFrom('a', 'β', ' ', '&', '<', '\u00a0', '😀', '"'),
      minLength: 1,
      maxLength: 12,
    });
    const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    const nested = fc.letrec<{ node: { xml: string; text: string } }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        words.map((text) => ({ xml: escape(text), text })),
        fc
          .tuple(fc.constantFrom('i', 'sup', 'b', 'mml:mi'), fc.array(tie('node'), { maxLength: 3 }))
          .map(([tag, parts]) => ({
            xml: `<${tag}>${parts.map((part) => part.xml).join('')}</${tag}>`,
            text: parts.map((part) => part.text).join(''),
          })),
      ),
    }));
    fc.assert(
      fc.property(fc.array(nested.node, { minLength: 1, maxLength: 5 }), (parts) => {
        const parsed = parseRecord(record(`K${parts.map((part) => part.xml).join('')}`));
        const text = `K${parts.map((part) => part.text).join('')}`;
        expect(parsed).toMatchObject({ kind: 'paper', paper: { title: text.replace(/[ \t\r\n]+/g, ' ').trim() } });
      }),
    );
  });
});

describe('hostile XML', () => {
  const within = (ms: number, work: () => void) => {
    const start = performance.now();
    work();
    expect(performance.now() - start).toBeLessThan(ms);
  };

  it('with entities of its own is refused, inside and outside', () => {
    const bomb =
      '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><PubmedArticleSet></PubmedArticleSet>';
    expect(() => parsePapers(bomb)).toThrow(expect.objectContaining({ code: 'ncbi-unreadable' }) as Error);
    const external =
      '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><PubmedArticleSet></PubmedArticleSet>';
    expect(() => parsePapers(external)).toThrow(expect.objectContaining({ code: 'ncbi-unreadable' }) as Error);
    expect(parsePapers(wrap(record('<!ENTITY a "b">x'))).unreadable).toHaveLength(1);
    // undeclared entities stay as they are
    expect(parsePapers(wrap(record('&f; &hellip;'))).papers[0]?.title).toBe('&f; &hellip;');
  });

  it('decodes a reference once', () => {
    expect(parsePapers(wrap(record('&amp;lt;script&amp;gt; &amp;#60;'))).papers[0]?.title).toBe('&lt;script&gt; &#60;');
  });

  it('with NUL bytes and broken UTF-8 is repaired and counted', () => {
    const bytes = Buffer.concat([
      Buffer.from(wrap('').replace('</PubmedArticleSet>', '')),
      Buffer.from(record('a\0b')),
      Buffer.from(record('c')).subarray(0, 0),
      Buffer.from(record('X', '2').replace('X', 'MARK')),
      Buffer.from('</PubmedArticleSet>'),
    ]);
    const at = bytes.indexOf('MARK');
    bytes[at] = 0xff;
    const set = parsePapers(bytes);
    expect(set.papers.map((one) => one.title)).toEqual(['a\ufffdb', '\ufffdARK']);
    expect(set.replaced.nul).toBe(1);
    expect(set.replaced.invalidUtf8).toBeGreaterThan(0);
  });

  it('with a title of 10 MB is excluded, quickly', () => {
    within(5_000, () =>
      expect(parsePapers(wrap(record('ketamine '.repeat(1_200_000)) + record('next', '2')))).toMatchObject({
        excluded: [{ code: 'text-too-long' }],
        papers: [{ pmid: '2' }],
      }),
    );
  });

  it('nested deeply or with the names of prototypes does no harm', () => {
    const deep = record('x').replace('<Article>', `${'<A>'.repeat(5_000)}${'</A>'.repeat(5_000)}<Article>`);
    within(5_000, () =>
      expect(parsePapers(wrap(deep + record('y', '2'))).papers.map((one) => one.pmid)).toContain('2'),
    );
    const polluted = record('x').replace(
      '<Article>',
      '<__proto__><polluted>1</polluted></__proto__><constructor>1</constructor><Article>',
    );
    const set = parsePapers(wrap(polluted + record('y', '2')));
    expect(set.papers.length + set.unreadable.length).toBe(2);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('cut anywhere is never half a set', () => {
    const whole = wrap(record('one') + record('two', '2'));
    for (let at = 0; at < whole.length; at += 7)
      expect(() => parsePapers(whole.slice(0, at))).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^ncbi-(cut-short|unreadable)$/) as string }) as Error,
      );
  });

  it('of symbols only takes bounded time', () => {
    for (const symbols of ['<'.repeat(200_000), '&'.repeat(200_000), '<!--'.repeat(50_000), '&#'.repeat(100_000)]) {
      within(3_000, () => {
        try {
          parsePapers(wrap(record(symbols)));
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^ncbi-/) as string });
        }
      });
    }
  });
});
