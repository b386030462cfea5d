import { hostname } from 'node:os';
import { AppError } from '../problem.js';
import type { ClaimsStore } from '../store/claims.store.js';
import { takeLease, type Lease } from '../store/lease.js';

/** All work with PubMed of all processes on one store: one at a time, so that its rate limit holds and windows do not race. */
export const PUBMED_CLAIM = 'pubmed';

/** `server on host (process 123)`. */
export const holderName = (what: string): string => `${what} on ${hostname()} (process ${process.pid})`;

/**
 * Takes the claim on PubMed.
 * @param wait true = until it is free or the signal aborts
 * @throws AppError `claim-held`, naming who holds it
 */
export async function takePubmed(
  claims: ClaimsStore,
  holder: string,
  options: { wait: boolean; signal: AbortSignal; onWait?: (holder: string) => void },
): Promise<Lease> {
  for (let told = false; ; told = true) {
    options.signal.throwIfAborted();
    const lease = await takeLease(claims, PUBMED_CLAIM, holder, options.signal);
    if (lease) return lease;
    const other = await claims.holder(PUBMED_CLAIM);
    if (!other) continue;
    if (!options.wait)
      throw new AppError(
        'claim-held',
        `${other.holder} is working with PubMed since ${new Date(other.acquiredAt).toISOString()}; try again later, or use --wait`,
      );
    if (!told) options.onWait?.(other.holder);
    await pause(1000, options.signal);
  }
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
