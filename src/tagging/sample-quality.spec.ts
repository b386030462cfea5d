import { readdirSync, readFileSync } from 'node:fs';
import { loadTaxonomy } from '../taxonomy/load-taxonomy.js';
import { evaluate } from './evaluate.js';
import { parseLabelled } from './labelled.js';
import { createTagger } from './tag-paper.js';

const taxonomy = loadTaxonomy(readFileSync('data/taxonomy.yaml', 'utf8'), 'data/taxonomy.yaml');
const files = readdirSync('data/sample')
  .filter((name) => name.endsWith('.jsonl'))
  .sort();
const labelled = files
  .flatMap((name) => readFileSync(`data/sample/${name}`, 'utf8').split('\n'))
  .filter((line) => line.includes('"labels"'))
  .map(parseLabelled);
const floor = JSON.parse(readFileSync('data/quality-floor.json', 'utf8')) as {
  papers: number;
  micro: Record<string, number>;
};

/** Rounding, and nothing more. */
const SLACK = 0.001;

describe('the tags of the authored examples', () => {
  const tagger = createTagger(taxonomy);
  const { facets } = evaluate(labelled.map((entry) => ({ labelled: entry, tags: tagger(entry.paper).tags })));

  it('are measured on every example (new ones: npm run quality -- --floor data/sample/*.jsonl)', () => {
    expect(labelled.length).toBe(floor.papers);
    expect(facets.map(({ facet }) => facet).sort()).toEqual(Object.keys(floor.micro).sort());
  });

  it.each(Object.entries(floor.micro))('do not get worse: %s stays at F1 %d', (facet, least) => {
    expect(facets.find((score) => score.facet === facet)?.micro.f1).toBeGreaterThanOrEqual(least - SLACK);
  });
});
