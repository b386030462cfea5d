import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import { AppModule, type Stopping } from './app.module.js';
import type { Boot } from './boot.js';
import type { Settings } from './config/settings.js';
import { withLogFields } from './log.js';

/** Bodies are small forms; nobody has to send more. */
const BODY_LIMIT = 64 * 1024;

/** Fastify's form of `TRUST_PROXY`; a number of hops counts from this server outwards. */
function trustedProxies(
  proxies: Settings['TRUST_PROXY'],
): false | string[] | ((address: string, hop: number) => boolean) {
  if (proxies === false) return false;
  return typeof proxies === 'number' ? (_address, hop) => hop < proxies : [...proxies];
}

/** The HTTP application, not yet listening. */
export async function createHttpApp(
  boot: Boot,
  options: { demo?: boolean; stopping?: Stopping } = {},
): Promise<NestFastifyApplication> {
  const { settings, log } = boot;
  const adapter = new FastifyAdapter({
    trustProxy: trustedProxies(settings.TRUST_PROXY),
    bodyLimit: BODY_LIMIT,
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 256, ignoreTrailingSlash: true },
    genReqId: () => randomUUID(),
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.of(boot, { serve: true, ...options }),
    adapter,
    { logger: ['error', 'warn'] },
  );
  const fastify = app.getHttpAdapter().getInstance();
  // everything that happens for a request is logged with its id
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('X-Request-Id', request.id);
    withLogFields({ requestId: request.id }, done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    log.debug('answered', {
      method: request.method,
      path: request.url.split('?')[0] ?? '',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    });
    done();
  });
  return app;
}
