import { html, type Html } from './html.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const pad = (value: number) => String(value).padStart(2, '0');

/** "24 Nov 2026" of `2026-11-24`; "Nov 2026" and "2026" of what is less exact; anything else as it is. */
export function dayText(day: string): string {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?/.exec(day);
  if (!match) return day;
  const [, year, month, date] = match;
  return [
    date === undefined ? null : String(Number(date)),
    month === undefined ? null : MONTHS[Number(month) - 1],
    year,
  ]
    .filter((part) => part !== null && part !== undefined)
    .join(' ');
}

/** "24 Nov 2026, 10:05 UTC" */
export function instantText(at: number): string {
  const date = new Date(at);
  return `${dayText(date.toISOString())}, ${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())} UTC`;
}

export const showDay = (day: string): Html => html`<time datetime="${day}">${dayText(day)}</time>`;

/** Scripts put the reader's own time beside it. */
export const showInstant = (at: number): Html =>
  html`<time datetime="${new Date(at).toISOString()}">${instantText(at)}</time>`;
