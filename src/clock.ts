/** Where "now" comes from: passed in, so that rehearsals (`NOW`) and tests can choose it. Epoch milliseconds. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** A clock that starts at the given instant and runs at the normal pace. */
export function clockFrom(startAt: number): Clock {
  const offset = startAt - Date.now();
  return { now: () => Date.now() + offset };
}

/** Nest token of the clock. */
export const CLOCK = Symbol('clock');
