import { CORRECTION_KINDS } from '../../../../model/issue.js';
import { CURSOR, FILTERS, LIMIT } from '../parameters.js';
import { inPath, type Area } from '../route.js';
import {
  count,
  day,
  instant,
  instantOrNull,
  listOf,
  mapOf,
  object,
  oneOf,
  orNull,
  ref,
  text,
  textOrNull,
  truth,
} from '../schema.js';
import { paperMembers } from './papers.js';

const week = { type: 'string', description: 'ISO week, 2026-W47', pattern: '^\\d{4}-W\\d{2}$' };
const state = oneOf(['open', 'issued', 'retrospective']);
const counts = object({
  papers: count,
  late: count,
  corrections: count,
  usual: orNull(object({ median: { type: 'number' }, weeks: count })),
  byStudy: mapOf(count),
});

/** What would weigh a digest down is left out. */
const light = Object.fromEntries(
  Object.entries(paperMembers).filter(([name]) => name !== 'abstract' && name !== 'mesh'),
);

/** What was new in a week. */
export const digests: Area = {
  name: 'Digests',
  description: 'What was new in a week',
  routes: [
    {
      path: '/api/v1/digests',
      id: 'listDigests',
      summary: 'Weeks, newest first, with what they hold in figures',
      parameters: [LIMIT, CURSOR, ...FILTERS],
      answer: { data: ref('DigestHead'), list: true, filters: true },
      problems: [400],
    },
    {
      path: '/api/v1/digests/{week}',
      id: 'getDigest',
      summary: 'The digest of a week under filters',
      description:
        '`open` while the week lasts, `issued` with what it was issued with (only `status` is of today), `retrospective` before the tracker reported news. As a page, Markdown or plain text by `Accept` or by an extension: `2026-W47.md`.',
      parameters: [inPath('week', 'ISO week, `latest` (the last issue) or `current`', text, 'latest'), ...FILTERS],
      answer: { data: ref('Digest'), filters: true },
      problems: [400, 404, 406],
    },
  ],
  schemas: {
    DigestHead: object({
      week,
      from: day,
      to: day,
      state,
      issuedAt: instantOrNull,
      complete: truth,
      counts,
      links: object({ json: text, html: text, md: text, txt: text }),
    }),
    DigestPaper: object(light),
    Digest: object({
      week,
      from: day,
      to: day,
      timeZone: text,
      state,
      issuedAt: instantOrNull,
      complete: truth,
      completeThrough: orNull(day),
      taxonomyVersion: text,
      summary: text,
      counts,
      highlights: listOf(text),
      sections: listOf(
        object({
          facet: oneOf(['condition', 'direction', 'other']),
          value: text,
          label: text,
          groups: listOf(object({ direction: textOrNull, pmids: listOf(text) })),
          seeAlso: listOf(text),
        }),
      ),
      papers: listOf(ref('DigestPaper')),
      corrections: listOf(
        object({
          kind: oneOf(CORRECTION_KINDS),
          pmid: text,
          title: text,
          noticePmid: textOrNull,
          seenAt: instant,
          issue: orNull(week),
        }),
      ),
      disclaimer: text,
    }),
  },
};
