import fc from 'fast-check';
import { AppError } from '../problem.js';
import { buildTerm, isPmid, refuseWord } from './query.js';

const query = {
  words: ['dormido*', 'S(+)-dormidol', 'CI 581'],
  mesh: ['Dormidol'],
  substances: ['ardormidol'],
  exclude: [],
};

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'none';
}

describe('buildTerm', () => {
  it('asks for words in title and abstract, for MeSH headings and for substances, each with its tag', () => {
    expect(buildTerm(query, [])).toBe(
      '(dormido*[tiab] OR "S(+)-dormidol"[tiab] OR "CI 581"[tiab] OR "Dormidol"[mh] OR "ardormidol"[nm])',
    );
  });

  it('bounds the search by days, and ends an open one at 3000', () => {
    expect(
      buildTerm({ ...query, words: [], substances: [] }, [{ field: 'crdt', from: '2024-06-01', to: '2024-06-30' }]),
    ).toBe('("Dormidol"[mh]) AND 2024/06/01:2024/06/30[crdt]');
    expect(buildTerm(null, [{ field: 'lr', from: '2024-06-01', to: null }])).toBe('2024/06/01:3000[lr]');
  });

  it('bounds the search by a range and by a list of PMIDs', () => {
    expect(
      buildTerm(
        null,
        [
          { field: 'uid', from: '1', to: '20000' },
          { field: 'uid', from: '7', to: null },
        ],
        ['12', '345'],
      ),
    ).toBe('1:20000[uid] AND 7:9999999999[uid] AND (12[uid] OR 345[uid])');
  });

  it('never lets an exclusion take a record that NLM indexed with the drug', () => {
    expect(buildTerm({ words: ['K-hole'], mesh: ['Dormidol'], substances: [], exclude: ['golf'] }, [])).toBe(
      '((("K-hole"[tiab]) NOT ("golf"[tiab])) OR "Dormidol"[mh])',
    );
    expect(buildTerm({ words: ['K-hole'], mesh: [], substances: [], exclude: ['golf'] }, [])).toBe(
      '(("K-hole"[tiab]) NOT ("golf"[tiab]))',
    );
  });

  it.each([
    ['a"[mh] OR "b', /letters/],
    ['dormidol[au]', /letters/],
    ['dormidol:3000', /letters/],
    ['dor*midol', /letters/],
    ['dor\nmidol', /letters/],
    ['dor*', /too short/],
    ['(+)', /no letter/],
    ['   ', /empty/],
    ['k'.repeat(201), /longer/],
  ])('refuses %j, which would change the search', (word, reason) => {
    expect(refuseWord(word)).toMatch(reason);
    for (const field of ['words', 'mesh', 'substances', 'exclude'] as const)
      expect(codeOf(() => buildTerm({ ...query, [field]: [word] }, []))).toBe('invalid-taxonomy');
  });

  it('refuses a query that asks for nothing, which would list all of PubMed', () => {
    expect(codeOf(() => buildTerm({ words: [], mesh: [], substances: [], exclude: ['golf'] }, []))).toBe(
      'invalid-taxonomy',
    );
    expect(codeOf(() => buildTerm(null, []))).toBe('unknown-value');
    expect(codeOf(() => buildTerm(query, [], []))).toBe('unknown-value');
  });

  it.each([
    ['2024-02-30', '2024-03-01'],
    ['2024/02/01', '2024-03-01'],
    ['2024-03-02', '2024-03-01'],
    ['2024-03-02[au] OR 1', null],
  ])('refuses the range %s to %s', (from, to) => {
    expect(codeOf(() => buildTerm(query, [{ field: 'crdt', from, to }]))).toBe('invalid-date');
  });

  it('refuses what is not a PMID', () => {
    for (const pmid of ['0', '012', '1 OR 2', '', '-1', '1.5', '99999999999'])
      expect(codeOf(() => buildTerm(null, [], [pmid]))).toBe('unknown-value');
    expect(codeOf(() => buildTerm(null, [{ field: 'uid', from: '20', to: '10' }]))).toBe('unknown-value');
    expect(isPmid('39887551')).toBe(true);
  });

  it('writes any accepted word as exactly one phrase with its tag', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (word) => {
        fc.pre(refuseWord(word) === null);
        expect(buildTerm({ words: [word], mesh: [], substances: [], exclude: [] }, [])).toMatch(
          /^\(("[^"[\]:]+"|[\p{L}\p{N}]+\*)\[tiab\]\)$/u,
        );
      }),
    );
  });
});
