import type { Fault } from '../src/demo/faults.js';
import type { JobRun } from '../src/model/job-run.js';
import type { SyncState } from '../src/ingest/sync-state.js';
import { RunsStore } from '../src/store/runs.store.js';
import { aRecord } from './support/a-record.js';
import { anIngest, type AnIngest } from './support/an-ingest.js';
import { DIALECTS } from './support/database.js';

const DAY = 86_400_000;
const dayOf = (index: number) =>
  new Date(Date.parse('2026-11-20T00:00:00Z') - index * 5 * DAY).toISOString().slice(0, 10);
const some = (count: number, from = 1000) =>
  Array.from({ length: count }, (_, at) =>
    aRecord({ pmid: String(from + at), title: `Ketamine and invented outcome ${at}`, added: dayOf(at) }),
  );

/** The one equation that every ended run fulfils. */
const expectTrue = (run: JobRun) => {
  expect(run.counted).toBe(run.stored + run.updated + run.unchanged + run.excluded + run.missing + run.failed);
  const listed = (outcome: string) =>
    run.reasons.filter((reason) => reason.outcome === outcome).reduce((sum, reason) => sum + reason.pmids.length, 0);
  for (const outcome of ['excluded', 'missing', 'failed'] as const)
    expect([outcome, listed(outcome)]).toEqual([outcome, run[outcome]]);
  expect(run.status === 'complete').toBe(run.failed === 0 && run.error === null);
};

describe.each(DIALECTS)('a sync on %s', (dialect) => {
  let it_: AnIngest;
  const start = async (...args: [readonly string[], Parameters<typeof anIngest>[2]?]) => {
    it_ = await anIngest(dialect, ...args);
    return it_;
  };
  afterEach(async () => {
    await it_.close();
  });
  const fetches = () => it_.server.log().filter((request) => request.util === 'efetch');
  const repeatedSearches = () => {
    const terms = it_.server.log().flatMap(({ parameters }) => parameters['term'] ?? []);
    return terms.length - new Set(terms).size;
  };
  const cursor = async () => (await it_.kept.read<SyncState>('sync'))?.cursor ?? null;

  it('stores every record that PubMed lists, and then has nothing to do', async () => {
    const { sync, papers, server } = await start(some(450));
    const first = await sync();
    expectTrue(first);
    expect(first).toMatchObject({ status: 'complete', counted: 450, stored: 450 });
    expect(await papers.count()).toEqual({ papers: 450, untagged: 450 });
    expect(await cursor()).toBe('2026-11-24');
    server.control({ resetLog: true });
    it_.time.now += DAY;
    const second = await sync();
    expectTrue(second);
    expect(second).toMatchObject({ status: 'complete', stored: 0, updated: 0, unchanged: second.counted });
    expect(fetches()).toHaveLength(0);
  });

  it('has the newest papers first', async () => {
    const { sync } = await start(some(450));
    const batches: string[][] = [];
    await sync({ onStored: (pmids) => batches.push(pmids) });
    // 30 days back are in the first window: the seven newest records
    expect(batches[0]?.map(Number).sort()).toEqual([1000, 1001, 1002, 1003, 1004, 1005]);
  });

  it('finds what is new, changed, newly indexed, retracted, and late', async () => {
    const { sync, papers, server, time } = await start(some(20));
    await sync();
    time.now += 2 * DAY;
    server.control({
      append:
        aRecord({ pmid: '2000', title: 'New on ketamine', added: '2026-11-25' }) +
        // published and entered years ago, added to PubMed only now
        aRecord({
          pmid: '2001',
          title: 'A late one on ketamine',
          added: '2026-11-25',
          entered: '2019-03-01',
          published: '2019-03',
        }),
      replace:
        aRecord({ pmid: '1001', title: 'Ketamine and a corrected title', added: dayOf(1), revised: '2026-11-25' }) +
        aRecord({
          pmid: '1002',
          title: 'Ketamine and invented outcome 2',
          added: dayOf(2),
          indexed: '2026-11-26',
          mesh: ['Ketamine'],
        }) +
        aRecord({
          pmid: '1003',
          title: 'Ketamine and invented outcome 3',
          added: dayOf(3),
          revised: '2026-11-26',
          related: [{ type: 'RetractionIn', pmid: '3000' }],
        }),
    });
    const run = await sync();
    expectTrue(run);
    expect(run).toMatchObject({ status: 'complete', stored: 2, updated: 3 });
    expect((await papers.findRevisions('1001'))[1]).toMatchObject({ source: 'sync', changed: ['title', 'revisedOn'] });
    expect((await papers.findRevisions('1002'))[1]?.changed).toContain('mesh');
    expect((await papers.findRevisions('1003'))[1]?.changed).toContain('status.retracted');
    expect(await papers.findRecord('2001')).toMatchObject({ added: '2026-11-25', published: { date: '2019-03' } });
  });

  it('misses nothing when the clock runs years ahead for a while and is set right again', async () => {
    const { sync, papers, server, time, runs } = await start(some(30));
    await sync();
    time.now += 5 * 365 * DAY;
    server.control({ append: aRecord({ pmid: '2000', title: 'Ketamine meanwhile', added: '2026-11-25' }) });
    expect(await sync()).toMatchObject({ status: 'complete', stored: 1 });
    time.now -= 5 * 365 * DAY - 12 * DAY;
    server.control({
      append: aRecord({ pmid: '2001', title: 'Ketamine between', added: '2026-11-28' }),
      replace: aRecord({ pmid: '1003', title: 'Ketamine, changed since', added: dayOf(3), revised: '2026-11-29' }),
    });
    const run = await sync();
    expectTrue(run);
    expect(run).toMatchObject({ status: 'complete', stored: 1, updated: 1 });
    expect((await papers.findRecord('1003'))?.title).toBe('Ketamine, changed since');
    expect(await cursor()).toBe('2026-12-06');
    // what is told of the last run is told of this one, not of the one that seems to lie ahead
    const told = new RunsStore(it_.database, () => time.now);
    expect((await told.last('sync'))?.id).toBe(run.id);
    expect(await told.lastCompleteSyncAt()).toBe(Date.parse(run.finishedAt ?? ''));
    expect((await runs.last('sync'))?.id).not.toBe(run.id);
  });

  it('never lets an older version replace a newer one', async () => {
    const { sync, papers, server, time } = await start([
      aRecord({ pmid: '1', version: 2, title: 'Ketamine, second version', added: '2026-11-20', revised: '2026-11-21' }),
    ]);
    await sync();
    time.now += DAY;
    server.control({
      replace: aRecord({
        pmid: '1',
        version: 1,
        title: 'Ketamine, first version',
        added: '2026-11-25',
        revised: '2026-11-25',
      }),
    });
    expect(await sync()).toMatchObject({ status: 'complete', updated: 0, unchanged: 1 });
    expect((await papers.findRecord('1'))?.title).toBe('Ketamine, second version');
  });

  it('asks singly for what PubMed lists and does not return, says so, and asks again next time', async () => {
    const { sync, setAside, server, time } = await start(some(5));
    const nothing = '<?xml version="1.0" ?><PubmedArticleSet></PubmedArticleSet>';
    server.control({
      faults: [{ kind: 'http', status: 200, type: 'text/xml', body: nothing, util: 'efetch', pmid: '1002' }],
    });
    const run = await sync();
    expectTrue(run);
    expect(run).toMatchObject({
      status: 'complete',
      stored: 4,
      missing: 1,
      reasons: [{ outcome: 'missing', code: 'not-returned', pmids: ['1002'] }],
    });
    expect(fetches().filter((request) => request.parameters['id'] === '1002').length).toBeGreaterThanOrEqual(2);
    time.now += 30 * DAY;
    const still = await sync();
    expectTrue(still);
    expect(still).toMatchObject({ status: 'complete', missing: 1 });
    expect(still.windows).toContainEqual({ field: 'uid', from: '1002', to: '1002', counted: 1 });
    server.control({ clearFaults: true });
    expect(await sync()).toMatchObject({ status: 'complete', missing: 0, stored: 1 });
    expect(await setAside.findRetries()).toEqual([]);
  });

  it('excludes what cannot be a paper, with a code, and does not fetch it again', async () => {
    const withoutText = aRecord({ pmid: '5', title: '', added: '2026-11-01', keywords: ['ketamine'] });
    const { sync, server, time } = await start([...some(3), withoutText]);
    const run = await sync();
    expectTrue(run);
    expect(run.reasons).toEqual([expect.objectContaining({ outcome: 'excluded', code: 'no-text', pmids: ['5'] })]);
    server.control({ resetLog: true });
    time.now += DAY;
    const again = await sync({ from: '2026-10-01', to: '2026-11-23' });
    expectTrue(again);
    expect(again).toMatchObject({ excluded: 1, unchanged: again.counted - 1 });
    expect(fetches()).toHaveLength(0);
  });

  it('lists more records of one day than PubMed shows of a search', async () => {
    const { sync, papers, server } = await start(
      Array.from({ length: 60 }, (_, at) =>
        aRecord({
          pmid: String(100 + at),
          title: 'Ketamine',
          added: '2026-11-10',
          published: `20${10 + (at % 15)}-03`,
        }),
      ),
    );
    server.control({ clone: { count: 10_400, from: '2026-11-10', to: '2026-11-10', base: 50_000 } });
    const run = await sync();
    expectTrue(run);
    expect(run).toMatchObject({ status: 'complete', stored: 10_460 });
    expect((await papers.count()).papers).toBe(10_460);
  });

  const passing: [string, Fault[]][] = [
    [
      '429',
      [
        {
          kind: 'http',
          status: 429,
          body: '{"error":"API rate limit exceeded","api-key":"203.0.113.7","count":"4","limit":"3"}',
          type: 'application/json',
          headers: { 'retry-after': '0' },
          times: 2,
        },
      ],
    ],
    ['the rate limit inside a 200', [{ kind: 'limit200', times: 1 }]],
    ['an outage inside a 200', [{ kind: 'backend', util: 'esearch', times: 2 }]],
    ['an outage of fetch inside a 200', [{ kind: 'backend', util: 'efetch', times: 1 }]],
    ['an HTML page', [{ kind: 'html', times: 1 }]],
    ['an empty answer', [{ kind: 'empty', times: 2 }]],
    ['a prolog without records', [{ kind: 'prolog', util: 'efetch', times: 1 }]],
    ['a body cut short, told', [{ kind: 'truncate', util: 'efetch', at: 0.6, times: 1 }]],
    ['a body cut short, not told', [{ kind: 'truncate', util: 'efetch', at: 0.6, chunked: true, times: 1 }]],
    ['a search cut short', [{ kind: 'truncate', util: 'esearch', at: 0.5, chunked: true, times: 1 }]],
    ['a list shorter than its count', [{ kind: 'short', util: 'esearch', skip: 1, times: 1 }]],
    ['garbage', [{ kind: 'garbage', util: 'efetch', times: 1 }]],
    ['a transient 400', [{ kind: 'timeout400', util: 'efetch', moreThan: 60, times: 3 }]],
    [
      '502 and 503',
      [
        { kind: 'http', status: 502, times: 1 },
        { kind: 'http', status: 503, times: 1 },
      ],
    ],
    ['a broken connection', [{ kind: 'reset', times: 2 }]],
    ['an expired history', [{ kind: 'backend', util: 'efetch', body: 'Unable to obtain query #1', times: 1 }]],
  ];
  it.each(passing)('is complete in spite of %s', async (_name, faults) => {
    const { sync, papers, server, lines } = await start(some(250));
    server.control({ faults });
    const run = await sync();
    expectTrue(run);
    expect([run.status, run.error]).toEqual(['complete', null]);
    expect((await papers.count()).papers).toBe(250);
    expect(server.stats().faults).toBeGreaterThan(0);
    // a short list is a good answer to its request; it is the window that is searched again
    if (faults[0]?.kind === 'short') expect(repeatedSearches()).toBeGreaterThan(0);
    else expect(run.requests.retried).toBeGreaterThan(0);
    expect(lines.join('')).not.toMatch(/test-key-1234567890|203\.0\.113\.7|tester@/);
  });

  const lasting: [string, Fault[], string][] = [
    ['an outage', [{ kind: 'backend', util: 'esearch' }], 'ncbi-outage'],
    ['a key that NCBI refuses', [{ kind: 'keyInvalid' }], 'ncbi-key-invalid'],
    ['connections that break', [{ kind: 'reset' }], 'ncbi-unreachable'],
  ];
  it.each(lasting)(
    'fails visibly with %s, never looks like a quiet day, and goes on later',
    async (_name, faults, code) => {
      const { sync, papers, server } = await start(some(30));
      server.control({ faults });
      const run = await sync();
      expectTrue(run);
      expect(run).toMatchObject({ status: 'failed', error: { code }, finishedAt: expect.any(String) as string });
      expect(await cursor()).toBeNull();
      server.control({ clearFaults: true });
      expect(await sync()).toMatchObject({ status: 'complete', stored: 30 });
      expect((await papers.count()).papers).toBe(30);
    },
  );

  it('that PubMed leaves in the middle is incomplete, moves no cursor, and the next one fetches only the rest', async () => {
    const { sync, server, papers } = await start(some(700));
    server.control({ faults: [{ kind: 'reset', util: 'efetch', skip: 2 }] });
    const run = await sync();
    expectTrue(run);
    expect(run.status).toBe('incomplete');
    // on a busy machine the call's deadline may come before its last attempt
    expect(['ncbi-unreachable', 'ncbi-timeout']).toContain(run.error?.code);
    expect(run.failed).toBeGreaterThan(0);
    const { papers: stored } = await papers.count();
    expect(stored).toBeGreaterThan(0);
    expect(await cursor()).toBeNull();
    server.control({ clearFaults: true, resetLog: true });
    const next = await sync();
    expectTrue(next);
    expect(next).toMatchObject({ status: 'complete', counted: 700, stored: 700 - stored, unchanged: stored });
    const asked = fetches().flatMap((request) => (request.parameters['id'] ?? '').split(','));
    expect(new Set(asked).size).toBe(700 - stored);
  });

  it('stops cleanly when told to, and goes on where it was', async () => {
    const { sync, server } = await start(some(900));
    server.control({ latencyMs: 20 });
    const stop = new AbortController();
    const run = await sync({ signal: stop.signal, onStored: () => stop.abort() });
    expectTrue(run);
    expect(run).toMatchObject({ status: 'incomplete', error: { code: 'aborted' } });
    const next = await sync();
    expectTrue(next);
    expect(next.stored + run.stored).toBe(900);
  });

  it('calls a run abandoned whose process ended in the middle', async () => {
    const { sync, runs, database } = await start(some(10));
    const id = await runs.start('sync', 'schedule', 'a dead process', it_.time.now);
    await database.transaction((sql) =>
      runs.list(sql, id, [{ field: 'crdt', from: '2026-01-01', to: '2026-11-24', counted: 2 }], ['1000', '1001']),
    );
    await sync();
    const dead = await runs.get(id);
    expect(dead).toMatchObject({
      status: 'failed',
      failed: 2,
      counted: 2,
      error: { code: 'abandoned' },
      reasons: [{ outcome: 'failed', code: 'abandoned', pmids: ['1000', '1001'] }],
    });
  });

  it('keeps every field of a record that PubMed refuses to give alone apart from the others', async () => {
    const { sync, server } = await start(some(210));
    server.control({ faults: [{ kind: 'timeout400', util: 'efetch', pmid: '1007' }] });
    const run = await sync();
    expectTrue(run);
    expect(run).toMatchObject({ status: 'incomplete', stored: 209, failed: 1 });
    expect(run.reasons[0]?.pmids).toEqual(['1007']);
  });
});
