import type { FilterVersion, Subscription, Wish } from '../model/subscription.js';

/** What happens to a subscription. */
export type SubscriptionEvent =
  /** Somebody asked for it; only a click in a mail shows that they own the address. */
  | { kind: 'requested'; wish: Wish }
  | { kind: 'confirmed' }
  /** By the reader, on the preferences page. */
  | { kind: 'changed'; wish: Wish }
  | { kind: 'paused' }
  | { kind: 'resumed' }
  | { kind: 'unsubscribed' }
  /** A mail server refuses the address for good. */
  | { kind: 'refused' };

/** Filters that ended longer ago than this can no longer decide about any paper, ms. */
const HISTORY_MS = 70 * 86_400_000;

/** Adds the filters of now; the same filters as before are no change. */
export function changeFilters(history: readonly FilterVersion[], filters: string, now: number): FilterVersion[] {
  const last = history[history.length - 1];
  const all = last?.filters === filters ? history : [...history, { filters, since: now }];
  return all.filter((_, index) => {
    const next = all[index + 1];
    return next === undefined || next.since > now - HISTORY_MS;
  });
}

/**
 * The state machine: pending → active → paused, suspended or unsubscribed, and back. Events that make no sense in a
 * state change nothing, so that a click twice or late does no harm.
 */
export function changeSubscription(subscription: Subscription, event: SubscriptionEvent, now: number): Subscription {
  const { state } = subscription;
  switch (event.kind) {
    case 'requested':
      return state === 'pending'
        ? { ...subscription, wish: event.wish, requested: event.wish }
        : { ...subscription, requested: event.wish };
    case 'confirmed': {
      const wish = subscription.requested;
      if (wish === null) return subscription;
      // who comes back starts anew: what was listed while they were away is not sent
      const begins = state === 'pending' || state === 'unsubscribed' || subscription.confirmedAt === null;
      return {
        ...subscription,
        state: 'active',
        wish,
        requested: null,
        confirmedAt: begins ? now : subscription.confirmedAt,
        history: begins
          ? [{ filters: wish.filters, since: now }]
          : changeFilters(subscription.history, wish.filters, now),
      };
    }
    case 'changed':
      if (state === 'pending' || state === 'unsubscribed') return subscription;
      return {
        ...subscription,
        wish: event.wish,
        history: changeFilters(subscription.history, event.wish.filters, now),
      };
    case 'paused':
      return state === 'active' ? { ...subscription, state: 'paused' } : subscription;
    case 'resumed':
      return state === 'paused' || state === 'suspended' ? { ...subscription, state: 'active' } : subscription;
    case 'unsubscribed':
      return { ...subscription, state: 'unsubscribed', requested: null };
    case 'refused':
      return state === 'active' || state === 'paused' ? { ...subscription, state: 'suspended' } : subscription;
  }
}
