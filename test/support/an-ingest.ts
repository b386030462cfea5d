import { readFileSync } from 'node:fs';
import { startEutilsServer, type EutilsServer } from '../../src/demo/eutils-server.js';
import { IngestService, type SyncRequest } from '../../src/ingest/ingest.service.js';
import type { RunRequest } from '../../src/ingest/ingest-run.js';
import { readPubmedFile } from '../../src/ingest/import/read-file.js';
import { pubmedPort } from '../../src/ingest/pubmed-adapter.js';
import { createLog, type Log } from '../../src/log.js';
import type { JobRun } from '../../src/model/job-run.js';
import { takePubmed } from '../../src/jobs/pubmed-claim.js';
import { Pacer, realTiming } from '../../src/pubmed/pacer.js';
import { ClaimsStore } from '../../src/store/claims.store.js';
import type { Database } from '../../src/store/database.js';
import { KeptStore } from '../../src/store/kept.store.js';
import { PapersStore } from '../../src/store/papers.store.js';
import { RunsStore } from '../../src/store/runs.store.js';
import { SetAsideStore } from '../../src/store/set-aside.store.js';
import { loadTaxonomy } from '../../src/taxonomy/load-taxonomy.js';
import { testStore, type TestDialect } from './database.js';

export const taxonomy = loadTaxonomy(readFileSync('data/taxonomy.yaml', 'utf8'), 'data/taxonomy.yaml');

/** A log whose lines can be read. */
export function aLog(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    log: createLog({ level: 'debug', plain: false, now: () => Date.now(), write: (line) => lines.push(line) }),
  };
}

export interface AnIngest {
  database: Database;
  server: EutilsServer;
  papers: PapersStore;
  setAside: SetAsideStore;
  runs: RunsStore;
  kept: KeptStore;
  ingest: IngestService;
  /** The clock that ingest sees; set it to let days pass. */
  time: { now: number };
  lines: string[];
  sync: (request?: Partial<SyncRequest>) => Promise<JobRun>;
  sweep: (request?: Partial<RunRequest>) => Promise<JobRun>;
  import: (files: readonly string[], request?: Partial<RunRequest>) => Promise<JobRun>;
  close: () => Promise<void>;
}

/** PubMed's stand-in, a store and the ingest between them, over real HTTP. The pace of NCBI is left out unless asked for. */
export async function anIngest(
  dialect: TestDialect,
  records: readonly string[],
  options: { ceiling?: number; at?: string; syncFrom?: string } = {},
): Promise<AnIngest> {
  const server = await startEutilsServer({
    records,
    rate: 0,
    rateWithKey: 0,
    ...(options.ceiling === undefined ? {} : { ceiling: options.ceiling }),
  });
  const { database, close } = await testStore(dialect);
  const time = { now: Date.parse(options.at ?? '2026-11-24T15:00:00Z') };
  const { log, lines } = aLog();
  const port = pubmedPort(
    {
      NCBI_BASE_URL: server.url,
      NCBI_API_KEY: 'test-key-1234567890',
      NCBI_EMAIL: 'tester@example.org',
      NCBI_TOOL: 'tracker',
    },
    taxonomy.query,
    log,
    {
      pacer: new Pacer({ perSecond: 10_000, gapMs: 0 }, realTiming),
      backoffMs: { first: 1, longest: 5 },
      requestTimeoutMs: 2_000,
      deadlineMs: 8_000,
    },
  );
  const claims = new ClaimsStore(database);
  const papers = new PapersStore(database);
  const setAside = new SetAsideStore(database);
  const runs = new RunsStore(database);
  const kept = new KeptStore(database);
  const ingest = new IngestService(
    {
      pubmed: port,
      database,
      papers,
      setAside,
      runs,
      claims,
      kept,
      clock: { now: () => time.now },
      settings: { syncFrom: options.syncFrom ?? null, newsFrom: null, timeZone: 'UTC' },
    },
    { query: taxonomy.query, readFile: readPubmedFile },
  );
  const underClaim = async <T>(work: (common: RunRequest) => Promise<T>): Promise<T> => {
    const { signal } = new AbortController();
    const lease = await takePubmed(claims, 'test', { wait: false, signal });
    try {
      return await work({ trigger: 'command', holder: 'test', claim: lease.claim, signal });
    } finally {
      await lease.release();
    }
  };
  return {
    database,
    server,
    papers,
    setAside,
    runs,
    kept,
    ingest,
    time,
    lines,
    sync: (request = {}) => underClaim((common) => ingest.sync({ ...common, ...request })),
    sweep: (request = {}) => underClaim((common) => ingest.sweep({ ...common, ...request })),
    import: (files, request = {}) => underClaim((common) => ingest.import({ ...common, ...request, files })),
    close: async () => {
      await server.close();
      await close();
    },
  };
}
