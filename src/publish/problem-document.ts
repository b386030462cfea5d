import { HttpException } from '@nestjs/common';
import { redact } from '../log.js';
import { AppError, PROBLEMS, type ProblemCode, type ProblemItem } from '../problem.js';

/** RFC 9457 problem document. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  detail: string;
  instance: string;
  requestId: string;
  errors?: readonly ProblemItem[];
}

const BY_STATUS: Record<number, ProblemCode> = {
  400: 'invalid-body',
  401: 'unauthorized',
  404: 'not-found',
  405: 'method-not-allowed',
  406: 'not-acceptable',
  413: 'payload-too-large',
  414: 'query-too-long',
  415: 'invalid-body',
  429: 'too-many-requests',
  431: 'query-too-long',
  503: 'unavailable',
};

/** Codes that callers may read about; of the others only operators do, and callers get `unavailable` or `internal`. */
export const isPublic = (code: ProblemCode): boolean =>
  PROBLEMS[code].status < 500 || code === 'unavailable' || code === 'internal';

const statusOf = (thrown: unknown): number => {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : 500;
};

const INTERNAL_DETAIL = 'Something went wrong here; the log has the details';

/** What was given may be repeated to whoever gave it, but an address or a token never stands in an answer. */
const clean = (item: ProblemItem): ProblemItem =>
  item.value === undefined ? item : { ...item, value: redact(item.value) };

function describe(thrown: unknown, instance: string): Pick<ProblemDocument, 'code' | 'detail' | 'errors'> {
  if (thrown instanceof AppError) {
    if (isPublic(thrown.code))
      return {
        code: thrown.code,
        detail: redact(thrown.message),
        ...(thrown.items.length > 0 ? { errors: thrown.items.map(clean) } : {}),
      };
    const later = thrown.retryable || PROBLEMS[thrown.code].status === 503;
    return later
      ? { code: 'unavailable', detail: 'Try again in a moment' }
      : { code: 'internal', detail: INTERNAL_DETAIL };
  }
  const status = statusOf(thrown);
  const code: ProblemCode = BY_STATUS[status] ?? (status < 500 ? 'invalid-body' : 'internal');
  if (code === 'internal') return { code, detail: INTERNAL_DETAIL };
  if (code === 'not-found') return { code, detail: `There is nothing at ${instance}` };
  return { code, detail: redact(thrown instanceof Error ? thrown.message : PROBLEMS[code].title) };
}

/** Turns whatever was thrown into what the caller may know: never SQL, an address, a token or a stack. */
export function toProblem(thrown: unknown, target: string, requestId: string): ProblemDocument {
  const instance = redact(target.split('?', 1)[0] ?? '/');
  const { code, detail, errors } = describe(thrown, instance);
  const { status, title } = PROBLEMS[code];
  return {
    type: `/problems/${code}`,
    title,
    status,
    code,
    detail,
    instance,
    requestId,
    ...(errors ? { errors } : {}),
  };
}
