import { z } from 'zod';
import { errorAnswer, escapeXml, JSON_TYPE, RECORDS_PROLOG, XML, type Parameters, type Payload } from './answers.js';

/** Ways in which the service fails, as it is known to. */
export const faultSchema = z.strictObject({
  kind: z.enum([
    'http', // `status`, `body`, `type`, `headers`
    'reset', // the connection breaks before an answer
    'hang', // no answer, and after `ms` the connection breaks
    'slow', // the answer comes after `ms`
    'truncate', // the answer ends at the share `at` of its bytes; `chunked`: without telling that more was due
    'stall', // the answer stops at the share `at` of its bytes, and after `ms` the connection breaks
    'short', // a search lists fewer records than it counts
    'empty',
    'html',
    'garbage', // `body`, or the beginning of a record
    'prolog', // what stands before the records, and no records
    'backend', // an error inside a 200: `body`, or the search backend's
    'timeout400',
    'limit200', // the rate limit's body with 200
    'keyInvalid',
  ]),
  /** Only requests to this utility, … */
  util: z.enum(['esearch', 'efetch', 'epost', 'einfo']).optional(),
  /** … that ask for this record, … */
  pmid: z.string().optional(),
  /** … or for more records than this. */
  moreThan: z.number().int().optional(),
  /** Requests that it lets pass first. */
  skip: z.number().int().optional(),
  /** Requests that it hits; without: every one until faults are cleared. */
  times: z.number().int().positive().optional(),
  status: z.number().int().optional(),
  body: z.string().optional(),
  type: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  ms: z.number().optional(),
  at: z.number().optional(),
  chunked: z.boolean().optional(),
  /** Compresses what it then cuts. */
  zipped: z.boolean().optional(),
});
export type Fault = z.infer<typeof faultSchema>;

/** Faults waiting for their request, first come first served. */
export class FaultQueue {
  private faults: Fault[] = [];

  get size(): number {
    return this.faults.length;
  }

  add(faults: readonly Fault[]): void {
    this.faults.push(...faults.map((fault) => ({ ...fault })));
  }

  clear(): void {
    this.faults = [];
  }

  /** The fault that this request meets, or null. */
  take(util: string, parameters: Parameters): Fault | null {
    const ids = (parameters['id'] ?? '').split(',');
    const fault = this.faults.find((candidate) => {
      if (candidate.util !== undefined && candidate.util !== util) return false;
      if (candidate.pmid !== undefined && !ids.includes(candidate.pmid)) return false;
      if (candidate.moreThan !== undefined && ids.length <= candidate.moreThan) return false;
      if (candidate.skip === undefined || candidate.skip === 0) return true;
      candidate.skip--;
      return false;
    });
    if (!fault) return null;
    if (fault.times !== undefined && --fault.times === 0) this.faults.splice(this.faults.indexOf(fault), 1);
    return fault;
  }
}

/** The answer of a fault that answers at all; null where the connection or the true answer is what suffers. */
export function faultyAnswer(fault: Fault, util: string, parameters: Parameters, caller: string): Payload | null {
  const echoed = parameters['api_key'] ?? caller;
  switch (fault.kind) {
    case 'http': {
      const status = fault.status ?? 500;
      const page = `<html><head><title>${status}</title></head><body><h1>Error</h1></body></html>`;
      return { status, type: fault.type ?? 'text/html', body: fault.body ?? page };
    }
    case 'empty':
      return { status: 200, type: XML, body: '' };
    case 'html':
      return {
        status: 200,
        type: 'text/html',
        body: `<!DOCTYPE html><html><head><title>Blocked</title></head><body>Access from ${escapeXml(caller)} is blocked for now.</body></html>`,
      };
    case 'garbage': {
      const half = `${RECORDS_PROLOG}<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>`;
      return { status: 200, type: XML, body: fault.body ?? half };
    }
    case 'prolog':
      return { status: 200, type: XML, body: RECORDS_PROLOG };
    case 'backend':
      return errorAnswer(util, fault.body ?? 'Search Backend failed: Database is not supported: pubmed', parameters);
    case 'timeout400':
      return errorAnswer(
        'efetch',
        ' Error: External viewer error: Empty Response. Bytes read: 0 Status: Timeout',
        {},
        400,
      );
    case 'limit200':
      return rateLimited(200, echoed, 4, 3);
    case 'keyInvalid':
      return keyInvalid(echoed);
    case 'reset':
    case 'hang':
    case 'slow':
    case 'truncate':
    case 'stall':
    case 'short':
      return null;
  }
}

/** The service echoes the caller's key, or without one the caller's address. */
export const rateLimited = (status: number, echoed: string, count: number, limit: number): Payload => ({
  status,
  type: JSON_TYPE,
  body: JSON.stringify({
    error: 'API rate limit exceeded',
    'api-key': echoed,
    count: String(count),
    limit: String(limit),
  }),
});

export const keyInvalid = (echoed: string): Payload => ({
  status: 400,
  type: JSON_TYPE,
  body: JSON.stringify({ error: 'API key invalid', 'api-key': echoed, type: 'invalid', status: 'unknown' }),
});
