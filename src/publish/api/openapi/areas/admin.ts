import { DELIVERY_KINDS, DELIVERY_STATUSES } from '../../../../model/delivery.js';
import { SUBSCRIPTION_STATES } from '../../../../model/subscription.js';
import { CURSOR, FILTERS, LIMIT } from '../parameters.js';
import { inPath, query, type Area } from '../route.js';
import { count, instant, instantOrNull, object, oneOf, orNull, ref, text, truth } from '../schema.js';

const countsOf = (names: readonly string[]) => object(Object.fromEntries(names.map((name) => [name, count])));

/** For those who run it; needs the admin token. */
export const admin: Area = {
  name: 'Admin',
  description: 'For those who run it; needs the admin token',
  routes: [
    {
      path: '/api/v1/admin/subscriptions',
      id: 'countSubscriptions',
      summary: 'How many subscriptions and deliveries there are in each state',
      answer: {
        data: object({ subscriptions: countsOf(SUBSCRIPTION_STATES), deliveries: countsOf(DELIVERY_STATUSES) }),
      },
      admin: true,
      cacheable: false,
    },
    {
      path: '/api/v1/admin/deliveries',
      id: 'listDeliveries',
      summary: 'The ledger of deliveries, newest first, without addresses',
      parameters: [
        query('status', 'Only those that are so', oneOf(DELIVERY_STATUSES)),
        query('period', 'Only those of this period, such as 2026-W47', text),
        LIMIT,
        CURSOR,
      ],
      answer: { data: ref('Delivery'), list: true },
      problems: [400],
      admin: true,
      cacheable: false,
    },
    {
      method: 'post',
      path: '/api/v1/admin/deliveries/{id}/retry',
      id: 'retryDelivery',
      summary: 'Puts a delivery that failed, was refused or cancelled into the line again',
      parameters: [inPath('id', 'Id of the delivery', text)],
      answer: { data: ref('Delivery') },
      status: 202,
      problems: [400, 404],
      admin: true,
    },
    {
      path: '/api/v1/admin/preview',
      id: 'previewDigestMail',
      summary: 'The mail of a week under filters, as it is sent but for the tokens',
      parameters: [query('week', 'Such as 2026-W47, or latest', { ...text, default: 'latest' }), ...FILTERS],
      answer: { data: object({ period: text, subject: text, html: text, text }), filters: true },
      problems: [400, 404],
      admin: true,
      cacheable: false,
    },
    {
      method: 'post',
      path: '/api/v1/admin/bounces',
      id: 'reportBounce',
      summary: 'Tells of an address that a mail came back from; a permanent bounce suspends it',
      body: { 'application/json': object({ email: { type: 'string', format: 'email' }, permanent: truth }) },
      answer: { data: object({ state: orNull(oneOf(SUBSCRIPTION_STATES)) }) },
      problems: [400],
      admin: true,
    },
  ],
  schemas: {
    Delivery: object({
      id: text,
      subscriptionId: count,
      kind: oneOf(DELIVERY_KINDS),
      period: text,
      status: oneOf(DELIVERY_STATUSES),
      attempts: count,
      nextAt: instantOrNull,
      createdAt: instant,
      endedAt: instantOrNull,
      papers: count,
      corrections: count,
      error: orNull(object({ code: text, detail: text })),
    }),
  },
};
