import { JOBS, OUTCOMES, RUN_STATUSES, TRIGGERS } from '../../model/job-run.js';
import { FACETS, SINGLE_FACETS } from '../../model/tag.js';
import { PROBLEMS } from '../../problem.js';

/** JSON Schema (2020-12, as OpenAPI 3.1 uses it). */
export type JsonSchema = { [key: string]: unknown };

export const text: JsonSchema = { type: 'string' };
export const textOrNull: JsonSchema = { type: ['string', 'null'] };
export const count: JsonSchema = { type: 'integer', minimum: 0 };
export const truth: JsonSchema = { type: 'boolean' };
export const instant: JsonSchema = { type: 'string', format: 'date-time' };
export const instantOrNull: JsonSchema = { type: ['string', 'null'], format: 'date-time' };
export const day: JsonSchema = { type: 'string', format: 'date' };

export const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
export const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
export const orNull = (schema: JsonSchema): JsonSchema => ({ oneOf: [schema, { type: 'null' }] });

/** An object of which every member is always there, and no others. */
export const object = (properties: Record<string, JsonSchema>, description?: string): JsonSchema => ({
  type: 'object',
  ...(description ? { description } : {}),
  required: Object.keys(properties),
  properties,
  additionalProperties: false,
});

const tags = object(
  Object.fromEntries(
    FACETS.map((facet) => [facet, (SINGLE_FACETS as readonly string[]).includes(facet) ? textOrNull : listOf(text)]),
  ),
  'Tags by facet; relevance null = not yet tagged',
);

const span = object({
  field: {
    enum: [
      'title',
      'vernacularTitle',
      'abstract',
      'otherAbstracts',
      'keywords',
      'mesh',
      'publicationTypes',
      'substances',
    ],
  },
  index: { type: 'integer', minimum: 0, description: 'Place in that array; 0 for titles' },
  start: { type: 'integer', minimum: 0, description: 'UTF-16 offset' },
  end: { type: 'integer', minimum: 0 },
  text,
  rule: text,
});

const facts = object({
  participants: orNull(object({ value: count, unit: { enum: ['participants', 'animals'] } })),
  doses: listOf(object({ text, value: { type: 'number' }, unit: text, route: textOrNull })),
  comparator: textOrNull,
  trials: listOf(text),
  finding: textOrNull,
});

const paper = {
  pmid: { type: 'string', pattern: '^[1-9]\\d{0,8}$' },
  version: { type: 'integer', minimum: 1 },
  title: text,
  vernacularTitle: textOrNull,
  abstract: listOf(object({ label: textOrNull, text })),
  otherAbstracts: listOf(object({ language: textOrNull, type: text, label: textOrNull, text })),
  authors: listOf(
    object({
      name: text,
      given: textOrNull,
      family: textOrNull,
      initials: textOrNull,
      orcid: textOrNull,
      collective: truth,
      affiliations: listOf(text),
    }),
  ),
  journal: object({
    title: text,
    iso: textOrNull,
    issn: textOrNull,
    volume: textOrNull,
    issue: textOrNull,
    pages: textOrNull,
  }),
  published: object({ text, date: { type: ['string', 'null'], description: '2024, 2024-07 or 2024-07-15' } }),
  added: { ...day, description: 'Create date in PubMed ([crdt])' },
  listedAt: { ...instant, description: 'When it became visible here' },
  late: truth,
  doi: textOrNull,
  pmcid: textOrNull,
  language: listOf(text),
  publicationTypes: listOf(text),
  substances: listOf(text),
  mesh: listOf(object({ ui: text, name: text, major: truth, qualifiers: listOf(text) })),
  keywords: listOf(text),
  tags: ref('Tags'),
  facts: ref('Facts'),
  status: object({ retracted: truth, concern: truth, corrected: truth, updated: truth, preprint: truth, gone: truth }),
  related: listOf(object({ type: text, pmid: textOrNull, text })),
  links: object({ pubmed: textOrNull, doi: textOrNull, fullText: textOrNull }),
} satisfies Record<string, JsonSchema>;

const run = object({
  id: text,
  job: { enum: JOBS },
  trigger: { enum: TRIGGERS },
  startedAt: instant,
  finishedAt: instantOrNull,
  status: { enum: RUN_STATUSES },
  windows: listOf(object({ field: { enum: ['crdt', 'lr', 'mhda', 'uid'] }, from: text, to: text, counted: count })),
  counted: count,
  ...Object.fromEntries(OUTCOMES.map((outcome) => [outcome, count])),
  reasons: listOf(
    object({
      outcome: { enum: ['excluded', 'missing', 'failed'] },
      code: text,
      detail: text,
      count,
      pmids: listOf(text),
    }),
  ),
  requests: object({ sent: count, retried: count }),
  counts: { type: 'object', additionalProperties: { type: 'number' } },
  error: orNull(object({ code: text, detail: text })),
});

const health = object({
  status: { enum: ['ok', 'degraded', 'down'] },
  version: text,
  database: object({ kind: { enum: ['sqlite', 'postgres'] }, status: { enum: ['ok', 'down'] }, detail: textOrNull }),
  schema: text,
  sync: object({
    lastCompleteAt: instantOrNull,
    lastRun: orNull(object({ id: text, status: { enum: RUN_STATUSES } })),
    nextAt: instantOrNull,
    detail: textOrNull,
  }),
  counts: orNull(object({ papers: count, untagged: count })),
  warnings: listOf(text),
});

const problem: JsonSchema = {
  type: 'object',
  description: 'RFC 9457 problem',
  required: ['type', 'title', 'status', 'code', 'detail', 'instance', 'requestId'],
  properties: {
    type: text,
    title: text,
    status: { type: 'integer' },
    code: { enum: Object.keys(PROBLEMS) },
    detail: text,
    instance: text,
    requestId: text,
    errors: listOf({
      type: 'object',
      required: ['message'],
      properties: { parameter: text, pointer: text, value: text, message: text, allowed: listOf(text) },
      additionalProperties: false,
    }),
  },
  additionalProperties: false,
};

/** `components.schemas` of the API description. */
export const SCHEMAS: Record<string, JsonSchema> = {
  Tags: tags,
  Span: span,
  Facts: facts,
  Paper: object(paper),
  PaperDetail: object({
    ...paper,
    evidence: listOf(
      object({
        facet: { enum: FACETS },
        tag: text,
        confidence: { type: 'number', minimum: 0, maximum: 1 },
        spans: listOf(ref('Span')),
      }),
    ),
    factEvidence: listOf(object({ fact: text, spans: listOf(ref('Span')) })),
    revisions: listOf(
      object({ at: instant, source: { enum: ['sync', 'sweep', 'import', 'tagging'] }, changed: listOf(text) }),
    ),
  }),
  Run: run,
  Health: health,
  Problem: problem,
};
