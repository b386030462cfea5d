import { AppError } from '../problem.js';
import { lost, type Claim, type ClaimsStore } from './claims.store.js';

/** How long a claim outlives the last sign of its holder, and how often the holder gives one, ms. */
export const LEASE_MS = 60_000;
const RENEW_MS = 15_000;

export interface Lease {
  claim: Claim;
  /** Aborts when the claim was lost or the caller's own signal aborts. */
  signal: AbortSignal;
  /** Never throws: where the store cannot be reached, the claim ends with its lease. */
  release(): Promise<void>;
}

/**
 * Takes a claim and keeps it alive until it is released. The signal aborts once another process has it, and also when
 * no sign of life has reached the store for a whole lease: another process may have it by then.
 * @returns null when another process holds it
 */
export async function takeLease(
  claims: ClaimsStore,
  name: string,
  holder: string,
  parent?: AbortSignal,
  times: { leaseMs: number; renewMs: number } = { leaseMs: LEASE_MS, renewMs: RENEW_MS },
): Promise<Lease | null> {
  const { leaseMs, renewMs } = times;
  let aliveUntil = performance.now() + leaseMs;
  const claim = await claims.take(name, holder, leaseMs);
  if (!claim) return null;
  const end = new AbortController();
  const renew = async () => {
    const until = performance.now() + leaseMs;
    try {
      await claims.renew(claim, leaseMs);
      aliveUntil = until;
    } catch (error) {
      if (error instanceof AppError && error.code === 'claim-lost') end.abort(error);
      else if (performance.now() > aliveUntil) end.abort(lost(claim));
    }
  };
  const timer = setInterval(() => void renew(), renewMs);
  timer.unref();
  return {
    claim,
    signal: parent ? AbortSignal.any([parent, end.signal]) : end.signal,
    release: async () => {
      clearInterval(timer);
      await claims.release(claim).catch(() => undefined);
    },
  };
}
