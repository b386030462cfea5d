import { ANALYSER_VERSION } from '../src/store/analyse.js';
import { indexStored } from '../src/store/index-stored.js';
import { aLibrary, filterOf, libraryOn, type ALibrary } from './support/a-library.js';
import { DIALECTS } from './support/database.js';

const QUERIES = ['q=seven', 'q="paper 7"', 'q=fict*', 'condition=ptsd', 'relevance=any&retracted=include', 'author=Doe', 'study=rct&relevance=core']; // prettier-ignore
/** More than one batch. */
const PAPERS = 620;

describe.each(DIALECTS)('papers that no analyser of this version has read, on %s', (dialect) => {
  let here: ALibrary;
  let before: string[][];
  /** By a library that has read nothing yet. */
  const answers = async () => {
    const { library } = libraryOn(here.database);
    const found: string[][] = [];
    for (const query of QUERIES) found.push(await library.pmids(filterOf(query)));
    return found;
  };
  /** As a store from before the index, or with an index of other rules. */
  const forget = async (version: number | null, where: string) => {
    const tables = dialect === 'sqlite' ? (['paper_terms', 'paper_words'] as const) : (['paper_text'] as const);
    await here.database.transaction(async (sql) => {
      for (const table of tables)
        await sql.run(`DELETE FROM "${table}" WHERE "${dialect === 'sqlite' ? 'rowid' : 'pmid'}" IN (SELECT "pmid" FROM "paper" WHERE ${where})`); // prettier-ignore
      await sql.run(`UPDATE "paper" SET "indexed_as" = ?, "words_cut" = NULL WHERE ${where}`, [version]);
      await sql.run(`UPDATE "paper" SET "tags" = NULL, "study" = NULL, "participants" = NULL WHERE ${where}`);
    });
  };

  beforeAll(async () => {
    here = await aLibrary(dialect);
    const doe = { name: 'Doe J', given: 'Jo', family: 'Doe', initials: 'J', orcid: null, collective: false, affiliations: [], valid: true, suffix: null, equalContribution: false }; // prettier-ignore
    await here.store(
      Array.from({ length: PAPERS }, (_, i) => ({
        pmid: String(i + 1),
        title: i % 7 === 0 ? `Number seven, paper ${i}.` : `Fictional paper ${i}.`,
        authors: i % 5 === 0 ? [doe] : [],
      })),
    );
    await here.tag(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [String(i * 2 + 1), i % 3 === 0 ? { condition: ['ptsd'], study: 'rct' as const } : {}]))); // prettier-ignore
    before = await answers();
    for (const [i, found] of before.entries()) expect([QUERIES[i], found.length > 0]).toEqual([QUERIES[i], true]);
  }, 120_000);
  afterAll(() => here.close());

  it('are indexed, however many, and then found as if they had just come', async () => {
    await forget(null, '1 = 1');
    expect(await answers()).not.toEqual(before);
    expect(await indexStored(here.database)).toBe(PAPERS);
    expect(await answers()).toEqual(before);
    const [left] = await here.database.column<number>('SELECT count(*) FROM "paper" WHERE "indexed_as" IS NULL OR "words_cut" IS NULL OR "indexed_as" <> ?', [ANALYSER_VERSION]); // prettier-ignore
    expect(Number(left)).toBe(0);
  }, 120_000);

  it('are the only ones that are read: those of another version, and nothing when all are of this one', async () => {
    await forget(ANALYSER_VERSION - 1, '"pmid" <= 40');
    expect(await indexStored(here.database)).toBe(40);
    expect(await answers()).toEqual(before);
    expect(await indexStored(here.database)).toBe(0);
  }, 60_000);
});
