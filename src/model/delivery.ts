export const DELIVERY_KINDS = ['digest', 'confirmation', 'verification'] as const;
/** `verification`: the first post to a webhook, which shows that it is there. */
export type DeliveryKind = (typeof DELIVERY_KINDS)[number];

export const DELIVERY_STATUSES = ['queued', 'sending', 'sent', 'empty', 'failed', 'refused', 'cancelled'] as const;
/**
 * `queued`: to be sent, at once or again later. `sending`: some process is at it. `empty`: there was nothing to say.
 * `failed`: given up. `refused`: the address or the webhook is not to be written to any more. `cancelled`: no longer
 * wanted. What was in a failed, refused or cancelled one counts as not sent.
 */
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** A row of the delivery ledger. */
export interface Delivery {
  id: string;
  subscriptionId: number;
  kind: DeliveryKind;
  /** Of a digest its period; else something that makes it one of its kind. */
  period: string;
  status: DeliveryStatus;
  attempts: number;
  /** Not before this is it tried (again). */
  nextAt: number;
  /** Rises with every claim. */
  claim: number;
  createdAt: number;
  endedAt: number | null;
  papers: number;
  corrections: number;
  errorCode: string | null;
  errorDetail: string | null;
}
