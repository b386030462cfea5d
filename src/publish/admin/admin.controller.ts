import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Query, UseGuards } from '@nestjs/common';
import { SETTINGS_TOKEN, type Settings } from '../../config/settings.js';
import { parsePeriod, parseWeekReference } from '../../digest/week.js';
import { DigestService } from '../../digest/digest.service.js';
import { filterParameters, renderFilter } from '../../library/render-filter.js';
import { parseFilter } from '../../library/parse-filter.js';
import { DELIVERY_STATUSES, type Delivery, type DeliveryStatus } from '../../model/delivery.js';
import type { SubscriptionState } from '../../model/subscription.js';
import { TAXONOMY_TOKEN, type Taxonomy } from '../../model/taxonomy.js';
import { AppError, type ProblemItem } from '../../problem.js';
import { DeliveriesStore } from '../../store/deliveries.store.js';
import { RunsStore } from '../../store/runs.store.js';
import { SubscriptionsStore } from '../../store/subscriptions.store.js';
import { DeliveryService } from '../../subscriptions/delivery.service.js';
import { PreviewService } from '../../subscriptions/preview.service.js';
import type { Letter } from '../../subscriptions/courier.js';
import { isEmail } from '../../subscriptions/read-wish.js';
import { SubscriptionsService } from '../../subscriptions/subscriptions.service.js';
import { envelope, type Envelope } from '../envelope.js';
import { AdminGuard } from './admin.guard.js';

/** Nest token of what puts a letter into a mail's words. */
export const MAIL_PREVIEW = Symbol('mail preview');
export interface MailPreview {
  preview(letter: Letter): { subject: string; html: string; text: string };
}

type RawQuery = Record<string, string | string[] | undefined>;

/** A delivery as operators see it: without the address. */
type ShownDelivery = Omit<Delivery, 'claim' | 'nextAt' | 'createdAt' | 'endedAt' | 'errorCode' | 'errorDetail'> & {
  nextAt: string | null;
  createdAt: string;
  endedAt: string | null;
  error: { code: string; detail: string } | null;
};

const iso = (at: number) => new Date(at).toISOString();

const show = (delivery: Delivery): ShownDelivery => ({
  id: delivery.id,
  subscriptionId: delivery.subscriptionId,
  kind: delivery.kind,
  period: delivery.period,
  status: delivery.status,
  attempts: delivery.attempts,
  nextAt: delivery.status === 'queued' ? iso(delivery.nextAt) : null,
  createdAt: iso(delivery.createdAt),
  endedAt: delivery.endedAt === null ? null : iso(delivery.endedAt),
  papers: delivery.papers,
  corrections: delivery.corrections,
  error: delivery.errorCode === null ? null : { code: delivery.errorCode, detail: delivery.errorDetail ?? '' },
});

const refuse = (code: 'unknown-parameter' | 'unknown-value' | 'invalid-body', item: ProblemItem): never => {
  throw new AppError(code, `${item.parameter ?? item.pointer ?? ''} ${item.message}`.trim(), { items: [item] });
};

/** One parameter that may be there once. */
function one(query: RawQuery, parameter: string): string | null {
  const given = query[parameter];
  if (Array.isArray(given)) return refuse('unknown-value', { parameter, message: 'is given more than once' });
  return given === undefined || given === '' ? null : given;
}

/** For those who run it. */
@Controller('api/v1/admin')
@UseGuards(AdminGuard)
export class AdminController {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly store: SubscriptionsStore,
    private readonly deliveries: DeliveriesStore,
    private readonly delivering: DeliveryService,
    private readonly previews: PreviewService,
    private readonly digests: DigestService,
    private readonly runs: RunsStore,
    @Inject(MAIL_PREVIEW) private readonly mail: MailPreview,
    @Inject(TAXONOMY_TOKEN) private readonly taxonomy: Taxonomy,
    @Inject(SETTINGS_TOKEN) private readonly settings: Settings,
  ) {}

  @Get('subscriptions')
  @Header('Cache-Control', 'no-store')
  async counts(): Promise<
    Envelope<{ subscriptions: Record<SubscriptionState, number>; deliveries: Record<DeliveryStatus, number> }>
  > {
    const [subscriptions, deliveries] = await Promise.all([this.store.counts(), this.deliveries.counts()]);
    return envelope({ subscriptions, deliveries }, await this.runs.lastCompleteSyncAt());
  }

  @Get('deliveries')
  @Header('Cache-Control', 'no-store')
  async list(@Query() query: RawQuery): Promise<Envelope<ShownDelivery[]>> {
    const known = ['status', 'period', 'limit', 'cursor'];
    for (const parameter of Object.keys(query))
      if (!known.includes(parameter))
        refuse('unknown-parameter', { parameter, message: 'is not a parameter of this route', allowed: known });
    const given = one(query, 'status');
    const status = DELIVERY_STATUSES.find((each) => each === given);
    if (given !== null && status === undefined)
      refuse('unknown-value', { parameter: 'status', message: `must be one of ${DELIVERY_STATUSES.join(', ')}`, allowed: DELIVERY_STATUSES }); // prettier-ignore
    const period = one(query, 'period');
    if (period !== null && period.length > 64)
      refuse('unknown-value', { parameter: 'period', message: 'is no period' });
    const limit = one(query, 'limit') ?? '20';
    if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > 100)
      refuse('unknown-value', { parameter: 'limit', message: 'must be a whole number from 1 to 100' });
    const cursor = one(query, 'cursor');
    if (cursor !== null && !/^d\d{17}-[0-9a-f]{12}$/.test(cursor))
      throw new AppError('invalid-cursor', 'This cursor was not given by this list; begin again without one');
    const { deliveries, next } = await this.deliveries.list({
      ...(status === undefined ? {} : { status }),
      ...(period === null ? {} : { period }),
      ...(cursor === null ? {} : { before: cursor }),
      limit: Number(limit),
    });
    return envelope(deliveries.map(show), await this.runs.lastCompleteSyncAt(), { page: { next } });
  }

  @Post('deliveries/:id/retry')
  @HttpCode(202)
  async retry(@Param('id') id: string): Promise<Envelope<ShownDelivery>> {
    return envelope(show(await this.delivering.retry(id)), await this.runs.lastCompleteSyncAt());
  }

  /** What a subscriber with these filters is sent for a week: byte for byte, but for the tokens. */
  @Get('preview')
  @Header('Cache-Control', 'no-store')
  async preview(
    @Query() query: RawQuery,
  ): Promise<Envelope<{ period: string; subject: string; html: string; text: string }>> {
    const reference = parseWeekReference(one(query, 'week') ?? 'latest');
    if (reference === null)
      return refuse('unknown-value', { parameter: 'week', message: 'must be a week such as 2026-W47, or latest' });
    const filter = parseFilter(query, this.taxonomy, { also: ['week'] });
    const week = await this.digests.resolveWeek(reference);
    const period = parsePeriod(week.key, this.settings.TIMEZONE) ?? week;
    const letter = await this.previews.preview(period, renderFilter(filter));
    return envelope({ period: period.key, ...this.mail.preview(letter) }, await this.runs.lastCompleteSyncAt(), {
      filters: filterParameters(filter),
    });
  }

  /** What a mail server told the operator of an address afterwards. */
  @Post('bounces')
  @HttpCode(200)
  async bounce(@Body() body: unknown): Promise<Envelope<{ state: SubscriptionState | null }>> {
    const { email, permanent } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
    if (typeof email !== 'string' || !isEmail(email.trim()))
      return refuse('invalid-body', { pointer: '/email', message: 'must be an e-mail address' });
    if (typeof permanent !== 'boolean')
      return refuse('invalid-body', { pointer: '/permanent', message: 'must be true or false' });
    const state = await this.subscriptions.bounced(email.trim(), permanent);
    return envelope({ state }, await this.runs.lastCompleteSyncAt());
  }
}
