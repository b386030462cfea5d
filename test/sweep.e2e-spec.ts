import type { JobRun } from '../src/model/job-run.js';
import { aRecord } from './support/a-record.js';
import { anIngest, type AnIngest } from './support/an-ingest.js';
import { DIALECTS } from './support/database.js';

const DAY = 86_400_000;
const dayOf = (index: number) =>
  new Date(Date.parse('2026-11-20T00:00:00Z') - index * 3 * DAY).toISOString().slice(0, 10);
const some = (count: number, from = 1000) =>
  Array.from({ length: count }, (_, at) =>
    aRecord({ pmid: String(from + at), title: `Ketamine and invented outcome ${at}`, added: dayOf(at) }),
  );
const expectTrue = (run: JobRun) =>
  expect(run.counted).toBe(run.stored + run.updated + run.unchanged + run.excluded + run.missing + run.failed);
const NOTHING = '<?xml version="1.0" ?><PubmedArticleSet></PubmedArticleSet>';

describe.each(DIALECTS)('a sweep on %s', (dialect) => {
  let it_: AnIngest;
  const start = async (...args: [readonly string[], Parameters<typeof anIngest>[2]?]) => {
    it_ = await anIngest(dialect, ...args);
    return it_;
  };
  afterEach(async () => {
    await it_.close();
  });
  const requests = (util: string) => it_.server.log().filter((request) => request.util === util);
  const isGone = async (pmid: string) => {
    const [row] = await it_.database.all<{ gone: number; view: string }>(
      'SELECT p."gone", v."view" FROM "paper" p JOIN "paper_view" v ON v."pmid" = p."pmid" WHERE p."pmid" = ?',
      [Number(pmid)],
    );
    const shown = (JSON.parse(row?.view ?? '{}') as { status: { gone: boolean } }).status.gone;
    expect(shown).toBe(row?.gone === 1);
    return shown;
  };

  it('with nothing to do asks a few searches and fetches nothing', async () => {
    const { sync, sweep, server } = await start(some(40));
    await sync();
    server.control({ resetLog: true });
    const run = await sweep();
    expectTrue(run);
    expect(run).toMatchObject({ job: 'sweep', status: 'complete', counted: 40, unchanged: 40 });
    expect(requests('efetch')).toHaveLength(0);
    expect(requests('esearch').length).toBeLessThanOrEqual(3);
    expect(run.windows).toEqual([{ field: 'crdt', from: '1800-01-01', to: '2026-11-24', counted: 40 }]);
  });

  it('finds a record whose create date is old and that appears only today, which no sync lists', async () => {
    const { sync, sweep, server, time, papers } = await start(some(20));
    await sync();
    time.now += 40 * DAY;
    server.control({
      append: aRecord({ pmid: '77', title: 'Ketamine, found late', added: '2011-05-06', revised: '2011-05-06' }),
    });
    expect(await sync()).toMatchObject({ status: 'complete', stored: 0 });
    const run = await sweep();
    expectTrue(run);
    expect(run).toMatchObject({ status: 'complete', stored: 1, unchanged: 20 });
    expect(await papers.findRecord('77')).toMatchObject({ added: '2011-05-06' });
    expect(await papers.findRevisions('77')).toMatchObject([{ source: 'sweep', changed: ['created'] }]);
  });

  it('marks what PubMed no longer has as gone and keeps it, and takes it back when it returns', async () => {
    const { sync, sweep, server, papers, setAside } = await start(some(12));
    await sync();
    server.control({ hide: ['1003', '1004'], resetLog: true });
    const run = await sweep();
    expectTrue(run);
    expect(run).toMatchObject({
      status: 'complete',
      missing: 2,
      counts: { gone: 2 },
      reasons: [{ outcome: 'missing', code: 'gone', pmids: ['1003', '1004'] }],
    });
    expect(run.windows).toContainEqual({ field: 'uid', from: '1003', to: '1004', counted: 2 });
    const singly = requests('efetch').filter((request) => request.parameters['id'] === '1003');
    expect(singly.length).toBeGreaterThanOrEqual(2);
    expect([await isGone('1003'), await isGone('1005')]).toEqual([true, false]);
    expect((await papers.count()).papers).toBe(12);
    expect(await setAside.findRetries()).toEqual([]);
    expect((await papers.findRevisions('1003')).at(-1)).toMatchObject({ source: 'sweep', changed: ['status.gone'] });

    server.control({ resetLog: true });
    const again = await sweep();
    expect(again).toMatchObject({ status: 'complete', missing: 0, counted: 10 });
    expect(requests('efetch')).toHaveLength(0);

    server.control({ show: ['1003'] });
    expect(await sweep()).toMatchObject({ status: 'complete', updated: 1 });
    expect(await isGone('1003')).toBe(false);
    expect((await papers.findRevisions('1003')).at(-1)).toMatchObject({ source: 'sweep', changed: ['status.gone'] });
  });

  it('leaves alone what PubMed still has though the query no longer finds it', async () => {
    const { sync, sweep, server } = await start(some(6));
    await sync();
    server.control({ replace: aRecord({ pmid: '1002', title: 'Something else entirely', added: dayOf(2) }) });
    const run = await sweep();
    expectTrue(run);
    expect(run).toMatchObject({ status: 'complete', updated: 1, missing: 0 });
    expect(await isGone('1002')).toBe(false);
  });

  it('marks nothing as gone when PubMed lists nothing, or returns nothing at all', async () => {
    const { sync, sweep, server } = await start(some(8));
    await sync();
    server.control({ faults: [{ kind: 'http', status: 200, type: 'text/xml', body: NOTHING, util: 'efetch' }] });
    server.control({ hide: ['1001'] });
    const mute = await sweep();
    expectTrue(mute);
    expect(mute).toMatchObject({ status: 'incomplete', failed: 1, error: { code: 'ncbi-outage' } });
    expect(await isGone('1001')).toBe(false);

    server.control({ clearFaults: true, hide: Array.from({ length: 8 }, (_, at) => String(1000 + at)) });
    expect(await sweep()).toMatchObject({ status: 'failed', error: { code: 'ncbi-outage' } });
    expect(await isGone('1001')).toBe(false);
  });

  it('lists by PMID too when the create dates do not add up to what PubMed counts', async () => {
    const { sync, sweep, server } = await start(some(30), { ceiling: 9_999 });
    await sync();
    // the whole query's count, taken first, is higher than what its parts list
    server.control({
      faults: [
        {
          kind: 'http',
          status: 200,
          type: 'application/json',
          body: '{"esearchresult":{"count":"31","retmax":"0","retstart":"0","idlist":[]}}',
          util: 'esearch',
          times: 1,
        },
      ],
    });
    const run = await sweep();
    expectTrue(run);
    expect(run).toMatchObject({ status: 'complete', counted: 30, unchanged: 30 });
    expect(run.windows).toContainEqual({ field: 'uid', from: '1', to: '1029', counted: 30 });
  });

  it('that was stopped is taken up by the next one, which fetches only the rest', async () => {
    const { sweep, server, papers } = await start(some(650));
    server.control({ latencyMs: 10 });
    const stop = new AbortController();
    const run = await sweep({ signal: stop.signal, onStored: () => stop.abort() });
    expectTrue(run);
    expect(run).toMatchObject({ status: 'incomplete', error: { code: 'aborted' } });
    const next = await sweep();
    expectTrue(next);
    expect(next).toMatchObject({ status: 'complete', stored: 650 - run.stored, unchanged: run.stored });
    expect((await papers.count()).papers).toBe(650);
  });

  it('compares only from SYNC_FROM on where the back-fill begins there', async () => {
    const { sync, sweep, papers } = await start(some(30), { syncFrom: dayOf(9) });
    await sync();
    expect(await sweep()).toMatchObject({ status: 'complete', counted: 10, unchanged: 10 });
    expect((await papers.count()).papers).toBe(10);
  });
});
