import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { TaggingJob } from '../src/jobs/tagging-job.js';
import type { Paper } from '../src/model/paper.js';
import type { PaperView, Revision } from '../src/model/paper-view.js';
import type { Evidence } from '../src/model/tag.js';
import { ClaimsStore } from '../src/store/claims.store.js';
import type { Database } from '../src/store/database.js';
import { KeptStore } from '../src/store/kept.store.js';
import { takeLease } from '../src/store/lease.js';
import { PapersStore, type Arrival } from '../src/store/papers.store.js';
import { RunsStore } from '../src/store/runs.store.js';
import { TaggingStore } from '../src/store/tagging.store.js';
import { loadOverrides } from '../src/tagging/overrides.js';
import { createTagger, type Tagger } from '../src/tagging/tag-paper.js';
import { tagBatch, tagRecord } from '../src/tagging/tag-records.js';
import type { TaggingPlace, TaggingPlaces } from '../src/tagging/tag-threads.js';
import { TAGGING_CLAIM, TaggingService, type TaggingRequest } from '../src/tagging/tagging.service.js';
import { loadTaxonomy } from '../src/taxonomy/load-taxonomy.js';
import { aPaper } from './support/a-paper.js';
import { aLog } from './support/an-ingest.js';
import { DIALECTS, testStore } from './support/database.js';

const YAML = readFileSync('data/taxonomy.yaml', 'utf8');
const taxonomy = loadTaxonomy(YAML, 'data/taxonomy.yaml');
const tagger = createTagger(taxonomy);
/** The same taxonomy in another edition. */
const newEdition = createTagger(loadTaxonomy(`${YAML}\n# one more line\n`, 'data/taxonomy.yaml'));

const AT = Date.parse('2026-11-24T10:00:00Z');
const aTrial = (pmid: number, given: Partial<Paper> = {}): Paper =>
  aPaper({
    pmid: String(pmid),
    title: 'Ketamine for treatment-resistant depression: a randomised trial',
    abstract: [
      { label: 'METHODS', text: 'We randomised 48 patients to ketamine 0.5 mg/kg or midazolam.', category: 'METHODS' },
      { label: 'CONCLUSIONS', text: 'Ketamine reduced depressive symptoms.', category: 'CONCLUSIONS' },
    ],
    publicationTypes: [{ ui: 'D016449', name: 'Randomized Controlled Trial' }],
    ...given,
  });
const some = (count: number, from = 9000): Paper[] =>
  Array.from({ length: count }, (_, at) =>
    aTrial(from + at, { added: `2026-${String(1 + (at % 11)).padStart(2, '0')}-0${1 + (at % 9)}` }),
  );

describe.each(DIALECTS)('the tagging stage on %s', (dialect) => {
  let database: Database;
  let close: () => Promise<void>;
  beforeEach(async () => {
    ({ database, close } = await testStore(dialect));
  });
  afterEach(() => close());

  const service = (which: Tagger = tagger, on = database, places?: TaggingPlaces) =>
    new TaggingService(
      which,
      on,
      new TaggingStore(on),
      new RunsStore(on),
      new ClaimsStore(on),
      new KeptStore(on),
      { now: () => AT + 1000 },
      places,
    );
  const run = (on: TaggingService, request: Partial<TaggingRequest> = {}) =>
    on.run({ trigger: 'command', holder: 'test', signal: new AbortController().signal, ...request });
  const store = (papers: readonly Paper[], source: Arrival['source'] = 'sync') => {
    const arrival = { source, runId: 'r', at: AT, fetchedOn: '2026-11-24', newsFrom: '2026-11-23' };
    return database.transaction((sql) => new PapersStore(database).storeBatch(sql, papers, arrival));
  };
  const view = async (pmid: number) => {
    const [row] = await database.all<{ view: string; evidence: string }>(
      'SELECT "view", "evidence" FROM "paper_view" WHERE "pmid" = ?',
      [pmid],
    );
    return {
      view: JSON.parse(row?.view ?? '{}') as PaperView,
      evidence: JSON.parse(row?.evidence ?? '{}') as { evidence: Evidence[] },
    };
  };
  const revisions = (pmid: number): Promise<Revision[]> => new PapersStore(database).findRevisions(String(pmid));
  const versions = async () =>
    (
      await database.all<{ version: string | null; n: number }>(
        'SELECT "taxonomy_version" AS "version", count(*) AS "n" FROM "paper" GROUP BY "taxonomy_version"',
      )
    ).map(({ version, n }) => [version, n]);

  it('gives a new paper its tags, their evidence and a revision that names them', async () => {
    await store([aTrial(9000)]);
    const result = await run(service());
    expect(result).toMatchObject({ job: 'tag', status: 'complete', counts: { tagged: 1, changed: 1, failed: 0 } });
    const { view: paper, evidence } = await view(9000);
    expect(paper.tags).toMatchObject({ relevance: 'core', study: 'rct' });
    expect(paper.tags.condition).toContain('treatment-resistant-depression');
    expect(paper.status).toMatchObject({ retracted: false, gone: false });
    expect(evidence.evidence.every(({ spans }) => spans.length > 0)).toBe(true);
    const last = (await revisions(9000)).at(-1);
    expect(last).toMatchObject({ source: 'tagging' });
    expect(last?.changed).toEqual(expect.arrayContaining(['tags.relevance', 'tags.condition', 'tags.study']));
    const [row] = await database.all('SELECT "taxonomy_version", "relevance", "study" FROM "paper"');
    expect(row).toEqual({ taxonomy_version: tagger.version, relevance: 'core', study: 'rct' });
    expect(await new PapersStore(database).count()).toEqual({ papers: 1, untagged: 0 });
  });

  it('takes the newest papers first', async () => {
    await store(some(250));
    const stop = new AbortController();
    await run(service(), { signal: stop.signal, onProgress: () => stop.abort() });
    const rest = await database.all<{ added: string; tagged: number }>(
      'SELECT "added", CASE WHEN "taxonomy_version" IS NULL THEN 0 ELSE 1 END AS "tagged" FROM "paper" ORDER BY "added" DESC, "pmid" DESC',
    );
    const firstLeft = rest.findIndex(({ tagged }) => tagged === 0);
    expect(firstLeft).toBeGreaterThan(0);
    expect(rest.slice(firstLeft).every(({ tagged }) => tagged === 0)).toBe(true);
  });

  it('stops when told to, says so, and the next run goes on where it was', async () => {
    await store(some(250));
    const stop = new AbortController();
    const first = await run(service(), { signal: stop.signal, onProgress: () => stop.abort() });
    expect(first).toMatchObject({ status: 'incomplete', error: { code: 'aborted' } });
    const done = first.counts['tagged'] ?? 0;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(250);
    const second = await run(service());
    expect(second).toMatchObject({ status: 'complete', counts: { tagged: 250 - done } });
    expect(await versions()).toEqual([[tagger.version, 250]]);
  });

  it('tags what comes in by and by in one place, and a whole store where several batches go side by side', async () => {
    const underWay = { few: 0, many: 0 };
    const most = { few: 0, many: 0 };
    const place = (which: 'few' | 'many', ahead: number): TaggingPlace => ({
      ahead,
      tag: async (records) => {
        most[which] = Math.max(most[which], (underWay[which] += 1));
        const tagged = tagBatch(tagger, records);
        await wait(2);
        underWay[which] -= 1;
        return tagged;
      },
    });
    const places = { few: place('few', 1), many: place('many', 4) };
    await store(some(120));
    await run(service(tagger, database, places));
    expect(most).toEqual({ few: 1, many: 0 });
    await store(some(1100, 20_000));
    const whole = await run(service(tagger, database, places));
    expect(whole).toMatchObject({ status: 'complete', counts: { tagged: 1100, failed: 0 } });
    expect(most.few).toBe(1);
    expect(most.many).toBeGreaterThan(1);
    expect(most.many).toBeLessThanOrEqual(4);
    expect(await versions()).toEqual([[tagger.version, 1220]]);
  });

  it('tags again with a new edition of the taxonomy, and leaves no revision where nothing changed', async () => {
    await store(some(20));
    await run(service());
    const again = await run(service(newEdition));
    expect(again.counts).toMatchObject({ tagged: 20, changed: 0 });
    expect(await versions()).toEqual([[newEdition.version, 20]]);
    expect((await revisions(9000)).filter(({ source }) => source === 'tagging')).toHaveLength(1);
    expect((await run(service(newEdition))).counts).toMatchObject({ tagged: 0 });
    expect((await run(service(newEdition), { all: true })).counts).toMatchObject({ tagged: 20, changed: 0 });
  });

  it('tags a paper again when its MeSH headings arrive, and names what changed', async () => {
    const bare = aTrial(9000, { title: 'Ketamine in everyday practice', abstract: [] });
    await store([bare]);
    await run(service());
    const before = (await view(9000)).view.tags;
    await store([{ ...bare, revisedOn: '2026-11-24', mesh: [{ ui: 'D003865', name: 'Depressive Disorder, Major', major: true, qualifiers: [] }, { ui: 'D007649', name: 'Ketamine', major: true, qualifiers: [] }] }]); // prettier-ignore
    expect(await service().hasDue()).toBe(true);
    // the old tags stay visible until then
    expect((await view(9000)).view.tags).toEqual(before);
    await run(service());
    expect(before.condition).toEqual([]);
    expect((await view(9000)).view.tags.condition).toEqual(['depression']);
    expect((await revisions(9000)).map(({ source }) => source)).toEqual(['sync', 'tagging', 'sync', 'tagging']);
    expect((await revisions(9000)).at(-1)?.changed).toContain('tags.condition');
  });

  it('applies what a person decided, last and as "editor"', async () => {
    const overrides = loadOverrides(
      '"9000":\n  add: [condition/ptsd]\n  remove: [condition/treatment-resistant-depression]\n  who: A. Curator\n  why: known to us\n',
      'overrides.yaml',
      taxonomy.facets,
    );
    await store([aTrial(9000), aTrial(9001)]);
    await run(service());
    await run(service(createTagger(taxonomy, overrides)));
    const { view: paper, evidence } = await view(9000);
    expect(paper.tags.condition).toContain('ptsd');
    expect(paper.tags.condition).not.toContain('treatment-resistant-depression');
    expect(evidence.evidence.find(({ tag }) => tag === 'ptsd')?.spans[0]?.rule).toBe('editor');
    expect((await revisions(9000)).at(-1)).toMatchObject({ source: 'tagging', changed: ['tags.condition'] });
    expect((await revisions(9001)).filter(({ source }) => source === 'tagging')).toHaveLength(1);
  });

  it('leaves a paper that changed while it was being tagged for the next run', async () => {
    await store([aTrial(9000)]);
    const papers = new TaggingStore(database);
    const [read] = await papers.read([9000]);
    await store([aTrial(9000, { title: 'Ketamine for PTSD: a randomised trial', revisedOn: '2026-11-24' })]);
    const found = tagRecord(tagger, read!.record)!;
    const counts = await database.transaction((sql) =>
      papers.write(sql, [{ pmid: '9000', contentDigest: read!.contentDigest, ...found }], {
        version: tagger.version,
        at: AT,
        runId: 'r',
      }),
    );
    expect(counts).toEqual({ tagged: 0, changed: 0 });
    expect(await service().hasDue()).toBe(true);
  });

  it('lets one process at it at a time and says who it is', async () => {
    await store(some(5));
    const other = await takeLease(new ClaimsStore(database), TAGGING_CLAIM, 'another server');
    await expect(run(service())).rejects.toMatchObject({
      code: 'claim-held',
      message: expect.stringContaining('another server') as string,
    });
    await other?.release();
    expect(await run(service())).toMatchObject({ status: 'complete', counts: { tagged: 5 } });
  });

  it('writes nothing once another process has taken over', async () => {
    await store(some(250));
    const claims = new ClaimsStore(database);
    let first = true;
    const taken = run(service(), {
      onProgress: () => {
        if (!first) return;
        first = false;
        void database.run('UPDATE "claim" SET "token" = "token" + 1 WHERE "name" = ?', [TAGGING_CLAIM]);
      },
    });
    const result = await taken;
    expect(result).toMatchObject({ status: 'incomplete', error: { code: 'claim-lost' } });
    const [row] = await database.all<{ n: number }>(
      'SELECT count(*) AS "n" FROM "paper" WHERE "taxonomy_version" IS NOT NULL',
    );
    expect(row?.n).toBe(result.counts['tagged']);
    expect(await claims.holder(TAGGING_CLAIM)).not.toBeNull();
  });

  it('closes the ledger of a run whose process died', async () => {
    const runs = new RunsStore(database);
    const id = await runs.start('tag', 'start', 'a dead process', AT);
    await run(service());
    expect(await runs.get(id)).toMatchObject({ status: 'failed', error: { code: 'abandoned' } });
  });

  it('does not undo the work of a process with a later taxonomy: it only tags what nobody has tagged', async () => {
    await store(some(3));
    await service().adopt();
    await run(service());
    await service(newEdition).adopt();
    await run(service(newEdition));
    expect(await service().hasDue()).toBe(false);
    await store(some(2, 9500));
    expect((await run(service())).counts).toMatchObject({ tagged: 2 });
    expect((await versions()).sort()).toEqual(
      [
        [newEdition.version, 3],
        [tagger.version, 2],
      ].sort(),
    );
    expect((await run(service(newEdition))).counts).toMatchObject({ tagged: 2 });
  });

  it('makes one run of what comes in while it is at it, and ends at once when nothing more will come', async () => {
    const { log, lines } = aLog();
    const job = new TaggingJob(service(), { holder: 'test', begins: true }, log);
    await store(some(3));
    await job.onApplicationBootstrap();
    await store(some(150, 9500));
    job.wake('schedule');
    await job.finish();
    expect(await versions()).toEqual([[tagger.version, 153]]);
    const { runs } = await new RunsStore(database).find({ job: 'tag', limit: 10 });
    expect(runs).toHaveLength(1);
    expect(lines.some((line) => line.includes('tagging complete'))).toBe(true);
    // nothing due: no run, no line in the ledger
    expect(await job.run('schedule')).toBe(true);
    expect((await new RunsStore(database).find({ job: 'tag', limit: 10 })).runs).toHaveLength(1);
  });
});
