import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DateTime } from 'luxon';
import { AppModule } from '../app.module.js';
import type { Boot } from '../boot.js';
import { firstNewsDay } from '../ingest/news-from.js';
import { DeliverJob } from '../jobs/deliver-job.js';
import { IssueJob } from '../jobs/issue-job.js';
import { holderName } from '../jobs/pubmed-claim.js';
import { SyncJob } from '../jobs/sync-job.js';
import { TaggingJob } from '../jobs/tagging-job.js';
import { parseFilter } from '../library/parse-filter.js';
import { renderFilter } from '../library/render-filter.js';
import type { Wish } from '../model/subscription.js';
import { TAXONOMY_TOKEN, type Taxonomy } from '../model/taxonomy.js';
import { AppError } from '../problem.js';
import { SubscriptionsStore } from '../store/subscriptions.store.js';
import { SubscriptionsService } from '../subscriptions/subscriptions.service.js';

/** Whole weeks before this one that the demo plays through. */
export const REHEARSED_WEEKS = 9;
/** Days of a rehearsed week on which PubMed is asked, counted from Monday, and the hour: after the digest is due. */
const SYNC_DAYS = [0, 3];
const SYNC_HOUR = 13;

/** Who gets the mails of the demo: files in its outbox. */
export const DEMO_READER = { email: 'reader@example.org', filters: { condition: 'depression,ptsd,anxiety' } };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Monday with which the rehearsed weeks begin: papers from then on are news. */
export const rehearsalBegins = (now: number, timeZone: string): string =>
  firstNewsDay(now - REHEARSED_WEEKS * 7 * DAY_MS, timeZone);

/** The instants at which the rehearsal asks PubMed: the day before the first week, then twice a week until an hour ago. */
export function rehearsalInstants(now: number, timeZone: string): number[] {
  const monday = DateTime.fromISO(rehearsalBegins(now, timeZone), { zone: timeZone });
  const instants = [monday.minus({ days: 1 }).toMillis()];
  for (let week = 0; week <= REHEARSED_WEEKS; week++)
    for (const days of SYNC_DAYS) instants.push(monday.plus({ weeks: week, days, hours: SYNC_HOUR }).toMillis());
  const lately = now - HOUR_MS;
  return [...instants.filter((instant) => instant < lately), lately];
}

/**
 * Plays the past weeks through with the program itself: each time PubMed's stand-in shows what it would have shown
 * then, and the same sync, tagging and digests run as they do every day.
 * @param begin tells the stand-in the instant
 */
export async function rehearse(
  started: Boot,
  instants: readonly number[],
  begin: (instant: number) => void,
): Promise<void> {
  let now = 0;
  const past: Boot = { ...started, clock: { now: () => now } };
  const app = await NestFactory.createApplicationContext(AppModule.of(past, { serve: false, demo: true }), {
    logger: ['error', 'warn'],
  });
  try {
    for (const instant of instants) {
      now = instant;
      begin(instant);
      const run = await app.get(SyncJob).run({
        trigger: 'schedule',
        holder: holderName('demo'),
        signal: new AbortController().signal,
      });
      if (run.status !== 'complete')
        throw new AppError('internal', `The demo's sync is ${run.status}: ${run.error?.detail ?? 'records failed'}`);
      await app.get(TaggingJob).finish();
      await app.get(IssueJob).run({ trigger: 'schedule', holder: holderName('demo') });
      if (instant === instants[0]) await subscribe(app, started.settings.TIMEZONE);
      await app.get(DeliverJob).run('schedule');
    }
  } finally {
    await app.close();
  }
}

/** A reader signs up before the first week; that they clicked the link in the mail is taken for granted. */
async function subscribe(app: INestApplicationContext, timeZone: string): Promise<void> {
  const filters = renderFilter(parseFilter(DEMO_READER.filters, app.get<Taxonomy>(TAXONOMY_TOKEN)));
  const wish: Wish = {
    filters,
    frequency: 'weekly',
    weekday: 'monday',
    timeZone,
    format: 'html',
    sendEmpty: false,
    webhook: null,
  };
  const subscriptions = app.get(SubscriptionsService);
  await subscriptions.signUp(DEMO_READER.email, wish, 'demo');
  await app.get(DeliverJob).run('schedule');
  const reader = await app.get(SubscriptionsStore).findByAddress(DEMO_READER.email);
  if (reader) await subscriptions.change(reader.id, { kind: 'confirmed' });
}
