import { readFileSync } from 'node:fs';
import { loadTaxonomy } from '../../taxonomy/load-taxonomy.js';
import { readReportedTag, reportMail } from './report-tag.js';

const { facets } = loadTaxonomy(readFileSync('data/taxonomy.yaml', 'utf8'), 'data/taxonomy.yaml');

describe('a reported tag', () => {
  it('is one of the taxonomy, or none', () => {
    expect(readReportedTag('condition/ptsd', facets)).toEqual({ facet: 'condition', value: 'ptsd' });
    for (const text of [undefined, '', 'condition', 'condition/none', 'x/ptsd', 'condition/ptsd/x', '__proto__/x'])
      expect(readReportedTag(text, facets)).toBeNull();
  });

  it('is mailed to the address of the site, with or without a name', () => {
    expect(reportMail('Tracker <tags@example.org>', '1', 'a & b')).toBe(
      'mailto:tags@example.org?subject=Tag%20of%20PMID%201&body=a%20%26%20b',
    );
    expect(reportMail('tags@example.org', '1', 'a')).toContain('mailto:tags@example.org?');
    expect(reportMail(null, '1', 'a')).toBeNull();
  });
});
