import { ahead } from '../ahead.js';
import type { Clock } from '../clock.js';
import type { JobRun, Trigger } from '../model/job-run.js';
import { AppError } from '../problem.js';
import type { Claim, ClaimsStore } from '../store/claims.store.js';
import type { Database } from '../store/database.js';
import type { KeptStore } from '../store/kept.store.js';
import { takeLease } from '../store/lease.js';
import type { RunsStore } from '../store/runs.store.js';
import type { DuePlace, DueScope, Tagged, TaggingStore } from '../store/tagging.store.js';
import type { Tagger } from './tag-paper.js';
import { tagBatch, TOGETHER } from './tag-records.js';
import type { TaggingPlace, TaggingPlaces } from './tag-threads.js';

export const TAGGING_CLAIM = 'tagging';
/** Which tagger the papers of this store belong to. */
const KEPT_TAGGER = 'tagger';

/** Papers of one transaction: the writes of so many do not hold up anybody who waits for an answer. */
const BATCH = 50;
/** Papers that are listed at a time. */
const LIST = 5_000;
/** From so many papers on it is a store that is tagged anew, and not what comes in by and by. */
const MANY = 1_000;

export interface TaggingProgress {
  /** Papers that were due at the start. */
  expected: number;
  tagged: number;
  changed: number;
}

export interface TaggingRequest {
  trigger: Trigger;
  /** Who runs it, for people. */
  holder: string;
  signal: AbortSignal;
  /** Also papers that are tagged by this very tagger. */
  all?: boolean;
  /** Asked when nothing is left: whether to look again, for a run that goes along with a sync. */
  waitForMore?: () => Promise<boolean>;
  onProgress?: (progress: TaggingProgress) => void;
}

/**
 * Store → tagger → store. A new paper, a changed one and a new taxonomy are one path: every paper whose
 * `taxonomy_version` is not the tagger's is tagged, newest first, so that a run may end anywhere and the next goes on.
 */
export class TaggingService {
  constructor(
    readonly tagger: Tagger,
    private readonly database: Database,
    private readonly papers: TaggingStore,
    private readonly runs: RunsStore,
    private readonly claims: ClaimsStore,
    private readonly kept: KeptStore,
    private readonly clock: Clock,
    /** Where papers are tagged: here, or in threads of their own. */
    private readonly places: TaggingPlaces = here(tagger),
  ) {}

  /** Makes this process's tagger the one whose tags the store holds. */
  async adopt(): Promise<void> {
    if ((await this.kept.read<string>(KEPT_TAGGER)) !== this.tagger.version)
      await this.kept.write(KEPT_TAGGER, this.tagger.version, this.database);
  }

  /** Whether anything is to be tagged, or a run to be closed whose process died when it had tagged everything. */
  async hasDue(): Promise<boolean> {
    if (await this.papers.hasDue(this.tagger.version, await this.scope(false))) return true;
    return (await this.runs.findRunning(['tag'])).length > 0 && !(await this.claims.holder(TAGGING_CLAIM));
  }

  /**
   * One run, from its claim to its closed ledger.
   * @throws AppError `claim-held` when another process tags this store's papers
   */
  async run(request: TaggingRequest): Promise<JobRun> {
    const lease = await takeLease(this.claims, TAGGING_CLAIM, request.holder, request.signal);
    if (!lease) {
      const other = await this.claims.holder(TAGGING_CLAIM);
      const who = other ? `${other.holder} since ${new Date(other.acquiredAt).toISOString()}` : 'another process';
      throw new AppError('claim-held', `Papers are being tagged by ${who}; try again later`);
    }
    try {
      await this.runs.abandon(['tag'], this.clock.now());
      const id = await this.runs.start('tag', request.trigger, request.holder, this.clock.now());
      return await this.work(id, { ...request, signal: lease.signal }, lease.claim);
    } finally {
      await lease.release();
    }
  }

  private async work(id: string, request: TaggingRequest, claim: Claim): Promise<JobRun> {
    const { signal } = request;
    const failed = new Set<number>();
    let error: { code: string; detail: string } | null = null;
    const scope = await this.scope(request.all ?? false);
    const done: TaggingProgress = {
      expected: await this.papers.countDue(this.tagger.version, scope),
      tagged: 0,
      changed: 0,
    };
    const place = done.expected < MANY ? this.places.few : this.places.many;
    try {
      // "all" once; what comes in meanwhile is due by its version
      for (let pass: DueScope = scope; ; pass = scope === 'all' ? 'stale' : scope) {
        const found = await this.pass(id, pass, { request, claim, failed, done, place });
        if (found === 0 && !((await request.waitForMore?.()) ?? false)) break;
        signal.throwIfAborted();
      }
    } catch (thrown) {
      try {
        error = asError(thrown, signal);
      } catch (unexpected) {
        const detail = 'Something went wrong here; the log has the details';
        await this.runs.finish(id, 'failed', this.clock.now(), { code: 'internal', detail });
        throw unexpected;
      }
    }
    if (!error && failed.size > 0) {
      const list = [...failed].slice(0, 20).join(', ');
      error = { code: 'record-unreadable', detail: `${failed.size} papers could not be tagged: ${list}` };
    }
    const counts = {
      expected: Math.max(done.expected, done.tagged),
      tagged: done.tagged,
      changed: done.changed,
      failed: failed.size,
    };
    await this.runs.note(id, { counts });
    await this.runs.finish(id, error ? 'incomplete' : 'complete', this.clock.now(), error);
    const run = await this.runs.get(id);
    if (!run) throw new AppError('internal', `The run ${id} is not in the store`);
    return run;
  }

  /** Goes once through what is due. @returns how many papers that was */
  private async pass(
    id: string,
    scope: DueScope,
    {
      request,
      claim,
      failed,
      done,
      place,
    }: { request: TaggingRequest; claim: Claim; failed: Set<number>; done: TaggingProgress; place: TaggingPlace },
  ): Promise<number> {
    let found = 0;
    let after: DuePlace | null = null;
    for (;;) {
      const due: DuePlace[] = await this.papers.listDue(this.tagger.version, scope, after, LIST);
      after = due.at(-1) ?? null;
      const pmids = due.map(({ pmid }) => pmid).filter((pmid) => !failed.has(pmid));
      for await (const batch of ahead(slices(pmids, BATCH), place.ahead, (some) => this.tag(some, place, failed))) {
        request.signal.throwIfAborted();
        const counts = await this.database.transaction(async (sql) => {
          await this.claims.assertHeld(sql, claim);
          return this.papers.write(sql, batch, { version: this.tagger.version, at: this.clock.now(), runId: id });
        });
        found += counts.tagged;
        done.tagged += counts.tagged;
        done.changed += counts.changed;
        request.onProgress?.(done);
        await nextTurn();
      }
      if (due.length < LIST) return found;
    }
  }

  /** A paper that the tagger cannot read stays as it is and is told of; it does not hold up the others. */
  private async tag(pmids: readonly number[], place: TaggingPlace, failed: Set<number>): Promise<Tagged[]> {
    const papers = await this.papers.read(pmids);
    const found = await place.tag(papers.map(({ record }) => record));
    return papers.flatMap(({ pmid, contentDigest }, index) => {
      const tagged = found[index];
      if (tagged) return [{ pmid, contentDigest, ...tagged }];
      failed.add(Number(pmid));
      return [];
    });
  }

  /**
   * Two processes with different taxonomies on one store would undo each other's work for ever: the one that started
   * last decides, and the other only tags what is not tagged at all.
   */
  private async scope(all: boolean): Promise<DueScope> {
    if (all) return 'all';
    const adopted = await this.kept.read<string>(KEPT_TAGGER);
    return adopted === null || adopted === this.tagger.version ? 'stale' : 'untagged';
  }
}

function asError(thrown: unknown, signal: AbortSignal): { code: string; detail: string } {
  const reason: unknown = signal.aborted ? signal.reason : thrown;
  if (reason instanceof AppError) return { code: reason.code, detail: reason.message };
  if (signal.aborted)
    return { code: 'aborted', detail: 'Stopped before the end; the next run goes on where this one was' };
  throw thrown;
}

/** The event loop gets its turn between few papers. */
function here(tagger: Tagger): TaggingPlaces {
  const place: TaggingPlace = {
    tag: async (records) => {
      const tagged = [];
      for (let at = 0; at < records.length; at += TOGETHER) {
        if (at > 0) await nextTurn();
        tagged.push(...tagBatch(tagger, records.slice(at, at + TOGETHER)));
      }
      return tagged;
    },
    ahead: 1,
  };
  return { few: place, many: place };
}

function slices(pmids: readonly number[], size: number): (readonly number[])[] {
  return Array.from({ length: Math.ceil(pmids.length / size) }, (_, at) => pmids.slice(at * size, (at + 1) * size));
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
