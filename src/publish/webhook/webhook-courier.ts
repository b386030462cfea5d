import { createHmac } from 'node:crypto';
import type { Clock } from '../../clock.js';
import type { Taxonomy } from '../../model/taxonomy.js';
import type { Courier, Letter, Outcome, Parcel } from '../../subscriptions/courier.js';
import { postSafely, type PostOptions } from './post-safely.js';
import { renderWebhook } from './render-webhook.js';

export interface WebhookSettings extends PostOptions {
  publicUrl: string;
  /** True: nothing is posted anywhere (the demo). */
  off?: boolean;
}

/** Contract with receivers: an answer within this is an answer. */
export const WEBHOOK_TIMEOUT_MS = 15_000;

/** Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, with the bytes of the key after its prefix. */
export function signWebhook(key: string, id: string, timestamp: number, body: string): string {
  const bytes = Buffer.from(key.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', bytes).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/** Posts letters to the addresses of readers' programs. */
export class WebhookCourier implements Courier {
  private readonly bodies = new WeakMap<Letter, Map<string, string>>();

  constructor(
    private readonly taxonomy: Pick<Taxonomy, 'name' | 'noun' | 'facets'>,
    private readonly settings: WebhookSettings,
    private readonly clock: Clock,
  ) {}

  async deliver(parcel: Parcel): Promise<Outcome> {
    const { webhook, webhookKey, id } = parcel;
    if (!webhook || !webhookKey)
      return { kind: 'rejected', code: 'no-webhook', detail: 'there is no webhook any more' };
    if (this.settings.off) return { kind: 'rejected', code: 'webhooks-off', detail: 'nothing is posted from here' };
    const now = this.clock.now();
    const body = this.body(parcel.letter, webhook.style, now);
    const timestamp = Math.floor(now / 1000);
    if (!(await parcel.mayGo())) return { kind: 'lost' };
    const answer = await postSafely(
      webhook.url,
      {
        'content-type': 'application/json',
        'user-agent': 'literature-tracker webhook',
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signWebhook(webhookKey, id, timestamp, body),
      },
      body,
      this.settings,
    );
    if ('error' in answer) return { kind: 'later', code: answer.error, detail: answer.detail };
    if (answer.status >= 200 && answer.status < 300) return { kind: 'sent' };
    const detail = `the webhook answered ${answer.status}`;
    if (answer.status === 410) return { kind: 'ended', code: 'webhook-gone', detail };
    return { kind: 'later', code: 'webhook-refused', detail };
  }

  private body(letter: Letter, style: NonNullable<Parcel['webhook']>['style'], now: number): string {
    const kept = this.bodies.get(letter) ?? new Map<string, string>();
    this.bodies.set(letter, kept);
    let body = kept.get(style);
    if (body === undefined) {
      body = renderWebhook(letter, style, { taxonomy: this.taxonomy, publicUrl: this.settings.publicUrl, now });
      kept.set(style, body);
    }
    return body;
  }

  rest(): Promise<void> {
    return Promise.resolve();
  }
}
