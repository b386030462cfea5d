import type { JobRun } from '../../model/job-run.js';

/** A sync counts as late after this long without a complete one. */
export const LATE_MS = 26 * 3_600_000;

const iso = (at: number) => new Date(at).toISOString();
const number = new Intl.NumberFormat('en');

export interface SyncState {
  last: JobRun | null;
  completeAt: number | null;
  nextAt: number | null;
  now: number;
}

/** How things stand with PubMed, in a sentence or two for people. */
export function describeSync({ last, completeAt, nextAt, now }: SyncState): string {
  const then = nextAt === null ? '' : ` Next try ${iso(nextAt)}.`;
  if (!last) return `No sync has run yet.${then}`;
  if (last.status === 'running') return progress(last);
  if (last.status !== 'complete') {
    const why = last.error?.detail ?? `${number.format(last.failed)} records failed`;
    return `The last sync ${last.status === 'failed' ? 'failed' : 'is not complete'}: ${withStop(why)}${then}`;
  }
  if (completeAt !== null && now - completeAt > LATE_MS)
    return `The last complete sync ended ${iso(completeAt)}.${then}`;
  return 'The last sync is complete.';
}

function progress(run: JobRun): string {
  const expected = run.counts['expected'];
  const done = run.stored + run.updated + run.unchanged + run.excluded + run.missing + run.failed;
  return expected
    ? `Back-fill under way: ${number.format(done)} of ${number.format(expected)} records.`
    : `A sync is under way: ${number.format(done)} of ${number.format(run.counted)} records.`;
}

const withStop = (sentence: string) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`);
