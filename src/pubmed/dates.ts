import type { PartialDate } from '../model/paper.js';
import { child, children, text, type XmlNode } from './xml.js';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** First month of a season, as NLM uses the words (Northern hemisphere, winter at the year's beginning). */
const SEASONS: Record<string, string> = { winter: '01', spring: '04', summer: '07', fall: '10', autumn: '10' };

/** `3`, `03`, `Mar`, `March` → `03`; null for anything else. */
export function monthNumber(month: string | null): string | null {
  if (month === null) return null;
  if (/^\d{1,2}$/.test(month)) return Number(month) >= 1 && Number(month) <= 12 ? month.padStart(2, '0') : null;
  const at = MONTHS.indexOf(month.slice(0, 3).toLowerCase());
  return at < 0 ? null : String(at + 1).padStart(2, '0');
}

/** Whether a day `YYYY-MM-DD`, its month from 01 to 12, is in the calendar. */
const exists = (date: string) => {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day >= 1 && day <= (month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
};

/** A whole date from Year, Month and Day; null when one of them is missing or the day does not exist. */
export function wholeDate(node: XmlNode | undefined): string | null {
  const year = text(child(node, 'Year'));
  const month = monthNumber(text(child(node, 'Month')));
  const day = text(child(node, 'Day'));
  if (year === null || !/^\d{4}$/.test(year) || month === null || day === null || !/^\d{1,2}$/.test(day)) return null;
  const date = `${year}-${month}-${day.padStart(2, '0')}`;
  return exists(date) ? date : null;
}

/** Same with the time, where the record has one: `2024-07-15T06:00`. */
export function historyInstant(node: XmlNode | undefined): string | null {
  const date = wholeDate(node);
  const hour = text(child(node, 'Hour'));
  const minute = text(child(node, 'Minute'));
  if (date === null || hour === null || !/^\d{1,2}$/.test(hour)) return date;
  return `${date}T${hour.padStart(2, '0')}:${(minute ?? '0').padStart(2, '0')}`;
}

/**
 * A journal issue's `PubDate`: year, month and day as far as known, a season, or free text (`MedlineDate`: "2000 Spring",
 * "1998 Dec-1999 Jan", "2019 Nov-Dec"). Of a range the beginning counts.
 */
export function publicationDate(node: XmlNode | undefined): PartialDate {
  const free = text(child(node, 'MedlineDate'));
  if (free !== null) return { text: free, date: fromFreeText(free) };
  const [year, month, day, season] = ['Year', 'Month', 'Day', 'Season'].map((name) => text(children(node, name)[0]));
  const shown = [year, month ?? season, day].filter((part) => part != null).join(' ');
  if (!year || !/^\d{4}$/.test(year)) return { text: shown, date: null };
  const number =
    monthNumber(month ?? null) ?? (season ? (SEASONS[season.toLowerCase()] ?? monthNumber(season.slice(0, 3))) : null);
  if (!number) return { text: shown, date: year };
  const whole = day && /^\d{1,2}$/.test(day) ? `${year}-${number}-${day.padStart(2, '0')}` : null;
  return { text: shown, date: whole && exists(whole) ? whole : `${year}-${number}` };
}

function fromFreeText(free: string): string | null {
  const year = /(?<!\d)(1[5-9]|20)\d{2}(?!\d)/.exec(free);
  if (!year) return null;
  const word = /^\W*([a-z]{3,})/i.exec(free.slice(year.index + 4))?.[1]?.toLowerCase();
  if (!word) return year[0];
  const month = SEASONS[word] ?? monthNumber(word);
  if (!month) return year[0];
  const day = new RegExp(`${word}\\W{1,2}(\\d{1,2})(?!\\d)`, 'i').exec(free)?.[1];
  const whole = day ? `${year[0]}-${month}-${day.padStart(2, '0')}` : null;
  return whole && exists(whole) ? whole : `${year[0]}-${month}`;
}
