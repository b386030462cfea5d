import { JOBS, OUTCOMES, RUN_STATUSES, TRIGGERS } from '../../../../model/job-run.js';
import { CURSOR, LIMIT } from '../parameters.js';
import { inPath, query, type Area } from '../route.js';
import { count, instant, instantOrNull, listOf, mapOf, object, oneOf, orNull, ref, text } from '../schema.js';

const run = object({
  id: text,
  job: oneOf(JOBS),
  trigger: oneOf(TRIGGERS),
  startedAt: instant,
  finishedAt: instantOrNull,
  status: oneOf(RUN_STATUSES),
  windows: listOf(object({ field: oneOf(['crdt', 'lr', 'mhda', 'uid']), from: text, to: text, counted: count })),
  counted: count,
  ...Object.fromEntries(OUTCOMES.map((outcome) => [outcome, count])),
  reasons: listOf(
    object({
      outcome: oneOf(['excluded', 'missing', 'failed']),
      code: text,
      detail: text,
      count,
      pmids: listOf(text),
    }),
  ),
  requests: object({ sent: count, retried: count }),
  counts: mapOf({ type: 'number' }),
  error: orNull(object({ code: text, detail: text })),
});

/** The ledger of what was fetched. */
export const runs: Area = {
  name: 'Runs',
  description: 'The ledger: for each run, what PubMed counted is accounted for record by record',
  routes: [
    {
      path: '/api/v1/runs',
      id: 'listRuns',
      summary: 'The ledger: runs of all jobs, newest first',
      parameters: [
        query('job', 'Only runs of this job', oneOf(JOBS)),
        query('status', 'Only runs that ended so', oneOf(RUN_STATUSES)),
        LIMIT,
        CURSOR,
      ],
      answer: { data: ref('Run'), list: true },
      problems: [400],
    },
    {
      path: '/api/v1/runs/{id}',
      id: 'getRun',
      summary: 'One run with whole PMID lists',
      parameters: [inPath('id', 'Id of the run', text)],
      answer: { data: ref('Run') },
      problems: [400, 404],
    },
  ],
  schemas: { Run: run },
};
