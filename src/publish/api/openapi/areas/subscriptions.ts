import { FREQUENCIES, WEEKDAYS } from '../../../../model/period.js';
import { MAIL_FORMATS, WEBHOOK_STYLES } from '../../../../model/subscription.js';
import type { Area } from '../route.js';
import { listOf, mapOf, object, oneOf, ref, text, truth } from '../schema.js';

const request = {
  type: 'object',
  required: ['email'],
  properties: {
    email: { type: 'string', format: 'email', maxLength: 254 },
    filters: {
      ...mapOf({ oneOf: [text, listOf(text)] }),
      description:
        'The filters of `/api/v1/papers`, such as `{"condition": ["ptsd", "-depression"], "q": "infusion*"}`',
    },
    frequency: { ...oneOf(FREQUENCIES), default: 'weekly' },
    weekday: { ...oneOf(WEEKDAYS), default: 'monday', description: 'Of weekly digests' },
    timeZone: { type: 'string', default: 'UTC', description: 'IANA name, such as Europe/Vienna' },
    format: { ...oneOf(MAIL_FORMATS), default: 'html' },
    sendEmpty: { ...truth, default: false, description: 'Write even when there is nothing new' },
    webhook: {
      type: 'object',
      description: 'Where digests are posted (Standard Webhooks) instead of being mailed',
      required: ['url'],
      properties: { url: { type: 'string', format: 'uri' }, style: { ...oneOf(WEBHOOK_STYLES), default: 'json' } },
      additionalProperties: false,
    },
  },
  additionalProperties: false,
};

/** Digests by mail or webhook. */
export const subscriptions: Area = {
  name: 'Subscriptions',
  description: 'Digests by mail or webhook',
  routes: [
    {
      method: 'post',
      path: '/api/v1/subscriptions',
      id: 'requestSubscription',
      summary: 'Asks for digests at an address; they begin when the link in a mail to it is followed',
      description: 'The answer is the same whether the address is known, suspended or unsubscribed.',
      body: { 'application/json': ref('SubscriptionRequest') },
      answer: { json: object({ status: { const: 'pending' }, message: text }) },
      status: 202,
      problems: [400, 413],
    },
  ],
  schemas: { SubscriptionRequest: request },
};
