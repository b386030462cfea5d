import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { redact, type Log } from '../log.js';
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
  405: 'not-found',
  406: 'not-acceptable',
  413: 'payload-too-large',
  414: 'query-too-long',
  415: 'invalid-body',
  429: 'too-many-requests',
  503: 'unavailable',
};

/** Codes that only operators should read about; callers get `unavailable` or `internal`. */
const isPublic = (code: ProblemCode) => PROBLEMS[code].status < 500 || code === 'unavailable' || code === 'internal';

const statusOf = (thrown: unknown): number | null => {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : null;
};

/** Turns whatever was thrown into what the caller may know: never SQL, an address, a token or a stack. */
export function toProblem(thrown: unknown, path: string, requestId: string): ProblemDocument {
  const instance = redact(path.split('?')[0] ?? '/');
  if (thrown instanceof AppError) {
    const code: ProblemCode = isPublic(thrown.code)
      ? thrown.code
      : thrown.retryable
        ? 'unavailable'
        : PROBLEMS[thrown.code].status === 503
          ? 'unavailable'
          : 'internal';
    const shown = code === thrown.code;
    const { status, title } = PROBLEMS[code];
    const detail = shown
      ? redact(thrown.message)
      : code === 'unavailable'
        ? 'Try again in a moment'
        : 'Something went wrong here; the log has the details';
    return {
      type: `/problems/${code}`,
      title,
      status,
      code,
      detail,
      instance,
      requestId,
      ...(shown && thrown.items.length > 0 ? { errors: thrown.items } : {}),
    };
  }
  const status = statusOf(thrown) ?? 500;
  const code: ProblemCode = BY_STATUS[status] ?? (status < 500 ? 'invalid-body' : 'internal');
  const detail =
    status === 404
      ? `There is nothing at ${instance}`
      : code === 'internal'
        ? 'Something went wrong here; the log has the details'
        : redact(thrown instanceof Error ? thrown.message : PROBLEMS[code].title);
  return {
    type: `/problems/${code}`,
    title: PROBLEMS[code].title,
    status: PROBLEMS[code].status,
    code,
    detail,
    instance,
    requestId,
  };
}

/** The one place where errors become HTTP answers. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = toProblem(thrown, request.url, request.id);
    if (problem.status >= 500) {
      const cause = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.log.error('request failed', {
        code: thrown instanceof AppError ? thrown.code : 'internal',
        error: cause.message,
        stack: cause.stack ?? null,
      });
    }
    if (reply.sent) return;
    if (problem.status === 503) void reply.header('Retry-After', '10');
    void reply
      .status(problem.status)
      .header('Content-Type', 'application/problem+json; charset=utf-8')
      .header('Cache-Control', 'no-store')
      .send(JSON.stringify(problem));
  }
}
