import { WEEKDAYS } from '../../src/model/period.js';
import type { Wish } from '../../src/model/subscription.js';
import { MailCourier } from '../../src/publish/mail/mail-courier.js';
import { readSmtpUrl, SmtpPool } from '../../src/publish/mail/smtp-pool.js';
import { WebhookCourier } from '../../src/publish/webhook/webhook-courier.js';
import { DeliveriesStore } from '../../src/store/deliveries.store.js';
import { RunsStore } from '../../src/store/runs.store.js';
import { SubscriptionsStore } from '../../src/store/subscriptions.store.js';
import { DeliveryService } from '../../src/subscriptions/delivery.service.js';
import { OffersService } from '../../src/subscriptions/offers.service.js';
import { SubscriptionsService } from '../../src/subscriptions/subscriptions.service.js';
import { aLog } from './a-log.js';
import { taxonomy } from './a-digest.js';
import { aWorld, type WorldSettings } from './a-world.js';
import { aMailbox, type Mailbox } from './mailbox.js';
import type { TestDialect } from './database.js';

export const PUBLIC_URL = 'https://tracker.example';

export const aWish = (given: Partial<Wish> = {}): Wish => ({
  filters: '',
  frequency: 'weekly',
  weekday: WEEKDAYS[0],
  timeZone: 'UTC',
  format: 'html',
  sendEmpty: false,
  webhook: null,
  ...given,
});

export interface MailWorldOptions {
  /** The mail server's waits, ms. */
  answerMs?: number;
  leaseMs?: number;
  concurrency?: number;
  webhookAllow?: readonly string[];
}

/** A world with readers: a store, a clock, a real SMTP server, and the services between them. */
export async function aMailWorld(
  dialect: TestDialect,
  given: Partial<WorldSettings> = {},
  options: MailWorldOptions = {},
) {
  const world = await aWorld(dialect, given);
  const mailbox = await aMailbox();
  return { ...world, ...mailServices(world, mailbox, options), mailbox, close: async () => {
    await mailbox.close();
    await world.close();
  } }; // prettier-ignore
}
export type MailWorld = Awaited<ReturnType<typeof aMailWorld>>;

/** Services over a world; several sets may share one store, as several processes do. */
export function mailServices(
  world: Awaited<ReturnType<typeof aWorld>>,
  mailbox: Pick<Mailbox, 'url'>,
  options: MailWorldOptions = {},
) {
  const { database, clock, issues, digests, issuing, matcher, settings } = world;
  const { log, lines } = aLog();
  const subscriptionsStore = new SubscriptionsStore(database);
  const deliveriesStore = new DeliveriesStore(database);
  const runs = new RunsStore(database);
  const offers = new OffersService(issues, deliveriesStore, digests, matcher, clock, settings.waitMs);
  const subscriptions = new SubscriptionsService(database, subscriptionsStore, deliveriesStore, clock, log);
  const server = readSmtpUrl(mailbox.url, 'tracker.example');
  server.timeouts.answer = options.answerMs ?? 20_000;
  const mail = new MailCourier(
    taxonomy,
    { publicUrl: PUBLIC_URL, footer: null, from: 'Tracker <digest@tracker.example>', dkim: null },
    new SmtpPool(server),
    clock,
  );
  const webhook = new WebhookCourier(taxonomy, { publicUrl: PUBLIC_URL, allow: options.webhookAllow ?? [], timeoutMs: 2_000 }, clock); // prettier-ignore
  const delivery = new DeliveryService({
    database,
    store: subscriptionsStore,
    deliveries: deliveriesStore,
    subscriptions,
    issues,
    digests,
    issuing,
    offers,
    matcher,
    taxonomy,
    runs,
    couriers: { mail, webhook },
    clock,
    log,
    settings: {
      timeZone: settings.timeZone,
      publicUrl: PUBLIC_URL,
      concurrency: options.concurrency ?? 5,
      leaseMs: options.leaseMs ?? 300_000,
    },
  });
  const deliver = () => delivery.run({ trigger: 'command', holder: 'test', signal: new AbortController().signal });
  /** A confirmed reader, without the mails in between. */
  const join = async (email: string, wish: Partial<Wish> = {}): Promise<number> => {
    await subscriptionsStore.addSignUp(email, aWish(wish), clock.now());
    await subscriptions.processSignUps();
    const found = await subscriptionsStore.findByAddress(email);
    if (!found) throw new Error('not signed up');
    await database.transaction((sql) => deliveriesStore.cancel(sql, found.id, clock.now(), ['confirmation']));
    await subscriptions.change(found.id, { kind: 'confirmed' });
    return found.id;
  };
  return {
    subscriptionsStore,
    deliveriesStore,
    runs,
    offers,
    subscriptions,
    mail,
    webhook,
    delivery,
    deliver,
    join,
    lines,
  };
}
