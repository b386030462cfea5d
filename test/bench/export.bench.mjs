/** Exports of everything, in every format, from a store of 30,000 papers: how fast, and what they keep in memory. */
import { join } from 'node:path';
import { aStore, storeUrl } from './support/a-store.mjs';
import { residentMb, startNode, stop } from './support/child.mjs';

export const title = 'Exports of everything, 30,000 papers';

const PAPERS = 30_000;

/** Reads an answer to its end without keeping it. */
async function read(url) {
  const startedAt = performance.now();
  const response = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
  if (response.status !== 200) throw new Error(`${url}: ${response.status}`);
  let bytes = 0;
  let lines = 0;
  for await (const part of response.body) {
    bytes += part.length;
    for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, at + 1)) lines++;
  }
  return { bytes, lines, seconds: (performance.now() - startedAt) / 1000 };
}

export async function run({ temporary, report, note }) {
  const url = storeUrl(temporary, `papers-${PAPERS}`);
  const database = await aStore(url, PAPERS, { note });
  await database.close();
  const env = {
    DATABASE_URL: url,
    PORT: '0',
    JOBS: 'off',
    RATE_LIMIT: '0',
    NOW: '2026-11-24T15:00:00Z',
    MAIL_DIR: join(temporary, 'outbox'),
  };
  const { child, ready } = await startNode(
    ['dist/main.js'],
    env,
    (text) => /listening on (http:\/\/[\d.:]+)/.exec(text)?.[1],
  );
  try {
    // the index in memory and the first answers belong to the idle server
    for (let round = 0; round < 20; round++) await read(`${ready}/api/v1/papers?limit=100&relevance=any`);
    const idle = residentMb(child.pid);
    let peak = idle;
    const timer = setInterval(() => (peak = Math.max(peak ?? 0, residentMb(child.pid) ?? 0)), 50);
    for (const format of ['ndjson', 'csv', 'ris', 'bibtex', 'csl', 'nbib']) {
      const { bytes, lines, seconds } = await read(`${ready}/api/v1/export?format=${format}&relevance=any`);
      if (format === 'ndjson' && lines !== PAPERS) throw new Error(`${lines} lines for ${PAPERS} papers`);
      report(`${format}: papers a second`, PAPERS / seconds, '/s', format === 'ndjson' ? { atLeast: 10_000 } : {});
      if (format === 'ndjson') {
        clearInterval(timer);
        report('memory of the NDJSON export above idle', peak - idle, 'MB', { atMost: 60 });
        note(`idle ${idle.toFixed(0)} MB, peak ${peak.toFixed(0)} MB, ${(bytes / 1e6).toFixed(0)} MB sent`);
      }
    }
    const feed = [];
    for (let round = 0; round < 20; round++) feed.push((await read(`${ready}/feeds/papers.atom`)).seconds * 1000);
    report('feed of 200 papers, median', feed.sort((a, b) => a - b)[10], 'ms');
  } finally {
    await stop(child);
  }
}
