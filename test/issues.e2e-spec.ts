import { parsePeriod } from '../src/digest/week.js';
import { DIALECTS } from './support/database.js';
import { aWorld, type World } from './support/a-world.js';

const week = (key: string, zone = 'UTC') => parsePeriod(key, zone)!;

describe.each(DIALECTS)('issues on %s', (dialect) => {
  let world: World;
  const start = async (given: Parameters<typeof aWorld>[1] = {}) => {
    world = await aWorld(dialect, given);
    return world;
  };
  afterEach(() => world.close());
  const pmids = async (key: string, filters = '') =>
    (await world.digests.read(week(key, world.settings.timeZone), filters)).papers.map((paper) => paper.pmid).sort();

  it('stay open while the week lasts, and are frozen after a complete sync that saw the week end in US Eastern', async () => {
    const { clock, arrive, sync, issuing, digests } = await start({ newsFrom: '2026-11-16' });
    clock.set('2026-11-18T09:00:00Z');
    await arrive([{ pmid: '1', added: '2026-11-18' }]);
    await sync();
    expect(await digests.read(week('2026-W47'), '')).toMatchObject({ state: 'open', complete: false, completeThrough: '2026-11-17' });
    clock.set('2026-11-23T12:00:00Z');
    expect(await issuing.issueDue()).toEqual({ issued: [], waiting: '2026-W47' });
    // Monday 04:30 UTC is still Sunday evening in PubMed's calendar
    clock.set('2026-11-23T04:30:00Z');
    await sync();
    clock.set('2026-11-23T12:00:00Z');
    expect((await issuing.issueDue()).waiting).toBe('2026-W47');
    await sync();
    expect((await issuing.issueDue()).issued).toEqual([
      { week: '2026-W47', complete: true, papers: 1, late: 0, corrections: 0 },
    ]);
    expect(await digests.read(week('2026-W47'), '')).toMatchObject({
      state: 'issued',
      issuedAt: '2026-11-23T12:00:00.000Z',
      complete: true,
      completeThrough: '2026-11-22',
    });
    expect((await issuing.issueDue()).issued).toEqual([]);
  }); // prettier-ignore

  it('are issued incomplete, and say so, when no complete sync comes within the wait', async () => {
    const { clock, arrive, sync, issuing, digests } = await start({ newsFrom: '2026-11-16' });
    clock.set('2026-11-19T09:00:00Z');
    await arrive([{ pmid: '1', added: '2026-11-18' }]);
    await sync();
    clock.set('2026-11-23T12:00:00Z');
    expect((await issuing.issueDue()).waiting).toBe('2026-W47');
    clock.set('2026-11-24T11:59:59Z');
    expect((await issuing.issueDue()).issued).toEqual([]);
    clock.set('2026-11-24T12:00:00Z');
    expect((await issuing.issueDue()).issued).toMatchObject([{ week: '2026-W47', complete: false }]);
    expect(await digests.read(week('2026-W47'), '')).toMatchObject({ complete: false, completeThrough: '2026-11-18' });
  });

  it('wait anew when the program comes back after an absence: its next sync has yet to begin', async () => {
    const { clock, arrive, sync, issuing } = await start({ newsFrom: '2026-11-02' });
    clock.set('2026-11-03T09:00:00Z');
    await arrive([{ pmid: '1', added: '2026-11-03' }]);
    await sync();
    // down for three weeks: what was due then is not issued empty the moment it is back
    clock.set('2026-11-25T09:00:00Z');
    expect(await issuing.issueDue()).toEqual({ issued: [], waiting: '2026-W45' });
    clock.set('2026-11-25T10:00:00Z');
    await arrive([{ pmid: '2', added: '2026-11-12' }]);
    await sync();
    expect((await issuing.issueDue()).issued).toMatchObject([
      { week: '2026-W45', complete: true, papers: 1 },
      { week: '2026-W46', complete: true, papers: 1 },
      { week: '2026-W47', complete: true, papers: 0 },
    ]);
    // and what no sync has seen by the end of the wait comes out together
    clock.set('2026-12-09T09:00:00Z');
    expect((await issuing.issueDue()).waiting).toBe('2026-W48');
    clock.set('2026-12-10T09:00:00Z');
    expect((await issuing.issueDue()).issued).toMatchObject([
      { week: '2026-W48', complete: false },
      { week: '2026-W49', complete: false },
    ]);
  });

  it('wait for the tags of their papers', async () => {
    const { clock, arrive, sync, issuing, tag } = await start({ newsFrom: '2026-11-16' });
    clock.set('2026-11-23T11:00:00Z');
    await arrive([{ pmid: '1', added: '2026-11-18' }], null);
    await sync();
    clock.set('2026-11-23T12:00:00Z');
    expect((await issuing.issueDue()).waiting).toBe('2026-W47');
    await tag(['1'], { condition: ['ptsd'] });
    expect((await issuing.issueDue()).issued).toHaveLength(1);
  });

  it('keep papers, tags, facts and order as issued; only what became of a paper is of today', async () => {
    const { clock, arrive, sync, issuing, tag, digests, database } = await start({ newsFrom: '2026-11-16' });
    clock.set('2026-11-20T09:00:00Z');
    await arrive([{ pmid: '1' }, { pmid: '2' }, { pmid: '3' }], { condition: ['ptsd'], study: 'rct' });
    await arrive([{ pmid: '4' }], { condition: ['ocd'] });
    clock.set('2026-11-23T12:00:00Z');
    await sync();
    await issuing.issueDue();
    const before = await digests.read(week('2026-W47'), '');
    const filtered = await digests.read(week('2026-W47'), 'condition=ptsd');
    clock.set('2026-11-25T12:00:00Z');
    await tag(['1', '2'], { condition: ['ocd'], study: 'review' }, { finding: 'Changed.' });
    await arrive([
      { pmid: '2', title: 'Another title', status: { retracted: true, concern: false, corrected: false, updated: false, preprint: false } },
      { pmid: '9', added: '2026-11-19' },
    ]);
    const expected = JSON.parse(JSON.stringify(before)) as typeof before;
    expected.papers.find((paper) => paper.pmid === '2')!.status.retracted = true;
    expect(await digests.read(week('2026-W47'), '')).toEqual(expected);
    const later = await digests.read(week('2026-W47'), 'condition=ptsd');
    expect(later.papers.map((paper) => [paper.pmid, paper.title, paper.tags])).toEqual(
      filtered.papers.map((paper) => [paper.pmid, paper.title, paper.tags]),
    );
    expect(await database.all('SELECT count(*) AS "n" FROM "issue_paper"')).toEqual([{ n: 4 }]);
  }); // prettier-ignore

  it('give a late paper to the next issue, marked late, and to no other', async () => {
    const { clock, arrive, sync, issuing, papers } = await start({ newsFrom: '2026-11-16' });
    clock.set('2026-11-20T09:00:00Z');
    await arrive([{ pmid: '1', added: '2026-11-18' }]);
    clock.set('2026-11-23T12:00:00Z');
    await sync();
    await issuing.issueDue();
    clock.set('2026-11-24T12:00:00Z');
    await arrive([{ pmid: '2', added: '2026-11-19' }, { pmid: '3', added: '2026-11-24' }]); // prettier-ignore
    expect(await pmids('2026-W48')).toEqual(['2', '3']);
    clock.set('2026-11-30T12:00:00Z');
    await sync();
    expect((await issuing.issueDue()).issued).toMatchObject([{ week: '2026-W48', papers: 2, late: 1 }]);
    expect(await pmids('2026-W47')).toEqual(['1']);
    expect(await pmids('2026-W48')).toEqual(['2', '3']);
    expect(await pmids('2026-W49')).toEqual([]);
    const late = await world.digests.read(week('2026-W48'), '');
    expect(late.papers.filter((paper) => paper.late).map((paper) => paper.pmid)).toEqual(['2']);
    expect(await papers.findRecord('2')).not.toBeNull();
    const [row] = await world.database.all<{ view: string }>('SELECT "view" FROM "paper_view" WHERE "pmid" = 2');
    expect(JSON.parse(row!.view)).toMatchObject({ late: true });
    expect((await papers.findRevisions('2')).map(({ changed }) => changed)).toContainEqual(['late']);
  });

  it('makes up for weeks that were missed, each with its own papers', async () => {
    const { clock, arrive, sync, issuing } = await start({ newsFrom: '2026-12-14' });
    clock.set('2026-12-16T09:00:00Z');
    await arrive([{ pmid: '1', added: '2026-12-16' }]);
    clock.set('2027-01-11T13:00:00Z');
    await arrive(['2026-12-21', '2026-12-28', '2027-01-03', '2027-01-04'].map((added, index) => ({ pmid: String(index + 2), added }))); // prettier-ignore
    await sync();
    expect((await issuing.issueDue()).issued.map(({ week: key, papers, late }) => [key, papers, late])).toEqual([
      ['2026-W51', 1, 0],
      ['2026-W52', 1, 0],
      ['2026-W53', 2, 0],
      ['2027-W01', 1, 0],
    ]);
    expect(await pmids('2026-W53')).toEqual(['3', '4']);
  });

  it('end with the week of TIMEZONE, through changes of the clock', async () => {
    const { clock, sync, issuing } = await start({ newsFrom: '2026-10-19', timeZone: 'Pacific/Auckland', cron: '0 0 * * 1' });
    clock.set('2026-10-25T10:59:59Z');
    expect(await issuing.issueDue()).toEqual({ issued: [], waiting: null });
    clock.set('2026-10-25T11:00:00Z');
    expect((await issuing.issueDue()).waiting).toBe('2026-W43');
    clock.set('2026-10-26T05:00:00Z');
    await sync();
    expect((await issuing.issueDue()).issued).toMatchObject([{ week: '2026-W43' }]);
  }); // prettier-ignore

  it('can be read for weeks before the news began, and for no week ahead', async () => {
    const { clock, arrive, digests } = await start({ newsFrom: '2026-11-16' });
    clock.set('2026-11-18T09:00:00Z');
    await arrive([{ pmid: '1', added: '2026-09-02' }]);
    expect(await digests.read(await digests.resolveWeek({ year: 2026, week: 36 }), '')).toMatchObject({
      state: 'retrospective',
      issuedAt: null,
      counts: { papers: 1, late: 0 },
    });
    await expect(digests.resolveWeek({ year: 2026, week: 48 })).rejects.toMatchObject({ code: 'not-found' });
    await expect(digests.resolveWeek({ year: 2025, week: 53 })).rejects.toMatchObject({ code: 'not-found' });
    expect((await digests.resolveWeek('current')).key).toBe('2026-W47');
    expect((await digests.resolveWeek('latest')).key).toBe('2026-W46');
  });

  it('report a correction once, in the issue after it was seen, with where the paper was news', async () => {
    const { clock, arrive, sync, issuing, digests } = await start({ newsFrom: '2026-11-09' });
    clock.set('2026-11-12T09:00:00Z');
    await arrive([{ pmid: '1', added: '2026-11-10', title: 'First.' }, { pmid: '2', added: '2026-11-10' }, { pmid: '3', added: '2026-11-10' }]);
    clock.set('2026-11-16T12:00:00Z');
    await sync();
    await issuing.issueDue();
    clock.set('2026-11-18T12:00:00Z');
    const retracted = { retracted: true, concern: false, corrected: false, updated: false, preprint: false };
    await arrive([
      { pmid: '1', added: '2026-11-10', title: 'First.', status: retracted, related: [{ type: 'RetractionIn', pmid: '10', text: '' }] },
      { pmid: '10', title: 'Retraction: First.', added: '2026-11-18', related: [{ type: 'RetractionOf', pmid: '1', text: '' }], publicationTypes: [{ ui: null, name: 'Retraction Notice' }] },
      { pmid: '11', title: 'Erratum.', added: '2026-11-18', related: [{ type: 'ErratumFor', pmid: '2', text: '' }], publicationTypes: [{ ui: null, name: 'Published Erratum' }] },
      { pmid: '12', title: 'Erratum to a stranger.', added: '2026-11-18', related: [{ type: 'ErratumFor', pmid: '999', text: '' }], publicationTypes: [{ ui: null, name: 'Published Erratum' }] },
    ]);
    clock.set('2026-11-23T12:00:00Z');
    await sync();
    expect((await issuing.issueDue()).issued).toMatchObject([{ week: '2026-W47', papers: 0, corrections: 2 }]);
    expect((await digests.read(week('2026-W47'), '')).corrections).toMatchObject([
      { kind: 'retraction', pmid: '1', noticePmid: '10', title: 'First.', issue: '2026-W46' },
      { kind: 'erratum', pmid: '2', noticePmid: '11', issue: '2026-W46' },
    ]);
    clock.set('2026-11-25T12:00:00Z');
    await arrive([{ pmid: '2', added: '2026-11-10', status: { ...retracted, retracted: false, corrected: true }, related: [{ type: 'ErratumIn', pmid: '11', text: '' }] }]);
    clock.set('2026-11-30T12:00:00Z');
    await sync();
    expect((await issuing.issueDue()).issued).toMatchObject([{ week: '2026-W48', corrections: 0 }]);
  }); // prettier-ignore

  it('never issues a week twice when two processes try at once', async () => {
    const { clock, arrive, sync, issuing, database } = await start({ newsFrom: '2026-11-16' });
    clock.set('2026-11-20T09:00:00Z');
    await arrive([{ pmid: '1' }]);
    clock.set('2026-11-23T12:00:00Z');
    await sync();
    const both = await Promise.all([issuing.issueDue(), issuing.issueDue()]);
    expect(both.flatMap((outcome) => outcome.issued)).toHaveLength(1);
    expect(await database.all('SELECT count(*) AS "n" FROM "issue"')).toEqual([{ n: 1 }]);
  });

  it('can be issued by hand, with what was missed before, but not before they end', async () => {
    const { clock, issuing } = await start({ newsFrom: '2026-11-09', cron: null });
    clock.set('2026-11-25T12:00:00Z');
    expect((await issuing.issueDue()).issued).toEqual([]);
    await expect(issuing.issueNow('2026-W48')).rejects.toMatchObject({ code: 'usage' });
    expect((await issuing.issueNow('2026-W47')).issued).toMatchObject([
      { week: '2026-W46', complete: false },
      { week: '2026-W47', complete: false },
    ]);
    await expect(issuing.issueNow(null)).rejects.toMatchObject({ code: 'usage' });
  });
});
