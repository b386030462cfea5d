import type { FacetDefinition } from '../../../model/taxonomy.js';
import { VERSION } from '../../../version.js';
import { admin } from './areas/admin.js';
import { changes } from './areas/changes.js';
import { digests } from './areas/digests.js';
import { exports } from './areas/export.js';
import { feeds } from './areas/feeds.js';
import { healthArea } from './areas/health.js';
import { papers } from './areas/papers.js';
import { problem } from './areas/problem.js';
import { runs } from './areas/runs.js';
import { stats } from './areas/stats.js';
import { subscriptions } from './areas/subscriptions.js';
import { sharedParameters } from './parameters.js';
import type { Answer, Area, Route } from './route.js';
import { count, instantOrNull, object, ref, text, textOrNull, type JsonSchema } from './schema.js';

/** In the order of the documentation. A new area is a file in `areas/` and a line here. */
const AREAS: readonly Area[] = [
  papers,
  stats,
  changes,
  digests,
  feeds,
  exports,
  subscriptions,
  runs,
  healthArea,
  admin,
];

const json = (schema: JsonSchema) => ({ 'application/json': { schema } });
const problemContent = { 'application/problem+json': { schema: ref('Problem') } };

/** Titles of the problem answers that any route may give. */
const PROBLEM_TEXTS: Record<number, string> = {
  400: 'Something in the request is wrong; `errors` says what and what is allowed',
  401: 'The token is missing or wrong',
  404: 'There is nothing here',
  406: 'None of the media types that the client accepts',
  413: 'The body is too large',
  429: 'Too many requests; `Retry-After` says how many seconds to wait',
  500: 'An error of ours; quote `requestId`',
  503: 'Not now; `Retry-After` says when',
};

/** The envelope around `data`. */
function enveloped({ data, list, page, total, filters }: Extract<Answer, { data: JsonSchema }>): JsonSchema {
  const usual = { ...object({ next: textOrNull, total: count }), required: ['next'] };
  return {
    type: 'object',
    required: [
      'data',
      'asOf',
      'attribution',
      ...(list ? ['page'] : []),
      ...(total ? ['total'] : []),
      ...(filters ? ['filters'] : []),
    ],
    properties: {
      data: list ? { type: 'array', items: data } : data,
      ...(list ? { page: page ?? usual } : {}),
      ...(total ? { total: { ...count, description: 'Papers under the filters' } } : {}),
      ...(filters ? { filters: { type: 'object', description: 'The filters as they were understood' } } : {}),
      asOf: { ...instantOrNull, description: 'End of the last complete sync' },
      attribution: text,
    },
    additionalProperties: false,
  };
}

function contentOf(answer: Answer): JsonSchema | undefined {
  if ('data' in answer) return json(enveloped(answer));
  if ('json' in answer) return json(answer.json);
  if ('media' in answer)
    return Object.fromEntries(Object.entries(answer.media).map(([type, schema]) => [type, { schema }]));
  return undefined;
}

const header = (name: string) => ({ $ref: `#/components/headers/${name}` });

function operation(area: Area, route: Route): JsonSchema {
  const cacheable = (route.method ?? 'get') === 'get' && route.cacheable !== false && !route.admin;
  const content = contentOf(route.answer);
  const statuses = [...(route.problems ?? []), ...(route.admin ? [401, 404] : []), 429, 500, 503];
  return {
    tags: [area.name],
    operationId: route.id,
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    ...(route.parameters && route.parameters.length > 0 ? { parameters: route.parameters } : {}),
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: Object.fromEntries(Object.entries(route.body).map(([type, schema]) => [type, { schema }])),
          },
        }
      : {}),
    ...(route.admin ? { security: [{ adminToken: [] }] } : {}),
    responses: {
      [route.status ?? 200]: {
        description: 'OK',
        ...(cacheable ? { headers: { ETag: header('ETag'), 'Cache-Control': header('Cache-Control') } } : {}),
        ...(content ? { content } : {}),
      },
      ...(cacheable ? { 304: { description: 'As you have it: `If-None-Match` names the current ETag' } } : {}),
      ...Object.fromEntries(
        statuses.map((status) => [
          status,
          {
            description: PROBLEM_TEXTS[status] ?? 'Problem',
            ...(status === 429 || status === 503 ? { headers: { 'Retry-After': header('Retry-After') } } : {}),
            content: problemContent,
          },
        ]),
      ),
      ...Object.fromEntries(
        Object.entries(route.also ?? {}).map(([status, also]) => [
          status,
          { description: also.description, content: { ...json(also.json) } },
        ]),
      ),
    },
  };
}

/** Operations by path and method. @throws Error when two areas describe the same operation */
function pathsOf(areas: readonly Area[]): Record<string, JsonSchema> {
  const paths: Record<string, JsonSchema> = {};
  for (const area of areas)
    for (const route of area.routes) {
      const method = route.method ?? 'get';
      const path = (paths[route.path] ??= {});
      if (path[method]) throw new Error(`${method} ${route.path} is described twice`);
      path[method] = operation(area, route);
    }
  return paths;
}

/** `components.schemas`: each name belongs to one area. */
function schemasOf(areas: readonly Area[]): Record<string, JsonSchema> {
  const schemas: Record<string, JsonSchema> = {};
  for (const [name, schema] of areas.flatMap((area) => Object.entries(area.schemas))) {
    if (schemas[name]) throw new Error(`the schema ${name} is described twice`);
    schemas[name] = schema;
  }
  return { ...schemas, Problem: problem };
}

/**
 * The OpenAPI 3.1 description as an object. `facets` are those of the taxonomy in use: their values are described in
 * words, not as enumerations, so that a client made for one drug still reads another's.
 */
export function openApi(facets: readonly FacetDefinition[]): JsonSchema {
  const areas = AREAS.filter((area) => area.routes.length > 0);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Literature tracker',
      version: VERSION,
      description:
        'Papers, tags with their evidence, digests, and the ledger of what was fetched. Courtesy of the U.S. National Library of Medicine. Not medical advice.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: areas.map(({ name, description }) => ({ name, description })),
    paths: pathsOf(areas),
    components: {
      schemas: schemasOf(areas),
      parameters: sharedParameters(facets),
      headers: {
        ETag: { description: 'Changes with the content', schema: text },
        'Cache-Control': { description: 'How long the answer may be kept', schema: text },
        'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer', minimum: 0 } },
      },
      securitySchemes: { adminToken: { type: 'http', scheme: 'bearer', description: 'The setting ADMIN_TOKEN' } },
    },
  };
}

/** The text of docs/openapi.json. */
export const renderOpenApi = (facets: readonly FacetDefinition[]): string =>
  `${JSON.stringify(openApi(facets), null, 2)}\n`;
