import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { splitRecords } from './record-index.js';

/** Where the authored records stand. */
export const SAMPLE_DIRECTORY = 'data/sample/pubmed';

/** The day for which the authored records were written: their newest were added on it. */
export const WRITTEN_FOR = '2026-11-25';

/** One state of a record: PubMed shows the state with the latest DateRevised that has come. */
interface RecordState {
  pmid: string;
  addedOn: string;
  /** The first state is there from the day the record was added, whatever its DateRevised. */
  from: string;
  xml: string;
}

/** Every record of the XML files of a folder, files in the order of their names. */
export function readSampleRecords(directory = SAMPLE_DIRECTORY): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.xml'))
    .sort()
    .flatMap((name) => splitRecords(readFileSync(join(directory, name), 'utf8')));
}

/**
 * What PubMed would have served on any day: a record is there from the day it was added, and changes on the days on
 * which it was revised, when the same PMID stands several times among the records (as in PubMed's update files).
 */
export class SampleTimeline {
  private readonly states: RecordState[];
  private readonly served = new Map<string, string>();

  /** @param today the day to which the newest records are moved, `YYYY-MM-DD` */
  constructor(records: readonly string[], today: string) {
    const days = daysBetween(WRITTEN_FOR, today);
    this.states = records.map((record) => toState(moveDates(record, days)));
    this.states.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
    const known = new Set<string>();
    for (const state of this.states) {
      if (!known.has(state.pmid)) state.from = state.addedOn;
      known.add(state.pmid);
    }
  }

  /** The records on a day, each in its state of that day. */
  recordsOn(day: string): string[] {
    return [...this.current(day).values()];
  }

  /** Records that are new or other than when this was asked last. */
  newsOn(day: string): string[] {
    const news: string[] = [];
    for (const [pmid, xml] of this.current(day)) {
      if (this.served.get(pmid) === xml) continue;
      this.served.set(pmid, xml);
      news.push(xml);
    }
    return news;
  }

  private current(day: string): Map<string, string> {
    const current = new Map<string, string>();
    for (const state of this.states) if (state.addedOn <= day && state.from <= day) current.set(state.pmid, state.xml);
    return current;
  }
}

function toState(xml: string): RecordState {
  const day = (name: RegExp) => {
    const [, year, month, date] = name.exec(xml) ?? [];
    return year && month && date ? `${year}-${month}-${date}` : null;
  };
  const ymd = '<Year>(\\d{4})</Year><Month>(\\d\\d)</Month><Day>(\\d\\d)</Day>';
  const pmid = /<PMID[^>]*>(\d+)<\/PMID>/.exec(xml)?.[1];
  const addedOn = day(new RegExp(`PubStatus="entrez">${ymd}`));
  if (pmid === undefined || addedOn === null)
    throw new Error('A sample record needs a PMID and the day on which it was added.');
  return { pmid, addedOn, from: day(new RegExp(`<DateRevised>${ymd}`)) ?? addedOn, xml };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

/** The month of a date element in figures or by its name; the answer is written the same way. */
const monthNumber = (text: string) => (/^\d+$/.test(text) ? Number(text) : MONTHS.indexOf(text) + 1);
const writeMonth = (month: number, like: string) =>
  /^\d+$/.test(like) ? String(month).padStart(like.length, '0') : (MONTHS[month - 1] ?? like);

/**
 * Moves every date of a record by whole days: days exactly, months by what becomes of their middle, and dates that say
 * less (a year, a season, a MedlineDate, the year of a reference) by whole years.
 */
export function moveDates(xml: string, days: number): string {
  if (days === 0) return xml;
  const move = (year: string, month: number, day: number) =>
    new Date(Date.UTC(Number(year), month - 1, day) + days * 86_400_000);
  const years = Math.round(days / 365.25);
  const moveYears = (text: string) => text.replace(/\b(1[89]|20|21)\d\d\b/g, (year) => String(Number(year) + years));
  return xml
    .replace(
      /<Year>(\d{4})<\/Year><Month>(\w+)<\/Month>(?:<Day>(\d+)<\/Day>)?/g,
      (_, year: string, month: string, day: string | undefined) => {
        const at = move(year, monthNumber(month), day === undefined ? 15 : Number(day));
        const moved = `<Year>${at.getUTCFullYear()}</Year><Month>${writeMonth(at.getUTCMonth() + 1, month)}</Month>`;
        return day === undefined ? moved : `${moved}<Day>${String(at.getUTCDate()).padStart(2, '0')}</Day>`;
      },
    )
    .replace(/<Year>\d{4}<\/Year>(?!<Month>)|<(MedlineDate|RefSource)>[^<]*<\/\1>/g, moveYears);
}
