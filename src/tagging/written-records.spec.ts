import { readFileSync } from 'node:fs';
import { FACETS } from '../model/tag.js';
import { loadTaxonomy } from '../taxonomy/load-taxonomy.js';
import { parseLabelled } from './labelled.js';
import { placeTags } from './tag-table.js';

const { all } = placeTags(loadTaxonomy(readFileSync('data/taxonomy.yaml', 'utf8'), 'data/taxonomy.yaml').recognition);
const records = readFileSync('data/labels/written.jsonl', 'utf8').trim().split('\n').map(parseLabelled);

describe('the records that were written to teach', () => {
  it('are of papers that do not exist, and none stands there twice', () => {
    expect(records.length).toBeGreaterThan(500);
    expect(records.filter(({ paper }) => paper.pmid !== null)).toEqual([]);
    expect(new Set(records.map(({ paper }) => paper.title)).size).toBe(records.length);
  });

  it('carry only tags of the taxonomy, children with their parents', () => {
    const keys = new Set(all.map(({ key }) => key));
    const mistakes = records.flatMap(({ paper, labels }) =>
      FACETS.flatMap((facet) => {
        const given = labels[facet] ?? [];
        const parents = all.filter((tag) => tag.facet === facet && given.includes(tag.tag) && tag.parentAt !== -1);
        return [
          ...given.filter((tag) => !keys.has(`${facet}/${tag}`)),
          ...parents
            .filter(({ parentAt }) => !given.includes(all[parentAt]?.tag ?? ''))
            .map(({ key }) => `${key} alone`),
        ].map((what) => `${paper.title}: ${what}`);
      }),
    );
    expect(mistakes).toEqual([]);
  });
});
