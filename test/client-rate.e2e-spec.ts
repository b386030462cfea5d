import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { startEutilsServer, type EutilsServer } from '../src/demo/eutils-server.js';
import { PACE, Pacer } from '../src/pubmed/pacer.js';
import { PubmedClient } from '../src/pubmed/pubmed.client.js';
import { aRecord } from './support/a-record.js';

const SHARED = process.env['SHARED_DIR'] ?? join(import.meta.dirname, '../../shared');
const STAND_IN = join(SHARED, 'eutils/server.mjs');
const PMIDS = Array.from({ length: 12 }, (_, i) => String(91_000_001 + i));

let server: EutilsServer;
/** What a test opened, closed after it however it ended. */
let open: { close(): unknown }[] = [];
const opened = <T extends { close(): unknown }>(thing: T): T => (open.push(thing), thing);
beforeEach(async () => {
  server = await startEutilsServer({ records: PMIDS.map((pmid) => aRecord({ pmid, title: 'Dormidol' })) });
});
afterEach(async () => {
  for (const thing of open.reverse()) thing.close();
  open = [];
  await server.close();
});

/** A network between client and service on which each request travels for another time. */
async function aNetwork(to: string, travelMs: () => number): Promise<{ url: string; close(): void }> {
  const url = new URL(to);
  const { port, hostname } = url;
  const sockets = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => (near.destroy(), far.destroy()));
    }
    let last = 0;
    near.on('data', (bytes: Buffer) => {
      const at = Math.max(last, performance.now() + travelMs());
      last = at;
      setTimeout(() => far.write(bytes), at - performance.now());
    });
    far.on('data', (bytes: Buffer) => near.write(bytes));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  url.port = String((proxy.address() as AddressInfo).port);
  return {
    url: url.href,
    close: () => {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Keeps `parallel` fetches under way until `count` are done. */
async function fetchMany(client: PubmedClient, count: number, parallel: number, counters = { sent: 0, retried: 0 }) {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await client.fetch(PMIDS, { counters });
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return counters;
}

describe('the rate, as the service sees it', () => {
  it.each([
    ['3 a second without a key', undefined, PACE.withoutKey, 11],
    ['10 a second with a key', 'a-key', PACE.withKey, 33],
  ])('is never more than %s, retries counted', async (_, apiKey, pace, count) => {
    server.control({
      faults: [
        { kind: 'http', status: 502, skip: 2, times: 2 },
        { kind: 'reset', skip: 4, times: 1 },
        { kind: 'truncate', skip: 4, times: 1 },
      ],
    });
    const client = opened(
      new PubmedClient({
        baseUrl: server.url,
        tool: 'tester',
        apiKey,
        backoffMs: { first: 1, longest: 5 },
      }),
    );
    const before = performance.now();
    const { sent, retried } = await fetchMany(client, count, 3);
    const took = performance.now() - before;
    expect(retried).toBe(4);
    expect(server.stats()).toMatchObject({ requests: sent, limited: 0 });
    expect(server.stats().perSecondMax).toBeLessThanOrEqual(pace.perSecond);
    // and hardly slower than the gap makes it
    expect(took).toBeLessThan((sent - 1) * pace.gapMs * 1.3 + 1_500);
  });

  it.each([
    ['without a key', undefined, PACE.withoutKey, 14],
    ['with a key', 'a-key', PACE.withKey, 40],
  ])('holds on a network that delays each request differently (%s)', async (_, apiKey, pace, count) => {
    const network = opened(await aNetwork(server.url, () => Math.random() * 200));
    const client = opened(new PubmedClient({ baseUrl: network.url, tool: 'tester', apiKey }));
    await fetchMany(client, count, 4);
    expect(server.stats()).toMatchObject({ requests: count, limited: 0 });
    expect(server.stats().perSecondMax).toBeLessThanOrEqual(pace.perSecond);
  });

  it('holds for several clients of one process together', async () => {
    const clients = [1, 2, 3].map(() => opened(new PubmedClient({ baseUrl: server.url, tool: 'tester' })));
    await Promise.all(clients.map((client) => fetchMany(client, 3, 1)));
    expect(server.stats()).toMatchObject({ requests: 9, limited: 0 });
  });

  it('holds while calls are aborted', async () => {
    const client = opened(new PubmedClient({ baseUrl: server.url, tool: 'tester' }));
    server.control({ latencyMs: 100 });
    const calls = Array.from({ length: 10 }, async (_, i) => {
      const signal = i % 2 === 0 ? AbortSignal.timeout(50 + i * 150) : undefined;
      await client.fetch(PMIDS, { signal }).catch(() => null);
    });
    await Promise.all(calls);
    expect(server.stats()).toMatchObject({ limited: 0 });
    expect(server.stats().requests).toBeGreaterThan(5);
  });
});

describe('a refusal for the rate', () => {
  const eager = () => new Pacer({ perSecond: 1_000, gapMs: 0 });

  it('pauses everybody for as long as the service asks', async () => {
    server.control({ faults: [{ kind: 'http', status: 429, body: '', headers: { 'retry-after': '1' }, times: 1 }] });
    const client = opened(new PubmedClient({ baseUrl: server.url, tool: 'tester', pacer: eager() }));
    const counters = await fetchMany(client, 3, 1);
    expect(counters).toEqual({ sent: 4, retried: 1 });
    const [first, second] = server.log();
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1_000);
  });

  it('in a storm of them loses nothing: every call is answered in the end', async () => {
    const client = opened(new PubmedClient({ baseUrl: server.url, tool: 'tester', pacer: eager() }));
    const counters = { sent: 0, retried: 0 };
    const results = await Promise.all(PMIDS.slice(0, 8).map((pmid) => client.fetch([pmid], { counters })));
    expect(results.map(({ papers }) => papers.length)).toEqual(Array(8).fill(1));
    expect(server.stats().limited).toBeGreaterThan(0);
    expect(counters).toEqual({ sent: server.stats().requests, retried: server.stats().limited });
  });

  it('is one with status 200 too', async () => {
    server.control({ faults: [{ kind: 'limit200', times: 1 }] });
    const client = opened(new PubmedClient({ baseUrl: server.url, tool: 'tester', pacer: eager() }));
    expect((await client.fetch(PMIDS)).papers).toHaveLength(12);
    const [first, second] = server.log();
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1_000);
  });

  it('that does not end ends the call', async () => {
    const strict = opened(await startEutilsServer({ rate: 0 }));
    strict.control({ faults: [{ kind: 'http', status: 429, headers: { 'retry-after': '0' } }] });
    const client = opened(new PubmedClient({ baseUrl: strict.url, tool: 'tester', pacer: eager() }));
    await expect(client.search('dormidol[tiab]')).rejects.toMatchObject({ code: 'ncbi-rate-limited' });
    expect(strict.stats().requests).toBe(9);
  });
});

(existsSync(STAND_IN) ? describe : describe.skip)('the rate, as another stand-in with real records sees it', () => {
  it.each([
    ['without a key', undefined, 3, 12],
    ['with a key', 'a-key', 10, 40],
  ])('holds (%s)', async (_, apiKey, perSecond, count) => {
    const other = spawn(process.execPath, [STAND_IN, '--records', join(SHARED, 'pubmed')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    opened({ close: () => other.kill() });
    const url = await new Promise<string>((resolve) => {
      other.stdout.on('data', (said: Buffer) => {
        const address = /listening (\S+)/.exec(said.toString())?.[1];
        if (address !== undefined) resolve(address);
      });
    });
    const network = opened(await aNetwork(url, () => Math.random() * 150));
    const client = opened(new PubmedClient({ baseUrl: network.url, tool: 'tester', apiKey }));
    const { pmids } = await client.search('2000:3000[dp]', { retmax: count * 5 });
    const batches = Array.from({ length: count }, (_, i) => pmids.slice(i * 5, i * 5 + 5));
    const results = await Promise.all(batches.map((batch) => client.fetch(batch)));
    const accounted = results.map((result) => result.papers.length + result.excluded.length + result.unreadable.length);
    expect(accounted).toEqual(batches.map((batch) => batch.length));
    const stats = (await (await fetch(new URL('/_stats', url))).json()) as { limited: number; perSecondMax: number };
    expect(stats.limited).toBe(0);
    expect(stats.perSecondMax).toBeLessThanOrEqual(perSecond);
  });
});
