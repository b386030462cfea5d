/**
 * Pages as readers meet them: server time at 30,000 papers, bytes of a first visit, and what a browser with a quarter of
 * the processor sees. Needs chromium for the last; without one it says so.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { aStore, storeUrl } from './support/a-store.mjs';
import { startNode, stop } from './support/child.mjs';

const PAPERS = Number(process.env['BENCH_PAPERS'] ?? 30_000);
export const title = `Pages: ${PAPERS.toLocaleString('en-GB')} papers`;

const ROUNDS = 60;
const VISITS = 5;
const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const FLAGS = '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'; // prettier-ignore
const listening = (text) => /listening on (http:\/\/[\d.:]+)/.exec(text)?.[1];
const quantile = (values, share) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];

async function get(url) {
  const startedAt = performance.now();
  const answer = await fetch(url, {
    headers: { accept: 'text/html, application/json', 'accept-encoding': 'identity' },
  });
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status} for ${url}: ${body.slice(0, 300)}`);
  return { ms: performance.now() - startedAt, body };
}

/** Lists as readers ask for them: each other filters, so that nothing has been counted before. */
async function lists(origin) {
  const { data } = JSON.parse((await get(`${origin}/api/v1/facets`)).body);
  const values = (facet) => data[facet].filter(({ count }) => count > 0).map(({ value }) => value);
  const conditions = values('condition');
  const studies = values('study');
  const directions = values('direction');
  return Array.from({ length: ROUNDS }, (_, i) => {
    const condition = conditions[i % conditions.length];
    const more = [`study=${studies[(i * 3) % studies.length]}`, `direction=${directions[(i * 5) % directions.length]}`, 'q=randomised', 'sort=published', 'relevance=any']; // prettier-ignore
    return `${origin}/papers?condition=${condition}&${more[i % more.length]}`;
  });
}

/** Bytes of HTML, CSS and JS that a first visit transfers, and what the visitor saw of it. */
async function visit(browser, url, slowdown) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    const kinds = new Map();
    let bytes = 0;
    session.on('Network.responseReceived', ({ requestId, type }) => kinds.set(requestId, type));
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (['Document', 'Stylesheet', 'Script'].includes(kinds.get(requestId))) bytes += encodedDataLength;
    });
    await page.addInitScript(() => {
      window.seen = { lcp: 0, cls: 0 };
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.seen.lcp = entry.startTime;
      }).observe({ type: 'largest-contentful-paint', buffered: true });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.seen.cls += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(url, { waitUntil: 'load' });
    await page.waitForTimeout(1_000);
    return { bytes, ...(await page.evaluate(() => window.seen)) };
  } finally {
    await context.close();
  }
}

export async function run({ temporary, report, note }) {
  const database = storeUrl(temporary, `papers-${PAPERS}`);
  await (await aStore(database, PAPERS, { note })).close();
  const { child, ready: origin } = await startNode(
    ['dist/main.js'],
    { DATABASE_URL: database, PORT: '0', JOBS: 'off', RATE_LIMIT: '0', LOG_LEVEL: 'info', NOW: '2026-11-24T15:00:00Z', MAIL_DIR: join(temporary, 'outbox') }, // prettier-ignore
    listening,
  );
  try {
    const first = await get(`${origin}/`);
    note(
      `first overview of a process, which reads the catalogue and loads the chart library: ${Math.round(first.ms)} ms`,
    );
    const overview = [];
    for (let i = 0; i < ROUNDS; i += 1) overview.push((await get(`${origin}/`)).ms);
    report('overview, p95', quantile(overview, 0.95), 'ms', { atMost: 50 });
    const papers = [];
    for (const url of await lists(origin)) papers.push((await get(url)).ms);
    report('papers, other filters each time, p95', quantile(papers, 0.95), 'ms', { atMost: 50 });
    const { data } = JSON.parse((await get(`${origin}/api/v1/papers?limit=${ROUNDS}`)).body);
    const single = [];
    for (const { pmid } of data) single.push((await get(`${origin}/papers/${pmid}`)).ms);
    report('one paper, another each time, p95', quantile(single, 0.95), 'ms');
    for (const [name, path] of [
      ['overview', '/'],
      ['papers', '/papers'],
    ])
      // prettier-ignore
      note(`${name}: ${Math.round(gzipSync((await get(origin + path)).body).length / 1000)} kB of HTML by gzip`);

    if (!BROWSER) {
      note('no chromium here: what a browser sees was not measured');
      return;
    }
    const browser = await chromium.launch({ executablePath: BROWSER, args: FLAGS.split(' ') });
    try {
      // the browser's own first start is not the page's
      await visit(browser, `${origin}/about`, 1);
      for (const [name, path] of [
        ['overview', '/'],
        ['papers', '/papers'],
      ]) {
        // prettier-ignore
        const visits = [];
        for (let i = 0; i < VISITS; i += 1) visits.push(await visit(browser, origin + path, 4));
        const worst = (pick) => Math.max(...visits.map(pick));
        report(`${name}, HTML + CSS + JS of a first visit`, worst(({ bytes }) => bytes) / 1000, 'kB', { atMost: 250 });
        report(`${name}, largest contentful paint, 4× slower processor, median`, quantile(visits.map(({ lcp }) => lcp), 0.5) / 1000, 's', { atMost: 1.5 }); // prettier-ignore
        report(
          `${name}, layout shift, worst`,
          worst(({ cls }) => cls),
          '',
          { atMost: 0.05 },
        );
      }
    } finally {
      await browser.close();
    }
  } finally {
    await stop(child);
  }
}
