import { addDays } from './pubmed-day.js';
import { FIRST_DAY, backfillWindows, watchWindows, type Bound } from './window.js';

/** Days that every window reaches back before its cursor: PubMed's own indexes lag by hours to days. */
export const OVERLAP_DAYS = 4;

/**
 * How far syncs have come, kept in the store. Cursors are PubMed days and move only with a complete run.
 */
export interface SyncState {
  /** Digest of the PubMed query: with another query the back-fill begins again. */
  query: string;
  /** First create date of the back-fill. */
  from: string;
  /** Day on which the first attempt began: changes from then on must be looked for, even if it took weeks. */
  watchFrom: string;
  /** Day on which the last complete sync began; null while the back-fill is not complete. */
  cursor: string | null;
}

export interface SyncPlan {
  state: SyncState;
  /** Windows in the order in which they are listed. */
  windows: Iterable<Bound>;
  /** True when completing the plan moves the cursor. */
  movesCursor: boolean;
}

/**
 * What a sync has to list: the whole literature while the back-fill is not complete (what is stored already is
 * recognised and not fetched again, so an interrupted one goes on where it was), then what is new, changed or newly
 * indexed since the cursor, with an overlap.
 */
export function planSync(kept: SyncState | null, now: { query: string; from: string | null; today: string }): SyncPlan {
  const from = now.from ?? FIRST_DAY;
  // A cursor that lies ahead was written by a clock that had run ahead: nobody knows how far the truth reached.
  const isAhead = kept?.cursor != null && addDays(kept.cursor, -OVERLAP_DAYS) > now.today;
  const known = kept !== null && kept.query === now.query && kept.from <= from && !isAhead ? kept : null;
  const watchFrom = kept !== null && kept.watchFrom < now.today ? kept.watchFrom : now.today;
  const state: SyncState = { ...(known ?? { query: now.query, from, cursor: null }), watchFrom };
  if (state.cursor !== null) {
    const since = addDays(state.cursor, -OVERLAP_DAYS);
    return {
      state,
      movesCursor: true,
      windows: [...watchWindows('crdt', since, now.today), ...changes(since, now.today)],
    };
  }
  const firstAttempt = state.watchFrom === now.today;
  return {
    state,
    movesCursor: true,
    windows: chain(
      backfillWindows(from, now.today),
      firstAttempt ? [] : changes(addDays(state.watchFrom, -1), now.today),
    ),
  };
}

/** A run that somebody asked for between two create dates; it moves no cursor. */
export function planRange(from: string | null, to: string | null, today: string): Bound[] {
  const begin = from ?? FIRST_DAY;
  if (to !== null) return [{ field: 'crdt', from: begin, to }];
  return [...backfillWindows(begin, today)];
}

const changes = (since: string, today: string): Bound[] => [
  ...watchWindows('lr', since, today),
  ...watchWindows('mhda', since, today),
];

function* chain<T>(...parts: Iterable<T>[]): Generator<T> {
  for (const part of parts) yield* part;
}
