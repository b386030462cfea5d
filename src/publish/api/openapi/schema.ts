/** JSON Schema (2020-12, as OpenAPI 3.1 uses it), and the few words of which the shapes of the API are made. */
export type JsonSchema = { [key: string]: unknown };

export const text: JsonSchema = { type: 'string' };
export const textOrNull: JsonSchema = { type: ['string', 'null'] };
export const count: JsonSchema = { type: 'integer', minimum: 0 };
export const truth: JsonSchema = { type: 'boolean' };
export const instant: JsonSchema = { type: 'string', format: 'date-time' };
export const instantOrNull: JsonSchema = { type: ['string', 'null'], format: 'date-time' };
export const day: JsonSchema = { type: 'string', format: 'date' };
export const pmid: JsonSchema = { type: 'string', pattern: '^[1-9]\\d{0,8}$' };

export const oneOf = (values: readonly string[]): JsonSchema => ({ type: 'string', enum: values });
export const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
/** An object whose member names are data. */
export const mapOf = (values: JsonSchema): JsonSchema => ({ type: 'object', additionalProperties: values });
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
