export const PERIOD_KINDS = ['day', 'week', 'month'] as const;
export type PeriodKind = (typeof PERIOD_KINDS)[number];

/** How often a reader is written to. A frequency has one kind of period. */
export const FREQUENCIES = ['daily', 'weekly', 'monthly'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

export const PERIOD_KIND: Readonly<Record<Frequency, PeriodKind>> = { daily: 'day', weekly: 'week', monthly: 'month' };

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** A day, an ISO week or a month of some time zone. */
export interface Period {
  kind: PeriodKind;
  /** `2026-11-22`, `2026-W47` or `2026-11`. */
  key: string;
  /** First calendar day, `YYYY-MM-DD`. */
  from: string;
  /** Last calendar day, inclusive. */
  to: string;
  /** The instants between which it lasts, epoch ms: from `startsAt` on, `endsAt` no longer in it. */
  startsAt: number;
  endsAt: number;
}
