import { readFileSync } from 'node:fs';
import { readSampleRecords } from '../demo/sample.js';
import { parsePapers } from '../pubmed/parse-papers.js';
import { loadTaxonomy } from '../taxonomy/load-taxonomy.js';
import { createTagger } from './tag-paper.js';
import { tagBatch, tagRecord } from './tag-records.js';

const tagger = createTagger(loadTaxonomy(readFileSync('data/taxonomy.yaml', 'utf8'), 'data/taxonomy.yaml'));
const records = parsePapers(
  `<?xml version="1.0"?><PubmedArticleSet>${readSampleRecords().slice(0, 60).join('')}</PubmedArticleSet>`,
).papers.map((paper) => JSON.stringify(paper));

describe('stored records by the batch', () => {
  it('get the tags, facts and evidence that each gets alone', () => {
    expect(tagBatch(tagger, records)).toEqual(records.map((record) => tagRecord(tagger, record)));
  });

  it('are tagged although one of them cannot be read', () => {
    const found = tagBatch(tagger, [records[0] ?? '', '{"title": 1}', records[1] ?? '']);
    expect(found).toEqual([tagRecord(tagger, records[0] ?? ''), null, tagRecord(tagger, records[1] ?? '')]);
  });
});
