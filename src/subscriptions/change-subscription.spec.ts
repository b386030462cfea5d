import type { Subscription, SubscriptionState, Wish } from '../model/subscription.js';
import { changeFilters, changeSubscription, type SubscriptionEvent } from './change-subscription.js';

const wish = (filters = 'condition=ptsd'): Wish => ({
  filters,
  frequency: 'weekly',
  weekday: 'monday',
  timeZone: 'UTC',
  format: 'html',
  sendEmpty: false,
  webhook: null,
});
const subscription = (state: SubscriptionState, given: Partial<Subscription> = {}): Subscription => ({
  id: 1,
  email: 'reader@x.example',
  state,
  wish: wish(),
  requested: null,
  createdAt: 0,
  confirmedAt: state === 'pending' ? null : 100,
  history: state === 'pending' ? [] : [{ filters: 'condition=ptsd', since: 100 }],
  ...given,
});
const after = (start: Subscription, now: number, ...events: SubscriptionEvent[]) =>
  events.reduce((current, event) => changeSubscription(current, event, now), start);

describe('a subscription', () => {
  it('becomes active only by a click in a mail, and counts from there', () => {
    const asked = after(subscription('pending'), 500, { kind: 'requested', wish: wish('study=rct') });
    expect(asked.state).toBe('pending');
    expect(after(asked, 600, { kind: 'confirmed' })).toMatchObject({
      state: 'active',
      confirmedAt: 600,
      wish: { filters: 'study=rct' },
      requested: null,
      history: [{ filters: 'study=rct', since: 600 }],
    });
  });

  it('changes nothing on a second click', () => {
    const active = after(subscription('pending', { requested: wish() }), 600, { kind: 'confirmed' });
    expect(after(active, 900, { kind: 'confirmed' })).toEqual(active);
  });

  it('gets what a stranger asks for in its name only after confirming it', () => {
    const asked = after(subscription('active'), 500, { kind: 'requested', wish: wish('study=rct') });
    expect(asked).toMatchObject({ state: 'active', wish: { filters: 'condition=ptsd' } });
    expect(after(asked, 600, { kind: 'confirmed' })).toMatchObject({
      confirmedAt: 100,
      history: [
        { filters: 'condition=ptsd', since: 100 },
        { filters: 'study=rct', since: 600 },
      ],
    });
  });

  it('starts anew after having been ended', () => {
    const back = after(subscription('unsubscribed'), 900, { kind: 'requested', wish: wish() }, { kind: 'confirmed' });
    expect(back).toMatchObject({ state: 'active', confirmedAt: 900, history: [{ since: 900 }] });
  });

  it.each<[SubscriptionState, SubscriptionEvent['kind'], SubscriptionState]>([
    ['active', 'paused', 'paused'],
    ['pending', 'paused', 'pending'],
    ['unsubscribed', 'paused', 'unsubscribed'],
    ['paused', 'resumed', 'active'],
    ['suspended', 'resumed', 'active'],
    ['unsubscribed', 'resumed', 'unsubscribed'],
    ['pending', 'resumed', 'pending'],
    ['active', 'refused', 'suspended'],
    ['unsubscribed', 'refused', 'unsubscribed'],
    ['active', 'unsubscribed', 'unsubscribed'],
    ['suspended', 'unsubscribed', 'unsubscribed'],
    ['unsubscribed', 'unsubscribed', 'unsubscribed'],
  ])('%s and %s → %s', (state, kind, expected) => {
    expect(after(subscription(state), 500, { kind } as SubscriptionEvent).state).toBe(expected);
  });

  it('forgets filters that can no longer decide about a paper', () => {
    const day = 86_400_000;
    const history = changeFilters([{ filters: 'a', since: 0 }], 'b', 10 * day);
    expect(changeFilters(history, 'b', 20 * day)).toEqual(history);
    expect(changeFilters(history, 'c', 79 * day)).toHaveLength(3);
    expect(changeFilters(history, 'c', 81 * day).map((version) => version.filters)).toEqual(['b', 'c']);
  });
});
