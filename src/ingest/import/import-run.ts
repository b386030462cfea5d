import { basename } from 'node:path';
import type { Outcome } from '../../model/job-run.js';
import type { TaxonomyQuery } from '../../model/taxonomy.js';
import { AppError } from '../../problem.js';
import type { Sql } from '../../store/database.js';
import type { Settlement } from '../../store/runs.store.js';
import { IngestRun, type IngestHouse, type RunRequest } from '../ingest-run.js';
import { firstNewsDay } from '../news-from.js';
import { unsearchable } from './needles.js';
import { fileSize, type FileBatch } from './read-file.js';

export interface ImportRequest extends RunRequest {
  files: readonly string[];
}

/** Gives a file's records in batches; throws `file-unreadable` or `file-damaged` after all that was whole. */
export type ReadFile = (path: string, query: TaxonomyQuery) => AsyncIterable<FileBatch>;

/** An outcome that says more takes the place of one that says less, when a PMID comes more than once. */
const RANK: readonly Outcome[] = ['failed', 'excluded', 'unchanged', 'updated', 'stored'];

/**
 * Takes in PubMed's files: what the query asks for is stored, what they delete is marked as gone. Files are worked on
 * in the order in which they are named; one that is damaged is told, and the others are still worked on. Importing
 * again changes nothing, so one that was stopped is simply started again.
 */
export class ImportRun extends IngestRun<ImportRequest> {
  private readonly outcomes = new Map<string, Outcome>();
  private readonly problems: AppError[] = [];
  private readonly figures = { files: 0, damaged: 0, records: 0, gone: 0, nameless: 0 };
  private span: [number, number] | null = null;

  constructor(
    id: string,
    request: ImportRequest,
    house: IngestHouse,
    private readonly query: TaxonomyQuery,
    private readonly readFile: ReadFile,
  ) {
    super(id, 'import', request, house);
  }

  /** A file is no sync: what is news is not settled by it. */
  protected override async firstNewsDay(): Promise<string> {
    const { settings, kept, clock } = this.house;
    return settings.newsFrom ?? (await kept.read<string>('news-from')) ?? firstNewsDay(clock.now(), settings.timeZone);
  }

  protected override async work(): Promise<void> {
    const missed = unsearchable(this.query);
    if (missed.length > 0)
      throw new AppError(
        'invalid-taxonomy',
        `Files cannot be searched for ${missed.join(', ')}: such a word needs two Latin letters or digits in a row`,
      );
    const sizes: number[] = [];
    // a name that is wrong is told before hours of work
    for (const file of this.request.files) sizes.push(await fileSize(file));
    const total = Math.max(
      1,
      sizes.reduce((sum, size) => sum + size, 0),
    );
    let before = 0;
    for (const [index, file] of this.request.files.entries()) {
      await this.take(file, (read) => (this.share = (before + read) / total));
      before += sizes[index] ?? 0;
    }
    const [first, ...others] = this.problems;
    if (first)
      throw new AppError(
        first.code,
        others.length === 0
          ? first.message
          : `${first.message}. ${others.length} more: ${others.map((problem) => problem.message).join('; ')}`.slice(
              0,
              4_000,
            ),
      );
    if (this.figures.nameless > 0)
      throw new AppError(
        'record-unreadable',
        `${this.figures.nameless} records whose PMID cannot be read were left out`,
      );
  }

  private async take(file: string, progress: (read: number) => void): Promise<void> {
    try {
      for await (const batch of this.readFile(file, this.query)) {
        this.request.signal.throwIfAborted();
        progress(batch.read);
        await this.store(batch, basename(file));
      }
      this.figures.files++;
    } catch (error) {
      this.request.signal.throwIfAborted();
      if (!(error instanceof AppError) || !/^file-/.test(error.code)) throw error;
      this.figures.damaged++;
      this.problems.push(error);
    }
    await this.write((sql) => this.house.runs.note(this.id, { counts: this.counts() }, sql));
  }

  private async store(batch: FileBatch, file: string): Promise<void> {
    const { papers, setAside, runs, clock } = this.house;
    const at = clock.now();
    const changed: string[] = [];
    this.figures.records += batch.records;
    await this.write(async (sql) => {
      const ended: Settlement[] = [];
      for (const { pmid, code, detail } of batch.unreadable)
        if (pmid === null) this.figures.nameless++;
        else ended.push({ pmid, outcome: 'failed', code, detail: `${detail} of ${file}` });
      const excluded = batch.excluded.flatMap((record) =>
        record.pmid === null ? [] : [{ ...record, pmid: record.pmid }],
      );
      for (const record of excluded) ended.push({ ...record, outcome: 'excluded' });
      const arrival = { source: 'import', runId: this.id, at, fetchedOn: null, newsFrom: this.newsFrom } as const;
      for (const [pmid, outcome] of await papers.storeHeads(sql, batch.papers, arrival)) {
        ended.push({ pmid, outcome });
        if (outcome !== 'unchanged') changed.push(pmid);
      }
      await setAside.exclude(sql, excluded, null);
      const gone = await papers.markGone(sql, batch.deleted, arrival);
      this.figures.gone += gone.length;
      for (const pmid of gone) ended.push({ pmid, outcome: 'updated' });
      await this.settle(sql, ended);
      await runs.note(this.id, { counts: this.counts() }, sql);
    });
    this.tell();
    if (changed.length > 0) this.request.onStored?.(changed);
  }

  /** Each PMID counts once, however often the files hold it. */
  private async settle(sql: Sql, ended: readonly Settlement[]): Promise<void> {
    const { runs } = this.house;
    const fresh = new Map<string, Settlement>();
    for (const settlement of ended) {
      const { pmid, outcome } = settlement;
      const before = this.outcomes.get(pmid);
      if (before !== undefined && RANK.indexOf(outcome) <= RANK.indexOf(before)) continue;
      if (before !== undefined && !fresh.has(pmid)) await runs.amend(sql, this.id, pmid, before, outcome);
      else fresh.set(pmid, settlement);
      this.outcomes.set(pmid, outcome);
      this.note(before, outcome);
    }
    for (const pmid of fresh.keys()) {
      this.seen.add(pmid);
      const number = Number(pmid);
      this.span = this.span ? [Math.min(this.span[0], number), Math.max(this.span[1], number)] : [number, number];
    }
    if (this.span) {
      const [from, to] = this.span;
      this.windows.splice(0, 1, { field: 'uid', from: String(from), to: String(to), counted: this.seen.size });
    }
    await runs.count(sql, this.id, this.windows, fresh.size);
    await runs.settle(sql, this.id, [...fresh.values()]);
  }

  private note(before: Outcome | undefined, outcome: Outcome): void {
    const add = (of: Outcome | undefined, by: number) => {
      if (of === 'stored') this.stored += by;
      if (of === 'updated') this.updated += by;
    };
    add(before, -1);
    add(outcome, 1);
    if (before === undefined) this.done++;
  }

  private counts(): Record<string, number> {
    return Object.fromEntries(
      Object.entries(this.figures).filter(([name, figure]) => figure > 0 || name === 'records'),
    );
  }
}
