/**
 * A whole back-fill against a PubMed stand-in with NCBI's rate with a key and 100 ms of latency: how much longer it
 * takes than its own requests alone, what it keeps in memory, and what a second sync still asks for.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { spawn } from 'node:child_process';
import { runNode } from './support/child.mjs';

export const title = 'Sync: 25,000 records, 100 ms latency, 10 requests a second';

const RECORDS = 25_000;
const GAP_MS = 110;
const SHARED = process.env['SHARED_DIR'] ?? resolve('../shared');
const clone = { count: RECORDS, from: '2000-01-01', to: '2026-10-31', base: 90_000_000 };

/** A request, once more when the server has just closed the kept connection on which it went. */
const ask = (...request) => fetch(...request).catch(() => fetch(...request));

/** The stand-in with real records where there is one, else the project's own with the authored ones. */
async function startPubmed(note) {
  const script = join(SHARED, 'eutils/server.mjs');
  if (existsSync(script)) {
    note('records: clones of real ones');
    const child = spawn(process.execPath, [script, '--records', join(SHARED, 'pubmed'), '--rate-key', '10'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const url = await new Promise((done) => {
      let text = '';
      child.stdout.on('data', (chunk) => {
        text += chunk;
        const match = /listening (\S+)/.exec(text);
        if (match) done(match[1]);
      });
    });
    const root = new URL('/', url);
    const control = (body) =>
      ask(new URL('_control', root), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    return {
      url,
      control,
      log: async () => (await (await ask(new URL('_log', root))).json()).map((entry) => entry),
      stats: async () => (await ask(new URL('_stats', root))).json(),
      close: () => child.kill(),
    };
  }
  note('records: clones of the authored ones');
  const { startEutilsServer } = await import('../../dist/demo/eutils-server.js');
  const folder = resolve('data/sample/pubmed');
  const server = await startEutilsServer({
    records: readdirSync(folder)
      .filter((name) => name.endsWith('.xml'))
      .map((name) => readFileSync(join(folder, name), 'utf8')),
  });
  return {
    url: server.url,
    control: async (body) => server.control(body),
    log: async () => server.log(),
    stats: async () => server.stats(),
    close: () => server.close(),
  };
}

/** The same number of requests of the same kinds, paced the same, their answers thrown away: what they cost alone. */
async function alone(url, requests) {
  const { IN_FLIGHT } = await import('../../dist/ingest/sync-run.js');
  const startedAt = performance.now();
  let at = startedAt;
  const underWay = new Set();
  for (const { util, form } of requests) {
    while (underWay.size >= IN_FLIGHT) await Promise.race(underWay);
    at = Math.max(at + GAP_MS, performance.now());
    await new Promise((done) => setTimeout(done, at - performance.now()));
    const one = ask(new URL(`${util}.fcgi`, url), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'accept-encoding': 'gzip' },
      body: new URLSearchParams(form),
    })
      .then((answer) => answer.arrayBuffer())
      .finally(() => underWay.delete(one));
    underWay.add(one);
  }
  await Promise.all(underWay);
  return (performance.now() - startedAt) / 1000;
}

const paramsOf = (entry) => entry.parameters ?? entry.params ?? {};

export async function run({ temporary, report, note }) {
  const pubmed = await startPubmed(note);
  try {
    await pubmed.control({ clone, latencyMs: 100 });
    const env = {
      DATABASE_URL: `sqlite:${join(temporary, 'tracker.sqlite')}`,
      NCBI_BASE_URL: pubmed.url,
      NCBI_API_KEY: 'bench-key-0123456789',
      NCBI_EMAIL: 'bench@example.org',
      LOG_LEVEL: 'warn',
      NOW: '2026-11-20T15:00:00Z',
    };
    await runNode(['dist/cli.js', 'migrate'], env);
    await pubmed.control({ resetLog: true });
    const first = await runNode(['dist/cli.js', 'sync'], env);
    if (first.code !== 0) throw new Error(`the sync ended with ${first.code}: ${first.err.slice(-1000)}${first.out}`);
    note(first.out.trim().split('\n').join('\n  '));
    const log = (await pubmed.log()).filter((entry) => /^e(search|fetch)$/.test(entry.util));
    const stats = await pubmed.stats();
    const requests = log.map((entry) => ({
      util: entry.util,
      form: { ...paramsOf(entry), api_key: 'bench-key-0123456789' },
    }));
    const reference = await alone(pubmed.url, requests);
    report('requests', requests.length);
    report('refused for the rate (429)', stats.limited ?? 0, '', { atMost: 0 });
    report('most requests in any second', mostInASecond(log), '', { atMost: 10 });
    report('the requests alone', reference, 's');
    const [, startedAt, finishedAt] = /, (\S+Z) to (\S+Z)\)/.exec(first.out) ?? [];
    const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
    report('whole sync', seconds, 's');
    report('whole sync / its requests alone', seconds / reference, '×', { atMost: 1.25 });
    report('the command, with its start and the tagging of all', first.seconds, 's');
    if (first.memory.length > 0) {
      const settled = first.memory.slice(Math.floor(first.memory.length / 3));
      report('resident memory, most', Math.max(...first.memory), 'MB', { atMost: 300 });
      report('resident memory, last third / middle third', growth(settled), '×', { atMost: 1.25 });
    }

    await pubmed.control({ resetLog: true });
    const later = { ...env, NOW: '2026-11-22T15:00:00Z' };
    const second = await runNode(['dist/cli.js', 'sync'], later);
    note(second.out.trim().split('\n').join('\n  '));
    const again = await pubmed.log();
    report('second sync: EFetch requests', again.filter((entry) => entry.util === 'efetch').length, '', { atMost: 0 });
    report('second sync: all requests', again.length);
  } finally {
    await pubmed.close();
  }
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const growth = (values) => mean(values.slice(values.length >> 1)) / mean(values.slice(0, values.length >> 1));

function mostInASecond(log) {
  const times = log.map((entry) => new Date(entry.at ?? entry.t ?? entry.time).getTime()).sort((a, b) => a - b);
  let most = 0;
  for (let first = 0, last = 0; last < times.length; last += 1) {
    while (times[last] - times[first] >= 1000) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
