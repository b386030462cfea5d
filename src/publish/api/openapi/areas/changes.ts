import { CHANGE_KINDS } from '../../../../library/describe-change.js';
import { FILTERS } from '../parameters.js';
import { query, type Area } from '../route.js';
import { instant, object, oneOf, pmid, ref, text, truth } from '../schema.js';

/** What changed since a cursor, so that a mirror stays exact. */
export const changes: Area = {
  name: 'Changes',
  description: 'What changed since a cursor, so that a mirror stays exact',
  routes: [
    {
      path: '/api/v1/changes',
      id: 'listChanges',
      summary: 'What changed behind a cursor, oldest first',
      description:
        'Begin without `since` (or with `now` after an export), go on with `page.next`, which is never null, and at once while `page.more`. Of each paper that is `listed` read the paper again, any other one drop: the copy then equals `GET /papers` with the same filters. `gone` = no longer in PubMed (then still listed, with `status.gone`), or no longer under the filters.',
      parameters: [
        query('since', 'The `page.next` of the answer before; `now` = only what comes; absent = everything', text),
        query('limit', 'How many, 1–1000', { type: 'integer', minimum: 1, maximum: 1000, default: 100 }),
        ...FILTERS,
      ],
      answer: { data: ref('Change'), list: true, page: object({ next: text, more: truth }), filters: true },
      problems: [400],
      cacheable: true,
    },
  ],
  schemas: {
    Change: object({ pmid, change: oneOf(CHANGE_KINDS), at: instant, listed: truth }),
  },
};
