import { addDays } from './pubmed-day.js';

/** Monday of the week of an instant, in a time zone: papers added before it are never news. `YYYY-MM-DD`. */
export function firstNewsDay(at: number, timeZone: string): string {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    at,
  );
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return addDays(day, -((weekday + 6) % 7));
}
