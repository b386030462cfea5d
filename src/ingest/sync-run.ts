import type { Sql } from '../store/database.js';
import { ahead, inOrder } from './concurrent.js';
import { BATCH, IngestRun, largest, smallest, type Batch, type IngestHouse, type RunRequest } from './ingest-run.js';
import { planRange, planSync, type SyncState } from './sync-state.js';
import type { ListedSlice } from './list-slices.js';
import type { Bound } from './window.js';

/**
 * Batches under way at once: one being stored, the others loading or waiting for it, so that there is something to
 * store while PubMed thinks about a search.
 */
export const IN_FLIGHT = 6;

const WINDOW_ENDS = Symbol('window ends');

export interface SyncRequest extends RunRequest {
  /** Create dates of a run that somebody asked for; without both it is the regular sync. */
  from?: string;
  to?: string;
}

/** What is new and changed since the last complete sync, or the back-fill. */
export class SyncRun extends IngestRun<SyncRequest> {
  private state: SyncState | null = null;

  constructor(id: string, request: SyncRequest, house: IngestHouse) {
    super(id, 'sync', request, house);
  }

  protected override async work(): Promise<void> {
    const { pubmed, kept, settings } = this.house;
    if (this.request.from !== undefined || this.request.to !== undefined) {
      await this.take(planRange(this.request.from ?? null, this.request.to ?? null, this.today), []);
      return;
    }
    const plan = planSync(await kept.read<SyncState>('sync'), {
      query: pubmed.queryDigest,
      from: settings.syncFrom,
      today: this.today,
    });
    this.state = plan.state;
    await this.write((sql) => kept.write('sync', plan.state, sql));
    if (plan.state.cursor === null) await this.countAll(plan.state.from);
    const windows = [...plan.windows];
    await this.take(
      windows.filter((window) => window.field === 'crdt'),
      windows.filter((window) => window.field !== 'crdt'),
    );
  }

  protected override async whenComplete(sql: Sql): Promise<void> {
    if (this.state) await this.house.kept.write('sync', { ...this.state, cursor: this.today } satisfies SyncState, sql);
  }

  /**
   * Lists and fetches. `changes` are listed first: a paper that stands in one of them may have to be fetched though
   * its create date says that it is known.
   */
  private async take(windows: readonly Bound[], changes: readonly Bound[]): Promise<void> {
    const certain = new Map<string, boolean>();
    for (const window of changes) {
      for await (const { slice, pmids } of this.list(window)) {
        const known = await this.house.papers.findKnown(pmids);
        for (const pmid of pmids) {
          const paper = known.get(pmid);
          const fetchedOn =
            paper === undefined ? null : 'excluded' in paper ? paper.excluded.fetchedOn : paper.fetchedOn;
          certain.set(pmid, (certain.get(pmid) ?? true) && this.isBefore(slice[0]?.to ?? null, fetchedOn));
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
      const known = await this.house.papers.findKnown(pmids);
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
    // the next window is listed while this one's records load
    for await (const part of ahead(this.listAll(windows))) {
      if (part === WINDOW_ENDS) {
        // what there is of a window does not wait for the next one
        yield* rest();
        continue;
      }
      const fresh = part.pmids.filter((pmid) => !listedBefore.has(pmid));
      for (const pmid of fresh) {
        listedBefore.add(pmid);
        due.delete(pmid);
      }
      const end = part.slice[0]?.to ?? null;
      await sort(fresh, (pmid, day, fetchedOn) => certain.get(pmid) !== false && this.isBefore(day ?? end, fetchedOn));
      yield* full();
    }
    await sort([...due], (pmid) => certain.get(pmid) === true);
    yield* full();
    yield* rest();
  }

  private async *listAll(windows: readonly Bound[]): AsyncGenerator<ListedSlice | typeof WINDOW_ENDS> {
    for (const window of windows) {
      yield* this.list(window);
      yield WINDOW_ENDS;
    }
  }

  /** Records that PubMed listed in an earlier run and did not return: those that it still lists are asked for again. */
  private async listRetries(): Promise<string[]> {
    const retries = await this.house.setAside.findRetries();
    const listed: string[] = [];
    for (let at = 0; at < retries.length; at += BATCH) {
      const part = retries.slice(at, at + BATCH);
      const { pmids } = await this.house.pubmed.list([], this.call, { pmids: part });
      this.windows.push({ field: 'uid', from: smallest(part), to: largest(part), counted: pmids.length });
      await this.listed(pmids);
      const unlisted = part.filter((pmid) => !pmids.includes(pmid));
      await this.write((sql) => this.house.setAside.removeRetries(sql, unlisted));
      listed.push(...pmids);
    }
    return listed;
  }

  /** How many records there are in all, for the progress of a back-fill. */
  private async countAll(from: string): Promise<void> {
    const { count } = await this.house.pubmed.list([{ field: 'crdt', from, to: null }], this.call, { limit: 0 });
    this.expected = count;
    await this.house.runs.note(this.id, { counts: { expected: count } });
    this.tell();
  }

  /**
   * True when what happened on `day` or before is certain to be in what was fetched on `fetchedOn` (US Eastern days).
   * A day that has not come yet was written by a clock that had run ahead, and says nothing.
   */
  private isBefore(day: string | null, fetchedOn: string | null): boolean {
    return day !== null && fetchedOn !== null && fetchedOn <= this.today && day < fetchedOn;
  }
}
