import { AppError } from '../../problem.js';
import type { JobRun } from '../../model/job-run.js';
import type { Database } from '../../store/database.js';
import { assertSchema, SCHEMA_VERSION } from '../../store/migrate.js';
import type { PapersStore } from '../../store/papers.store.js';
import type { RunsStore } from '../../store/runs.store.js';
import { describeSync, LATE_MS } from './describe-sync.js';

export interface Health {
  status: 'ok' | 'degraded' | 'down';
  version: string;
  database: { kind: 'sqlite' | 'postgres'; status: 'ok' | 'down'; detail: string | null };
  schema: string;
  sync: {
    lastCompleteAt: string | null;
    lastRun: { id: string; status: JobRun['status'] } | null;
    nextAt: string | null;
    detail: string | null;
  };
  counts: { papers: number; untagged: number } | null;
  warnings: string[];
}

/** What the health page knows that is not in the store. */
export interface HealthSurroundings {
  version: string;
  warnings: readonly string[];
  now: () => number;
  nextSyncAt: () => Promise<number | null>;
  isStopping: () => boolean;
}

/** Nest token of the surroundings. */
export const HEALTH_SURROUNDINGS = Symbol('health surroundings');

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

/** Says how the program is; a failed or late sync is `degraded`, only what keeps it from serving is `down`. */
export class HealthService {
  constructor(
    private readonly database: Database,
    private readonly papers: PapersStore,
    private readonly runs: RunsStore,
    private readonly surroundings: HealthSurroundings,
  ) {}

  async read(): Promise<Health> {
    const { version, warnings } = this.surroundings;
    const health: Health = {
      status: 'ok',
      version,
      database: { kind: this.database.dialect, status: 'ok', detail: null },
      schema: SCHEMA_VERSION,
      sync: { lastCompleteAt: null, lastRun: null, nextAt: null, detail: null },
      counts: null,
      warnings: [...warnings],
    };
    try {
      await assertSchema(this.database);
      health.counts = await this.papers.count();
      const last = await this.runs.last('sync');
      const completeAt = await this.runs.lastCompleteSyncAt();
      const nextAt = await this.surroundings.nextSyncAt();
      health.sync.nextAt = iso(nextAt);
      health.sync.lastCompleteAt = iso(completeAt);
      health.sync.lastRun = last && { id: last.id, status: last.status };
      health.sync.detail = describeSync({ last, completeAt, nextAt, now: this.surroundings.now() });
      if (this.isSyncWrong(last, completeAt)) health.status = 'degraded';
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      health.status = 'down';
      health.database = { ...health.database, status: 'down', detail: error.message };
    }
    if (this.surroundings.isStopping()) health.status = 'down';
    return health;
  }

  private isSyncWrong(last: JobRun | null, completeAt: number | null): boolean {
    if (last?.status === 'failed' || last?.status === 'incomplete') return true;
    if (completeAt === null) return last?.status !== 'running';
    return this.surroundings.now() - completeAt > LATE_MS;
  }
}
