import { readSampleRecords, SampleTimeline, WRITTEN_FOR } from '../src/demo/sample.js';
import type { Paper } from '../src/model/paper.js';
import { FACETS } from '../src/model/tag.js';
import { findImbalance } from '../src/pubmed/balanced.js';
import { parsePapers } from '../src/pubmed/parse-papers.js';
import { createTagger } from '../src/tagging/tag-paper.js';
import { toTaggable } from '../src/tagging/to-taggable.js';
import { taxonomy } from './support/an-ingest.js';

const records = readSampleRecords();
const setOf = (xml: readonly string[]) => parsePapers(`<PubmedArticleSet>${xml.join('\n')}</PubmedArticleSet>`);
/** Every state of every record, and the papers as they are on the day for which they were written. */
const states = setOf(records);
const current = setOf(new SampleTimeline(records, WRITTEN_FOR).recordsOn(WRITTEN_FOR));
const daysAgo = (day: string) => Math.round((Date.parse(WRITTEN_FOR) - Date.parse(day)) / 86_400_000);

describe('the authored records', () => {
  it('are all read: as papers, or as books that are excluded', () => {
    expect(states.unreadable).toEqual([]);
    expect(states.excluded.every(({ code }) => code === 'book-record')).toBe(true);
    expect(states.papers.length + states.excluded.length).toBe(records.length);
    expect(records.filter((xml) => findImbalance(xml) !== null)).toEqual([]);
  });

  it('are more than 160, over decades', () => {
    expect(current.papers.length).toBeGreaterThan(160);
    const years = new Set(current.papers.map(({ added }) => added.slice(0, 4)));
    expect(years.size).toBeGreaterThanOrEqual(15);
  });

  it('say that they are invented: numbers from 99000001 on, the prefix of DOIs that is kept for examples', () => {
    for (const paper of states.papers) {
      expect(Number(paper.pmid)).toBeGreaterThan(99_000_000);
      if (paper.doi !== null) expect(paper.doi).toMatch(/^10\.5555\//);
      for (const trial of paper.trials) expect(trial).toMatch(/^NCT0999/);
      expect(paper.journal.issn).toMatch(/^0000-/);
    }
  });

  it('bring at least six papers in each of the last ten weeks, some of them on the very day', () => {
    const weeks = Array.from({ length: 10 }, () => 0);
    for (const { added } of current.papers) {
      const week = Math.floor(daysAgo(added) / 7);
      if (week < weeks.length) weeks[week] = (weeks[week] ?? 0) + 1;
    }
    expect(Math.min(...weeks)).toBeGreaterThanOrEqual(6);
    expect(Math.min(...states.papers.map(({ added }) => daysAgo(added)))).toBe(0);
  });

  it('have every tag of every facet', () => {
    const tag = createTagger(taxonomy);
    const given = new Set<string>();
    for (const paper of current.papers)
      for (const { facet, tag: value } of tag(toTaggable(paper)).evidence) given.add(`${facet}=${value}`);
    const missing = taxonomy.facets.flatMap(({ facet, tags }) =>
      tags.map(({ value }) => `${facet}=${value}`).filter((name) => !given.has(name)),
    );
    expect(missing).toEqual([]);
    expect(taxonomy.facets.map(({ facet }) => facet).sort()).toEqual([...FACETS].sort());
  });
});

describe('the authored records hold', () => {
  const some = (holds: (paper: Paper) => boolean) => current.papers.filter(holds).length;
  const refers = (type: string) => some(({ related }) => related.some((other) => other.type === type));
  const xmlHas = (pattern: RegExp) => records.filter((xml) => pattern.test(xml)).length;

  it.each<[string, () => number]>([
    ['a retracted paper', () => some(({ status }) => status.retracted)],
    ['its notice', () => refers('RetractionOf')],
    ['a paper with an expression of concern', () => some(({ status }) => status.concern)],
    ['an erratum and the paper it mends', () => Math.min(refers('ErratumFor'), refers('ErratumIn'))],
    ['a preprint and its journal version', () => Math.min(refers('UpdateIn'), refers('UpdateOf'))],
    ['letters about a paper', () => refers('CommentOn')],
    ['a paper without an abstract', () => some(({ abstract }) => abstract.length === 0)],
    ['a paper with a vernacular title only', () => some((p) => p.title === '' && p.vernacularTitle !== null)],
    ['a translated title', () => some((p) => p.title.startsWith('[') && p.vernacularTitle !== null)],
    [
      'abstracts in another language',
      () => some(({ otherAbstracts }) => otherAbstracts.some((o) => o.type === 'Publisher')),
    ],
    [
      'a summary in plain language',
      () => some((p) => p.otherAbstracts.some((o) => o.type === 'plain-language-summary')),
    ],
    ['structured abstracts', () => some(({ abstract }) => abstract.length > 2 && abstract[0]?.label !== null)],
    ['collective authors', () => some(({ authors }) => authors.some(({ collective }) => collective))],
    ['a list of authors that is cut', () => some(({ authorsComplete }) => !authorsComplete)],
    ['a paper without authors', () => some(({ authors }) => authors.length === 0)],
    ['an ORCID as an address', () => xmlHas(/"ORCID">https?:/)],
    ['an ORCID with spaces', () => xmlHas(/"ORCID">\d{4} /)],
    ['an ORCID in one piece', () => xmlHas(/"ORCID">\d{15}/)],
    ['MathML', () => xmlHas(/<mml:math/)],
    ['inline markup', () => xmlHas(/<AbstractText>[^\n]*<sup>/)],
    ['a MedlineDate over two years', () => xmlHas(/<MedlineDate>\d{4} \w+-\d{4} /)],
    ['a season', () => xmlHas(/<Season>/)],
    ['a date of a year only', () => some(({ published }) => published.date?.length === 4)],
    [
      'a record added years after its Entrez date',
      () =>
        some((p) =>
          p.history.some((h) => h.status === 'pubmed' && daysAgo(h.at.slice(0, 10)) > daysAgo(p.added) + 700),
        ),
    ],
    ['a second version', () => some(({ version }) => version === 2)],
    ['a book', () => current.excluded.length],
    ['MeSH with qualifiers and majors', () => some(({ mesh }) => mesh.some((m) => m.major && m.qualifiers.length > 0))],
    ['trial numbers', () => some(({ trials }) => trials.length > 1)],
    ['papers in four languages', () => Number(new Set(current.papers.flatMap((p) => p.language)).size >= 4)],
    ['papers that can be read in PubMed Central', () => some(({ pmcid }) => pmcid !== null)],
  ])('%s', (_, count) => {
    expect(count()).toBeGreaterThan(0);
  });

  it('a record that came to say ketamine only weeks after it was added', () => {
    const says = (paper: Paper) => /ketamine/i.test(JSON.stringify([paper.title, paper.abstract, paper.keywords]));
    const silent = states.papers.filter((paper) => !says(paper)).map(({ pmid }) => pmid);
    const spoken = current.papers.filter((paper) => says(paper) && silent.includes(paper.pmid));
    expect(spoken).toHaveLength(1);
    expect(daysAgo(spoken[0]?.added ?? '') - daysAgo(spoken[0]?.revisedOn ?? '')).toBeGreaterThan(7);
  });

  it('headings that came after the record', () => {
    const first = new Map<string, Paper>();
    for (const paper of states.papers) if (!first.has(paper.pmid)) first.set(paper.pmid, paper);
    const indexedLater = current.papers.filter((p) => p.mesh.length > 0 && first.get(p.pmid)?.mesh.length === 0);
    expect(indexedLater.length).toBeGreaterThan(5);
  });
});
