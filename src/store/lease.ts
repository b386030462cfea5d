import { AppError } from '../problem.js';
import type { Claim, ClaimsStore } from './claims.store.js';

/** How long a claim outlives the last sign of its holder, and how often the holder gives one, ms. */
export const LEASE_MS = 60_000;
const RENEW_MS = 15_000;

export interface Lease {
  claim: Claim;
  /** Aborts when the claim was lost or the caller's own signal aborts. */
  signal: AbortSignal;
  release(): Promise<void>;
}

/**
 * Takes a claim and keeps it alive until it is released. While the database cannot be reached the lease runs on; once
 * another process has it, the signal aborts.
 * @returns null when another process holds it
 */
export async function takeLease(
  claims: ClaimsStore,
  name: string,
  holder: string,
  parent?: AbortSignal,
): Promise<Lease | null> {
  const claim = await claims.take(name, holder, LEASE_MS);
  if (!claim) return null;
  const lost = new AbortController();
  const timer = setInterval(() => {
    claims.renew(claim, LEASE_MS).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'claim-lost') lost.abort(error);
    });
  }, RENEW_MS);
  timer.unref();
  return {
    claim,
    signal: parent ? AbortSignal.any([parent, lost.signal]) : lost.signal,
    release: async () => {
      clearInterval(timer);
      await claims.release(claim);
    },
  };
}
