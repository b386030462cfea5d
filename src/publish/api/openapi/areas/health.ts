import { RUN_STATUSES } from '../../../../model/job-run.js';
import type { Area } from '../route.js';
import { count, instantOrNull, listOf, object, oneOf, orNull, ref, text, textOrNull } from '../schema.js';

const health = object({
  status: oneOf(['ok', 'degraded', 'down']),
  version: text,
  database: object({ kind: oneOf(['sqlite', 'postgres']), status: oneOf(['ok', 'down']), detail: textOrNull }),
  schema: text,
  sync: object({
    lastCompleteAt: instantOrNull,
    lastRun: orNull(object({ id: text, status: oneOf(RUN_STATUSES) })),
    nextAt: instantOrNull,
    detail: textOrNull,
  }),
  counts: orNull(object({ papers: count, untagged: count })),
  warnings: listOf(text),
});

/** How the process is, for those who run it. */
export const healthArea: Area = {
  name: 'Operation',
  description: 'How the process is, and this description',
  routes: [
    {
      path: '/health/live',
      id: 'getLiveness',
      summary: 'The process runs',
      answer: { json: object({ status: { const: 'ok' } }) },
      cacheable: false,
    },
    {
      path: '/health/ready',
      id: 'getReadiness',
      summary: 'Whether it can serve, and how fresh it is; 503 when it cannot',
      answer: { json: ref('Health') },
      also: { 503: { description: 'Cannot serve', json: ref('Health') } },
      cacheable: false,
    },
    {
      path: '/metrics',
      id: 'getMetrics',
      summary: 'Figures for Prometheus; without the admin token only from this machine and its private network',
      answer: { media: { 'text/plain': text } },
      problems: [401, 404],
      cacheable: false,
    },
    {
      path: '/api/v1/openapi.json',
      id: 'getOpenApi',
      summary: 'This description',
      answer: { json: { type: 'object' } },
    },
  ],
  schemas: { Health: health },
};
