/** A week's digest to 10,000 subscribers with 200 different filters: planned, composed, rendered, and sent. */
import nodemailer from 'nodemailer';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DigestService } from '../../dist/digest/digest.service.js';
import { IssueService } from '../../dist/digest/issue.service.js';
import { FilterMatcher } from '../../dist/library/filter-matcher.js';
import { Shelf } from '../../dist/library/shelf.js';
import { MailCourier } from '../../dist/publish/mail/mail-courier.js';
import { readSmtpUrl, SmtpPool } from '../../dist/publish/mail/smtp-pool.js';
import { CatalogueStore } from '../../dist/store/catalogue.store.js';
import { DeliveriesStore } from '../../dist/store/deliveries.store.js';
import { IssuesStore } from '../../dist/store/issues.store.js';
import { KeptStore } from '../../dist/store/kept.store.js';
import { RunsStore } from '../../dist/store/runs.store.js';
import { SearchStore } from '../../dist/store/search.store.js';
import { SubscriptionsStore } from '../../dist/store/subscriptions.store.js';
import { DELIVERY_PACE, DeliveryService } from '../../dist/subscriptions/delivery.service.js';
import { OffersService } from '../../dist/subscriptions/offers.service.js';
import { SubscriptionsService } from '../../dist/subscriptions/subscriptions.service.js';
import { loadTaxonomy } from '../../dist/taxonomy/load-taxonomy.js';
import { aStore } from './support/a-store.mjs';
import { startNode, stop } from './support/child.mjs';

export const title = 'Mail: 10,000 subscribers, 200 different filters';

const SUBSCRIBERS = 10_000;
const FILTERS = 200;
/** Mails that nodemailer alone is measured with. */
const ALONE = 2_000;
const CONFIRMED_AT = Date.parse('2026-11-09T10:00:00Z');
const NOW = Date.parse('2026-11-24T12:00:00Z');
const PUBLIC_URL = 'https://tracker.example';
const FROM = 'Tracker <digest@tracker.example>';

/** Different filters that leave something over: what is excluded differs. */
function filters(taxonomy) {
  const values = (facet) => taxonomy.facets.find((each) => each.facet === facet).tags.map(({ value }) => value);
  const without = ['', ...values('study').map((value) => `&study=-${value}`)];
  const conditions = ['', ...values('condition').map((value) => `condition=-${value}&`)];
  return without
    .flatMap((study) => conditions.map((condition) => `${condition}${study.slice(1)}`.replace(/&$/, '')))
    .slice(0, FILTERS);
}

export async function run({ temporary, report, note }) {
  const database = await aStore(`sqlite:${join(temporary, 'mail.sqlite')}`, 1_000, { note });
  const taxonomy = loadTaxonomy(readFileSync('data/taxonomy.yaml', 'utf8'), 'data/taxonomy.yaml');
  const clock = { now: () => NOW };
  const silent = { debug() {}, info() {}, warn() {}, error: (event, fields) => console.error(event, fields) };
  const [issues, kept, runs] = [new IssuesStore(database), new KeptStore(database), new RunsStore(database)];
  const store = new SubscriptionsStore(database);
  const deliveries = new DeliveriesStore(database);
  const shelf = new Shelf(new CatalogueStore(database), new SearchStore(database), taxonomy);
  const matcher = new FilterMatcher(shelf, taxonomy);
  const linksOf = ({ pmid }) => ({ pubmed: `https://pubmed.ncbi.nlm.nih.gov/${pmid}/`, doi: null, fullText: null });
  const settings = { timeZone: 'UTC', newsFrom: '2026-11-09' };
  const digests = new DigestService(issues, kept, matcher, clock, taxonomy, settings, linksOf);
  const issuing = new IssueService(database, issues, kept, digests, clock, taxonomy, { timeZone: 'UTC', cron: '0 12 * * 1', waitMs: 86_400_000 }); // prettier-ignore
  await issuing.issueNow('2026-W47');

  const chosen = filters(taxonomy);
  const wish = { frequency: 'weekly', weekday: 'monday', timeZone: 'UTC', sendEmpty: false, webhook: null };
  await database.transaction(async (sql) => {
    for (let index = 0; index < SUBSCRIBERS; index += 1) {
      const mine = chosen[index % chosen.length];
      await store.add(sql, {
        email: `reader${index}@readers.example`,
        state: 'active',
        wish: { ...wish, filters: mine, format: index % 10 === 0 ? 'text' : 'html' },
        requested: null,
        createdAt: CONFIRMED_AT,
        confirmedAt: CONFIRMED_AT,
        history: [{ filters: mine, since: CONFIRMED_AT }],
        dueAt: NOW - 1000,
        webhookKey: null,
      });
    }
  });
  const subscriptions = new SubscriptionsService(database, store, deliveries, clock, silent);
  const offers = new OffersService(issues, deliveries, digests, matcher, clock, 86_400_000);
  const sender = { publicUrl: PUBLIC_URL, footer: null, from: FROM, dkim: null };
  const service = (mail) =>
    new DeliveryService({
      database, store, deliveries, subscriptions, issues, digests, issuing, offers, matcher, taxonomy, runs,
      couriers: { mail, webhook: mail }, clock, log: silent, settings: { timeZone: 'UTC', publicUrl: PUBLIC_URL, ...DELIVERY_PACE },
    }); // prettier-ignore
  const request = { trigger: 'command', holder: 'bench', signal: new AbortController().signal };

  // everything but the mail server: planned, claimed, composed, rendered, made into messages, written down
  const composed = new MailCourier(taxonomy, sender, { send: async (_envelope, _message, mayGo) => ((await mayGo()) ? { kind: 'sent' } : { kind: 'lost' }), rest() {} }, clock); // prettier-ignore
  let startedAt = performance.now();
  await service(composed).planner.planDue(request.signal, true);
  const planned = performance.now();
  const first = await service(composed).run(request);
  const composing = performance.now() - planned;
  note(`planned ${SUBSCRIBERS} in ${Math.round(planned - startedAt)} ms; ${first.counts.sent} had news`);
  report('composed and rendered, with the ledger', first.counts.sent / (composing / 1000), 'mails/s', { atLeast: 500 });

  for (const table of ['delivery', 'delivery_paper', 'delivery_correction', 'subscription_token'])
    await database.run(`DELETE FROM "${table}"`);
  await database.run('UPDATE "subscription" SET "due_at" = ?', [NOW - 1000]);

  const { child, ready } = await startNode(['test/bench/support/mail-sink.mjs'], {}, (text) => /on port (\d+)/.exec(text)?.[1]); // prettier-ignore
  try {
    // nodemailer alone, with the same bodies
    const letters = [];
    const collector = new MailCourier(taxonomy, sender, { send: async () => ({ kind: 'sent' }), rest() {} }, clock);
    const preview = await service(collector).openLetters();
    for (const mine of chosen) {
      const pmids = await (await offers.open({ kind: 'week', key: '2026-W47', from: '2026-11-16', to: '2026-11-22', startsAt: 0, endsAt: 0 }, 0)).preview(mine); // prettier-ignore
      if (pmids.length > 0) letters.push(collector.render(await preview.compose({ period: '2026-W47', filters: mine, pmids, correctionIds: [], toldPreprints: [] }))); // prettier-ignore
    }
    const alone = async () => {
      const transport = nodemailer.createTransport({ host: '127.0.0.1', port: Number(ready), pool: true, maxConnections: DELIVERY_PACE.concurrency, maxMessages: 100, ignoreTLS: true }); // prettier-ignore
      const began = performance.now();
      await Promise.all(
        Array.from({ length: ALONE }, (_, index) => {
          const body = letters[index % letters.length];
          return transport.sendMail({ from: FROM, to: `reader${index}@readers.example`, subject: body.subject, text: body.text, ...(index % 10 === 0 ? {} : { html: body.html }) }); // prettier-ignore
        }),
      );
      transport.close();
      return ALONE / ((performance.now() - began) / 1000);
    };
    const before = await alone();

    const heaps = [];
    const watch = setInterval(() => heaps.push(process.memoryUsage().rss), 200);
    const pool = new SmtpPool(readSmtpUrl(`smtp://127.0.0.1:${ready}`, 'tracker.example'));
    const sending = service(new MailCourier(taxonomy, sender, pool, clock));
    await sending.planner.planDue(request.signal, true);
    heaps.length = 0;
    startedAt = performance.now();
    const second = await sending.run(request);
    const rate = second.counts.sent / ((performance.now() - startedAt) / 1000);
    clearInterval(watch);
    const after = await alone();
    report('sent to a local mail server, all in all', rate, 'mails/s');
    report('nodemailer alone, before and after', (before + after) / 2, 'mails/s');
    report('of nodemailer alone', rate / ((before + after) / 2), '×', { atLeast: 0.7 });
    const third = Math.floor(heaps.length / 3);
    const peak = (part) => Math.max(...part) / 2 ** 20;
    report('memory of the last third against the first', peak(heaps.slice(-third)) / peak(heaps.slice(0, third)), '×', { atMost: 1.25 }); // prettier-ignore
  } finally {
    await stop(child);
    await database.close();
  }
}
