import { readFileSync } from 'node:fs';
import { AppError } from '../problem.js';
import { FACETS } from '../model/tag.js';
import { loadTaxonomy } from './load-taxonomy.js';

const FACETS_YAML = FACETS.map((facet) => {
  const single = facet === 'relevance' || facet === 'study';
  return [
    `  ${facet}:`,
    `    label: ${facet}`,
    '    definition: what it says',
    `    multiple: ${String(!single)}`,
    '    tags:',
    '      first:',
    '        label: First',
    '        definition: the first',
  ].join('\n');
}).join('\n');
const SMALL = `name: Aspirin\nnoun: aspirin\nversion: "3"\nquery:\n  words: [aspirin]\nfacets:\n${FACETS_YAML}\n`;

function mistakesOf(text: string): { pointer?: string; message: string; allowed?: readonly string[] }[] {
  try {
    loadTaxonomy(text, 'x.yaml');
  } catch (error) {
    if (error instanceof AppError) return [...error.items];
    throw error;
  }
  return [];
}
const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;

describe('loadTaxonomy', () => {
  it('reads the bundled file: every facet, parents before their children', () => {
    const taxonomy = loadTaxonomy(readFileSync('data/taxonomy.yaml', 'utf8'), 'data/taxonomy.yaml');
    expect(taxonomy.facets.map((facet) => facet.facet).sort()).toEqual([...FACETS].sort());
    for (const { tags } of taxonomy.facets) {
      for (const [place, tag] of tags.entries()) {
        if (tag.parent !== null) expect(tags.slice(0, place).map((above) => above.value)).toContain(tag.parent);
      }
    }
  });

  it('reads a taxonomy of another drug', () => {
    const taxonomy = loadTaxonomy(SMALL, 'x.yaml');
    expect(taxonomy.noun).toBe('aspirin');
    expect(taxonomy.query).toEqual({ words: ['aspirin'], mesh: [], substances: [], exclude: [] });
  });

  it('changes the version with the content, not only with the number', () => {
    const other = loadTaxonomy(SMALL.replace('the first', 'the very first'), 'x.yaml').version;
    expect(other).not.toBe(loadTaxonomy(SMALL, 'x.yaml').version);
    expect(other).toMatch(/^3-[0-9a-f]{8}$/);
  });

  it('reports every mistake at once, with its line and what is allowed', () => {
    const text = SMALL.replace('noun: aspirin\n', '')
      .replace('  words: [aspirin]', '  word: [aspirin]')
      .replace('  care:', '  caring:');
    const mistakes = mistakesOf(text);
    expect(mistakes.find(({ message }) => message.includes('"noun" is missing'))).toBeDefined();
    expect(mistakes.find(({ message }) => message.includes('unknown name "word"'))).toMatchObject({
      pointer: `x.yaml:${lineOf(text, 'word:')}`,
      allowed: ['words', 'mesh', 'substances', 'exclude'],
    });
    expect(mistakes.find(({ message }) => message.includes('unknown facet "caring"'))).toMatchObject({
      pointer: `x.yaml:${lineOf(text, 'caring:')}`,
      allowed: FACETS,
    });
  });

  it.each([
    ['an unclosed bracket', '"(acute|chronic pain"', 'never closed'],
    ['an unknown word list', '"{nothing} pain"', 'no word list {nothing}'],
    ['a gap at the end', '"pain ~3"', 'begins and ends with a word'],
    ['a gap that is too wide', '"pain ~99 relief"', 'must be ~1 to ~12'],
    ['a mark that is no word', '"pain + relief"', 'holds no letter or figure'],
  ])('refuses a phrase with %s', (_name, phrase, message) => {
    const text = `${SMALL}        phrases:\n          - pain\n          - ${phrase}\n`;
    const [mistake, ...others] = mistakesOf(text);
    expect(mistake?.message).toContain(message);
    expect(mistake?.pointer).toBe(`x.yaml:${lineOf(text, phrase)}`);
    expect(others).toEqual([]);
  });

  it.each([
    ['a parent that does not stand above', '        parent: nobody\n', 'parent "nobody"'],
    ['a MeSH entry without UI', '        mesh: [D12345 ]\n', 'must be a UI'],
    ['a phrase that stands twice', '        weak: [pain, pain]\n', 'stands here twice'],
    ['a list that is a text', '        weak: pain\n', 'must be a list'],
  ])('refuses %s', (_name, addition, message) => {
    const mistakes = mistakesOf(SMALL + addition);
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]?.message).toContain(message);
  });

  it.each(['from', 'for', 'against'])('reports a tag that names under "%s" one that is not in the file', (list) => {
    const text = SMALL.replace('definition: the first', `definition: the first\n        ${list}: [condition/secnod]`);
    const [mistake] = mistakesOf(text);
    expect(mistake?.message).toContain('condition/secnod');
    expect(mistake?.allowed).toContain('condition/first');
  });

  it('reports broken YAML with its line instead of failing somewhere else', () => {
    expect(mistakesOf('name: "Aspirin\nnoun: x\n').length).toBeGreaterThan(0);
    expect(mistakesOf('').length).toBeGreaterThan(0);
    expect(mistakesOf('- a\n- b\n')[0]?.pointer).toBe('x.yaml:1');
  });
});
