import { readFileSync } from 'node:fs';
import { readQuality } from './read-quality.js';

describe('the quality report', () => {
  it('is read from what `npm run quality` wrote', () => {
    const quality = readQuality(readFileSync('docs/quality.md', 'utf8'));
    expect(quality?.papers).toBeGreaterThan(100);
    const facets = quality?.facets.map(({ facet }) => facet) ?? [];
    expect(facets).toContain('condition');
    expect(new Set(facets).size).toBe(facets.length);
    for (const { heldOut } of quality?.facets ?? []) expect(heldOut).toBeGreaterThan(0);
    const ptsd = quality?.tags.find(({ facet, tag }) => facet === 'condition' && tag === 'ptsd');
    expect(ptsd?.f1).toBeGreaterThan(0);
    for (const { precision, recall, f1, papers } of quality?.tags ?? [])
      for (const figure of [precision, recall, f1, papers]) expect(figure).not.toBeNaN();
  });

  it('tells of facts what was measured over all sets', () => {
    const report = [
      '12 labelled papers, taxonomy 1-ab.',
      '## Facets',
      '| facet | held out, micro F1 | range |',
      '| route | 0.900 | 0.89–0.91 |',
      '## Facts',
      '| fact | set | papers | precision | recall | accuracy |',
      '|---|---|---|---|---|---|',
      '| doses | all | 12 | 0.950 | 0.830 |  |',
      '| doses | 1 | 5 | 0.940 | 0.800 |  |',
    ].join('\n');
    expect(readQuality(report)?.facts).toEqual([{ fact: 'doses', papers: 12, precision: 0.95, recall: 0.83 }]);
    expect(readQuality(report)?.facets).toHaveLength(1);
  });

  it('is nothing where there is none', () => {
    expect(readQuality('')).toBeNull();
    expect(readQuality('# How good the tags are\n')).toBeNull();
  });
});
