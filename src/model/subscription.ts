import type { Frequency, Weekday } from './period.js';

export const SUBSCRIPTION_STATES = ['pending', 'active', 'paused', 'suspended', 'unsubscribed'] as const;
/**
 * `pending`: asked for, not confirmed. `paused`: by the reader. `suspended`: by the reader's mail server, which refuses
 * the address for good. Only `active` ones are written to.
 */
export type SubscriptionState = (typeof SUBSCRIPTION_STATES)[number];

export const WEBHOOK_STYLES = ['json', 'slack', 'teams'] as const;
export type WebhookStyle = (typeof WEBHOOK_STYLES)[number];
export const MAIL_FORMATS = ['html', 'text'] as const;
export type MailFormat = (typeof MAIL_FORMATS)[number];

/** What a reader asks for. */
export interface Wish {
  /** Canonical filters as a query string, `condition=ptsd&study=rct`; empty = everything. */
  filters: string;
  frequency: Frequency;
  /** For weekly ones. */
  weekday: Weekday;
  timeZone: string;
  format: MailFormat;
  sendEmpty: boolean;
  /** Where the digest is posted instead of being mailed. */
  webhook: { url: string; style: WebhookStyle } | null;
}

/** Filters and the instant from which they held, epoch ms. */
export interface FilterVersion {
  filters: string;
  since: number;
}

export interface Subscription {
  id: number;
  /** As the reader wrote it; looked up in lower case. */
  email: string;
  state: SubscriptionState;
  wish: Wish;
  /** What was asked for and waits for a click in a mail; null = nothing. */
  requested: Wish | null;
  createdAt: number;
  /** Papers first listed before this are not offered. Null while pending. */
  confirmedAt: number | null;
  /** Filters since the confirmation, oldest first; the last are those of `wish`. */
  history: FilterVersion[];
}
