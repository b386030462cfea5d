export const JOBS = ['sync', 'sweep', 'import', 'tag', 'issue', 'deliver'] as const;
export type Job = (typeof JOBS)[number];
export const RUN_STATUSES = ['running', 'complete', 'incomplete', 'failed'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];
export const TRIGGERS = ['schedule', 'start', 'command', 'admin'] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** How a listed PMID ended. */
export const OUTCOMES = ['stored', 'updated', 'unchanged', 'excluded', 'missing', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** A span of one PubMed date field (or of PMIDs, `uid`) that a run listed. Days are US Eastern, inclusive. */
export interface RunWindow {
  field: 'crdt' | 'lr' | 'mhda' | 'uid';
  from: string;
  to: string;
  /** Distinct PMIDs that this window listed. */
  counted: number;
}

export interface RunReason {
  outcome: 'excluded' | 'missing' | 'failed';
  code: string;
  detail: string;
  count: number;
  pmids: string[];
}

/**
 * The ledger of a run. `counted = stored + updated + unchanged + excluded + missing + failed` once it has ended;
 * `complete` only if all windows were listed and `failed` is 0.
 */
export interface JobRun {
  id: string;
  job: Job;
  trigger: Trigger;
  startedAt: string;
  finishedAt: string | null;
  status: RunStatus;
  windows: RunWindow[];
  counted: number;
  stored: number;
  updated: number;
  unchanged: number;
  excluded: number;
  missing: number;
  failed: number;
  reasons: RunReason[];
  requests: { sent: number; retried: number };
  /** Figures of other jobs: papers tagged, mails sent … */
  counts: Record<string, number>;
  error: { code: string; detail: string } | null;
}
