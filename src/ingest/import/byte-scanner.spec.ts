import fc from 'fast-check';
import type { TaxonomyQuery } from '../../model/taxonomy.js';
import { ByteScanner } from './byte-scanner.js';
import { queryMatcher, type Searchable } from './matches-query.js';
import { needlesOf, unsearchable } from './needles.js';

const aQuery = (also: Partial<TaxonomyQuery>): TaxonomyQuery => ({
  words: [],
  mesh: [],
  substances: [],
  exclude: [],
  ...also,
});
const query = aQuery({
  words: ['dormido*', 'methoxydormin*', 'CI-581', 'CI 581', '(2R,6R)-HNK', 'AXS-05', 'Dormalar', 'lucid dormin'],
  mesh: ['Dormidol'],
  substances: ['6-hydroxynordormidol'],
});
const scanner = new ByteScanner(needlesOf(query));
const isIn = (text: string) => {
  const bytes = Buffer.from(text);
  return scanner.isIn(bytes, 0, bytes.length);
};

describe('words in bytes', () => {
  it('are looked for by as few needles as find them all', () => {
    const runs = needlesOf(query).map(({ run }) => Buffer.from(run).toString());
    expect(runs).toContain('dormido');
    // found with "dormido"
    expect(runs).not.toContain('dormidol');
    expect(runs).not.toContain('6-hydroxynordormidol');
    expect(runs.filter((run) => run === '581')).toHaveLength(2);
  });

  it.each([
    ['whatever the case', 'DORMIDOL in mice'],
    ['at the beginning', 'dormidol'],
    ['at the end', 'a study of dormido'],
    ['inside another word', 'nordormidol'],
    ['with a hyphen', 'the compound CI-581 was'],
    ['with another hyphen', 'the compound CI\u2010581 was'],
    ['with a reference between', 'the compound CI&#8209;581 was'],
    ['with markup between', '(2<i>R</i>,6<i>R</i>)-HNK'],
    ['with markup and spaces between', '(2<i>R</i>, 6<i>R</i>) - <b>HNK</b>'],
    ['with an attribute between', 'AXS<sup class="a05">-</sup>05'],
    ['as two words', 'a <i>lucid</i> dormin'],
  ])('are found %s', (_name, text) => {
    expect(isIn(text)).toBe(true);
  });

  it.each(['pages 581-590', 'PMID 15810581', 'ci and then 581', 'HNK-1 antigen', 'CI 5 81', 'axs 5', 'dormid'])(
    'are not taken for %s',
    (text) => {
      expect(isIn(text)).toBe(false);
    },
  );

  it('are not looked for beyond the given end', () => {
    const bytes = Buffer.from('nothing here dormidol');
    expect(scanner.isIn(bytes, 0, bytes.length - 3)).toBe(false);
    expect(scanner.isIn(bytes, 5, bytes.length)).toBe(true);
  });

  it('are found in every text in which the exact match finds them', () => {
    const matches = queryMatcher(query);
    const part = fc.constantFrom(
      'dormido', 'DORMIDOL', 'ci', '581', 'CI', '2R', '6R', 'HNK', 'axs', '05', 'lucid', 'dormin', 'x', '-', ' ', ',', '(', ')', '–', 'é', '; ', '&amp;', '<i>', '</i>',
    ); // prettier-ignore
    const plain = (text: string) => text.replace(/<[^>]*>/g, '').replaceAll('&amp;', '&');
    const empty = { vernacularTitle: null, abstract: [], otherAbstracts: [], keywords: [], mesh: [], supplementaryMesh: [], chemicals: [] }; // prettier-ignore
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const paper: Searchable = { ...empty, title: plain(text) };
        if (matches(paper)) expect([text, isIn(text)]).toEqual([text, true]);
      }),
      { numRuns: 3000 },
    );
  });

  it('are found wherever they lie in memory, and nowhere else', () => {
    const words = ['dormidol', 'zq', 'd2x', 'r6-d', 'noctex'];
    const some = new ByteScanner(needlesOf(aQuery({ words })));
    const piece = fc.constantFrom('dormidol', 'DormiDol', 'dormido', 'zq', 'zQ', 'd2x', 'r6', 'd', 'noctex', 'octex', 'a', '<', '-', '"', 'é', '\0', 'DOR'); // prettier-ignore
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 15 }), fc.nat(7), fc.nat(60), fc.nat(60), (pieces, place, a, b) => {
        const text = Buffer.from(pieces.join(''));
        // what stands around it in memory would, together with it, be found
        const memory = Buffer.alloc(place + text.length + 8, 'dormidol');
        text.copy(memory, place);
        const bytes = new Uint8Array(memory.buffer, memory.byteOffset + place, text.length);
        const [from = 0, to = 0] = [Math.min(a, text.length), Math.min(b, text.length)].sort((x, y) => x - y);
        const searched = text.subarray(from, to).toString('latin1').toLowerCase();
        const isThere = /dormidol|zq|d2x|noctex/.test(searched) || /r6[^a-z0-9<]*d/.test(searched);
        expect([searched, some.isIn(bytes, from, to)]).toEqual([searched, isThere]);
      }),
      { numRuns: 5000 },
    );
  });

  it('need two ASCII letters or digits in a row, and what has none is named', () => {
    expect(unsearchable(aQuery({ words: ['кетамин', 'dormidol'] }))).toEqual(['кетамин']);
  });
});

describe('the exact match', () => {
  const matches = queryMatcher({ ...query, exclude: ['doormat'] });
  const paper = (also: Partial<Searchable>): Searchable => ({
    title: '',
    vernacularTitle: null,
    abstract: [],
    otherAbstracts: [],
    keywords: [],
    mesh: [],
    supplementaryMesh: [],
    chemicals: [],
    ...also,
  });
  const section = (text: string) => ({ label: null, category: null, text });

  it('looks at title, abstract, keywords, headings and substances', () => {
    expect(matches(paper({ title: 'Dormidone and sleep' }))).toBe(true);
    expect(matches(paper({ abstract: [section('given CI-581')] }))).toBe(true);
    expect(matches(paper({ keywords: [{ text: 'dormidol', major: false, owner: 'NOTNLM' }] }))).toBe(true);
    expect(matches(paper({ mesh: [{ ui: 'D1', name: 'Dormidol', major: false, qualifiers: [] }] }))).toBe(true);
    expect(matches(paper({ chemicals: [{ ui: null, name: '6-Hydroxynordormidol', registryNumber: null }] }))).toBe(
      true,
    );
    expect(matches(paper({ title: 'Something else' }))).toBe(false);
  });

  it('takes whole words, any ending only where the word says so, and phrases within one text', () => {
    expect(matches(paper({ title: 'nordormidol' }))).toBe(false);
    expect(matches(paper({ title: 'a lucid dormine' }))).toBe(false);
    expect(matches(paper({ title: 'a lucid', abstract: [section('dormin')] }))).toBe(false);
  });

  it('leaves out what holds an excluded word, unless it is indexed', () => {
    expect(matches(paper({ title: 'Dormidol, a doormat' }))).toBe(false);
    expect(
      matches(
        paper({ title: 'Dormidol, a doormat', mesh: [{ ui: 'D1', name: 'Dormidol', major: false, qualifiers: [] }] }),
      ),
    ).toBe(true);
  });
});
