import { JOBS, RUN_STATUSES } from '../../model/job-run.js';
import { VERSION } from '../../version.js';
import { ref, SCHEMAS, text, textOrNull, type JsonSchema } from './schemas.js';

interface Parameter {
  name: string;
  in: 'query' | 'path';
  description: string;
  schema: JsonSchema;
}

interface Route {
  path: string;
  summary: string;
  parameters?: Parameter[];
  /** Name of the schema in `data`; `list` = an array of it with a page. */
  data?: { schema: JsonSchema; list: boolean };
  /** The whole body, where it has no envelope. */
  body?: JsonSchema;
  statuses: number[];
}

const query = (name: string, description: string, schema: JsonSchema): Parameter => ({
  name,
  in: 'query',
  description,
  schema,
});
const LIMIT = query('limit', 'How many, 1–100', { type: 'integer', minimum: 1, maximum: 100, default: 20 });
const CURSOR = query('cursor', 'The `page.next` of the page before; absent for the first', text);

/** Every route under /api/v1 and /health, in the order of the documentation. */
const ROUTES: Route[] = [
  {
    path: '/api/v1/papers',
    summary: 'Papers, newest first',
    parameters: [LIMIT, CURSOR],
    data: { schema: ref('Paper'), list: true },
    statuses: [400],
  },
  {
    path: '/api/v1/papers/{pmid}',
    summary: 'One paper with evidence and revisions',
    parameters: [{ name: 'pmid', in: 'path', description: 'PubMed identifier', schema: text }],
    data: { schema: ref('PaperDetail'), list: false },
    statuses: [400, 404],
  },
  {
    path: '/api/v1/runs',
    summary: 'The ledger: runs of all jobs, newest first',
    parameters: [
      query('job', 'Only runs of this job', { enum: JOBS }),
      query('status', 'Only runs that ended so', { enum: RUN_STATUSES }),
      LIMIT,
      CURSOR,
    ],
    data: { schema: ref('Run'), list: true },
    statuses: [400],
  },
  {
    path: '/api/v1/runs/{id}',
    summary: 'One run with whole PMID lists',
    parameters: [{ name: 'id', in: 'path', description: 'Id of the run', schema: text }],
    data: { schema: ref('Run'), list: false },
    statuses: [400, 404],
  },
  {
    path: '/health/live',
    summary: 'The process runs',
    body: {
      type: 'object',
      required: ['status'],
      properties: { status: { const: 'ok' } },
      additionalProperties: false,
    },
    statuses: [],
  },
  {
    path: '/health/ready',
    summary: 'Whether it can serve, and how fresh it is; 503 when it cannot',
    body: ref('Health'),
    statuses: [],
  },
];

const json = (schema: JsonSchema) => ({ 'application/json': { schema } });

function enveloped({ schema, list }: NonNullable<Route['data']>): JsonSchema {
  return {
    type: 'object',
    required: ['data', 'asOf', 'attribution', ...(list ? ['page'] : [])],
    properties: {
      data: list ? { type: 'array', items: schema } : schema,
      ...(list
        ? {
            page: {
              type: 'object',
              required: ['next'],
              properties: { next: textOrNull, total: { type: 'integer' } },
              additionalProperties: false,
            },
          }
        : {}),
      asOf: { type: ['string', 'null'], format: 'date-time', description: 'End of the last complete sync' },
      attribution: text,
    },
    additionalProperties: false,
  };
}

/** The OpenAPI 3.1 description as an object. */
export function openApi(): JsonSchema {
  const paths: Record<string, JsonSchema> = {};
  for (const route of ROUTES) {
    const problems = Object.fromEntries(
      [...route.statuses, 429, 500, 503].map((status) => [
        status,
        { description: 'Problem', content: { 'application/problem+json': { schema: ref('Problem') } } },
      ]),
    );
    const body = route.data ? enveloped(route.data) : (route.body ?? {});
    paths[route.path] = {
      get: {
        summary: route.summary,
        operationId: `get${route.path.replace(/\{(\w+)\}/g, 'by-$1').replace(/(?:^|[^a-z0-9]+)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())}`,
        ...(route.parameters
          ? { parameters: route.parameters.map((parameter) => ({ ...parameter, required: parameter.in === 'path' })) }
          : {}),
        responses: {
          ...problems,
          ...(route.path === '/health/ready' ? { 503: { description: 'Cannot serve', content: json(body) } } : {}),
          200: { description: 'OK', content: json(body) },
        },
      },
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Literature tracker',
      version: VERSION,
      description:
        'Papers, tags with their evidence, and the ledger of what was fetched. Courtesy of the U.S. National Library of Medicine. Not medical advice.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: { schemas: SCHEMAS },
  };
}

/** The text of docs/openapi.json. */
export const renderOpenApi = (): string => `${JSON.stringify(openApi(), null, 2)}\n`;
