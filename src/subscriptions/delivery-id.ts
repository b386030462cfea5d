import { createHash, randomBytes } from 'node:crypto';

/** Sorts by the time at which it was made; unguessable enough to stand in headers. */
export const newDeliveryId = (at: number): string =>
  `d${new Date(at).toISOString().replace(/[-:.TZ]/g, '')}-${randomBytes(6).toString('hex')}`;

/** What stands for the period of a post that shows that a webhook is there: another address is another one. */
export const verificationKey = (webhook: { url: string; style: string }): string =>
  `verify:${createHash('sha256').update(`${webhook.style} ${webhook.url}`).digest('base64url').slice(0, 22)}`;
