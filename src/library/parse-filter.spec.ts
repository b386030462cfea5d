import { readFileSync } from 'node:fs';
import { NO_FILTER, type Filter } from '../model/filter.js';
import { AppError } from '../problem.js';
import { loadTaxonomy } from '../taxonomy/load-taxonomy.js';
import { parseFilter, type RawFilter } from './parse-filter.js';
import { describeFilter, filterParameters, renderFilter } from './render-filter.js';

const taxonomy = loadTaxonomy(readFileSync('data/taxonomy.yaml', 'utf8'), 'data/taxonomy.yaml');
const parse = (query: RawFilter) => parseFilter(query, taxonomy);
const canonical = (query: RawFilter) => renderFilter(parse(query));

function refusal(query: RawFilter): AppError {
  try {
    parse(query);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('not refused');
}

describe('filters', () => {
  it('have one canonical form: defaults left out, values once and in order, nothing else', () => {
    expect(canonical({})).toBe('');
    expect(canonical({ condition: '', q: '  ', from: undefined, relevance: 'core', retracted: 'include', freeFullText: 'false', minParticipants: '0', dateType: 'published', sort: 'match' })).toBe(''); // prettier-ignore
    expect(canonical({ study: 'rct', condition: 'ptsd,-depression,ocd,PTSD' })).toBe(canonical({ condition: ['ocd', 'ptsd', '-depression'], study: 'rct' })); // prettier-ignore
    expect(canonical({ condition: ['ocd', '-depression'] })).toBe('condition=ocd,-depression');
    expect(canonical({ relevance: 'any,core' })).toBe('relevance=any');
    expect(canonical({ relevance: '-incidental' })).toBe('relevance=-incidental');
    expect(canonical({ pmid: '30,4,30', trial: 'nct00000001', language: 'GER' })).toBe('pmid=4,30&trial=NCT00000001&language=ger'); // prettier-ignore
    expect(canonical({ mesh: ['Depressive Disorder, Treatment-Resistant', 'Ketamine'] })).toBe('mesh=Depressive+Disorder,+Treatment-Resistant&mesh=Ketamine'); // prettier-ignore
    expect(canonical({ q: ' "nasal  spray"\t+ 50% &c' })).toBe('q=%22nasal+spray%22+%2B+50%25+%26c');
  });

  it('read back what they render', () => {
    const filters: RawFilter[] = [
      { condition: 'ptsd,-depression', relevance: 'any', q: '"a b" -c dep* +&=%', from: '2020', to: '2024-02', dateType: 'published' },
      { journal: ['Anesthesia, pain & intensive care', 'J. X'], author: 'Müller-O’Neil J', publicationType: 'Clinical Trial, Phase II', minParticipants: '20', freeFullText: 'true', retracted: 'only' },
    ]; // prettier-ignore
    for (const query of filters) {
      const filter: Filter = parse(query);
      const back: Record<string, string[]> = {};
      for (const [name, value] of new URLSearchParams(renderFilter(filter))) (back[name] ??= []).push(value);
      expect(parse(back)).toEqual(filter);
      expect(parse(filterParameters(filter))).toEqual(filter);
    }
  });

  it('take a month or a year for its first or last day', () => {
    expect(parse({ from: '2024', to: '2024' })).toMatchObject({ from: '2024-01-01', to: '2024-12-31' });
    expect(parse({ from: '2024-02', to: '2024-02' })).toMatchObject({ from: '2024-02-01', to: '2024-02-29' });
  });

  it.each([
    [{ from: '2023-02-29' }, 'invalid-date'],
    [{ from: '2024-13' }, 'invalid-date'],
    [{ to: 'yesterday' }, 'invalid-date'],
    [{ to: '0000-01-01' }, 'invalid-date'],
    [{ from: '2024-02-01', to: '2024-01-01' }, 'invalid-date'],
    [{ q: 'x'.repeat(10_000) }, 'query-too-long'],
    [{ q: '\u0000' }, 'unknown-value'],
    [{ q: '***' }, 'unknown-value'],
    [{ q: 'the of' }, 'unknown-value'],
    [{ q: 'ke*' }, 'unknown-value'],
    [{ q: ['a', 'b'] }, 'unknown-value'],
    [{ from: ['2020', '2021'] }, 'unknown-value'],
    [{ minParticipants: '9'.repeat(400) }, 'unknown-value'],
    [{ minParticipants: '-1' }, 'unknown-value'],
    [{ pmid: '12a' }, 'unknown-value'],
    [{ language: 'english' }, 'unknown-value'],
    [{ sort: 'newest' }, 'unknown-value'],
    [{ journal: 'x\u0007' }, 'unknown-value'],
    [{ 'condition[]': 'ptsd' }, 'unknown-parameter'],
    [JSON.parse('{"__proto__":"x"}') as RawFilter, 'unknown-parameter'],
  ] as [RawFilter, string][])('refuse %p', (query, code) => {
    const error = refusal(query);
    expect(error.code).toBe(code);
    expect(error.items).toHaveLength(1);
    expect(error.message.length).toBeLessThan(3000);
  });

  it('say what is allowed and what was probably meant', () => {
    expect(refusal({ conditon: 'ptsd' })).toMatchObject({ message: expect.stringContaining('did you mean condition?') as unknown }); // prettier-ignore
    const { items } = refusal({ condition: 'depresion', study: 'randomised' });
    expect(items.map(({ parameter, value }) => [parameter, value])).toEqual([['condition', 'depresion'], ['study', 'randomised']]); // prettier-ignore
    expect(items[0]?.message).toContain('did you mean depression?');
    expect(items[0]?.allowed).toContain('ptsd');
  });

  it('ignore what they do not know where they are to be lenient: pages and feeds', () => {
    const filter = parseFilter({ utm_source: 'x', condition: 'ptsd,nonsense', from: 'never', q: ['a', 'b'], sort: 'x' }, taxonomy, { lenient: true }); // prettier-ignore
    expect(renderFilter(filter)).toBe('condition=ptsd');
    expect(parseFilter({ from: '2024', to: '2020' }, taxonomy, { lenient: true })).toEqual(NO_FILTER);
  });

  it('keep what a later taxonomy has lost, so that nothing matches rather than everything', () => {
    expect(renderFilter(parseFilter({ condition: 'lost-tag' }, taxonomy, { kept: true }))).toBe('condition=lost-tag');
    expect(renderFilter(parseFilter({ q: 'ke*' }, taxonomy, { kept: true }))).toBe('q=ke*');
  });

  it('can be said in words', () => {
    expect(describeFilter(NO_FILTER, taxonomy)).toBeNull();
    const said = describeFilter(parse({ condition: 'ptsd,ocd,-depression', q: 'x y', from: '2024', retracted: 'exclude', relevance: 'any' }), taxonomy); // prettier-ignore
    expect(said).toContain('any relevance');
    expect(said).toContain('matching “x y”; added since 2024-01-01; no retracted papers');
    expect(said).toMatch(/PTSD.* or .*, not /);
  });
});
