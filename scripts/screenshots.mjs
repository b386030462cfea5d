// `npm run screenshots`: the images of the README, taken of the demo by a real browser. Needs chromium.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { chromium } from 'playwright-core';

const FOLDER = 'docs/images';
/** The demo on the day for which its records were written, so that the same pages come out on any day. */
const NOW = '2026-11-25T10:00:00Z';
const LARGEST = 300_000;
const SIZE = { width: 1280, height: 900 };

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (!executablePath) throw new Error('No browser here: apt-get install chromium');

async function startDemo() {
  const demo = spawn(process.execPath, ['dist/cli.js', 'demo'], {
    env: { ...process.env, PORT: '0', HOST: '127.0.0.1', NOW },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const text of demo.stdout) {
    output += text;
    const url = /ready: (http:\/\/[^\s/]+)/.exec(output)?.[1];
    if (url) return { url, stop: () => demo.kill() };
  }
  throw new Error('The demo ended before it was ready.');
}

const get = async (url) => (await (await fetch(url)).json()).data;

/** The week whose digest tells of a retraction. */
async function weekWithRetraction(url) {
  for (const { week } of await get(`${url}/api/v1/digests?limit=20`)) {
    const { corrections } = await get(`${url}/api/v1/digests/${week}`);
    if (corrections.some(({ kind }) => kind === 'retraction')) return week;
  }
  throw new Error('No digest of the demo tells of a retraction.');
}

const demo = await startDemo();
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'],
});
try {
  const [paper] = await get(`${demo.url}/api/v1/papers?q=LANTERN&study=rct&limit=1`);
  const shots = {
    overview: { path: '/' },
    'overview-dark': { path: '/', colorScheme: 'dark' },
    'evidence-map': { path: '/', element: '#map' },
    papers: { path: '/papers?condition=depression&study=rct,meta-analysis' },
    paper: { path: `/papers/${paper.pmid}`, pointAt: 'dl.tags a.tag' },
    digest: { path: `/digests/${await weekWithRetraction(demo.url)}` },
  };
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, shot] of Object.entries(shots)) {
    const page = await browser.newPage({
      viewport: SIZE,
      colorScheme: shot.colorScheme ?? 'light',
      reducedMotion: 'reduce',
      timezoneId: 'UTC',
      locale: 'en-GB',
    });
    await page.goto(demo.url + shot.path, { waitUntil: 'networkidle' });
    if (shot.pointAt) await page.locator(shot.pointAt).first().hover();
    const path = `${FOLDER}/${name}.png`;
    await (shot.element ? page.locator(shot.element) : page).screenshot({ path });
    await page.close();
    const { size } = statSync(path);
    if (size > LARGEST) throw new Error(`${path} has ${size} bytes; a page of the README should be light`);
    console.log(`${path}  ${Math.round(size / 1000)} kB`);
  }
} finally {
  await browser.close();
  demo.stop();
}
