import { keepHeapSmall } from '../heap.js';
import type { Job, JobRun } from '../model/job-run.js';
import type { TaxonomyQuery } from '../model/taxonomy.js';
import { ImportRun, type ImportRequest, type ReadFile } from './import/import-run.js';
import type { IngestHouse, RunRequest } from './ingest-run.js';
import { SweepRun } from './sweep-run.js';
import { SyncRun, type SyncRequest } from './sync-run.js';

export type { IngestSettings, Progress } from './ingest-run.js';
export type { SyncRequest } from './sync-run.js';

/** Jobs that write papers: one at a time, under the claim on PubMed. */
export const INGEST_JOBS: readonly Job[] = ['sync', 'sweep', 'import'];

/** PubMed → store. One run at a time: the caller holds the claim on PubMed. */
export class IngestService {
  constructor(
    private readonly house: IngestHouse,
    /** How files are read, and what is looked for in them. */
    private readonly files: { query: TaxonomyQuery; readFile: ReadFile },
  ) {}

  /** One sync, from its first search to its closed ledger; what goes wrong on PubMed's side is in the run, not thrown. */
  async sync(request: SyncRequest): Promise<JobRun> {
    return new SyncRun(await this.open('sync', request), request, this.house).run();
  }

  /** Compares the whole query with the store, both ways. */
  async sweep(request: RunRequest): Promise<JobRun> {
    return new SweepRun(await this.open('sweep', request), request, this.house).run();
  }

  /** Takes in PubMed's files. */
  async import(request: ImportRequest): Promise<JobRun> {
    const { query, readFile } = this.files;
    return new ImportRun(await this.open('import', request), request, this.house, query, readFile).run();
  }

  private async open(job: Job, request: RunRequest): Promise<string> {
    const { runs, clock } = this.house;
    keepHeapSmall();
    // who holds the claim knows that nobody else is at it
    await runs.abandon(INGEST_JOBS, clock.now());
    return runs.start(job, request.trigger, request.holder, clock.now());
  }
}
