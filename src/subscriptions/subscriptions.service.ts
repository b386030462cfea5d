import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { Log } from '../log.js';
import type { Wish } from '../model/subscription.js';
import { AppError } from '../problem.js';
import type { Database, Sql } from '../store/database.js';
import type { DeliveriesStore } from '../store/deliveries.store.js';
import type { SignUp, StoredSubscription, SubscriptionsStore, TokenPurpose } from '../store/subscriptions.store.js';
import { changeSubscription, type SubscriptionEvent } from './change-subscription.js';
import { ClientLimit } from './client-limit.js';
import { newDeliveryId, verificationKey } from './delivery-id.js';
import { changedDueAt, firstDueAt } from './schedule-mail.js';
import { hashToken, isTokenShaped, matchesHash, newToken } from './token.js';

const DAY_MS = 86_400_000;
/** Days for which a confirmation can be clicked; then the sign-up is deleted. */
export const CONFIRM_DAYS = 7;
/** Links at the end of a mail work for this long: people unsubscribe from old mails. */
export const MANAGE_DAYS = 400;
/** Confirmation mails that one address gets in a day; beyond that, requests are dropped without a word. */
const CONFIRMATIONS_A_DAY = 3;
/** Requests that one client may make in an hour. */
const SIGN_UPS_AN_HOUR = 20;
/** Deliveries that the preferences page lists, and papers that it shows of each. */
const SHOWN_DELIVERIES = 20;

/** Everything kept of a reader, for the reader. */
export interface ReaderData {
  subscription: Omit<StoredSubscription, 'id'>;
  deliveries: { id: string; kind: string; period: string; status: string; createdAt: string; endedAt: string | null }[];
  papers: { pmid: string; delivery: string; at: string }[];
}

/** Sign-up, confirmation and preferences. Nothing that it answers tells whether an address is known. */
export class SubscriptionsService {
  private readonly clients = new ClientLimit(SIGN_UPS_AN_HOUR, 3_600_000);

  constructor(
    private readonly database: Database,
    private readonly store: SubscriptionsStore,
    private readonly deliveries: DeliveriesStore,
    private readonly clock: Clock,
    private readonly log: Log,
    /** Told that there is something to send; it returns at once. */
    private readonly onWork: () => void = () => undefined,
  ) {}

  /**
   * Writes down what somebody asked for. What becomes of it is decided later and elsewhere, so that neither the answer
   * nor its time depends on the address.
   * @param client address of the caller
   * @throws AppError `too-many-requests`
   */
  async signUp(email: string, wish: Wish, client: string): Promise<void> {
    const waitMs = this.clients.take(client, this.clock.now());
    if (waitMs > 0)
      throw new AppError(
        'too-many-requests',
        `Too many subscriptions were asked for from here; try again in ${Math.ceil(waitMs / 60_000)} minutes`,
      );
    await this.store.addSignUp(email, wish, this.clock.now());
    this.onWork();
  }

  /** Looks at what was typed: each becomes a confirmation mail, or nothing. @returns how many mails */
  async processSignUps(): Promise<number> {
    let mails = 0;
    for (;;) {
      const signUps = await this.store.listSignUps(100);
      for (const signUp of signUps) if (await this.processSignUp(signUp)) mails++;
      if (signUps.length < 100) return mails;
    }
  }

  private async processSignUp({ id, email, wish }: SignUp): Promise<boolean> {
    const now = this.clock.now();
    return this.database.transaction(async (sql) => {
      if (!(await this.store.removeSignUp(sql, id))) return false;
      const known = await this.store.findByAddress(email, sql);
      const before = known ?? newSubscription(email, wish, now);
      if (known) {
        const recent = await this.deliveries.countSince(sql, known.id, 'confirmation', now - DAY_MS);
        if (recent >= CONFIRMATIONS_A_DAY) return false;
      }
      const after: StoredSubscription = { ...before, ...changeSubscription(before, { kind: 'requested', wish }, now) };
      if (after.state === 'pending') after.createdAt = now;
      const subscriptionId = known ? known.id : await this.store.add(sql, after);
      if (known) {
        await this.store.write(sql, after);
        // an earlier link would confirm something else than the mail around it says
        await this.store.removeTokens(sql, subscriptionId, 'confirm');
        await this.deliveries.cancel(sql, subscriptionId, now, ['confirmation']);
      }
      const delivery = {
        id: newDeliveryId(now),
        subscriptionId,
        kind: 'confirmation' as const,
        period: `confirm:${id}`,
      };
      await this.deliveries.plan(sql, [{ ...delivery, status: 'queued', pmids: [], correctionIds: [] }], now);
      return true;
    });
  }

  /** New links for mails about to be sent, in the order asked for. */
  async makeTokens(wanted: readonly { subscriptionId: number; purpose: TokenPurpose }[]): Promise<string[]> {
    const tokens = wanted.map((want) => ({ ...want, token: newToken() }));
    const now = this.clock.now();
    for (const [purpose, days] of [
      ['confirm', CONFIRM_DAYS],
      ['manage', MANAGE_DAYS],
    ] as const)
      await this.store.addTokens(
        tokens
          .filter((each) => each.purpose === purpose)
          .map(({ token, subscriptionId }) => ({ hash: hashToken(token), subscriptionId, purpose })),
        now,
        now + days * DAY_MS,
      );
    return tokens.map(({ token }) => token);
  }

  /** @throws AppError `not-found`, the same for every token that does not work */
  async byToken(token: string, purpose: TokenPurpose): Promise<StoredSubscription & { hash: string }> {
    if (isTokenShaped(token)) {
      const found = await this.store.findByToken(hashToken(token), purpose, this.clock.now());
      if (found && matchesHash(token, found.hash)) return found;
    }
    throw new AppError('not-found', 'This link does not work: it has been used, has ended, or was not copied whole');
  }

  /**
   * Confirms what a mail asked about. The link works once.
   * @returns a link to the preferences
   * @throws AppError `not-found`
   */
  async confirm(token: string): Promise<{ subscription: StoredSubscription; manage: string }> {
    const { id, hash } = await this.byToken(token, 'confirm');
    const subscription = await this.store.change(id, async (before, sql) => {
      if (!(await this.store.removeToken(sql, hash)))
        throw new AppError(
          'not-found',
          'This link does not work: it has been used, has ended, or was not copied whole',
        );
      return this.apply(before, { kind: 'confirmed' }, sql);
    });
    if (!subscription) throw new AppError('not-found', 'This link does not work');
    const [manage = ''] = await this.makeTokens([{ subscriptionId: id, purpose: 'manage' }]);
    this.log.info('subscription confirmed');
    this.onWork();
    return { subscription, manage };
  }

  /** Something happens to a subscription. @returns null when there is none */
  async change(id: number, event: SubscriptionEvent): Promise<StoredSubscription | null> {
    const after = await this.store.change(id, (before, sql) => this.apply(before, event, sql));
    if (after) this.log.info('subscription changed', { event: event.kind, state: after.state });
    if (event.kind !== 'refused') this.onWork();
    return after;
  }

  private async apply(before: StoredSubscription, event: SubscriptionEvent, sql: Sql): Promise<StoredSubscription> {
    const now = this.clock.now();
    const after: StoredSubscription = { ...before, ...changeSubscription(before, event, now) };
    if (after.confirmedAt !== before.confirmedAt) after.dueAt = firstDueAt(after.wish, now);
    else if (after.wish !== before.wish)
      after.dueAt = changedDueAt({ ...before.wish, dueAt: before.dueAt }, after.wish, now);
    const ended = after.state === 'unsubscribed' || after.state === 'suspended' || after.state === 'paused';
    if (ended && before.state !== after.state)
      await this.deliveries.cancel(sql, after.id, now, ['digest', 'verification']);
    if (after.state === 'active' && after.wish.webhook) await this.verifyWebhook(after, after.wish.webhook, sql);
    return after;
  }

  /** A webhook gets one post that shows that it is there before anything else. */
  private async verifyWebhook(
    subscription: StoredSubscription,
    webhook: NonNullable<Wish['webhook']>,
    sql: Sql,
  ): Promise<void> {
    const now = this.clock.now();
    subscription.webhookKey ??= `whsec_${randomBytes(24).toString('base64')}`;
    const period = verificationKey(webhook);
    const plan = { id: newDeliveryId(now), subscriptionId: subscription.id, kind: 'verification' as const, period };
    const added = await this.deliveries.plan(sql, [{ ...plan, status: 'queued', pmids: [], correctionIds: [] }], now);
    if (added === 0) await this.deliveries.requeue(sql, subscription.id, period, now);
  }

  /** What a mail server or an operator reports of an address. @returns its state; null = unknown */
  async bounced(email: string, permanent: boolean): Promise<StoredSubscription['state'] | null> {
    const found = await this.store.findByAddress(email);
    if (!found) return null;
    if (!permanent) return found.state;
    return (await this.change(found.id, { kind: 'refused' }))?.state ?? null;
  }

  /** Deletes everything known of a reader, at their wish. */
  async delete(id: number): Promise<void> {
    await this.store.remove(id);
    this.log.info('subscription deleted');
  }

  /** What was sent to a reader, newest first. */
  async recent(
    id: number,
  ): Promise<{ period: string; status: string; at: number; papers: number; corrections: number }[]> {
    const { deliveries } = await this.deliveries.list({ subscriptionId: id, limit: SHOWN_DELIVERIES * 2 });
    return deliveries
      .filter(({ kind, status }) => kind === 'digest' && status !== 'empty')
      .slice(0, SHOWN_DELIVERIES)
      .map(({ period, status, createdAt, endedAt, papers, corrections }) => ({
        period,
        status,
        at: endedAt ?? createdAt,
        papers,
        corrections,
      }));
  }

  /** Everything kept of a reader. */
  async export(subscription: StoredSubscription): Promise<ReaderData> {
    const { id, email, state, wish, requested, createdAt, confirmedAt, history, dueAt, webhookKey } = subscription;
    const all: ReaderData['deliveries'] = [];
    let before: string | null = null;
    do {
      const page: Awaited<ReturnType<DeliveriesStore['list']>> = await this.deliveries.list({
        subscriptionId: id,
        limit: 500,
        ...(before === null ? {} : { before }),
      });
      for (const row of page.deliveries)
        all.push({
          id: row.id,
          kind: row.kind,
          period: row.period,
          status: row.status,
          createdAt: iso(row.createdAt),
          endedAt: row.endedAt === null ? null : iso(row.endedAt),
        });
      before = page.next;
    } while (before !== null);
    const papers = await this.deliveries.listTold(id);
    return {
      subscription: { email, state, wish, requested, createdAt, confirmedAt, history, dueAt, webhookKey },
      deliveries: all,
      papers: papers.map(({ pmid, deliveryId, at }) => ({ pmid, delivery: deliveryId, at: iso(at) })),
    };
  }

  /** Deletes sign-ups that nobody confirmed in time, and links that have ended. */
  async prune(): Promise<number> {
    const now = this.clock.now();
    return this.store.prune(now - CONFIRM_DAYS * DAY_MS, now);
  }
}

const iso = (at: number) => new Date(at).toISOString();

const newSubscription = (email: string, wish: Wish, now: number): StoredSubscription => ({
  id: 0,
  email,
  state: 'pending',
  wish,
  requested: null,
  createdAt: now,
  confirmedAt: null,
  history: [],
  dueAt: 0,
  webhookKey: null,
});
