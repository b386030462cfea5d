import type { Clock } from '../clock.js';
import type { Job, JobRun, RunStatus, RunWindow, Trigger } from '../model/job-run.js';
import type { Revision } from '../model/paper-view.js';
import { AppError } from '../problem.js';
import type { Claim, ClaimsStore } from '../store/claims.store.js';
import type { Database, Sql } from '../store/database.js';
import type { KeptStore } from '../store/kept.store.js';
import type { PapersStore } from '../store/papers.store.js';
import type { RunsStore, Settlement } from '../store/runs.store.js';
import type { SetAsideStore } from '../store/set-aside.store.js';
import { fetchBatch, stopsTheRun, type FetchedBatch } from './fetch-batch.js';
import { listWindow, type ListedSlice } from './list-slices.js';
import { firstNewsDay } from './news-from.js';
import { pubmedDay } from './pubmed-day.js';
import type { PubmedCall, PubmedPort } from './pubmed-port.js';
import { type Bound, type Slice, type SliceField } from './window.js';

/** Records an EFetch asks for. NLM: more than about 200 ids go by POST, and smaller answers fail less often. */
export const BATCH = 200;
/** After this many batches in a row that PubMed could not give, the run ends. */
const FAILED_BATCHES = 3;

export interface Progress {
  runId: string;
  /** Records that the run expects in all; null while unknown. */
  expected: number | null;
  counted: number;
  done: number;
  stored: number;
  updated: number;
  /** How much is done, 0 to 1, where records are not counted beforehand: of files. */
  share: number | null;
}

export interface RunRequest {
  trigger: Trigger;
  /** Who runs it, for people: shown to whoever finds the claim taken. */
  holder: string;
  claim: Claim;
  signal: AbortSignal;
  onProgress?: (progress: Progress) => void;
  /** Called after each stored batch with what came in or changed. */
  onStored?: (pmids: string[]) => void;
}

export interface IngestSettings {
  syncFrom: string | null;
  newsFrom: string | null;
  timeZone: string;
}

/** What every run needs. */
export interface IngestHouse {
  pubmed: PubmedPort;
  database: Database;
  papers: PapersStore;
  setAside: SetAsideStore;
  runs: RunsStore;
  claims: ClaimsStore;
  kept: KeptStore;
  clock: Clock;
  settings: IngestSettings;
}

/** PMIDs of one step of a run: to be fetched, or settled as they are. */
export interface Batch {
  fetch: string[];
  unchanged: string[];
  excluded: Settlement[];
}

interface RunError {
  code: string;
  detail: string;
}

/**
 * One run of a job that takes in papers, from its first search to its closed ledger. What is worth keeping is in the
 * store at every moment; what goes wrong on PubMed's side is in the ledger, not thrown. The caller holds the claim.
 */
export abstract class IngestRun<R extends RunRequest = RunRequest> {
  protected readonly call: PubmedCall;
  protected readonly windows: RunWindow[] = [];
  /** Every PMID listed so far. */
  protected readonly seen = new Set<string>();
  /** PubMed's day on which the run began. */
  protected readonly today: string;
  protected expected: number | null = null;
  /** How much of a run without a known number of records is done, 0 to 1. */
  protected share: number | null = null;
  protected done = 0;
  protected stored = 0;
  protected updated = 0;
  private failedBatches = 0;
  protected newsFrom = '';

  constructor(
    protected readonly id: string,
    protected readonly source: Exclude<Revision['source'], 'tagging'> & Job,
    protected readonly request: R,
    protected readonly house: IngestHouse,
  ) {
    this.call = { signal: request.signal, counters: { sent: 0, retried: 0 } };
    this.today = pubmedDay(house.clock.now());
  }

  /** Lists, fetches, stores. */
  protected abstract work(): Promise<void>;

  /** Written together with the end of a complete run. */
  protected whenComplete(_sql: Sql): Promise<void> {
    return Promise.resolve();
  }

  async run(): Promise<JobRun> {
    let error: RunError | null = null;
    try {
      this.newsFrom = await this.firstNewsDay();
      await this.work();
    } catch (thrown) {
      error = this.asError(thrown);
      if (error.code === 'claim-lost') throw thrown;
      if (error.code === 'internal') {
        await this.finish(error);
        throw thrown;
      }
    }
    return this.finish(error);
  }

  /** Papers added before it are back-fill, never news. */
  protected async firstNewsDay(): Promise<string> {
    const { settings, kept, clock } = this.house;
    return settings.newsFrom ?? kept.writeOnce('news-from', firstNewsDay(clock.now(), settings.timeZone));
  }

  /** Lists one window and writes down what it listed. */
  protected async *list(window: Bound): AsyncGenerator<ListedSlice> {
    const report: RunWindow = {
      field: windowField(window.field),
      from: window.from,
      to: window.to ?? (window.field === 'uid' ? window.from : this.today),
      counted: 0,
    };
    this.windows.push(report);
    const search = (part: Slice) => this.house.pubmed.list(part, this.call);
    for await (const { slice, pmids } of listWindow(window, this.today, search)) {
      this.request.signal.throwIfAborted();
      report.counted += pmids.length;
      if (window.field === 'uid' && window.to === null) report.to = largest([report.to, ...pmids]);
      await this.listed(pmids);
      yield { slice, pmids };
    }
  }

  /** Writes PMIDs down as to be accounted for. */
  protected async listed(pmids: readonly string[]): Promise<void> {
    const { runs } = this.house;
    const fresh = pmids.filter((pmid) => !this.seen.has(pmid));
    for (const pmid of fresh) this.seen.add(pmid);
    await this.write(async (sql) => {
      await runs.list(sql, this.id, joinWindows(this.windows), fresh);
      await runs.note(this.id, { requests: this.call.counters }, sql);
    });
    this.tell();
  }

  protected async load(batch: Batch): Promise<[Batch, FetchedBatch]> {
    if (batch.fetch.length === 0) return [batch, { papers: [], excluded: [], lost: [] }];
    try {
      const fetched = await fetchBatch(this.house.pubmed, batch.fetch, this.call);
      this.failedBatches = 0;
      return [batch, fetched];
    } catch (error) {
      this.request.signal.throwIfAborted();
      if (stopsTheRun(error) || ++this.failedBatches >= FAILED_BATCHES || !(error instanceof AppError)) throw error;
      const { code, message } = error;
      const lost = batch.fetch.map((pmid): Settlement => ({ pmid, outcome: 'failed', code, detail: message }));
      return [batch, { papers: [], excluded: [], lost }];
    }
  }

  /**
   * Stores a batch and settles its PMIDs, in one transaction.
   * @param also what else belongs into it
   */
  protected async save(batch: Batch, fetched: FetchedBatch, also?: (sql: Sql) => Promise<void>): Promise<void> {
    const { papers, setAside, runs, clock } = this.house;
    const at = clock.now();
    const fetchedOn = pubmedDay(at);
    const changed: string[] = [];
    const settlements: Settlement[] = [...batch.excluded, ...fetched.lost];
    for (const pmid of batch.unchanged) settlements.push({ pmid, outcome: 'unchanged' });
    for (const record of fetched.excluded) settlements.push({ ...record, outcome: 'excluded' });
    await this.write(async (sql) => {
      const arrival = { source: this.source, runId: this.id, at, fetchedOn, newsFrom: this.newsFrom };
      for (const [pmid, outcome] of await papers.storeBatch(sql, fetched.papers, arrival)) {
        settlements.push({ pmid, outcome });
        if (outcome !== 'unchanged') changed.push(pmid);
        if (outcome === 'stored') this.stored++;
        if (outcome === 'updated') this.updated++;
      }
      await setAside.exclude(sql, fetched.excluded, fetchedOn);
      // what is known to be gone is looked for by the sweep, not asked for in each sync
      const missing = fetched.lost.filter((s) => s.outcome === 'missing' && s.code !== GONE).map((s) => s.pmid);
      await setAside.addRetries(sql, missing, at);
      const isSettled = (s: Settlement) => (s.outcome !== 'missing' || s.code === GONE) && s.outcome !== 'failed';
      await setAside.removeRetries(
        sql,
        settlements.filter(isSettled).map((s) => s.pmid),
      );
      await runs.settle(sql, this.id, settlements);
      await runs.note(this.id, { requests: this.call.counters }, sql);
      await also?.(sql);
    });
    this.done += settlements.length;
    this.tell();
    if (changed.length > 0) this.request.onStored?.(changed);
  }

  /** Every write of a run goes through here: nothing is written once another process has taken over. */
  protected write<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.house.database.transaction(async (sql) => {
      await this.house.claims.assertHeld(sql, this.request.claim);
      return work(sql);
    });
  }

  protected tell(): void {
    this.request.onProgress?.({
      runId: this.id,
      expected: this.expected,
      counted: this.seen.size,
      done: this.done,
      stored: this.stored,
      updated: this.updated,
      share: this.share,
    });
  }

  private async finish(error: RunError | null): Promise<JobRun> {
    const { runs, claims, clock } = this.house;
    await runs.note(this.id, { requests: this.call.counters });
    const failed = (await runs.get(this.id))?.failed ?? 0;
    const status = this.statusOf(error, failed);
    await runs.finish(this.id, status, clock.now(), error, async (sql) => {
      await claims.assertHeld(sql, this.request.claim);
      if (status === 'complete') await this.whenComplete(sql);
    });
    const run = await runs.get(this.id);
    if (!run) throw new AppError('internal', `The run ${this.id} is not in the store`);
    return run;
  }

  private statusOf(error: RunError | null, failed: number): Exclude<RunStatus, 'running'> {
    if (error) return this.seen.size === 0 && error.code !== 'aborted' ? 'failed' : 'incomplete';
    return failed > 0 ? 'incomplete' : 'complete';
  }

  private asError(thrown: unknown): RunError {
    const { signal } = this.request;
    const reason: unknown = signal.aborted ? signal.reason : thrown;
    if (reason instanceof AppError) return { code: reason.code, detail: reason.message };
    if (signal.aborted)
      return { code: 'aborted', detail: 'Stopped before the end; the next run goes on where this one was' };
    return { code: 'internal', detail: 'Something unexpected happened; the log says what' };
  }
}

/** Reason of a PMID that PubMed no longer has and that is kept here, marked. */
export const GONE = 'gone';

const windowField = (field: SliceField): RunWindow['field'] =>
  field === 'lr' || field === 'mhda' || field === 'uid' ? field : 'crdt';

export const smallest = (pmids: readonly string[]) => String(Math.min(...pmids.map(Number)));
export const largest = (pmids: readonly string[]) =>
  String(pmids.reduce((most, pmid) => Math.max(most, Number(pmid)), 0));

/** One line a field in the ledger, where the windows of a field lie side by side. */
function joinWindows(windows: readonly RunWindow[]): RunWindow[] {
  const joined = new Map<string, RunWindow>();
  const isBefore = (field: RunWindow['field'], a: string, b: string) =>
    field === 'uid' ? Number(a) < Number(b) : a < b;
  for (const window of windows) {
    const { field } = window;
    const before = joined.get(field);
    joined.set(
      field,
      before
        ? {
            field,
            from: isBefore(field, window.from, before.from) ? window.from : before.from,
            to: isBefore(field, before.to, window.to) ? window.to : before.to,
            counted: before.counted + window.counted,
          }
        : window,
    );
  }
  return [...joined.values()];
}
