import type { JobRun } from '../../model/job-run.js';
import { describeSync } from './describe-sync.js';

const run = (parts: Partial<JobRun>): JobRun => ({
  id: 'r',
  job: 'sync',
  trigger: 'start',
  startedAt: '2026-11-25T03:00:00.000Z',
  finishedAt: null,
  status: 'complete',
  windows: [],
  counted: 0,
  stored: 0,
  updated: 0,
  unchanged: 0,
  excluded: 0,
  missing: 0,
  failed: 0,
  reasons: [],
  requests: { sent: 0, retried: 0 },
  counts: {},
  error: null,
  ...parts,
});
const now = Date.parse('2026-11-25T04:00:00Z');
const nextAt = Date.parse('2026-11-25T04:05:00Z');
const say = (last: JobRun | null, completeAt: number | null = null) => describeSync({ last, completeAt, nextAt, now });

describe('how a sync is told to people', () => {
  it('says before the first one when it comes', () => {
    expect(say(null)).toBe('No sync has run yet. Next try 2026-11-25T04:05:00.000Z.');
  });

  it('says how far a back-fill is', () => {
    expect(say(run({ status: 'running', stored: 3400, counted: 5000, counts: { expected: 30120 } }))).toBe(
      'Back-fill under way: 3,400 of 30,120 records.',
    );
    expect(say(run({ status: 'running', unchanged: 3, counted: 9 }))).toBe('A sync is under way: 3 of 9 records.');
  });

  it('says why one failed and when it is tried again, with one full stop', () => {
    const detail = 'PubMed cannot be reached (connection refused).';
    expect(say(run({ status: 'failed', error: { code: 'ncbi-unreachable', detail } }))).toBe(
      'The last sync failed: PubMed cannot be reached (connection refused). Next try 2026-11-25T04:05:00.000Z.',
    );
    expect(say(run({ status: 'incomplete', failed: 2 }))).toMatch(
      /^The last sync is not complete: 2 records failed\. /,
    );
  });

  it('says when the last complete one is more than a day ago', () => {
    expect(say(run({}), now - 3_600_000)).toBe('The last sync is complete.');
    expect(say(run({}), now - 27 * 3_600_000)).toMatch(/^The last complete sync ended 2026-11-24T01:00:00.000Z\./);
  });
});
