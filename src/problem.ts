/**
 * Every way in which the program says no, in one list. `status` is the HTTP status of the problem document,
 * `exit` the exit code of a command (1 usage or configuration, 2 done in part), `retryable` whether the same
 * call may succeed later without anybody changing anything.
 */
export const PROBLEMS = {
  // what a caller can mend
  'unknown-parameter': { status: 400, exit: 1, retryable: false, title: 'Unknown parameter' },
  'unknown-value': { status: 400, exit: 1, retryable: false, title: 'Unknown value' },
  'invalid-date': { status: 400, exit: 1, retryable: false, title: 'Invalid date' },
  'invalid-cursor': { status: 400, exit: 1, retryable: false, title: 'Invalid cursor' },
  'query-too-long': { status: 400, exit: 1, retryable: false, title: 'Query too long' },
  'invalid-body': { status: 400, exit: 1, retryable: false, title: 'Invalid body' },
  'not-found': { status: 404, exit: 1, retryable: false, title: 'Not found' },
  'method-not-allowed': { status: 405, exit: 1, retryable: false, title: 'Method not allowed' },
  'not-acceptable': { status: 406, exit: 1, retryable: false, title: 'Not acceptable' },
  'payload-too-large': { status: 413, exit: 1, retryable: false, title: 'Payload too large' },
  'too-many-requests': { status: 429, exit: 2, retryable: true, title: 'Too many requests' },
  unauthorized: { status: 401, exit: 1, retryable: false, title: 'Unauthorized' },
  unavailable: { status: 503, exit: 2, retryable: true, title: 'Unavailable' },
  internal: { status: 500, exit: 2, retryable: false, title: 'Internal error' },
  usage: { status: 400, exit: 1, retryable: false, title: 'Usage' },
  // set-up
  'invalid-settings': { status: 500, exit: 1, retryable: false, title: 'Invalid settings' },
  'invalid-taxonomy': { status: 500, exit: 1, retryable: false, title: 'Invalid taxonomy' },
  'schema-mismatch': { status: 503, exit: 1, retryable: false, title: 'The store has another schema version' },
  'database-unavailable': { status: 503, exit: 2, retryable: true, title: 'The database cannot be used' },
  // claims and runs
  'claim-held': { status: 503, exit: 2, retryable: true, title: 'Held by another process' },
  'claim-lost': { status: 503, exit: 2, retryable: true, title: 'The claim was taken over' },
  aborted: { status: 503, exit: 2, retryable: true, title: 'Stopped' },
  abandoned: { status: 503, exit: 2, retryable: true, title: 'The process ended in the middle' },
  // PubMed
  'ncbi-unreachable': { status: 503, exit: 2, retryable: true, title: 'PubMed cannot be reached' },
  'ncbi-outage': { status: 503, exit: 2, retryable: true, title: 'PubMed answers with an outage' },
  'ncbi-rate-limited': { status: 503, exit: 2, retryable: true, title: 'PubMed asks to slow down' },
  'ncbi-timeout': { status: 503, exit: 2, retryable: true, title: 'PubMed did not answer in time' },
  'ncbi-cut-short': { status: 503, exit: 2, retryable: true, title: 'An answer of PubMed was cut short' },
  'ncbi-unreadable': { status: 503, exit: 2, retryable: true, title: 'An answer of PubMed cannot be read' },
  'ncbi-history-expired': { status: 503, exit: 2, retryable: true, title: 'PubMed dropped the search history' },
  'ncbi-key-invalid': { status: 503, exit: 1, retryable: false, title: 'PubMed refuses NCBI_API_KEY' },
  'ncbi-bad-request': { status: 503, exit: 2, retryable: false, title: 'PubMed refuses the request' },
  'ncbi-field-unknown': { status: 503, exit: 2, retryable: false, title: 'PubMed does not know a search field' },
  'ncbi-ceiling': { status: 503, exit: 2, retryable: false, title: 'A search is past what PubMed lists' },
  // files and records
  'file-unreadable': { status: 400, exit: 2, retryable: false, title: 'A file cannot be read' },
  'file-damaged': { status: 400, exit: 2, retryable: false, title: 'A file is damaged' },
  'record-unreadable': { status: 400, exit: 2, retryable: false, title: 'A record cannot be read' },
} as const satisfies Record<string, { status: number; exit: 0 | 1 | 2; retryable: boolean; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** What was wrong with one parameter, field or setting. `value` is left out where it might be a secret or an address. */
export interface ProblemItem {
  parameter?: string;
  pointer?: string;
  value?: string;
  message: string;
  allowed?: readonly string[];
}

/** The one error class that the program throws on purpose. `message` never holds a secret, a token or an address. */
export class AppError extends Error {
  readonly code: ProblemCode;
  readonly items: readonly ProblemItem[];
  readonly retryable: boolean;
  constructor(code: ProblemCode, message: string, options: { items?: readonly ProblemItem[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.items = options.items ?? [];
    this.retryable = PROBLEMS[code].retryable;
  }
}
