import type { Clock } from '../clock.js';
import type { JobRun, RunWindow, Trigger } from '../model/job-run.js';
import { AppError } from '../problem.js';
import type { Claim, ClaimsStore } from '../store/claims.store.js';
import type { Database, Sql } from '../store/database.js';
import type { KeptStore } from '../store/kept.store.js';
import type { PapersStore } from '../store/papers.store.js';
import type { RunsStore, Settlement } from '../store/runs.store.js';
import { inOrder } from './concurrent.js';
import { fetchBatch, stopsTheRun, type FetchedBatch } from './fetch-batch.js';
import { listWindow } from './list-slices.js';
import { firstNewsDay } from './news-from.js';
import { pubmedDay } from './pubmed-day.js';
import type { PubmedCall, PubmedPort } from './pubmed-port.js';
import { planRange, planSync, type SyncState } from './sync-state.js';
import { type Bound, type Slice, type SliceField } from './window.js';

/** Records an EFetch asks for. NLM: more than about 200 ids go by POST, and smaller answers fail less often. */
const BATCH = 200;
/** Batches under way at once: one being stored, the others loading. */
const IN_FLIGHT = 3;
/** After this many batches in a row that PubMed could not give, the run ends. */
const FAILED_BATCHES = 3;

export interface Progress {
  runId: string;
  /** Records that the query holds in all windows of a back-fill; null while unknown. */
  expected: number | null;
  counted: number;
  done: number;
  stored: number;
  updated: number;
}

export interface SyncRequest {
  trigger: Trigger;
  /** Who runs it, for people: shown to whoever finds the claim taken. */
  holder: string;
  claim: Claim;
  signal: AbortSignal;
  /** Create dates of a run that somebody asked for; without both it is the regular sync. */
  from?: string;
  to?: string;
  onProgress?: (progress: Progress) => void;
  /** Called after each stored batch with what came in or changed. */
  onStored?: (pmids: string[]) => void;
}

export interface IngestSettings {
  syncFrom: string | null;
  newsFrom: string | null;
  timeZone: string;
}

interface Batch {
  fetch: string[];
  unchanged: string[];
  excluded: Settlement[];
}

/** PubMed → store. One run at a time: the caller holds the claim on PubMed. */
export class IngestService {
  constructor(
    private readonly pubmed: PubmedPort,
    private readonly database: Database,
    private readonly papers: PapersStore,
    private readonly runs: RunsStore,
    private readonly claims: ClaimsStore,
    private readonly kept: KeptStore,
    private readonly clock: Clock,
    private readonly settings: IngestSettings,
  ) {}

  /** One sync, from its first search to its closed ledger; what goes wrong on PubMed's side is in the run, not thrown. */
  async sync(request: SyncRequest): Promise<JobRun> {
    await this.runs.abandon(['sync', 'sweep', 'import'], this.clock.now());
    const id = await this.runs.start('sync', request.trigger, request.holder, this.clock.now());
    return new SyncRun(
      id,
      request,
      this.pubmed,
      this.database,
      this.papers,
      this.runs,
      this.claims,
      this.kept,
      this.clock,
      this.settings,
    ).run();
  }
}

/** The state of one run; what is worth keeping is in the store at every moment. */
class SyncRun {
  private readonly call: PubmedCall;
  private readonly windows: RunWindow[] = [];
  /** Every PMID listed so far. */
  private readonly seen = new Set<string>();
  private readonly today: string;
  private expected: number | null = null;
  private done = 0;
  private stored = 0;
  private updated = 0;
  private failedBatches = 0;
  private newsFrom = '';

  constructor(
    private readonly id: string,
    private readonly request: SyncRequest,
    private readonly pubmed: PubmedPort,
    private readonly database: Database,
    private readonly papers: PapersStore,
    private readonly runs: RunsStore,
    private readonly claims: ClaimsStore,
    private readonly kept: KeptStore,
    private readonly clock: Clock,
    private readonly settings: IngestSettings,
  ) {
    this.call = { signal: request.signal, counters: { sent: 0, retried: 0 } };
    this.today = pubmedDay(clock.now());
  }

  async run(): Promise<JobRun> {
    let error: { code: string; detail: string } | null = null;
    let state: SyncState | null = null;
    try {
      this.newsFrom =
        this.settings.newsFrom ??
        (await this.kept.writeOnce('news-from', firstNewsDay(this.clock.now(), this.settings.timeZone)));
      if (this.request.from !== undefined || this.request.to !== undefined) {
        await this.work(planRange(this.request.from ?? null, this.request.to ?? null, this.today), []);
      } else {
        const plan = planSync(await this.kept.read<SyncState>('sync'), {
          query: this.pubmed.queryDigest,
          from: this.settings.syncFrom,
          today: this.today,
        });
        state = plan.state;
        await this.write((sql) => this.kept.write('sync', plan.state, sql));
        if (plan.state.cursor === null) await this.countAll(plan.state.from);
        const windows = [...plan.windows];
        await this.work(
          windows.filter((window) => window.field === 'crdt'),
          windows.filter((window) => window.field !== 'crdt'),
        );
      }
    } catch (thrown) {
      error = this.asError(thrown);
      if (error.code === 'claim-lost') throw thrown;
    }
    return this.finish(error, state);
  }

  /**
   * Lists and fetches. `changes` are listed first: a paper that stands in one of them may have to be fetched though
   * its create date says that it is known.
   */
  private async work(windows: readonly Bound[], changes: readonly Bound[]): Promise<void> {
    const certain = new Map<string, boolean>();
    for (const window of changes) {
      for await (const { slice, pmids } of this.list(window)) {
        const known = await this.papers.findKnown(pmids);
        for (const pmid of pmids) {
          const paper = known.get(pmid);
          const fetchedOn =
            paper === undefined ? null : 'excluded' in paper ? paper.excluded.fetchedOn : paper.fetchedOn;
          certain.set(pmid, (certain.get(pmid) ?? true) && isBefore(slice[0]?.to ?? null, fetchedOn));
        }
      }
    }
    for (const pmid of await this.listRetries()) certain.set(pmid, false);

    for await (const [batch, fetched] of inOrder(this.batches(windows, certain), IN_FLIGHT, (batch) =>
      this.load(batch),
    )) {
      this.request.signal.throwIfAborted();
      await this.save(batch, fetched);
    }
  }

  /** Batches of what the create-date windows list, newest first, then of what only the others listed. */
  private async *batches(windows: readonly Bound[], certain: ReadonlyMap<string, boolean>): AsyncGenerator<Batch> {
    let batch: Batch = { fetch: [], unchanged: [], excluded: [] };
    const due = new Set(certain.keys());
    const sort = async (
      pmids: readonly string[],
      isCertain: (pmid: string, day: string | null, fetchedOn: string | null) => boolean,
    ) => {
      const known = await this.papers.findKnown(pmids);
      for (const pmid of [...pmids].sort((a, b) => Number(b) - Number(a))) {
        const paper = known.get(pmid);
        const unchanged =
          paper !== undefined &&
          ('excluded' in paper
            ? isCertain(pmid, null, paper.excluded.fetchedOn)
            : !paper.gone && isCertain(pmid, paper.added, paper.fetchedOn));
        if (!unchanged) batch.fetch.push(pmid);
        else if ('excluded' in paper)
          batch.excluded.push({ pmid, outcome: 'excluded', code: paper.excluded.code, detail: paper.excluded.detail });
        else batch.unchanged.push(pmid);
      }
    };
    const full = function* (): Generator<Batch> {
      while (batch.fetch.length >= BATCH) {
        yield { ...batch, fetch: batch.fetch.splice(0, BATCH) };
        batch = { fetch: batch.fetch, unchanged: [], excluded: [] };
      }
    };
    const rest = function* (): Generator<Batch> {
      if (batch.fetch.length + batch.unchanged.length + batch.excluded.length > 0) yield batch;
      batch = { fetch: [], unchanged: [], excluded: [] };
    };
    const listedBefore = new Set<string>();
    for (const window of windows) {
      for await (const { slice, pmids } of this.list(window)) {
        const fresh = pmids.filter((pmid) => !listedBefore.has(pmid));
        for (const pmid of fresh) {
          listedBefore.add(pmid);
          due.delete(pmid);
        }
        await sort(
          fresh,
          (pmid, day, fetchedOn) => certain.get(pmid) !== false && isBefore(day ?? slice[0]?.to ?? null, fetchedOn),
        );
        yield* full();
      }
      yield* rest();
    }
    await sort([...due], (pmid) => certain.get(pmid) === true);
    yield* full();
    yield* rest();
  }

  /** Lists one window and writes down what it listed. */
  private async *list(window: Bound): AsyncGenerator<{ slice: Slice; pmids: string[] }> {
    const report: RunWindow = {
      field: windowField(window.field),
      from: window.from,
      to: window.to ?? this.today,
      counted: 0,
    };
    this.windows.push(report);
    for await (const { slice, pmids } of listWindow(window, this.today, (part) => this.pubmed.list(part, this.call))) {
      this.request.signal.throwIfAborted();
      report.counted += pmids.length;
      await this.listed(pmids);
      yield { slice, pmids };
    }
  }

  /** Records that PubMed listed in an earlier run and did not return: those that it still lists are asked for again. */
  private async listRetries(): Promise<string[]> {
    const retries = await this.papers.findRetries();
    const listed: string[] = [];
    for (let at = 0; at < retries.length; at += BATCH) {
      const part = retries.slice(at, at + BATCH);
      const { pmids } = await this.pubmed.list([], this.call, { pmids: part });
      this.windows.push({ field: 'uid', from: smallest(part), to: largest(part), counted: pmids.length });
      await this.listed(pmids);
      const unlisted = part.filter((pmid) => !pmids.includes(pmid));
      await this.write((sql) => this.papers.removeRetries(sql, unlisted));
      listed.push(...pmids);
    }
    return listed;
  }

  private async listed(pmids: readonly string[]): Promise<void> {
    const fresh = pmids.filter((pmid) => !this.seen.has(pmid));
    for (const pmid of fresh) this.seen.add(pmid);
    await this.write(async (sql) => {
      await this.runs.list(sql, this.id, joinWindows(this.windows), fresh);
      await this.runs.note(this.id, { requests: this.call.counters }, sql);
    });
    this.tell();
  }

  private async load(batch: Batch): Promise<[Batch, FetchedBatch]> {
    if (batch.fetch.length === 0) return [batch, { papers: [], excluded: [], lost: [] }];
    try {
      const fetched = await fetchBatch(this.pubmed, batch.fetch, this.call);
      this.failedBatches = 0;
      return [batch, fetched];
    } catch (error) {
      this.request.signal.throwIfAborted();
      if (stopsTheRun(error) || ++this.failedBatches >= FAILED_BATCHES || !(error instanceof AppError)) throw error;
      const { code, message } = error;
      return [
        batch,
        {
          papers: [],
          excluded: [],
          lost: batch.fetch.map((pmid) => ({ pmid, outcome: 'failed', code, detail: message })),
        },
      ];
    }
  }

  private async save(batch: Batch, fetched: FetchedBatch): Promise<void> {
    const at = this.clock.now();
    const fetchedOn = pubmedDay(at);
    const changed: string[] = [];
    const settlements: Settlement[] = [...batch.excluded, ...fetched.lost];
    for (const pmid of batch.unchanged) settlements.push({ pmid, outcome: 'unchanged' });
    for (const record of fetched.excluded) settlements.push({ ...record, outcome: 'excluded' });
    await this.write(async (sql) => {
      const outcomes = await this.papers.storeBatch(sql, fetched.papers, {
        source: 'sync',
        runId: this.id,
        at,
        fetchedOn,
        newsFrom: this.newsFrom,
      });
      for (const [pmid, outcome] of outcomes) {
        settlements.push({ pmid, outcome });
        if (outcome !== 'unchanged') changed.push(pmid);
        if (outcome === 'stored') this.stored++;
        if (outcome === 'updated') this.updated++;
      }
      await this.papers.exclude(sql, fetched.excluded, fetchedOn);
      const missing = fetched.lost.filter((s) => s.outcome === 'missing').map((s) => s.pmid);
      await this.papers.addRetries(sql, missing, at);
      await this.papers.removeRetries(
        sql,
        settlements.filter((s) => s.outcome !== 'missing' && s.outcome !== 'failed').map((s) => s.pmid),
      );
      await this.runs.settle(sql, this.id, settlements);
      await this.runs.note(this.id, { requests: this.call.counters }, sql);
    });
    this.done += settlements.length;
    this.tell();
    if (changed.length > 0) this.request.onStored?.(changed);
  }

  /** How many records there are in all, for the progress of a back-fill. */
  private async countAll(from: string): Promise<void> {
    const { count } = await this.pubmed.list([{ field: 'crdt', from, to: null }], this.call, { limit: 0 });
    this.expected = count;
    await this.runs.note(this.id, { counts: { expected: count } });
    this.tell();
  }

  private async finish(error: { code: string; detail: string } | null, state: SyncState | null): Promise<JobRun> {
    await this.runs.note(this.id, { requests: this.call.counters });
    const failed = (await this.runs.get(this.id))?.failed ?? 0;
    const nothingListed = this.seen.size === 0 && error?.code !== 'aborted';
    const status = error ? (nothingListed ? 'failed' : 'incomplete') : failed > 0 ? 'incomplete' : 'complete';
    await this.runs.finish(this.id, status, this.clock.now(), error, async (sql) => {
      await this.claims.assertHeld(sql, this.request.claim);
      if (status === 'complete' && state)
        await this.kept.write('sync', { ...state, cursor: this.today } satisfies SyncState, sql);
    });
    const run = await this.runs.get(this.id);
    if (!run) throw new AppError('internal', `The run ${this.id} is not in the store`);
    return run;
  }

  /** Every write of a run goes through here: nothing is written once another process has taken over. */
  private write<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.database.transaction(async (sql) => {
      await this.claims.assertHeld(sql, this.request.claim);
      return work(sql);
    });
  }

  private tell(): void {
    this.request.onProgress?.({
      runId: this.id,
      expected: this.expected,
      counted: this.seen.size,
      done: this.done,
      stored: this.stored,
      updated: this.updated,
    });
  }

  private asError(thrown: unknown): { code: string; detail: string } {
    const reason: unknown = this.request.signal.aborted ? this.request.signal.reason : thrown;
    if (reason instanceof AppError) return { code: reason.code, detail: reason.message };
    if (this.request.signal.aborted)
      return { code: 'aborted', detail: 'Stopped before the end; the next run goes on where this one was' };
    throw thrown;
  }
}

/** True when what happened on `day` or before is certain to be in what was fetched on `fetchedOn` (US Eastern days). */
const isBefore = (day: string | null, fetchedOn: string | null) =>
  day !== null && fetchedOn !== null && day < fetchedOn;

const windowField = (field: SliceField): RunWindow['field'] =>
  field === 'lr' || field === 'mhda' || field === 'uid' ? field : 'crdt';

const smallest = (pmids: readonly string[]) => String(Math.min(...pmids.map(Number)));
const largest = (pmids: readonly string[]) => String(Math.max(...pmids.map(Number)));

/** One line a field in the ledger, where the windows of a field lie side by side. */
function joinWindows(windows: readonly RunWindow[]): RunWindow[] {
  const joined = new Map<string, RunWindow>();
  for (const window of windows) {
    const before = joined.get(window.field);
    joined.set(
      window.field,
      before
        ? {
            field: window.field,
            from: window.from < before.from ? window.from : before.from,
            to: window.to > before.to ? window.to : before.to,
            counted: before.counted + window.counted,
          }
        : window,
    );
  }
  return [...joined.values()];
}
