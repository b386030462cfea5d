const MINUTE = 60_000;
/** Waits before the second, third … attempt; the last repeats. */
const WAITS_MS = [1, 5, 15, 30, 60, 120, 240].map((minutes) => minutes * MINUTE);

/** How long a delivery is tried before it is given up, ms. */
export const GIVE_UP_MS = {
  mail: 72 * 60 * MINUTE,
  confirmation: 24 * 60 * MINUTE,
  webhook: 24 * 60 * MINUTE,
} as const;

/**
 * When a delivery is tried again after so many attempts.
 * @returns null when it is given up
 */
export function nextAttemptAt(
  attempts: number,
  createdAt: number,
  now: number,
  kind: keyof typeof GIVE_UP_MS,
): number | null {
  const at = now + (WAITS_MS[Math.min(attempts, WAITS_MS.length) - 1] ?? MINUTE);
  return at > createdAt + GIVE_UP_MS[kind] ? null : at;
}
