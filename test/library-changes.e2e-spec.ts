import type { Paper } from '../src/model/paper.js';
import { PaperPagesStore } from '../src/store/paper-pages.store.js';
import { IssuesStore } from '../src/store/issues.store.js';
import { taxonomy } from './support/a-digest.js';
import { aLibrary, filterOf, libraryOn, type ALibrary } from './support/a-library.js';
import { DIALECTS } from './support/database.js';
import { Random } from './support/random.js';

/** Somebody else's copy of what is under some filters, kept true by reading changes only. */
class Mirror {
  readonly copy = new Map<string, string>();
  private since: string | null = null;

  constructor(
    private readonly library: ALibrary['library'],
    private readonly query: string,
    private readonly limit: number,
  ) {}

  async read(): Promise<void> {
    for (;;) {
      const { changes, next, more } = await this.library.changes(filterOf(this.query), this.since, this.limit);
      for (const { pmid, listed } of changes) {
        const paper = listed ? await this.library.find(pmid) : null;
        if (paper) this.copy.set(pmid, paper.view);
        else this.copy.delete(pmid);
      }
      this.since = next;
      if (!more) return;
    }
  }
}

describe.each(DIALECTS)('changes on %s', (dialect) => {
  let here: ALibrary;
  beforeEach(async () => {
    here = await aLibrary(dialect);
  });
  afterEach(() => here.close());

  it('keep a mirror exact, whatever happens and from whatever cursor', async () => {
    const random = new Random(42);
    const queries = ['relevance=any', '', 'condition=ptsd,ocd', 'q=ketamine&retracted=exclude', 'study=rct&minParticipants=20', 'from=2026-06-01&freeFullText=true']; // prettier-ignore
    const mirrors = queries.map((query, i) => new Mirror(here.library, query, [1, 3, 1000, 7, 50, 2][i] ?? 5));
    const conditions = taxonomy.facets.find(({ facet }) => facet === 'condition')?.tags.map(({ value }) => value) ?? [];
    const papers = new Map<string, Partial<Paper> & { pmid: string }>();
    const issues = new IssuesStore(here.database);
    for (let round = 0; round < 25; round++) {
      const event = random.below(6);
      const some = random.some([...papers.keys(), '1'], 5);
      if (event <= 1) {
        const given = Array.from({ length: 1 + random.below(8) }, () => {
          const pmid = String(1 + random.below(60));
          const paper = {
            pmid,
            title: random.pick(['Ketamine', 'Esketamine', 'Something else']),
            added: `2026-${random.pick(['01', '07', '11'])}-10`,
            pmcid: random.chance(0.5) ? `PMC${pmid}000` : null,
            version: 1 + round,
            status: { retracted: random.chance(0.3), concern: false, corrected: random.chance(0.3), updated: false, preprint: false },
          }; // prettier-ignore
          papers.set(pmid, paper);
          return paper;
        });
        await here.store([...new Map(given.map((paper) => [paper.pmid, paper])).values()]);
      } else if (event <= 3) {
        await here.tag(
          Object.fromEntries(
            some.map((pmid) => [
              pmid,
              {
                relevance: random.pick(['core', 'core', 'mention', 'incidental']),
                condition: [random.pick(['ptsd', 'ocd', random.pick(conditions)])],
                study: random.pick(['rct', 'review', null]),
                facts: { participants: random.chance(0.5) ? { value: random.below(60), unit: 'participants' as const } : null },
              },
            ]),
          ),
        ); // prettier-ignore
      } else if (event === 4) {
        await here.database.transaction((sql) =>
          here.papers.markGone(sql, some.slice(0, 2), {
            source: 'sweep',
            runId: 'test',
            at: 1_800_000_000_000 + round,
          }),
        );
      } else await issues.markLate('2026-01-01', `2026-0${1 + random.below(9)}-28`, 1_800_000_000_000 + round);
      const mirror = random.pick(mirrors);
      await mirror.read();
    }
    for (const [i, mirror] of mirrors.entries()) {
      await mirror.read();
      const store = new Map<string, string>();
      for await (const part of here.library.stream(filterOf(queries[i] ?? ''), 'added', 13))
        for (const { pmid, view } of part) store.set(pmid, view);
      expect({ query: queries[i], copy: new Map([...mirror.copy].sort()) }).toEqual({ query: queries[i], copy: new Map([...store].sort()) }); // prettier-ignore
    }
    expect(mirrors[0]?.copy.size).toBeGreaterThan(20);
  });

  it('say what happened', async () => {
    const { next } = await here.library.changes(filterOf('relevance=any'), 'now', 10);
    await here.store([{ pmid: '1' }, { pmid: '2' }]);
    await here.tag({ 1: { condition: ['ptsd'] } });
    await here.store([{ pmid: '2', version: 2, title: 'Another title' }]);
    await here.store([{ pmid: '1', version: 2, status: { retracted: true, concern: false, corrected: false, updated: false, preprint: false } }]); // prettier-ignore
    await here.tag({ 1: { relevance: 'incidental' } });
    await here.database.transaction((sql) => here.papers.markGone(sql, ['2'], { source: 'sweep', runId: 'r', at: 5 }));
    const read = async (query: string, since: string | null) =>
      (await here.library.changes(filterOf(query), since, 100)).changes.map(({ pmid, change, listed }) => `${pmid} ${change}${listed ? '' : ', not listed'}`); // prettier-ignore
    expect(await read('relevance=any', next)).toEqual(['1 created', '2 created', '1 retagged', '2 revised', '1 corrected', '1 retagged', '2 gone']); // prettier-ignore
    expect(await read('', null)).toEqual([
      '2 created',
      '1 gone, not listed',
      '2 revised',
      '1 gone, not listed',
      '2 gone',
    ]);
    expect(await read('study=rct', null)).toEqual(['1 gone, not listed', '1 gone, not listed']);
  });

  it('refuse a cursor of other filters, and one that was changed', async () => {
    const { next } = await here.library.changes(filterOf(''), null, 10);
    await expect(here.library.changes(filterOf('study=rct'), next, 10)).rejects.toMatchObject({
      code: 'invalid-cursor',
    });
    await expect(here.library.changes(filterOf(''), `${next}x`, 10)).rejects.toMatchObject({ code: 'invalid-cursor' });
  });

  it('become visible in the order of their numbers, although several writers work at once', async () => {
    await here.store(Array.from({ length: 40 }, (_, i) => ({ pmid: String(i + 1) })));
    const seen: number[] = [];
    let writing = true;
    const watch = (async () => {
      let last = 0;
      while (writing) {
        const rows = await here.database.all<{ id: number }>('SELECT "id" FROM "revision" WHERE "id" > ? ORDER BY "id"', [last]); // prettier-ignore
        seen.push(...rows.map(({ id }) => id));
        last = Math.max(last, ...rows.map(({ id }) => id));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    })();
    await Promise.all(
      Array.from({ length: 4 }, async (_, writer) => {
        for (let i = 0; i < 10; i++)
          await here.store([{ pmid: String(writer * 10 + i + 1), version: 2, title: 'Anew' }]);
      }),
    );
    writing = false;
    await watch;
    const all = await here.database.column<number>('SELECT "id" FROM "revision" ORDER BY "id"');
    expect(all.slice(0, seen.length)).toEqual(seen);
    expect(all).toHaveLength(80);
  });

  it('tell the catalogue of another process what to read again, until it equals one that is read anew', async () => {
    const random = new Random(3);
    const { shelf } = libraryOn(here.database);
    for (let round = 0; round < 12; round++) {
      await here.store(random.some(Array.from({ length: 80 }, (_, i) => i + 1), 20).map((pmid) => ({ pmid: String(pmid), version: round + 1, added: `2026-0${1 + random.below(9)}-01`, published: { text: '', date: random.pick([null, '2024', '2025-03-04']) } }))); // prettier-ignore
      if (random.chance(0.5)) await here.tag({ [String(1 + random.below(80))]: { condition: ['bipolar-depression'], study: 'rct' } }); // prettier-ignore
      const kept = await shelf.current();
      const anew = await libraryOn(here.database).shelf.current();
      for (const part of [
        'size',
        'version',
        'pmids',
        'added',
        'published',
        'listedAt',
        'participants',
        'retracted',
        'fullText',
        'untagged',
        'tagStarts',
        'tagged',
        'byPmid',
      ] as const)
        // prettier-ignore
        expect({ round, [part]: kept[part] }).toEqual({ round, [part]: anew[part] });
    }
    expect(await new PaperPagesStore(here.database).findMany([-1])).toEqual([]);
  });
});
