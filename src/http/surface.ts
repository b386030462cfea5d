import type { FastifyInstance } from 'fastify';

/** Kinds of places, by who comes there; each has manners of its own. */
export const SURFACES = ['api', 'feed', 'page', 'asset', 'docs', 'operation', 'admin', 'token'] as const;
export type Surface = (typeof SURFACES)[number];

interface Manners {
  /** Scripts of other sites may read it (GET and HEAD only). */
  cors: boolean;
  /** `Cache-Control` where the handler says nothing else. */
  cache: string;
  /** ETag and 304. */
  validators: boolean;
  /** Counts against the client's requests a minute. */
  limited: boolean;
}

/**
 * Data change with each sync and are cheap to revalidate: they may be kept, and are asked about each time. Feeds are
 * polled by readers that rarely look at the clock: they are told to wait a little.
 */
export const MANNERS: Readonly<Record<Surface, Manners>> = {
  api: { cors: true, cache: 'public, no-cache', validators: true, limited: true },
  feed: { cors: true, cache: 'public, max-age=300', validators: true, limited: true },
  page: { cors: false, cache: 'public, no-cache', validators: true, limited: true },
  asset: { cors: false, cache: 'public, max-age=3600', validators: true, limited: false },
  docs: { cors: false, cache: 'public, max-age=3600', validators: true, limited: true },
  operation: { cors: false, cache: 'no-store', validators: false, limited: false },
  admin: { cors: false, cache: 'no-store', validators: false, limited: true },
  // whoever knows the address is the reader: it is never stored and never told to another site
  token: { cors: false, cache: 'no-store', validators: false, limited: true },
};

const RULES: readonly (readonly [RegExp, Surface])[] = [
  [/^\/(confirm|preferences|unsubscribe)(\/|$)/i, 'token'],
  [/^\/api\/v1\/admin(\/|$)/i, 'admin'],
  [/^\/api\/docs(\/|$)/i, 'docs'],
  [/^\/api(\/|$)/i, 'api'],
  [/^\/feeds(\/|$)/i, 'feed'],
  [/^\/digests\/[^/]+\.(json|md|txt)$/i, 'api'],
  [/^\/(health|metrics)(\/|$)/i, 'operation'],
  [/^\/(assets\/|favicon|robots\.txt)/i, 'asset'],
];

/** The path of a request target, without its query. */
export const pathOf = (target: string): string => target.split('?', 1)[0] ?? '/';

/** Which kind of place a path is; whatever has no rule is a page. */
export function surfaceOf(target: string): Surface {
  const path = pathOf(target);
  return RULES.find(([pattern]) => pattern.test(path))?.[1] ?? 'page';
}

const KNOWN = Symbol('surface');

declare module 'fastify' {
  interface FastifyRequest {
    /** Which kind of place is asked for. */
    readonly surface: Surface;
    [KNOWN]?: Surface;
  }
}

/** Lets every hook see which kind of place is asked for; it is found out once a request. */
export const knowSurfaces = (fastify: FastifyInstance): void => {
  fastify.decorateRequest('surface', {
    getter() {
      return (this[KNOWN] ??= surfaceOf(this.url));
    },
  });
};
