import type { Clock } from '../clock.js';
import type { Job } from '../model/job-run.js';
import { INGEST_JOBS } from '../ingest/ingest.service.js';
import type { ClaimsStore } from '../store/claims.store.js';
import { takeLease } from '../store/lease.js';
import type { RunsStore } from '../store/runs.store.js';
import { holderName, PUBMED_CLAIM } from './pubmed-claim.js';

/** Jobs of which several processes may have a run at once, under no claim. */
const UNCLAIMED: readonly Job[] = ['deliver', 'issue'];
/** None of their runs lasts so long: whose it was is dead. */
const UNCLAIMED_MS = 6 * 3_600_000;

/**
 * Ends runs that say `running` though their process is dead and nobody takes their work up for hours: a killed `sync`
 * or `import` command, a job that has been switched off. The claim is taken for it, so that a holder that only
 * stalled finds that it lost the claim and does not write on into a closed ledger.
 * @returns ids of the runs that were closed
 */
export async function closeAbandoned(claims: ClaimsStore, runs: RunsStore, clock: Clock): Promise<string[]> {
  const old = await runs.abandon(UNCLAIMED, clock.now(), clock.now() - UNCLAIMED_MS);
  if ((await runs.findRunning(INGEST_JOBS)).length === 0 || (await claims.holder(PUBMED_CLAIM))) return old;
  const lease = await takeLease(claims, PUBMED_CLAIM, holderName('server'));
  if (!lease) return old;
  try {
    return [...old, ...(await runs.abandon(INGEST_JOBS, clock.now()))];
  } finally {
    await lease.release();
  }
}
