import { AppError } from '../problem.js';

/** Bodies are small forms; nobody has to send more. */
export const BODY_LIMIT = 64 * 1024;
/** Longest request target; a `q` is bounded much earlier. */
export const TARGET_LIMIT = 16 * 1024;
/** Headers and target together, so that a target past its limit gets an answer that says so. */
export const HEADER_LIMIT = 40 * 1024;
/** A request that has not arrived whole within this is cut off. */
export const REQUEST_TIMEOUT_MS = 30_000;
/** A connection on which nothing moves. */
export const IDLE_TIMEOUT_MS = 60_000;

/**
 * What can be said about a request target before anybody reads it.
 * @throws AppError `query-too-long`; `unknown-value` for escapes that are not UTF-8
 */
export function checkTarget(target: string): void {
  if (target.length > TARGET_LIMIT)
    throw new AppError('query-too-long', `An address may have at most ${TARGET_LIMIT} characters`);
  const at = target.indexOf('?');
  if (at < 0 || !target.includes('%', at)) return;
  for (const part of target.slice(at + 1).split('&')) {
    try {
      decodeURIComponent(part.replaceAll('+', ' '));
    } catch {
      const [name = ''] = part.split('=', 1);
      const parameter = /^[\w.-]{1,64}$/.test(name) ? name : undefined;
      throw new AppError(
        'unknown-value',
        `The query${parameter ? ` parameter ${parameter}` : ''} is not UTF-8 in percent-encoding: write a % itself as %25`,
        { items: [{ ...(parameter ? { parameter } : {}), message: 'is not UTF-8 in percent-encoding' }] },
      );
    }
  }
}
