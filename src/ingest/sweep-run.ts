import { AppError } from '../problem.js';
import type { Sql } from '../store/database.js';
import type { HeldPaper } from '../store/papers.store.js';
import { inOrder } from './concurrent.js';
import {
  BATCH,
  GONE,
  IngestRun,
  largest,
  smallest,
  type Batch,
  type IngestHouse,
  type RunRequest,
} from './ingest-run.js';
import { sweepSlices } from './sweep-slices.js';
import { IN_FLIGHT } from './sync-run.js';
import { FIRST_DAY } from './window.js';

/**
 * Compares the whole query with the store, both ways and whatever the dates. In PubMed and not here: fetched. Here and
 * not in PubMed: asked for singly, then marked as gone, never dropped; one that was gone and is back is fetched.
 * With nothing to do it costs a handful of searches. One that was stopped begins again and has less to do.
 */
export class SweepRun extends IngestRun {
  private gone = 0;
  /** First create date that is compared. */
  private from = FIRST_DAY;

  constructor(id: string, request: RunRequest, house: IngestHouse) {
    super(id, 'sweep', request, house);
  }

  protected override async work(): Promise<void> {
    const { papers, setAside, settings } = this.house;
    this.from = settings.syncFrom ?? FIRST_DAY;
    const held = new Map((await papers.findHeld()).map((paper) => [paper.pmid, paper]));
    await this.listAll([...held.values()].map((paper) => paper.added));
    const excluded = await setAside.findExcluded();
    const listed = [...this.seen];
    await this.take(this.batches(listed, held, excluded));
    const unlisted = [...held.values()].filter(
      (paper) => !paper.gone && paper.added >= this.from && !this.seen.has(paper.pmid),
    );
    await this.lookAfter(unlisted, listed.slice(0, WITNESSES));
  }

  /** Lists the whole query by create date, and by PMID too when that does not add up to PubMed's own count. */
  private async listAll(added: readonly string[]): Promise<void> {
    const { from } = this;
    const { count } = await this.house.pubmed.list(
      from === FIRST_DAY ? [] : [{ field: 'crdt', from, to: null }],
      this.call,
      { limit: 0 },
    );
    this.expected = count;
    for (const slice of sweepSlices(added, from)) for await (const part of this.list(slice)) void part;
    if (this.seen.size < count && from === FIRST_DAY)
      for await (const part of this.list({ field: 'uid', from: '1', to: null })) void part;
    if (this.seen.size === 0 && added.length > 0)
      throw new AppError(
        'ncbi-outage',
        `PubMed says that nothing matches the query, though ${added.length} papers are here; nothing was changed`,
      );
  }

  /** What to fetch of what PubMed lists, newest first, and what is settled as it is. */
  private *batches(
    listed: readonly string[],
    held: ReadonlyMap<string, HeldPaper>,
    excluded: ReadonlyMap<string, { code: string; detail: string }>,
  ): Generator<Batch> {
    let batch: Batch = { fetch: [], unchanged: [], excluded: [] };
    for (const pmid of [...listed].sort((a, b) => Number(b) - Number(a))) {
      const paper = held.get(pmid);
      const exclusion = paper ? undefined : excluded.get(pmid);
      if (exclusion) batch.excluded.push({ pmid, outcome: 'excluded', ...exclusion });
      // what came from a file may be years behind PubMed
      else if (paper && !paper.gone && paper.fetched) batch.unchanged.push(pmid);
      else batch.fetch.push(pmid);
      if (batch.fetch.length < BATCH && batch.unchanged.length + batch.excluded.length < SETTLED_AT_ONCE) continue;
      yield batch;
      batch = { fetch: [], unchanged: [], excluded: [] };
    }
    yield batch;
  }

  private async take(batches: Iterable<Batch>): Promise<void> {
    for await (const [batch, fetched] of inOrder(batches, IN_FLIGHT, (next) => this.load(next))) {
      this.request.signal.throwIfAborted();
      await this.save(batch, fetched);
    }
  }

  /**
   * Papers here that PubMed no longer lists. Those that it still returns stay as they are (the query may have changed);
   * those that it does not return, asked for singly and twice, are marked as gone.
   * @param witnesses PMIDs that PubMed listed just now: when none of them is returned either, PubMed is out of order
   */
  private async lookAfter(unlisted: readonly HeldPaper[], witnesses: readonly string[]): Promise<void> {
    for (let at = 0; at < unlisted.length; at += BATCH) {
      const pmids = unlisted.slice(at, at + BATCH).map((paper) => paper.pmid);
      this.windows.push({ field: 'uid', from: smallest(pmids), to: largest(pmids), counted: pmids.length });
      await this.listed(pmids);
      const [batch, fetched] = await this.load({ fetch: pmids, unchanged: [], excluded: [] });
      const missing = fetched.lost.filter((lost) => lost.outcome === 'missing');
      if (missing.length > 0) await this.assertAnswers(witnesses);
      for (const lost of missing) {
        lost.code = GONE;
        lost.detail = 'No longer in PubMed: asked for singly and not returned; kept here, marked as gone';
      }
      await this.save(batch, fetched, (sql) =>
        this.markGone(
          sql,
          missing.map((lost) => lost.pmid),
        ),
      );
    }
  }

  private async markGone(sql: Sql, pmids: readonly string[]): Promise<void> {
    const { papers, runs, clock } = this.house;
    const marked = await papers.markGone(sql, pmids, { source: 'sweep', runId: this.id, at: clock.now() });
    this.gone += marked.length;
    await runs.note(this.id, { counts: { gone: this.gone } }, sql);
  }

  private async assertAnswers(witnesses: readonly string[]): Promise<void> {
    const { notReturned } = await this.house.pubmed.fetch(witnesses, this.call);
    if (notReturned.length === witnesses.length)
      throw new AppError(
        'ncbi-outage',
        'PubMed returns no records, not even one that it has just listed; no paper was marked as gone',
      );
  }
}

/** Records that show whether PubMed returns anything at all. */
const WITNESSES = 5;

/** PMIDs without anything to fetch that are settled in one transaction. */
const SETTLED_AT_ONCE = 5_000;
