import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

/** Where Debian and its likes put their browser; `.ci/run` installs it. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const place = PLACES.find((path) => existsSync(path)) ?? null;

/**
 * `describe` for tests in a real browser. Without one they are skipped and say so; where CI runs they never are, but
 * fail.
 */
export const inBrowser = (name: string, tests: () => void): void => {
  if (place !== null) return describe(name, tests);
  if (process.env['CI'])
    return describe(name, () => {
      it('needs a browser', () => {
        throw new Error('In CI the browser tests are never skipped: install chromium');
      });
    });
  process.stderr.write(`skipped: ${name}: no browser here (apt-get install chromium)\n`);
  describe.skip(name, tests);
};

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: place ?? '',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** What went wrong on a page, and what it asked for. */
export interface Watched {
  page: Page;
  /** Console errors, uncaught exceptions and refused policies, since the page was opened. */
  errors: string[];
  /** Every request, by its address. */
  requests: string[];
}

/** A page in a context of its own, watched from its first request on. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ timezoneId: 'Europe/Berlin', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const watched: Watched = { page, errors: [], requests: [] };
  page.on('console', (message) => {
    if (message.type() === 'error') watched.errors.push(message.text());
  });
  page.on('pageerror', (error) => watched.errors.push(error.message));
  page.on('request', (request) => watched.requests.push(request.url()));
  return watched;
}
