import type { IngestService, Progress } from '../ingest/ingest.service.js';
import type { RunRequest } from '../ingest/ingest-run.js';
import { withLogFields, type Log } from '../log.js';
import type { JobRun, Trigger } from '../model/job-run.js';
import type { ClaimsStore } from '../store/claims.store.js';
import { takePubmed } from './pubmed-claim.js';

export interface SyncJobRequest {
  trigger: Trigger;
  holder: string;
  signal: AbortSignal;
  wait?: boolean;
  /** A sweep: the whole query compared with the store. */
  full?: boolean;
  /** Files to take in instead of asking PubMed. */
  files?: readonly string[];
  from?: string;
  to?: string;
  onProgress?: (progress: Progress) => void;
  onWait?: (holder: string) => void;
}

/** Progress lines in the log are at least this far apart, ms. */
const PROGRESS_EVERY_MS = 10_000;

/** A sync, a sweep or an import under the claim on PubMed; the same for schedule, start and command. */
export class SyncJob {
  constructor(
    private readonly ingest: IngestService,
    private readonly claims: ClaimsStore,
    private readonly log: Log,
    /** Told after each batch that brought something, and at the end. */
    private readonly onStored: (trigger: Trigger) => void = () => undefined,
  ) {}

  /** @throws AppError `claim-held` when another process works with PubMed and `wait` is not set */
  async run(request: SyncJobRequest): Promise<JobRun> {
    const lease = await takePubmed(this.claims, request.holder, {
      wait: request.wait ?? false,
      signal: request.signal,
      ...(request.onWait ? { onWait: request.onWait } : {}),
    });
    try {
      let toldAt = 0;
      const common: RunRequest = {
        trigger: request.trigger,
        holder: request.holder,
        claim: lease.claim,
        signal: lease.signal,
        // tagging beside an import would only slow it down: it comes afterwards
        ...(request.files ? {} : { onStored: () => this.onStored(request.trigger) }),
        onProgress: (progress) => {
          request.onProgress?.(progress);
          if (Date.now() - toldAt < PROGRESS_EVERY_MS) return;
          toldAt = Date.now();
          this.log.info(`${request.files ? 'import' : request.full ? 'sweep' : 'sync'} under way`, {
            runId: progress.runId,
            records: progress.done,
            ...(progress.share === null
              ? { of: progress.expected ?? progress.counted }
              : { percent: Math.floor(100 * progress.share) }),
          });
        },
      };
      const run = await this.work(request, common);
      // also when nothing came in: a process that was killed may have left papers untagged
      this.onStored(request.trigger);
      withLogFields({ runId: run.id }, () => this.tell(run));
      return run;
    } finally {
      await lease.release();
    }
  }

  private work({ files, full, from, to }: SyncJobRequest, common: RunRequest): Promise<JobRun> {
    if (files) return this.ingest.import({ ...common, files });
    if (full) return this.ingest.sweep(common);
    return this.ingest.sync({
      ...common,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    });
  }

  private tell(run: JobRun): void {
    const { counted, stored, updated, unchanged, excluded, missing, failed } = run;
    // without a connection there is nothing to count: whoever ran it says so in one line
    const level = run.status === 'complete' ? 'info' : isUnreachable(run) ? 'debug' : 'warn';
    this.log[level](`${run.job} ${run.status}`, {
      counted,
      stored,
      updated,
      unchanged,
      excluded,
      missing,
      failed,
      ...(run.error ? { code: run.error.code, detail: run.error.detail } : {}),
    });
  }
}

const isUnreachable = (run: JobRun) => run.status === 'failed' && run.error?.code === 'ncbi-unreachable';

/** Why a run is not complete, in one line for people; `papers` = how many there are to read meanwhile. */
export function whyNotComplete(run: JobRun, papers: number): string {
  const why = run.error?.detail ?? `The ${run.job} is not complete: ${run.failed} records failed.`;
  if (isUnreachable(run) && papers === 0)
    return `${why} Without the internet, "npm run demo" shows the program on fictional records.`;
  return why;
}
