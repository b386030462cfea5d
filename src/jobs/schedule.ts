import type { Settings } from '../config/settings.js';
import type { JobRun, Trigger } from '../model/job-run.js';

/** Attempts at a slot are told why they run, and stop when the signal aborts. */
export interface Attempt {
  trigger: Trigger;
  signal: AbortSignal;
}

/** One scheduled job, as data. */
export interface Schedule {
  job: JobRun['job'];
  /** Five fields, or null = off. */
  cron: string | null;
  /** Whether the slot before the very first start counts as missed. */
  onFirstStart: boolean;
  /** @returns true when the slot is done; false, or why not in words for people, when it has to be tried again */
  run: (attempt: Attempt) => Promise<boolean | string>;
}

export type JobRunners = { [J in 'sync' | 'sweep' | 'tag' | 'issue' | 'deliver']: Schedule['run'] };

/** Papers that another process stored, or a tagging that was cut short, are found within this. */
const TAG_CRON = '*/5 * * * *';

/** Mails are due at many hours, in the time zones of their readers, and some are to be tried again. */
const DELIVER_CRON = '* * * * *';

/** All schedules in one table. */
export const schedules = (settings: Settings, run: JobRunners): Schedule[] => [
  { job: 'sync', cron: settings.SYNC_CRON, onFirstStart: true, run: run.sync },
  { job: 'sweep', cron: settings.SWEEP_CRON, onFirstStart: false, run: run.sweep },
  { job: 'tag', cron: TAG_CRON, onFirstStart: true, run: run.tag },
  // a week that waits for a complete sync is looked at again by the retries of its slot
  { job: 'issue', cron: settings.DIGEST_CRON, onFirstStart: true, run: run.issue },
  { job: 'deliver', cron: DELIVER_CRON, onFirstStart: true, run: run.deliver },
];
