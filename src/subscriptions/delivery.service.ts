import type { Clock } from '../clock.js';
import type { DigestService } from '../digest/digest.service.js';
import type { IssueService } from '../digest/issue.service.js';
import type { PaperMatcher } from '../digest/paper-matcher.js';
import { parsePeriod } from '../digest/week.js';
import { withLogFields, type Log } from '../log.js';
import type { Delivery } from '../model/delivery.js';
import type { JobRun, Trigger } from '../model/job-run.js';
import type { Taxonomy } from '../model/taxonomy.js';
import { AppError } from '../problem.js';
import type { DeliveriesStore, DeliveryContents } from '../store/deliveries.store.js';
import type { IssuesStore } from '../store/issues.store.js';
import type { RunsStore } from '../store/runs.store.js';
import type { StoredSubscription, SubscriptionsStore } from '../store/subscriptions.store.js';
import type { Database } from '../store/database.js';
import type { Courier, Letter, Outcome, Parcel } from './courier.js';
import { verificationKey } from './delivery-id.js';
import { Letters } from './letters.js';
import type { OffersService } from './offers.service.js';
import { DeliveryPlanner, type Plan } from './plan-deliveries.js';
import { GIVE_UP_MS, nextAttemptAt } from './retry.js';
import type { SubscriptionsService } from './subscriptions.service.js';

export interface DeliverySettings {
  timeZone: string;
  publicUrl: string;
  /** Deliveries under way at the same time. */
  concurrency: number;
  /** How long a claim holds; longer than any server may keep us waiting. */
  leaseMs: number;
}

export interface DeliveryRequest {
  trigger: Trigger;
  holder: string;
  signal: AbortSignal;
}

/** What delivering takes. */
export interface DeliveryRooms {
  database: Database;
  store: SubscriptionsStore;
  deliveries: DeliveriesStore;
  subscriptions: SubscriptionsService;
  issues: IssuesStore;
  digests: DigestService;
  issuing: IssueService;
  offers: OffersService;
  matcher: PaperMatcher;
  taxonomy: Taxonomy;
  runs: RunsStore;
  couriers: { mail: Courier; webhook: Courier };
  clock: Clock;
  log: Log;
  settings: DeliverySettings;
}

/** Few connections, as mail servers like it; a lease far longer than the waits of one exchange add up to. */
export const DELIVERY_PACE = { concurrency: 5, leaseMs: 10 * 60_000 } as const;

/** Deliveries claimed and prepared at once. */
const BATCH = 25;
/** How long after a channel failed as a whole it is tried again, ms. */
const CHANNEL_WAIT_MS = 60_000;
/** The ledger's figures are written at least this often, ms. */
const NOTE_MS = 2_000;

const COUNTS = ['confirmations', 'planned', 'empty', 'waiting', 'sent', 'postponed', 'failed', 'refused', 'cancelled', 'lost', 'expired'] as const; // prettier-ignore
type Counts = Record<(typeof COUNTS)[number], number>;

/** A claimed delivery, ready to go. */
interface Prepared {
  delivery: Delivery;
  subscription: StoredSubscription;
  parcel: Parcel;
}

/**
 * Delivers: plans what is due, and sends what is planned. Any number of processes may do so at once: each delivery is
 * claimed by one of them, and asked for again right before it goes out.
 */
export class DeliveryService {
  readonly planner: DeliveryPlanner;

  constructor(private readonly rooms: DeliveryRooms) {
    const { database, store, deliveries, offers, clock, issuing } = rooms;
    this.planner = new DeliveryPlanner(database, store, deliveries, offers, clock, () => issuing.collectCorrections());
  }

  /** Letters as of now; each round has its own. */
  async openLetters(): Promise<Letters> {
    const { issues, digests, matcher, taxonomy, settings, runs } = this.rooms;
    return new Letters(issues, digests, matcher, taxonomy, settings, await runs.lastCompleteSyncAt());
  }

  /** Who would get what now. Writes nothing. */
  async rehearse(signal: AbortSignal, see: (plans: readonly Plan[]) => void): Promise<void> {
    await this.planner.planDue(signal, false, see);
  }

  /**
   * One round: sign-ups, what is due, what waits.
   * @returns the ledger of the run; null when there was nothing to do
   */
  async run({ trigger, holder, signal }: DeliveryRequest): Promise<JobRun | null> {
    const startedAt = this.rooms.clock.now();
    const counts = Object.fromEntries(COUNTS.map((name) => [name, 0])) as Counts;
    counts.confirmations = await this.rooms.subscriptions.processSignUps();
    counts.expired = await this.rooms.subscriptions.prune();
    Object.assign(counts, await this.planner.planDue(signal, true));
    const something = counts.planned + counts.empty + counts.confirmations > 0;
    if (!something && !(await this.rooms.deliveries.hasWork(this.rooms.clock.now()))) return null;
    const id = await this.rooms.runs.start('deliver', trigger, holder, startedAt);
    return withLogFields({ runId: id }, async () => {
      let error: { code: string; detail: string } | null;
      try {
        error = await this.send(counts, signal, () => this.rooms.runs.note(id, { counts }));
      } catch (thrown) {
        const code = thrown instanceof AppError ? thrown.code : 'internal';
        error = { code, detail: thrown instanceof AppError ? thrown.message : 'see the log' };
        if (!(thrown instanceof AppError))
          this.rooms.log.error('deliveries stopped', {
            error: thrown instanceof Error ? (thrown.stack ?? '') : String(thrown),
          });
      }
      await this.rooms.runs.note(id, { counts });
      const whole = counts.postponed + counts.failed + counts.refused === 0;
      await this.rooms.runs.finish(
        id,
        error ? 'failed' : whole ? 'complete' : 'incomplete',
        this.rooms.clock.now(),
        error,
      );
      const { planned, sent, postponed, failed, refused } = counts;
      this.rooms.log[error || !whole ? 'warn' : 'info']('deliveries', { planned, sent, postponed, failed, refused });
      return this.rooms.runs.get(id);
    });
  }

  /** Sends what is due until nothing is left. @returns why it stopped before that */
  private async send(
    counts: Counts,
    signal: AbortSignal,
    note: () => Promise<void>,
  ): Promise<{ code: string; detail: string } | null> {
    const letters = await this.openLetters();
    let stopped: { code: string; detail: string } | null = null;
    let notedAt = Date.now();
    let next: Promise<Prepared[]> | null = null;
    const prepare = () => this.prepare(letters, counts);
    const waiting: Prepared[] = [];
    /** One at a time looks for more: the others wait for what it finds. */
    const take = async (): Promise<Prepared | null> => {
      while (!stopped && !signal.aborted) {
        const first = waiting.shift();
        if (first) {
          if (waiting.length < this.rooms.settings.concurrency) next ??= prepare();
          return first;
        }
        next ??= prepare();
        const looked: Promise<Prepared[]> = next;
        const found = await looked;
        if (next === looked) {
          next = null;
          if (found.length === 0) return null;
          waiting.push(...found);
        } else if (found.length === 0) return null;
      }
      return null;
    };
    const work = async () => {
      for (let prepared = await take(); prepared; prepared = await take()) {
        const outcome = await this.deliver(prepared);
        await this.settle(prepared, outcome, counts);
        if (outcome.kind === 'unreachable') stopped = { code: outcome.code, detail: outcome.detail };
        if (Date.now() - notedAt < NOTE_MS) continue;
        notedAt = Date.now();
        await note();
      }
    };
    const workers = await Promise.allSettled(Array.from({ length: this.rooms.settings.concurrency }, work));
    // whoever is stopped gives back what was not begun
    const left = [...waiting, ...((await Promise.resolve<Prepared[] | null>(next).catch(() => null)) ?? [])];
    for (const { delivery } of left)
      await this.rooms.deliveries.settle(delivery, {
        status: 'queued',
        at: this.rooms.clock.now(),
        nextAt: stopped ? this.rooms.clock.now() + CHANNEL_WAIT_MS : delivery.nextAt,
        uncounted: true,
      });
    await Promise.all([this.rooms.couriers.mail.rest(), this.rooms.couriers.webhook.rest()]);
    for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
    if (signal.aborted && left.length > 0)
      return { code: 'aborted', detail: 'The program was stopped; the next run goes on where this one was' };
    return stopped;
  }

  /** Claims what is due and puts it into words. Empty = nothing is due. */
  private async prepare(letters: Letters, counts: Counts): Promise<Prepared[]> {
    for (;;) {
      const claimed = await this.rooms.deliveries.claim(this.rooms.clock.now(), this.rooms.settings.leaseMs, BATCH);
      if (claimed.length === 0) return [];
      const [found, contents] = await Promise.all([
        this.rooms.store.findMany([...new Set(claimed.map(({ subscriptionId }) => subscriptionId))]),
        this.rooms.deliveries.contents(claimed.filter(({ kind }) => kind === 'digest')),
      ]);
      const owners = new Map(found.map((subscription) => [subscription.id, subscription]));
      const ready: { delivery: Delivery; subscription: StoredSubscription; letter: Letter }[] = [];
      for (const delivery of claimed) {
        const subscription = owners.get(delivery.subscriptionId);
        if (!subscription || !isWanted(delivery, subscription)) {
          if (await this.rooms.deliveries.settle(delivery, { status: 'cancelled', at: this.rooms.clock.now() }))
            counts.cancelled++;
          continue;
        }
        try {
          const letter = await this.toLetter(delivery, subscription, contents.get(delivery.id), letters);
          if (letter) ready.push({ delivery, subscription, letter });
          else if (await this.rooms.deliveries.settle(delivery, { status: 'empty', at: this.rooms.clock.now() }))
            counts.empty++;
        } catch (error) {
          if (error instanceof AppError && error.retryable) throw error;
          this.rooms.log.error('a delivery cannot be composed', {
            delivery: delivery.id,
            error: error instanceof Error ? (error.stack ?? error.message) : String(error),
          });
          const outcome: Outcome = { kind: 'later', code: 'internal', detail: 'it could not be composed; see the log' };
          await this.settle({ delivery, subscription }, outcome, counts);
        }
      }
      if (ready.length === 0) continue;
      const tokens = await this.rooms.subscriptions.makeTokens(
        ready.map(({ delivery, subscription }) => ({
          subscriptionId: subscription.id,
          purpose: delivery.kind === 'confirmation' ? 'confirm' : 'manage',
        })),
      );
      return ready.map((each, index) => ({ ...each, parcel: this.toParcel(each, tokens[index] ?? '') }));
    }
  }

  private async toLetter(
    delivery: Delivery,
    subscription: StoredSubscription,
    contents: DeliveryContents | undefined,
    letters: Letters,
  ): Promise<Letter | null> {
    if (delivery.kind === 'verification') return { kind: 'verification' };
    if (delivery.kind === 'confirmation') {
      const wish = subscription.requested ?? subscription.wish;
      const change = subscription.state !== 'pending' && subscription.state !== 'unsubscribed';
      return { kind: 'confirmation', wish, filters: this.rooms.matcher.describe(wish.filters), change };
    }
    const { pmids = [], correctionIds = [] } = contents ?? {};
    if (pmids.length === 0 && correctionIds.length === 0 && !subscription.wish.sendEmpty) return null;
    const { filters } = subscription.wish;
    const preprints = await letters.preprintsOf(pmids);
    const toldPreprints = await this.rooms.deliveries.findToldPreprints(delivery, [...preprints.values()].flat());
    return letters.compose({ period: delivery.period, filters, pmids, correctionIds, toldPreprints });
  }

  private toParcel(
    { delivery, subscription, letter }: { delivery: Delivery; subscription: StoredSubscription; letter: Letter },
    token: string,
  ): Parcel {
    const { email, wish, webhookKey } = subscription;
    return {
      id: delivery.id,
      letter,
      email,
      format: wish.format,
      webhook: wish.webhook,
      webhookKey,
      token,
      mayGo: () => this.rooms.deliveries.renew(delivery, this.rooms.settings.leaseMs),
    };
  }

  private async deliver({ delivery, parcel }: Prepared): Promise<Outcome> {
    try {
      const byPost = delivery.kind !== 'confirmation' && parcel.webhook !== null;
      return await (byPost ? this.rooms.couriers.webhook : this.rooms.couriers.mail).deliver(parcel);
    } catch (error) {
      this.rooms.log.error('a delivery failed', {
        delivery: delivery.id,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
      return { kind: 'later', code: 'internal', detail: 'something went wrong here; see the log' };
    }
  }

  private async settle(
    { delivery, subscription }: Pick<Prepared, 'delivery' | 'subscription'>,
    outcome: Outcome,
    counts: Counts,
  ): Promise<void> {
    const at = this.rooms.clock.now();
    const error = 'code' in outcome ? { code: outcome.code, detail: outcome.detail.slice(0, 500) } : undefined;
    const end = async (status: 'sent' | 'failed' | 'refused' | 'cancelled', name: keyof Counts) => {
      if (await this.rooms.deliveries.settle(delivery, { status, at, ...(error ? { error } : {}) })) counts[name]++;
      else counts.lost++;
    };
    switch (outcome.kind) {
      case 'sent':
        return end('sent', 'sent');
      case 'lost':
        counts.lost++;
        return;
      case 'rejected':
        return end('failed', 'failed');
      case 'refused':
        await end('refused', 'refused');
        await this.rooms.subscriptions.change(subscription.id, { kind: 'refused' });
        return;
      case 'ended':
        await end('cancelled', 'cancelled');
        await this.rooms.subscriptions.change(subscription.id, { kind: 'unsubscribed' });
        return;
      case 'unreachable':
      case 'later': {
        const channel =
          delivery.kind === 'confirmation' ? 'confirmation' : subscription.wish.webhook ? 'webhook' : 'mail';
        const uncounted = outcome.kind === 'unreachable';
        const nextAt = uncounted
          ? at + CHANNEL_WAIT_MS > delivery.createdAt + GIVE_UP_MS[channel]
            ? null
            : at + CHANNEL_WAIT_MS
          : nextAttemptAt(delivery.attempts, delivery.createdAt, at, channel);
        if (nextAt === null) {
          await end('failed', 'failed');
          // a webhook that never answered is written to no more until its reader says so
          if (delivery.kind === 'verification')
            await this.rooms.subscriptions.change(subscription.id, { kind: 'refused' });
          return;
        }
        const again = { status: 'queued' as const, at, nextAt, uncounted, ...(error ? { error } : {}) };
        if (await this.rooms.deliveries.settle(delivery, again)) counts.postponed++;
        else counts.lost++;
      }
    }
  }

  /**
   * Puts a delivery that failed, was refused or cancelled into the line again.
   * @throws AppError `not-found`, or `usage` when it cannot be sent
   */
  async retry(id: string): Promise<Delivery> {
    const delivery = await this.rooms.deliveries.find(id);
    if (!delivery) throw new AppError('not-found', 'There is no delivery with this id');
    const subscription = await this.rooms.store.find(delivery.subscriptionId);
    const period = parsePeriod(delivery.period, this.rooms.settings.timeZone);
    if (!subscription || !isWanted(delivery, subscription))
      throw new AppError('usage', 'Its subscription no longer wants it: it is paused, suspended, ended or changed');
    const told = delivery.kind === 'digest' && period ? await this.planner.offerAgain(subscription, period) : null;
    if (delivery.kind === 'digest' && !told) throw new AppError('usage', 'Its period has nothing to send');
    if (
      !(await this.rooms.deliveries.replan(delivery, told ?? { pmids: [], correctionIds: [] }, this.rooms.clock.now()))
    )
      throw new AppError(
        'usage',
        `It is ${delivery.status}: only what failed, was refused or cancelled can be retried`,
      );
    return (await this.rooms.deliveries.find(id)) ?? delivery;
  }
}

/** Whether a delivery still makes sense for its subscription as it is now. */
function isWanted(delivery: Delivery, { state, wish, requested }: StoredSubscription): boolean {
  if (delivery.kind === 'confirmation') return requested !== null;
  if (state !== 'active') return false;
  return delivery.kind === 'digest' || (wish.webhook !== null && verificationKey(wish.webhook) === delivery.period);
}
