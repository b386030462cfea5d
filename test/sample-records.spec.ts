import { readFileSync } from 'node:fs';
import { parsePapers } from '../src/pubmed/parse-papers.js';
import { readSampleRecords, SampleTimeline, WRITTEN_FOR } from '../src/demo/sample.js';
import { findImbalance } from '../src/pubmed/balanced.js';

const records = readSampleRecords();
const set = (xml: readonly string[]) => parsePapers(`<PubmedArticleSet>${xml.join('\n')}</PubmedArticleSet>`);
const all = set(records);
const current = set(new SampleTimeline(records, WRITTEN_FOR).recordsOn(WRITTEN_FOR));
const daysAgo = (day: string) => Math.round((Date.parse(WRITTEN_FOR) - Date.parse(day)) / 86_400_000);

describe('the authored records', () => {
  it('are all read: as papers, or as books that are excluded', () => {
    expect(all.unreadable).toEqual([]);
    expect(all.excluded.every(({ code }) => code === 'book-record')).toBe(true);
    expect(all.papers.length + all.excluded.length).toBe(records.length);
    expect(records.filter((xml) => findImbalance(xml) !== null)).toEqual([]);
  });

  it('say that they are invented: numbers from 99000001 on, the prefix of DOIs that is kept for examples', () => {
    for (const paper of all.papers) {
      expect(Number(paper.pmid)).toBeGreaterThan(99_000_000);
      if (paper.doi !== null) expect(paper.doi).toMatch(/^10\.5555\//);
      for (const trial of paper.trials) expect(trial).toMatch(/^NCT0999/);
    }
  });

  it('bring news in each of the last nine weeks', () => {
    const weeks = Array.from({ length: 9 }, () => 0);
    for (const { added } of current.papers) {
      const week = Math.floor(daysAgo(added) / 7);
      if (week < weeks.length) weeks[week] = (weeks[week] ?? 0) + 1;
    }
    expect(Math.min(...weeks)).toBeGreaterThanOrEqual(3);
  });

  it('were written for the day that they name', () => {
    expect(readFileSync('data/sample/pubmed/depression.xml', 'utf8')).toContain(`a demo on ${WRITTEN_FOR};`);
    expect(Math.min(...all.papers.map(({ added }) => daysAgo(added)))).toBe(0);
  });
});
