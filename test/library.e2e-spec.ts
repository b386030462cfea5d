import { aLibrary, filterOf, libraryOn, type ALibrary } from './support/a-library.js';
import { noTags } from '../src/model/tag.js';
import { DIALECTS } from './support/database.js';

describe.each(DIALECTS)('the library on %s', (dialect) => {
  let here: ALibrary;
  beforeEach(async () => {
    here = await aLibrary(dialect);
  });
  afterEach(() => here.close());
  const found = async (query: string) => (await here.library.pmids(filterOf(query))).join(' ');

  it('finds papers by tags: any within a facet, all facets, not what is excluded, parents with their children', async () => {
    await here.store(['1', '2', '3', '4', '5', '6'].map((pmid) => ({ pmid })));
    await here.tag({
      1: { condition: ['ptsd'], study: 'rct' },
      2: { condition: ['ocd'], study: 'review' },
      3: { condition: ['depression', 'bipolar-depression'], study: 'rct' },
      4: { relevance: 'incidental' },
      5: { relevance: 'mention', condition: ['ptsd'] },
    });
    expect(await found('')).toBe('1 2 3 6');
    expect(await found('relevance=any')).toBe('1 2 3 4 5 6');
    expect(await found('relevance=mention,incidental')).toBe('4 5');
    expect(await found('relevance=-incidental')).toBe('1 2 3 5 6');
    expect(await found('relevance=-core')).toBe('4 5');
    expect(await found('condition=ptsd,ocd')).toBe('1 2');
    expect(await found('condition=ptsd&condition=ocd&study=rct')).toBe('1');
    expect(await found('condition=-ocd')).toBe('1 3 6');
    expect(await found('condition=depression')).toBe('3');
    expect(await found('study=rct&condition=-depression')).toBe('1');
  });

  it('finds papers by words, phrases, beginnings, what they must not have, and by their numbers', async () => {
    await here.store([
      { pmid: '11111', title: 'Interleukin IL-6 and Suicidality', doi: '10.9999/ABC.1', trials: ['NCT09999991'] },
      { pmid: '22222', title: 'Nasal spray esketamine', abstract: [{ label: null, text: 'Suicidal patients improved. It’s safe.', category: null }] },
      { pmid: '33333', title: 'Spray nasal', keywords: [{ text: 'Ménière', major: false, owner: 'NOTNLM' }, { text: 'nasal', major: false, owner: 'NOTNLM' }, { text: 'spray', major: false, owner: 'NOTNLM' }] },
    ]); // prettier-ignore
    expect(await found('q=suicid*')).toBe('11111 22222');
    expect(await found('q=patient')).toBe('22222');
    expect(await found('q="nasal+spray"')).toBe('22222');
    expect(await found('q=spray+nasal')).toBe('22222 33333');
    expect(await found('q=spray+-esketamine')).toBe('33333');
    expect(await found('q=-"nasal+spray"')).toBe('11111 33333');
    expect(await found('q=MENIERE')).toBe('33333');
    expect(await found('q=IL-6')).toBe('11111');
    expect(await found('q=6-IL')).toBe('');
    expect(await found("q=it's+safe")).toBe('22222');
    expect(await found('q=22222')).toBe('22222');
    expect(await found('q=10.9999/abc.1')).toBe('11111');
    expect(await found('q=https://doi.org/10.9999/abc.1')).toBe('11111');
    expect(await found('q=nct09999991')).toBe('11111');
    expect(await found('trial=nct09999991,NCT00000000')).toBe('11111');
  });

  it('sees what another process writes, at once', async () => {
    const other = libraryOn(here.database);
    await here.store([{ pmid: '1' }]);
    expect(await other.library.count(filterOf(''))).toBe(1);
    await here.store([{ pmid: '2', added: '2020-01-01' }]);
    await here.tag({ 1: { condition: ['ptsd'] } });
    expect(await other.library.pmids(filterOf(''))).toEqual(['2', '1']);
    expect(await other.library.pmids(filterOf('condition=ptsd'))).toEqual(['1']);
  });

  it('pages through every sort without gap or repeat while papers come in', async () => {
    await here.store(
      Array.from({ length: 45 }, (_, index) => ({
        pmid: String(100 + index),
        added: `2026-10-${String(10 + (index % 7)).padStart(2, '0')}`,
        title: index % 3 === 0 ? 'Ketamine twice: ketamine' : 'A paper',
        abstract: [
          { label: null, text: index % 2 === 0 ? 'About ketamine.' : 'About nothing, ketamine.', category: null },
        ],
        published: { text: '', date: index % 5 === 0 ? null : `20${10 + (index % 4)}` },
      })),
    );
    for (const sort of ['added', 'published', 'match'] as const) {
      const filter = filterOf('q=ketamine');
      const seen: string[] = [];
      let cursor: string | null = null;
      let pages = 0;
      do {
        const page: Awaited<ReturnType<typeof here.library.page>> = await here.library.page(filter, {
          sort,
          limit: 10,
          cursor,
        });
        seen.push(...page.papers.map(({ pmid }) => pmid));
        cursor = page.next;
        if (pages++ === 1)
          await here.store([{ pmid: `9${pages}${sort.length}`, title: 'Ketamine', added: '2026-11-01' }]);
      } while (cursor !== null);
      const asked = seen.filter((pmid) => pmid.length === 3 && !pmid.startsWith('9'));
      expect(asked).toHaveLength(45);
      expect(new Set(seen).size).toBe(seen.length);
    }
  });

  it('refuses a cursor of another query and one that was changed', async () => {
    await here.store(['1', '2', '3'].map((pmid) => ({ pmid })));
    const { next } = await here.library.page(filterOf(''), { sort: 'added', limit: 1, cursor: null });
    const ask = (query: string, sort: 'added' | 'published', cursor: string) =>
      here.library.page(filterOf(query), { sort, limit: 1, cursor });
    await expect(ask('', 'added', next ?? '')).resolves.toMatchObject({ total: 3 });
    for (const [query, sort, cursor] of [
      ['condition=ptsd', 'added', next],
      ['', 'published', next],
      ['', 'added', `${next}A`],
      ['', 'added', 'x'.repeat(9999)],
    ] as const)
      // prettier-ignore
      await expect(ask(query, sort, cursor ?? '')).rejects.toMatchObject({ code: 'invalid-cursor' });
  });

  it('matches for subscriptions: now, with the tags of the issue, and nothing for a tag that is gone', async () => {
    await here.store(['1', '2', '3'].map((pmid) => ({ pmid, added: `2026-11-0${pmid}` })));
    await here.tag({ 1: { condition: ['bipolar-depression'], study: 'rct' }, 2: { condition: ['ocd'] } });
    const { matcher } = here;
    const of = async (filters: string) => [...(await matcher.match(filters, ['3', '2', '1', '99']))].sort().join(' ');
    expect(await of('')).toBe('1 2 3');
    expect(await of('condition=depression')).toBe('1');
    expect(await of('condition=lost-tag')).toBe('');
    expect(await of('condition=ocd,lost-tag')).toBe('2');
    const tags = { ...noTags(), relevance: 'core', condition: ['lost-tag', 'treatment-resistant-depression'] };
    const issued = async (filters: string) =>
      [...(await matcher.matchIssued(filters, [{ pmid: '2', tags }]))].join(' ');
    expect(await issued('condition=depression')).toBe('2');
    expect(await issued('condition=ocd')).toBe('');
    expect(await issued('condition=lost-tag')).toBe('2');
    expect(await issued('condition=-depression')).toBe('');
    expect(await matcher.countWeeks('', '2026-10-26', '2026-11-09')).toEqual([1, 2]);
    expect(matcher.wanted('condition=ocd,-ptsd&study=-rct')).toEqual({ condition: ['ocd'] });
    expect(matcher.describe('')).toBeNull();
  });

  it('explains what is similar', async () => {
    await here.store([
      { pmid: '1', title: 'Glutamate imaging in veterans', mesh: [{ ui: 'D000001', name: 'Glutamic Acid', major: true, qualifiers: [] }] },
      { pmid: '2', title: 'Imaging of glutamate', mesh: [{ ui: 'D000001', name: 'Glutamic Acid', major: false, qualifiers: [] }] },
      { pmid: '3', title: 'Something else' },
      ...['4', '5', '6', '7', '8', '9'].map((pmid) => ({ pmid })),
    ]); // prettier-ignore
    await here.tag({ 1: { condition: ['ptsd'], study: 'rct' }, 2: { condition: ['ptsd'] }, 3: { study: 'rct' }, 4: { relevance: 'incidental', condition: ['ptsd'] } }); // prettier-ignore
    const similar = await here.library.similar('1', 2);
    expect(similar?.map(({ paper }) => paper.pmid)).toEqual(['2', '3']);
    expect(similar?.[0]?.similarity).toMatchObject({ tags: [{ facet: 'condition', value: 'ptsd' }], mesh: ['Glutamic Acid'] }); // prettier-ignore
    expect(similar?.[0]?.similarity.words.sort()).toEqual(['glutamate', 'imaging']);
    expect(await here.library.similar('99', 2)).toBeNull();
  });

  it('counts relevance, retracted ones and open buckets as the contract says', async () => {
    await here.store([
      { pmid: '1', added: '2026-10-30', published: { text: '', date: null } },
      { pmid: '2', added: '2026-11-02', status: { retracted: true, concern: false, corrected: false, updated: false, preprint: false } },
      { pmid: '3', added: '2027-01-02' },
    ]); // prettier-ignore
    await here.tag({ 1: { relevance: 'incidental' }, 2: { condition: ['ptsd', 'depression'] } });
    const { data, total } = await here.library.facets(filterOf(''));
    expect(total).toBe(2);
    expect(data.relevance.map(({ value, count }) => [value, count])).toEqual([['core', 2], ['mention', 0], ['incidental', 1]]); // prettier-ignore
    expect(await found('retracted=only')).toBe('2');
    expect(await found('retracted=exclude')).toBe('3');
    const weeks = await here.library.timeline(filterOf('relevance=any'), { by: 'condition', interval: 'week', openDay: '2026-11-05' }); // prettier-ignore
    expect(weeks.buckets).toEqual(['2026-W44', '2026-W45', '2026-W46', '2026-W47', '2026-W48', '2026-W49', '2026-W50', '2026-W51', '2026-W52', '2026-W53']); // prettier-ignore
    expect(weeks.total).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect(weeks.openFrom).toBe('2026-W45');
    const published = await here.library.timeline({ ...filterOf('relevance=any'), dateType: 'published' }, { by: null, interval: 'month', openDay: '2027-05-05' }); // prettier-ignore
    expect(published).toMatchObject({ unplaced: 1, buckets: ['2026-11'], total: [2], openFrom: null, series: [] });
  });
});
