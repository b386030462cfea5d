import type { Wish } from '../model/subscription.js';

/** "every Monday", "every day", "on the first of each month" */
export function frequencyInWords(wish: Pick<Wish, 'frequency' | 'weekday'>): string {
  if (wish.frequency === 'daily') return 'every day';
  if (wish.frequency === 'monthly') return 'on the first of each month';
  return `every ${wish.weekday.charAt(0).toUpperCase()}${wish.weekday.slice(1)}`;
}
