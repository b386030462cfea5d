import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { startEutilsServer } from '../src/demo/eutils-server.js';
import { aRecord } from './support/a-record.js';
import { DIALECTS, testStore } from './support/database.js';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-24T06:00:00Z');
/** Until everything is loaded, compiled, and every cache has its size. */
const WARM_UP = 12;
const HOURS = 24;
const iso = (at: number) => new Date(at).toISOString();
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

// the files of the build: `npm test` makes them first
const built = existsSync('dist/cli.js');

(built ? describe : describe.skip).each(DIALECTS)('a server with a %s store that syncs every hour', (dialect) => {
  it('uses no more memory after a day than before', async () => {
    const base = Array.from({ length: 200 }, (_, at) =>
      aRecord({ pmid: String(1000 + at), title: `Ketamine, ${at}`, added: iso(START - at * 24 * HOUR).slice(0, 10) }),
    );
    const pubmed = await startEutilsServer({ records: base, rate: 0, rateWithKey: 0 });
    const store = await testStore(dialect);
    const child = spawn(process.execPath, ['--expose-gc', 'test/support/days-child.mjs'], {
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: store.url,
        NCBI_BASE_URL: pubmed.url,
        JOBS: 'off',
        RATE_LIMIT: '0',
        LOG_LEVEL: 'error',
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async () => String((await lines.next()).value);
    try {
      expect(await next()).toBe('ready');
      const used: number[] = [];
      for (let hour = 0; hour < WARM_UP + HOURS; hour++) {
        const now = START + hour * HOUR;
        const today = iso(now).slice(0, 10);
        // the same number of papers all the time: three change in each hour
        pubmed.control({
          replace: [0, 1, 2]
            .map((which) => 1000 + ((hour * 3 + which) % 150))
            .map((pmid) => aRecord({ pmid: String(pmid), title: `Ketamine at ${hour}`, added: today, revised: today }))
            .join(''),
        });
        child.stdin.write(`hour ${iso(now)}\n`);
        const [status, bytes] = (await next()).split(' ');
        expect([hour, status]).toEqual([hour, 'complete']);
        used.push(Number(bytes));
      }
      const day = used.slice(WARM_UP);
      const [before, after] = [median(day.slice(0, HOURS / 3)), median(day.slice(-HOURS / 3))];
      expect(after / before).toBeLessThan(1.05);
    } finally {
      child.stdin.end();
      child.kill();
      await once(child, 'close');
      await pubmed.close();
      await store.close();
    }
  }, 240_000);
});
