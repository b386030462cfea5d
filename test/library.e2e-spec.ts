import { aLibrary, filterOf, libraryOn, type ALibrary } from './support/a-library.js';
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
});
