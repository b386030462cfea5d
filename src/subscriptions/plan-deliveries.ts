import type { Clock } from '../clock.js';
import type { Period } from '../model/period.js';
import type { Database } from '../store/database.js';
import type { DeliveriesStore, PlannedDelivery } from '../store/deliveries.store.js';
import type { StoredSubscription, SubscriptionsStore } from '../store/subscriptions.store.js';
import { newDeliveryId, verificationKey } from './delivery-id.js';
import type { OffersService, PeriodOffers } from './offers.service.js';
import { duePeriod, nextDueAt } from './schedule-mail.js';

/** Subscriptions looked at together. */
const BATCH = 200;

/** What is planned for a subscription. */
export interface Plan {
  subscription: StoredSubscription;
  period: Period;
  delivery: PlannedDelivery;
}

export interface PlanTotals {
  planned: number;
  empty: number;
  /** Due, and waiting for an issue or for a complete sync. */
  waiting: number;
}

/** Writes down who gets what, as soon as it is due and ready. */
export class DeliveryPlanner {
  constructor(
    private readonly database: Database,
    private readonly subscriptions: SubscriptionsStore,
    private readonly deliveries: DeliveriesStore,
    private readonly offers: OffersService,
    private readonly clock: Clock,
    /** Takes note of what happened to papers; called before anything is selected, and only then. */
    private readonly collectCorrections: () => Promise<unknown>,
  ) {}

  /**
   * Goes through all that is due.
   * @param see told of each batch of plans; `write` false = they are only shown
   */
  async planDue(
    signal: AbortSignal,
    write: boolean,
    see: (plans: readonly Plan[]) => Promise<void> | void = () => undefined,
  ): Promise<PlanTotals> {
    const totals: PlanTotals = { planned: 0, empty: 0, waiting: 0 };
    const open = new Map<string, Promise<PeriodOffers | null>>();
    const now = this.clock.now();
    let collected: Promise<unknown> | null = null;
    const collect = () => (collected ??= this.collectCorrections());
    for (let afterId = 0; ;) {
      signal.throwIfAborted();
      const batch = await this.subscriptions.findDue(now, afterId, BATCH);
      const last = batch[batch.length - 1];
      if (!last) return totals;
      afterId = last.id;
      const plans = await this.planBatch(batch, now, open, collect);
      totals.waiting += batch.length - plans.length;
      if (write) {
        const added = await this.write(plans, now);
        totals.planned += added.planned;
        totals.empty += added.empty;
      } else {
        totals.planned += plans.filter(({ delivery }) => delivery.status === 'queued').length;
        totals.empty += plans.filter(({ delivery }) => delivery.status === 'empty').length;
      }
      await see(plans);
    }
  }

  private async planBatch(
    batch: readonly StoredSubscription[],
    now: number,
    open: Map<string, Promise<PeriodOffers | null>>,
    collect: () => Promise<unknown>,
  ): Promise<Plan[]> {
    const groups = new Map<string, { period: Period; members: StoredSubscription[] }>();
    for (const subscription of batch) {
      const { webhook } = subscription.wish;
      if (webhook && !(await this.deliveries.exists(subscription.id, verificationKey(webhook), 'sent'))) continue;
      const period = duePeriod(subscription.wish, now);
      const group = groups.get(period.key);
      if (group) group.members.push(subscription);
      else groups.set(period.key, { period, members: [subscription] });
    }
    const plans: Plan[] = [];
    for (const { period, members } of groups.values()) {
      const ready: StoredSubscription[] = [];
      let offers: PeriodOffers | null = null;
      for (const member of members) {
        // who has waited longer may stop waiting earlier: the hour decides, not the reader
        const key = `${period.key} ${period.kind === 'week' ? '' : member.dueAt}`;
        let opened = open.get(key);
        if (!opened) {
          opened = this.offers.open(period, member.dueAt);
          open.set(key, opened);
        }
        const here = await opened;
        if (here === null) continue;
        offers ??= here;
        ready.push(member);
      }
      if (offers === null) continue;
      await collect();
      plans.push(...(await this.planReady(offers, ready, now)));
    }
    return plans.sort((a, b) => a.subscription.id - b.subscription.id);
  }

  private async planReady(offers: PeriodOffers, ready: readonly StoredSubscription[], now: number): Promise<Plan[]> {
    const lastAt = await this.deliveries.lastPlannedAt(ready.map(({ id }) => id));
    const selected = await offers.select(
      ready.map(({ id, confirmedAt, history }) => ({
        id,
        confirmedAt: confirmedAt ?? now,
        history,
        lastAt: lastAt.get(id) ?? confirmedAt ?? now,
      })),
    );
    const { period } = offers;
    return ready.map((subscription) => {
      const { pmids, correctionIds } = selected.get(subscription.id) ?? { pmids: [], correctionIds: [] };
      const something = pmids.length > 0 || correctionIds.length > 0 || subscription.wish.sendEmpty;
      const { id: subscriptionId } = subscription;
      return {
        subscription,
        period,
        delivery: {
          id: newDeliveryId(now),
          subscriptionId,
          kind: 'digest',
          period: period.key,
          status: something ? 'queued' : 'empty',
          pmids,
          correctionIds,
        },
      };
    });
  }

  private async write(plans: readonly Plan[], now: number): Promise<{ planned: number; empty: number }> {
    if (plans.length === 0) return { planned: 0, empty: 0 };
    return this.database.transaction(async (sql) => {
      const planned = await this.deliveries.plan(
        sql,
        plans.filter(({ delivery }) => delivery.status === 'queued').map(({ delivery }) => delivery),
        now,
      );
      const empty = await this.deliveries.plan(
        sql,
        plans.filter(({ delivery }) => delivery.status === 'empty').map(({ delivery }) => delivery),
        now,
      );
      await this.subscriptions.moveDue(
        sql,
        plans.map(({ subscription, period }) => ({
          id: subscription.id,
          from: subscription.dueAt,
          to: nextDueAt(subscription.wish, period),
        })),
      );
      return { planned, empty };
    });
  }

  /** What an ended delivery would tell now; null when its period has nothing ready. */
  async offerAgain(
    subscription: StoredSubscription,
    period: Period,
  ): Promise<{ pmids: string[]; correctionIds: number[] } | null> {
    const offers = await this.offers.open(period, 0);
    if (!offers || subscription.confirmedAt === null) return null;
    const { id, confirmedAt, history } = subscription;
    return (await offers.select([{ id, confirmedAt, history, lastAt: confirmedAt }])).get(id) ?? null;
  }
}
