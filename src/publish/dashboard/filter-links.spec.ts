import { readFileSync } from 'node:fs';
import { parseFilter } from '../../library/parse-filter.js';
import { loadTaxonomy } from '../../taxonomy/load-taxonomy.js';
import { chipsOf, only, papersHref } from './filter-links.js';

const { facets } = loadTaxonomy(readFileSync('data/taxonomy.yaml', 'utf8'), 'data/taxonomy.yaml');
const parse = (query: string) => {
  const parameters: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(query)) (parameters[name] ??= []).push(value);
  return parseFilter(parameters, { facets });
};

describe('links between filters', () => {
  it('show every choice in force, and lead to the page without it', () => {
    const filter = parse(
      'condition=ptsd,-depression&q=oral&from=2024-01-01&author=Doe+J&minParticipants=20&retracted=exclude',
    );
    expect(chipsOf(filter, facets, 'added').map((chip) => chip.text)).toEqual([
      '“oral”',
      'PTSD',
      'not Depression',
      'added since 1 Jan 2024',
      'Author: Doe J',
      '20+ participants',
      'No retracted papers',
    ]);
    for (const { without } of chipsOf(filter, facets, 'added')) {
      const left = chipsOf(parse(without.split('?')[1] ?? ''), facets, 'added');
      expect(left).toHaveLength(6);
    }
  });

  it('end at the plain page when the last choice is gone', () => {
    expect(chipsOf(parse('study=rct'), facets, 'added')[0]?.without).toBe('/papers');
  });

  it('keep the order of the list', () => {
    expect(chipsOf(parse('study=rct'), facets, 'published')[0]?.without).toBe('/papers?sort=published');
    expect(papersHref(only({ condition: 'ptsd', direction: 'biomarkers' }))).toBe(
      '/papers?condition=ptsd&direction=biomarkers',
    );
  });
});
