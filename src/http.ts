import compress from '@fastify/compress';
import rateLimit from '@fastify/rate-limit';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import { AppModule, type Stopping } from './app.module.js';
import type { Boot } from './boot.js';
import type { Settings } from './config/settings.js';
import { isCompressible } from './http/compressible.js';
import { BODY_LIMIT, checkTarget, HEADER_LIMIT, IDLE_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from './http/limits.js';
import { answerOptions, checkAccept, dropLength, greetings, isRead, validate } from './http/manners.js';
import { problemPage } from './http/problem-page.js';
import { LastChange, showsPapers } from './http/last-change.js';
import { refuseSocket, refuseTarget } from './http/refuse.js';
import { RouteTable } from './http/route-table.js';
import { securityHeaders } from './http/security.js';
import { knowSurfaces, MANNERS, pathOf } from './http/surface.js';
import { withLogFields } from './log.js';
import { AppError } from './problem.js';
import { Metrics } from './publish/metrics/metrics.js';
import { SiteReader } from './publish/site.js';
import { PapersStore } from './store/papers.store.js';
import { RunsStore } from './store/runs.store.js';

/** Fastify's form of `TRUST_PROXY`; a number of hops counts from this server outwards. */
function trustedProxies(
  proxies: Settings['TRUST_PROXY'],
): false | string[] | ((address: string, hop: number) => boolean) {
  if (proxies === false) return false;
  return typeof proxies === 'number' ? (_address, hop) => hop < proxies : [...proxies];
}

/** Everything that holds for each request, in this order: id, headers, limits, what nobody answers. */
async function addManners(app: NestFastifyApplication, boot: Boot, stopping: Stopping): Promise<void> {
  const { settings, log, clock } = boot;
  const fastify = app.getHttpAdapter().getInstance();
  const routes = new RouteTable();
  fastify.addHook('onRoute', (route) => {
    routes.add(route.method, route.url);
    // Fastify counts the body of a HEAD as it is by then: of a 304 it is nothing, which is not what GET would send
    if (route.method === 'HEAD') route.onSend = [...[route.onSend ?? []].flat(), dropLength];
  });

  // everything that happens for a request is logged with its id
  knowSurfaces(fastify);
  const greeting = greetings(securityHeaders(settings.PUBLIC_URL));
  fastify.addHook('onRequest', (request, reply, done) => {
    const { read, other } = greeting[request.surface];
    void reply.headers(isRead(request.method) ? read : other).header('x-request-id', request.id);
    withLogFields({ requestId: request.id }, done);
  });

  if (settings.RATE_LIMIT > 0) {
    await fastify.register(rateLimit, {
      global: false,
      max: settings.RATE_LIMIT,
      timeWindow: 60_000,
      enableDraftSpec: true,
      errorResponseBuilder: (_request, { ttl }) =>
        new AppError(
          'too-many-requests',
          `At most ${settings.RATE_LIMIT} requests a minute; go on in ${Math.ceil(ttl / 1000)} seconds`,
        ),
    });
    const limit = fastify.rateLimit();
    fastify.addHook('onRequest', async function (request, reply) {
      if (MANNERS[request.surface].limited) await limit.call(this, request, reply);
    });
  }

  fastify.addHook('onRequest', (request, reply, done) => {
    checkTarget(request.url);
    if (request.is404) {
      const methods = routes.methodsAt(pathOf(request.url));
      if (request.method === 'OPTIONS' && methods.length > 0) return answerOptions(request, reply, methods);
      if (methods.length > 0) {
        void reply.header('Allow', [...methods, 'OPTIONS'].join(', '));
        throw new AppError('method-not-allowed', `This takes ${methods.join(', ')}`);
      }
    } else checkAccept(request);
    done();
  });
  // another version of the program may say the same papers in another way: its start counts as a change
  const startedAt = clock.now();
  const lastChange = new LastChange(
    async () =>
      Math.max(
        startedAt,
        (await app.get(PapersStore).lastRevisedAt()) ?? 0,
        (await app.get(RunsStore).lastCompleteSyncAt()) ?? 0,
      ),
    () => clock.now(),
  );
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!isRead(request.method) || request.is404 || !showsPapers(request.url)) return done();
    const say = (modified: string | null) => {
      if (modified !== null) void reply.header('last-modified', modified);
      done();
    };
    const { remembered } = lastChange;
    if (remembered !== undefined) say(remembered);
    else lastChange.header().then(say, done);
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (stopping.stopping) void reply.header('Connection', 'close');
    done(null, validate(request, reply, payload));
  });
  await fastify.register(compress, {
    encodings: ['br', 'gzip'],
    threshold: 1024,
    customTypes: isCompressible,
    // bodies that are sent here are small forms: nobody has to send them packed
    globalDecompression: false,
  });

  const metrics = app.get(Metrics);
  fastify.addHook('onResponse', (request, reply, done) => {
    metrics.observe(request.method, request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime / 1000);
    log.debug('answered', {
      method: request.method,
      path: pathOf(request.url),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    });
    done();
  });
}

/** The HTTP application, not yet listening. */
export async function createHttpApp(
  boot: Boot,
  options: { demo?: boolean; stopping?: Stopping; threads?: boolean } = {},
): Promise<NestFastifyApplication> {
  const stopping = options.stopping ?? { stopping: false };
  const adapter = new FastifyAdapter({
    trustProxy: trustedProxies(boot.settings.TRUST_PROXY),
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: IDLE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    // a request that was sent before the connection closed is answered, not turned away
    return503OnClosing: false,
    http: { maxHeaderSize: HEADER_LIMIT },
    routerOptions: { maxParamLength: 256, ignoreTrailingSlash: true },
    genReqId: () => randomUUID(),
    frameworkErrors: refuseTarget((problem) => problemPage(app.get(SiteReader))(problem)),
    clientErrorHandler: refuseSocket,
  });
  const app: NestFastifyApplication = await NestFactory.create<NestFastifyApplication>(
    AppModule.of(boot, { serve: true, ...options, stopping }),
    adapter,
    { logger: ['error', 'warn'] },
  );
  // RFC 8058 lets mail programs post one-click unsubscriptions as a multipart form; nothing in it is needed
  app.useBodyParser('multipart/form-data', { bodyLimit: BODY_LIMIT }, (_request, _body, done) => done(null, {}));
  await addManners(app, boot, stopping);
  return app;
}
