import type { ProblemCode } from '../../problem.js';

/** What a code means and what whoever gets it can do; every code that an answer may carry. */
export const PROBLEM_TEXTS = {
  'unknown-parameter': {
    what: 'The query names a parameter that this address does not have.',
    do: 'Compare the names in `errors` with those in `allowed`; the API description lists them for every address. An empty value is ignored, a misspelt name never is: a filter that silently does nothing would give wrong counts.',
  },
  'unknown-value': {
    what: 'A parameter has a value that it cannot have.',
    do: 'Each entry of `errors` names the parameter, the value and, where they can be listed, the allowed ones. Values of facets are those of /api/v1/taxonomy. A % in an address is written %25.',
  },
  'invalid-date': {
    what: 'A date does not exist or is written in another way.',
    do: 'Write dates as YYYY-MM-DD, and from before to.',
  },
  'invalid-cursor': {
    what: 'The cursor was not given by this list with these filters.',
    do: 'Take `page.next` as it is, and keep all other parameters the same from page to page. Else begin again without a cursor.',
  },
  'query-too-long': {
    what: 'The query, or one part of it, is longer than is read here.',
    do: 'Ask for less at a time; for everything there is /api/v1/export.',
  },
  'invalid-body': {
    what: 'What was sent cannot be read, or breaks a rule.',
    do: 'Each entry of `errors` points into the body (JSON Pointer). Send JSON as application/json.',
  },
  'not-found': {
    what: 'There is nothing at this address.',
    do: 'A paper may not be tracked here, a week may lie ahead, a link from a mail may have been used or be too old.',
  },
  'method-not-allowed': {
    what: 'There is something at this address, but it does not take this method.',
    do: 'The `Allow` header lists the methods.',
  },
  'not-acceptable': {
    what: 'None of the media types in `Accept` can be served here.',
    do: 'Ask for application/json or for */*; digests and exports choose their format by extension or parameter.',
  },
  'payload-too-large': { what: 'The body is larger than is read here.', do: 'Bodies have at most 64 kB.' },
  'too-many-requests': {
    what: 'One client has made more requests in a minute than it may.',
    do: 'Wait as many seconds as `Retry-After` says. Answers with 304 count too; one export replaces many pages.',
  },
  unauthorized: {
    what: 'This address is for those who run the service, and the token is missing or wrong.',
    do: 'Send `Authorization: Bearer` with the value of ADMIN_TOKEN.',
  },
  unavailable: {
    what: 'The service cannot answer at this moment: it is starting, stopping, or its database does not answer.',
    do: 'Try again after `Retry-After` seconds. /health/ready says more.',
  },
  internal: {
    what: 'An error of ours.',
    do: 'The log has the details under the `requestId`; please report it with that.',
  },
  usage: { what: 'The request does not make sense as it is.', do: 'Read `detail`.' },
} as const satisfies Partial<Record<ProblemCode, { what: string; do: string }>>;

export const isExplained = (code: string): code is keyof typeof PROBLEM_TEXTS => Object.hasOwn(PROBLEM_TEXTS, code);
