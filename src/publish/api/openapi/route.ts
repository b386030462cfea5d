import type { JsonSchema } from './schema.js';

/** A parameter, or a reference to one of `components.parameters`. */
export type Parameter =
  | { $ref: string }
  | {
      name: string;
      in: 'query' | 'path';
      required: boolean;
      description: string;
      schema: JsonSchema;
      style?: 'form';
      explode?: boolean;
      example?: unknown;
    };

/** What a route answers when all is well: one of four forms. */
export type Answer =
  /** The envelope: `data` of this schema; `list` = an array of it with a page (`page` = another than the usual one); `total` = beside counts; `filters` = says which filters it used. */
  | { data: JsonSchema; list?: boolean; page?: JsonSchema; total?: boolean; filters?: boolean }
  /** A JSON body without the envelope. */
  | { json: JsonSchema }
  /** Other media types; `schema` only where it says more than "text". */
  | { media: Record<string, JsonSchema> }
  /** No body. */
  | { empty: true };

/** One operation. Cacheable reads, rate limits and server errors are described for every route by themselves. */
export interface Route {
  method?: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As registered, parameters in braces. */
  path: string;
  /** `operationId`: verb + noun, what a generated client's function is called. */
  id: string;
  summary: string;
  description?: string;
  parameters?: readonly Parameter[];
  /** Body that is sent, by media type. */
  body?: Record<string, JsonSchema>;
  answer: Answer;
  /** Status of the answer when all is well; 200 unless said. */
  status?: number;
  /** Further statuses with a body that is no problem document. */
  also?: Record<number, { description: string; json: JsonSchema }>;
  /** Statuses of problem documents besides 429, 500 and 503. */
  problems?: readonly number[];
  /** True: needs the admin token. */
  admin?: boolean;
  /** False: neither ETag nor 304. */
  cacheable?: boolean;
}

/** Routes that belong together, with the shapes that they bring. One file each in `areas/`. */
export interface Area {
  name: string;
  description: string;
  routes: readonly Route[];
  schemas: Readonly<Record<string, JsonSchema>>;
}

export const query = (name: string, description: string, schema: JsonSchema, example?: unknown): Parameter => ({
  name,
  in: 'query',
  required: false,
  description,
  schema,
  ...(example === undefined ? {} : { example }),
});

/** A query parameter without which the route answers 400. */
export const needed = (name: string, description: string, schema: JsonSchema, example?: unknown): Parameter => ({
  name,
  in: 'query',
  required: true,
  description,
  schema,
  ...(example === undefined ? {} : { example }),
});

export const inPath = (name: string, description: string, schema: JsonSchema, example?: unknown): Parameter => ({
  name,
  in: 'path',
  required: true,
  description,
  schema,
  ...(example === undefined ? {} : { example }),
});
