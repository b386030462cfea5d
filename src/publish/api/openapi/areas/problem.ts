import { PROBLEMS } from '../../../../problem.js';
import { listOf, oneOf, text, type JsonSchema } from '../schema.js';

/** RFC 9457, the one shape of every error. */
export const problem: JsonSchema = {
  type: 'object',
  description: 'RFC 9457 problem; `type` leads to a page that explains the code',
  required: ['type', 'title', 'status', 'code', 'detail', 'instance', 'requestId'],
  properties: {
    type: text,
    title: text,
    status: { type: 'integer' },
    code: oneOf(Object.keys(PROBLEMS)),
    detail: text,
    instance: text,
    requestId: text,
    errors: listOf({
      type: 'object',
      description: 'What was wrong with one parameter, or with the place in the body that `pointer` names',
      required: ['message'],
      properties: { parameter: text, pointer: text, value: text, message: text, allowed: listOf(text) },
      additionalProperties: false,
    }),
  },
  additionalProperties: false,
};
