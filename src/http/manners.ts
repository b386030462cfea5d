import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../problem.js';
import { wish } from '../publish/accept.js';
import type { Headers } from './security.js';
import { MANNERS, pathOf, SURFACES, type Surface } from './surface.js';
import { etagOf, isFresh, weakened } from './validators.js';

/** What scripts of other sites may read besides the body. */
const EXPOSED = 'ETag, Last-Modified, Link, Content-Disposition, Retry-After, X-Request-Id, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset'; // prettier-ignore

export const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD';

/** Addresses that name their format, or that choose it by `Accept` themselves; all others of the API are JSON. */
const OTHER_FORMATS = /^\/api\/v1\/(export|openapi\.json|digests\/)/;

/** @throws AppError `not-acceptable` where a client of the API takes no JSON */
export function checkAccept(request: FastifyRequest): void {
  if (request.surface !== 'api' || !isRead(request.method) || !request.url.startsWith('/api/v1/')) return;
  const { accept } = request.headers;
  if (accept === undefined || accept === '*/*' || OTHER_FORMATS.test(pathOf(request.url))) return;
  if (wish(accept, 'application/json') === 0)
    throw new AppError('not-acceptable', 'This is served as application/json; ask for that or for */*');
}

/** Headers that depend on the kind of place alone, for answers to reading and to everything else. */
export interface Greeting {
  read: Headers;
  other: Headers;
}

/** What every answer of each kind of place carries, made once. */
export function greetings(security: Headers): Readonly<Record<Surface, Greeting>> {
  const greeting = (surface: Surface): Greeting => {
    const { cors, cache } = MANNERS[surface];
    const other = {
      ...security,
      'cache-control': cache,
      'cross-origin-resource-policy': cors ? 'cross-origin' : 'same-origin',
    };
    return {
      read: cors ? { ...other, 'access-control-allow-origin': '*', 'access-control-expose-headers': EXPOSED } : other,
      other,
    };
  };
  return Object.fromEntries(SURFACES.map((surface) => [surface, greeting(surface)])) as Record<Surface, Greeting>;
}

/** Answers `OPTIONS`: to a preflight of another site's script where that may read, else with the methods alone. */
export function answerOptions(request: FastifyRequest, reply: FastifyReply, methods: readonly string[]): void {
  void reply.header('Allow', [...methods, 'OPTIONS'].join(', '));
  if (MANNERS[request.surface].cors && methods.includes('GET')) {
    void reply.header('Access-Control-Allow-Origin', '*');
    void reply.header('Access-Control-Allow-Methods', 'GET, HEAD, OPTIONS');
    void reply.header('Access-Control-Allow-Headers', 'Accept, If-None-Match, If-Modified-Since');
    void reply.header('Access-Control-Max-Age', '86400');
  }
  void reply.status(204).send();
}

const headerText = (reply: FastifyReply, name: string): string | null => {
  const value = reply.getHeader(name);
  return typeof value === 'string' ? value : null;
};

const destroy = (payload: unknown): void => {
  const stream = payload as { destroy?: () => void } | null;
  if (typeof stream?.destroy === 'function') stream.destroy();
};

/**
 * Before an answer goes out: gives it an ETag made from its content, unless its handler gave it one (streams have to,
 * or go without), and sends 304 instead to a client that has it. Runs before compression, on the plain content.
 */
export function validate(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  if (reply.statusCode !== 200 || !isRead(request.method)) return payload;
  if (!MANNERS[request.surface].validators || /no-store/.test(headerText(reply, 'Cache-Control') ?? '')) return payload;
  let etag = headerText(reply, 'ETag');
  if (etag === null && (typeof payload === 'string' || Buffer.isBuffer(payload))) etag = etagOf(payload);
  if (etag !== null) {
    if (/\b(br|gzip|deflate|zstd)\b/.test(String(request.headers['accept-encoding'] ?? ''))) etag = weakened(etag);
    void reply.header('ETag', etag);
  }
  if (!isFresh(request.headers, etag, headerText(reply, 'Last-Modified'))) return payload;
  destroy(payload);
  for (const name of ['Content-Type', 'Content-Length', 'Content-Disposition']) void reply.removeHeader(name);
  void reply.status(304);
  return '';
}

/** 304 has no length of its own (RFC 9110, 8.6). */
export function dropLength(
  _request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
): void {
  if (reply.statusCode === 304) void reply.removeHeader('Content-Length');
  done(null, payload);
}
