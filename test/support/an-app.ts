import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { clockFrom } from '../../src/clock.js';
import { readSettings } from '../../src/config/settings.js';
import { createHttpApp } from '../../src/http.js';
import { createLog } from '../../src/log.js';
import type { Database } from '../../src/store/database.js';
import { loadTaxonomy } from '../../src/taxonomy/load-taxonomy.js';
import { testStore, type TestDialect } from './database.js';

export interface AnApp {
  /** Without a slash at its end. */
  url: string;
  app: NestFastifyApplication;
  database: Database;
  /** Log lines so far. */
  lines: string[];
  stopping: { stopping: boolean };
  /** Every registered route. */
  routes: { method: string; url: string }[];
  get: (path: string, headers?: Record<string, string>) => Promise<Response>;
  close: () => Promise<void>;
}

/** The whole program over real HTTP on a store of its own; no jobs, no rate limit unless the settings say so. */
export async function anApp(
  options: { dialect?: TestDialect; settings?: Record<string, string>; at?: string } = {},
): Promise<AnApp> {
  const store = await testStore(options.dialect ?? 'sqlite');
  const reading = readSettings({
    DATABASE_URL: store.url,
    PORT: '0',
    JOBS: 'off',
    RATE_LIMIT: '0',
    ...options.settings,
  });
  const lines: string[] = [];
  const clock = clockFrom(Date.parse(options.at ?? '2026-11-24T15:00:00Z'));
  const log = createLog({ level: 'debug', plain: false, now: () => clock.now(), write: (line) => lines.push(line) });
  const taxonomy = loadTaxonomy(readFileSync('data/taxonomy.yaml', 'utf8'), 'data/taxonomy.yaml');
  const stopping = { stopping: false };
  const app = await createHttpApp(
    { ...reading, clock, log, taxonomy, database: store.database },
    { stopping, threads: false },
  );
  const routes: AnApp['routes'] = [];
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) routes.push({ method: one, url });
    });
  await app.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  return {
    url,
    app,
    database: store.database,
    lines,
    stopping,
    routes,
    get: (path, headers = {}) => fetch(`${url}${path}`, { headers, redirect: 'manual' }),
    close: async () => {
      // a test that did not read an answer to its end must not hold the server
      app.getHttpServer().closeAllConnections();
      await app.close();
      await store.close();
    },
  };
}
