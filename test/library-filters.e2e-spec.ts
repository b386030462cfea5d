import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readSampleRecords } from '../src/demo/sample.js';
import type { Paper } from '../src/model/paper.js';
import { FACETS, type Facet, type Facts, type Tags } from '../src/model/tag.js';
import { AppError } from '../src/problem.js';
import { parsePapers } from '../src/pubmed/parse-papers.js';
import { noFacts, noTags } from '../src/model/tag.js';
import { taxonomy } from './support/a-digest.js';
import { aLibrary, filterOf, type ALibrary } from './support/a-library.js';
import { QueryMaker } from './support/query-maker.js';
import { Random } from './support/random.js';
import { ReferenceLibrary, type Known, type Query } from './support/reference-library.js';

const SHARED = process.env['SHARED_DIR'] ?? resolve('../shared');
const real = ['pubmed-real.xml.gz', 'ketamine-wide.xml.gz', 'ketamine-shaped.xml.gz'].map((name) => resolve(SHARED, 'pubmed', name)); // prettier-ignore
const QUERIES = 500;
/** Each query is also answered the slow way, by looking at every paper: more queries show more than more papers. */
const PAPERS = 1200;

/** The real records where they are, some of every part of every file; else the authored ones. */
function readPapers(): Paper[] {
  const records = real.every((file) => existsSync(file))
    ? real.flatMap((file) => gunzipSync(readFileSync(file)).toString('utf8').match(/<PubmedArticle>[^]*?<\/PubmedArticle>/g) ?? [])
    : readSampleRecords(); // prettier-ignore
  const step = Math.max(1, records.length / PAPERS);
  const some = records.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step));
  const byPmid = new Map<string, Paper>();
  for (const paper of parsePapers(`<PubmedArticleSet>${some.join('\n')}</PubmedArticleSet>`).papers) {
    const other = byPmid.get(paper.pmid);
    if (!other || other.version <= paper.version) byPmid.set(paper.pmid, paper);
  }
  return [...byPmid.values()];
}

/** Tags at random: what matters here is that every filter has something to find. */
function randomTags(random: Random): Tags {
  const tags: Tags = { ...noTags(), relevance: random.pick(['core', 'core', 'core', 'mention', 'incidental']) };
  for (const { facet, tags: values } of taxonomy.facets) {
    if (facet === 'relevance' || random.chance(0.4)) continue;
    if (facet === 'study') tags.study = random.pick(values).value;
    else tags[facet] = [...new Set(random.some(values, 3).map(({ value }) => value))];
  }
  return tags;
}
const randomFacts = (random: Random): Facts => ({
  ...noFacts(),
  participants: random.chance(0.5)
    ? { value: random.below(400), unit: random.pick(['participants', 'animals']) }
    : null,
});

describe('the same query', () => {
  const dialects = ['sqlite', 'postgres'] as const;
  const libraries: ALibrary[] = [];
  const known: Known[] = [];
  let reference: ReferenceLibrary;
  let queries: Query[];

  beforeAll(async () => {
    const random = new Random(20_261_125);
    const papers = readPapers();
    for (const dialect of dialects) libraries.push(await aLibrary(dialect));
    for (const paper of papers) {
      const tags = random.chance(0.05) ? null : randomTags(random);
      known.push({ paper, tags, facts: tags && randomFacts(random), listedAt: 0 });
    }
    for (const library of libraries)
      for (let at = 0; at < known.length; at += 500) {
        const part = known.slice(at, at + 500);
        await library.store(part.map(({ paper }) => paper));
        await library.tag(
          Object.fromEntries(part.flatMap(({ paper, tags, facts }) => (tags && facts ? [[paper.pmid, { ...tags, facts }]] : []))),
        ); // prettier-ignore
      }
    reference = new ReferenceLibrary(known, taxonomy);
    const maker = new QueryMaker(known, taxonomy, random);
    queries = Array.from({ length: QUERIES }, () => maker.make());
  }, 300_000);
  afterAll(async () => {
    for (const library of libraries) await library.close();
  });

  it('gives the same set on both databases, and the one that it should', async () => {
    let hits = 0;
    for (const query of queries) {
      const expected = reference.find(query).map(({ paper }) => Number(paper.pmid)).sort((a, b) => a - b); // prettier-ignore
      if (expected.length > 0) hits++;
      for (const [i, { library }] of libraries.entries()) {
        const found = (await library.pmids(filterOf(query))).map(Number).sort((a, b) => a - b);
        expect({ query, on: dialects[i], found }).toEqual({ query, on: dialects[i], found: expected });
      }
    }
    // queries that find nothing would prove little
    expect(hits).toBeGreaterThan(QUERIES / 3);
  }, 300_000);

  it('gives the same order in every sort, page by page', async () => {
    for (const [i, query] of queries.slice(0, 90).entries()) {
      const sort = (['added', 'published', 'match'] as const)[i % 3]!;
      const expected = reference.sorted(query, sort);
      for (const { library } of libraries) {
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page: Awaited<ReturnType<typeof library.page>> = await library.page(filterOf(query), { sort, limit: 97, cursor }); // prettier-ignore
          expect(page.total).toBe(expected.length);
          seen.push(...page.papers.map(({ pmid }) => pmid));
          cursor = page.next;
        } while (cursor !== null && seen.length < 1000);
        expect({ query, sort, seen }).toEqual({ query, sort, seen: expected.slice(0, seen.length) });
      }
    }
  }, 300_000);

  it('gives the same counts by facet', async () => {
    for (const query of queries.slice(0, 25)) {
      const expected: Record<string, Record<string, number>> = {};
      for (const facet of FACETS) {
        // wanted values of the facet do not count, what it excludes does
        const others = [query[facet] ?? []].flat().flatMap((value) => value.split(',')).filter((value) => value.startsWith('-')); // prettier-ignore
        const under: Query = { ...query, [facet]: facet === 'relevance' && others.length === 0 ? 'any' : others };
        const papers = reference.find(under);
        expected[facet] = Object.fromEntries(
          (taxonomy.facets.find((one) => one.facet === facet)?.tags ?? []).map(({ value }) => [
            value,
            papers.filter((paper) => reference.has(paper, facet, value)).length,
          ]),
        );
      }
      for (const { library } of libraries) {
        const { data, total } = await library.facets(filterOf(query));
        const counted = Object.fromEntries(
          Object.entries(data).map(([facet, values]) => [facet, Object.fromEntries(values.map(({ value, count }) => [value, count]))]),
        ); // prettier-ignore
        expect({ query, counted }).toEqual({ query, counted: expected });
        expect(total).toBe(reference.find(query).length);
      }
    }
  }, 300_000);

  it('gives the same matrix and timeline', async () => {
    const pairs: [Facet, Facet, Facet | null][] = [['condition', 'direction', 'study'], ['safety', 'condition', null], ['study', 'species', 'route']]; // prettier-ignore
    for (const [i, query] of queries.slice(60, 75).entries()) {
      const papers = reference.find(query);
      const [rows, cols, split] = pairs[i % 3]!;
      const values = (facet: Facet) => (taxonomy.facets.find((one) => one.facet === facet)?.tags ?? []).map(({ value }) => value); // prettier-ignore
      const count = (...having: [Facet, string][]) =>
        papers.filter((paper) => having.every(([facet, value]) => reference.has(paper, facet, value) && paper.tags !== null)).length; // prettier-ignore
      const counts = values(rows).map((r) => values(cols).map((c) => count([rows, r], [cols, c])));
      const splitCounts = split && values(rows).map((r) => values(cols).map((c) => values(split).map((s) => count([rows, r], [cols, c], [split, s])))); // prettier-ignore
      const years = papers.map(({ paper }) => Number(paper.added.slice(0, 4)));
      const buckets = years.length === 0 ? [] : Array.from({ length: Math.max(...years) - Math.min(...years) + 1 }, (_, k) => Math.min(...years) + k); // prettier-ignore
      for (const { library } of libraries) {
        const matrix = await library.matrix(filterOf(query), { rows, cols, split });
        expect({ query, counts: matrix.counts, splitCounts: matrix.splitCounts, total: matrix.total }).toEqual({ query, counts, splitCounts, total: papers.length }); // prettier-ignore
        const timeline = await library.timeline(filterOf(query), {
          by: 'study',
          interval: 'year',
          openDay: '2026-11-25',
        });
        if (filterOf(query).dateType === 'added')
          expect(timeline).toMatchObject({
            buckets: buckets.map(String),
            total: buckets.map((year) => years.filter((one) => one === year).length),
            unplaced: 0,
          });
        for (const week of [
          await library.timeline(filterOf(query), { by: 'study', interval: 'week', openDay: '2026-11-25' }),
        ])
          expect(week.total.reduce((sum, n) => sum + n, 0) + week.unplaced).toBe(papers.length);
      }
    }
  }, 300_000);

  it('is refused with what to do, or answered quickly, whatever a stranger types', async () => {
    const random = new Random(7);
    const ingredients = ['"', "'", '*', '-', '(', ')', ' OR ', ' AND ', ' NOT ', 'NEAR(', '^', ':', '\\', '%', '_', ';--', 'DROP TABLE paper', '\u0000', '\u0007', '\u202e', '\ud800', '🧠', 'é', 'ketamine', '1e308', '99999999999999999999', '${7*7}', '<script>', '{title}', ' & ', ' | ', '!', '<->', "'a':*", '$1', '?', 'a', 'ß', '中文', '+', '~', '[', 'ﬁ', '½']; // prettier-ignore
    let refused = 0;
    for (let i = 0; i < 300; i++) {
      const name = random.pick(['q', 'q', 'q', 'journal', 'author', 'mesh', 'condition', 'from', 'pmid', 'trial', 'minParticipants', 'language', 'publicationType']); // prettier-ignore
      const value = random.some(ingredients, 12).join('');
      const answers = [];
      for (const { library } of libraries) {
        try {
          answers.push(await library.pmids(filterOf({ [name]: value })));
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          const { code, items } = error as AppError;
          expect(['unknown-value', 'invalid-date', 'query-too-long']).toContain(code);
          expect(items[0]).toMatchObject({ parameter: name, message: expect.stringMatching(/\w/) as unknown });
          answers.push(code);
          refused++;
        }
      }
      expect({ name, value, answer: answers[0] }).toEqual({ name, value, answer: answers[1] });
    }
    expect(refused).toBeGreaterThan(50);
  }, 120_000);
});
