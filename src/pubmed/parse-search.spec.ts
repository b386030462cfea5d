import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../problem.js';
import { parseSearch, SEARCH_CEILING } from './parse-search.js';

const fixture = (name: string) => readFileSync(join(import.meta.dirname, '../../test/fixtures/eutils', name));
const ALL = { retstart: 0, retmax: 9_999 };

const json = (result: unknown) =>
  JSON.stringify({ header: { type: 'esearch', version: '0.3' }, esearchresult: result });
const ids = (count: number) => Array.from({ length: count }, (_, i) => String(91_000_000 + i));

function codeOf(body: string | Uint8Array): string {
  try {
    parseSearch(body, ALL);
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'none';
}

describe('parseSearch', () => {
  it('reads count and PMIDs in order, from XML too', () => {
    expect(parseSearch(fixture('esearch-hits.200.xml'), ALL)).toEqual({
      count: 3,
      pmids: ['91000003', '91000002', '91000001'],
      short: false,
      warnings: [],
      history: null,
    });
    expect(parseSearch(json({ count: '1', idlist: ['7'], webenv: 'MCID_1', querykey: '1' }), ALL)).toMatchObject({
      pmids: ['7'],
      history: { webEnv: 'MCID_1', queryKey: '1' },
    });
  });

  it.each(['esearch-no-hits.200.json', 'esearch-no-hits.200.xml'])(
    'takes no hits with warnings as no hits (%s)',
    (name) => {
      const page = parseSearch(fixture(name), ALL);
      expect(page).toMatchObject({ count: 0, pmids: [], short: false });
      expect(page.warnings).toEqual([
        expect.stringMatching(/^PubMed finds nothing for dormidol/),
        expect.stringMatching(/does not know the phrase "dormi dol"/),
        'No items found.',
      ]);
    },
  );

  it('refuses an answer to a field that PubMed does not know, which lists everything', () => {
    expect(codeOf(fixture('esearch-field-unknown.200.json'))).toBe('ncbi-field-unknown');
    expect(
      codeOf(
        '<eSearchResult><Count>9</Count><IdList/><ErrorList><FieldNotFound>cdrt</FieldNotFound></ErrorList></eSearchResult>',
      ),
    ).toBe('ncbi-field-unknown');
    expect(codeOf(json({ count: '9', idlist: [], errorlist: { fieldsnotfound: 'cdrt' } }))).toBe('ncbi-field-unknown');
  });

  it.each([
    ['esearch-backend.200.json', 'ncbi-outage'],
    ['esearch-backend.200.xml', 'ncbi-outage'],
    ['esearch-cut-short.200.json', 'ncbi-cut-short'],
    ['esearch-past-ceiling-raw-newline.200.json', 'ncbi-ceiling'],
    ['any-forwarding.200.json', 'ncbi-outage'],
    ['any-blocked.200.html', 'ncbi-outage'],
    ['efetch-empty.200.xml', 'ncbi-outage'],
  ])('never takes an outage for no hits (%s)', (name, code) => {
    expect(codeOf(fixture(name))).toBe(code);
  });

  it('never takes an answer without a count, or with odd PMIDs, for one', () => {
    for (const result of [
      {},
      { idlist: [] },
      { count: null, idlist: [] },
      { count: 'many', idlist: [] },
      { count: '-1' },
    ])
      expect(codeOf(json(result))).toBe('ncbi-unreadable');
    expect(codeOf(json({ count: '2', idlist: ['7', '<b>'] }))).toBe('ncbi-unreadable');
    expect(codeOf('{"esearchresult":[}')).toBe('ncbi-unreadable');
    expect(codeOf('<eSearchResult><IdList/></eSearchResult>')).toBe('ncbi-unreadable');
  });

  it('reads JSON with raw line breaks and tabs inside its strings', () => {
    const body = json({ count: '1', idlist: ['7'], warninglist: { outputmessages: ['one§two'] } }).replace('§', '\n\t');
    expect(parseSearch(body, ALL).warnings).toEqual(['one\n\ttwo']);
  });

  it('takes a list of one that came as a scalar', () => {
    expect(parseSearch(json({ count: 1, idlist: 7 }), ALL).pmids).toEqual(['7']);
    expect(parseSearch(json({ count: '1', idlist: '7', warninglist: { outputmessages: 'w' } }), ALL).warnings).toEqual([
      'w',
    ]);
  });

  it('says when a page lists fewer than it must', () => {
    const short = (count: number, listed: number, retstart = 0, retmax = 9_999) =>
      parseSearch(json({ count: String(count), idlist: ids(listed) }), { retstart, retmax }).short;
    expect(short(12, 12)).toBe(false);
    expect(short(12, 11)).toBe(true);
    expect(short(12, 5, 0, 5)).toBe(false);
    expect(short(12, 2, 10, 5)).toBe(false);
    expect(short(12, 1, 10, 5)).toBe(true);
    expect(short(30_000, SEARCH_CEILING)).toBe(false);
    expect(short(30_000, SEARCH_CEILING - 1)).toBe(true);
    expect(short(30_000, 999, 9_000, 5_000)).toBe(false);
    expect(short(12, 0, 50)).toBe(false);
    expect(parseSearch(json({ count: '2', idlist: ['7', '7'] }), ALL)).toMatchObject({ pmids: ['7'], short: true });
  });

  it('is not led astray by names of JavaScript', () => {
    expect(codeOf('{"__proto__":{"esearchresult":{"count":"0"}},"esearchresult":{"constructor":1}}')).toBe(
      'ncbi-unreadable',
    );
  });
});
