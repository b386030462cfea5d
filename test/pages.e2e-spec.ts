import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { DeliverJob } from '../src/jobs/deliver-job.js';
import { EXAMPLES } from '../src/publish/dashboard/render-developers.js';
import { inBrowser, openPage, startBrowser, type Watched } from './support/a-browser.js';
import { anApp } from './support/an-app.js';
import { aSite, HOSTILE_PMID, HOSTILE_RECORD, type ASite } from './support/a-site.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WIDTHS = [390, 820, 1440];

/** Rules that depend on the colours and the width; all others say the same everywhere. */
const LOOKS = { type: 'rule', values: ['color-contrast', 'target-size', 'scrollable-region-focusable'] };
const ALL = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };

/** What axe finds that keeps people out. */
async function seriousProblems(page: Page, runOnly = ALL): Promise<string[]> {
  await page.evaluate(AXE);
  const options = JSON.stringify({ runOnly, resultTypes: ['violations'] });
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${options})`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')}`); // prettier-ignore
}

/** Nobody but this site is asked for anything. */
const foreign = (watched: Watched, url: string) =>
  watched.requests.filter((address) => !address.startsWith(`${url}/`) && !address.startsWith('data:'));

inBrowser('pages in a real browser', () => {
  let site: ASite;
  let browser: Browser;
  let pmid: string;
  let paths: string[];
  beforeAll(async () => {
    [site, browser] = await Promise.all([aSite([HOSTILE_RECORD]), startBrowser()]);
    const answer = (await (await site.get('/api/v1/papers?condition=ptsd&study=rct&limit=1')).json()) as {
      data: { pmid: string }[];
    };
    pmid = answer.data[0]?.pmid ?? '';
    const runs = (await (await site.get('/api/v1/runs?job=sync')).json()) as { data: { id: string }[] };
    paths = [
      '/',
      '/?kind=trial',
      '/papers',
      '/papers?condition=ptsd,-depression&q=ketamine&relevance=any&minParticipants=10&author=Nobody',
      `/papers/${pmid}`,
      `/papers/${pmid}?report=condition/ptsd`,
      '/digests',
      '/digests/latest',
      '/digests/current',
      '/subscribe?condition=ptsd',
      '/runs',
      `/runs/${runs.data[0]?.id}`,
      '/about',
      '/developers',
      '/privacy',
    ];
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  it('stand at three widths without anything hanging over, without an error, and ask nobody else for anything', async () => {
    for (const width of WIDTHS) {
      const watched = await openPage(browser, { viewport: { width, height: 844 } });
      const { page } = watched;
      for (const path of paths) {
        const answer = await page.goto(site.url + path, { waitUntil: 'load' });
        const shape = await page.evaluate(() => ({
          over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
          headings: document.querySelectorAll('h1').length,
          title: document.title,
          description: document.querySelector('meta[name=description]')?.getAttribute('content') ?? '',
          preview: document.querySelector('meta[property="og:title"]') !== null,
          credit: document.body.innerText.includes('Courtesy of the U.S. National Library of Medicine'),
          advice: document.body.innerText.includes('Not medical advice'),
        }));
        expect({ path, width, status: answer?.status(), ...shape }).toEqual({
          path,
          width,
          status: 200,
          over: 0,
          headings: 1,
          title: expect.stringContaining('Ketamine literature') as string,
          description: expect.stringMatching(/.{20}/) as string,
          preview: true,
          credit: true,
          advice: true,
        });
      }
      expect(watched.errors).toEqual([]);
      expect(foreign(watched, site.url)).toEqual([]);
      await page.context().close();
    }
  }, 240_000);

  it.each(['light', 'dark'] as const)(
    'have no serious fault of accessibility, %s',
    async (colorScheme) => {
      const { page } = await openPage(browser, { viewport: { width: colorScheme === 'light' ? 1440 : 390, height: 900 }, colorScheme }); // prettier-ignore
      const found: Record<string, string[]> = {};
      for (const path of [...paths, '/nothing-here']) {
        await page.goto(site.url + path, { waitUntil: 'load' });
        // what is folded away is looked at too
        await page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)));
        const problems = await seriousProblems(page, colorScheme === 'light' ? ALL : LOOKS);
        if (problems.length > 0) found[path] = problems;
      }
      expect(found).toEqual({});
      await page.context().close();
    },
    240_000,
  );

  describe.each([true, false])('with JavaScript: %s', (javaScriptEnabled) => {
    it('lead from a filter to a paper, its evidence, a subscription, its confirmation, preferences and the end', async () => {
      const watched = await openPage(browser, { viewport: { width: 1440, height: 900 }, javaScriptEnabled });
      const { page } = watched;
      // filter
      await page.goto(`${site.url}/papers`);
      const before = await page.locator('.total').innerText();
      await page.getByRole('checkbox', { name: /^PTSD/ }).check();
      if (!javaScriptEnabled) await page.getByRole('button', { name: 'Show papers' }).click();
      await page.waitForURL(/condition=ptsd/);
      await page.locator('.chips a', { hasText: 'PTSD' }).waitFor();
      expect(await page.locator('.total').innerText()).not.toBe(before);
      const shown = Number((await page.locator('.total strong').innerText()).replaceAll(',', ''));
      const counted = (await (await site.get('/api/v1/papers?condition=ptsd&limit=1')).json()) as { page: { total: number } }; // prettier-ignore
      expect(shown).toBe(counted.page.total);
      // paper, and the words that gave its tag
      await page.goto(`${site.url}/papers/${pmid}`);
      const tag = page.locator('.record-tags .tag', { hasText: 'PTSD' });
      const words = page.locator(`.e${(await tag.getAttribute('id'))?.slice(1)}`).first();
      const colour = () => words.evaluate((element) => getComputedStyle(element).backgroundColor);
      const plain = await colour();
      await tag.hover();
      expect(await colour()).not.toBe(plain);
      await page.mouse.move(0, 0);
      expect(await colour()).toBe(plain);
      await tag.click();
      await page.mouse.move(0, 0);
      expect(await colour()).not.toBe(plain);
      expect((await words.innerText()).toLowerCase()).toMatch(/ptsd|post-?traumatic/);
      // subscribe to the filter
      await page.goto(`${site.url}/papers?condition=ptsd`);
      await page.getByText('Subscribe, feed, export').click();
      await page.getByRole('link', { name: 'Subscribe to this by mail' }).click();
      expect(await page.getByRole('checkbox', { name: 'PTSD' }).isChecked()).toBe(true);
      const email = `reader-${javaScriptEnabled}@example.org`;
      await page.getByLabel('E-mail address').fill(email);
      await page.getByRole('button', { name: 'Subscribe' }).click();
      await page.getByRole('heading', { name: 'Look into your mailbox' }).waitFor();
      // confirm from the mail
      const confirm = await linkOf(site, email, '/confirm/');
      await page.goto(site.url + confirm);
      await page.getByRole('button', { name: 'Yes, start it' }).click();
      await page.getByRole('link', { name: 'your preferences' }).click();
      // preferences
      expect(await page.getByRole('checkbox', { name: 'PTSD' }).isChecked()).toBe(true);
      await page.getByRole('radio', { name: 'Daily' }).check();
      await page.getByRole('button', { name: 'Save' }).click();
      expect(await page.getByRole('radio', { name: 'Daily' }).isChecked()).toBe(true);
      await page.getByRole('button', { name: 'Pause' }).click();
      expect(await page.locator('main').innerText()).toContain('paused');
      if (javaScriptEnabled) expect(await seriousProblems(page)).toEqual([]);
      // the end
      await page.getByRole('button', { name: 'Unsubscribe' }).click();
      expect(await page.locator('main').innerText()).toMatch(/ended|unsubscribed/i);
      expect(watched.errors).toEqual([]);
      expect(foreign(watched, site.url)).toEqual([]);
      await page.context().close();
    }, 120_000);

    it('open the filters of a small screen and lead back to the list', async () => {
      const { page } = await openPage(browser, { viewport: { width: 390, height: 844 }, javaScriptEnabled });
      await page.goto(`${site.url}/papers`);
      expect(await page.locator('#filters').isVisible()).toBe(false);
      await page.locator('.to-filters').click();
      await page.locator('#filters').waitFor({ state: 'visible' });
      await page.getByRole('checkbox', { name: /^PTSD/ }).check();
      if (javaScriptEnabled) await page.waitForURL(/condition=ptsd/);
      // the drawer stays open until the reader is done
      expect(await page.locator('#filters').isVisible()).toBe(true);
      await page.locator('.filters-foot').getByRole('button', { name: 'Show papers' }).click();
      await page.waitForURL((url) => url.search.includes('condition=ptsd') && url.hash !== '#filters');
      await page.locator('.chips a', { hasText: 'PTSD' }).waitFor();
      await page.locator('#filters').waitFor({ state: 'hidden' });
      await page.context().close();
    }, 60_000);
  });

  it('keep every filter in the address: back, chips and a new visit show the same', async () => {
    const { page } = await openPage(browser, { viewport: { width: 1440, height: 900 } });
    await page.goto(`${site.url}/papers`);
    await page.getByRole('checkbox', { name: /^PTSD/ }).check();
    await page.locator('.chips a', { hasText: 'PTSD' }).waitFor();
    await page.getByRole('checkbox', { name: 'Leave out Depression' }).check({ force: true });
    await page.locator('.chips a', { hasText: 'not Depression' }).waitFor();
    expect(new URL(page.url()).search).toBe('?condition=ptsd,-depression');
    const total = await page.locator('.total').innerText();
    await page.reload();
    expect(await page.locator('.total').innerText()).toBe(total);
    await page.locator('.chips a', { hasText: 'not Depression' }).click();
    await page.locator('.chips a', { hasText: 'not Depression' }).waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('?condition=ptsd');
    await page.goBack();
    await page.locator('.chips a', { hasText: 'not Depression' }).waitFor();
    await page.context().close();
  }, 60_000);

  it('can be used with keys alone', async () => {
    const { page } = await openPage(browser, { viewport: { width: 1440, height: 900 } });
    await page.goto(`${site.url}/papers`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
    await page.keyboard.press('/');
    await page.keyboard.type('ketamine');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=ketamine/);
    await page.locator('.chips a', { hasText: '“ketamine”' }).waitFor();
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const second = await page.locator('[data-entry]').nth(1).getAttribute('href');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe(second);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**${second}`);
    await page.context().close();
  }, 60_000);

  it('draw charts that follow light and dark, answer to the pointer and stand as a table', async () => {
    const watched = await openPage(browser, { viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
    const { page } = watched;
    await page.goto(site.url);
    expect(watched.requests.some((address) => address.endsWith('/charts.js'))).toBe(false);
    const stroke = () => page.locator('.plot.wide path[stroke^="var(--s1"]').first().evaluate((path) => getComputedStyle(path).stroke); // prettier-ignore
    const light = await stroke();
    await page.getByRole('button', { name: 'Switch to dark' }).click();
    expect(await stroke()).not.toBe(light);
    await page.locator('.plot.wide').scrollIntoViewIfNeeded();
    await page.waitForRequest('**/charts.js').catch(() => undefined);
    await page.locator('.pointer-box').first().waitFor({ state: 'attached' });
    await page.locator('.plot.wide').hover({ position: { x: 400, y: 120 } });
    expect(await page.locator('.plot.wide .pointer-box').innerText()).toMatch(/\d{4}[\s\S]*All papers \d+/);
    await page.getByText('Show as a table').click();
    expect(await page.locator('table.figures tbody tr').count()).toBeGreaterThan(12);
    // the choice holds on the next page
    await page.goto(`${site.url}/about`);
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    expect(watched.errors).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('lead from a cell of the evidence map to exactly its papers', async () => {
    const { page } = await openPage(browser, { viewport: { width: 1440, height: 900 } });
    await page.goto(site.url);
    const cell = page.locator('table.map td a').first();
    const count = (await cell.innerText()).trim();
    await cell.click();
    await page.waitForURL(/\/papers\?condition=.+&direction=.+/);
    expect(await page.locator('.total strong').innerText()).toBe(count);
    await page.context().close();
  }, 60_000);

  it('take no harm from a hostile paper', async () => {
    const watched = await openPage(browser, { viewport: { width: 820, height: 900 } });
    const { page } = watched;
    await page.addInitScript(() => {
      (window as unknown as { hacked: () => void }).hacked = () => {
        throw new Error('hacked');
      };
    });
    for (const path of [
      `/papers/${HOSTILE_PMID}`,
      `/papers/${HOSTILE_PMID}?report=`,
      `/papers?pmid=${HOSTILE_PMID}&relevance=any`,
      '/digests/current',
      '/',
    ]) {
      await page.goto(site.url + path, { waitUntil: 'load' });
      const found = await page.evaluate(() => ({
        scripts: [...document.scripts].filter((one) => !one.src.includes('/assets/')).length,
        active: document.querySelectorAll(
          'main iframe, main img, main style, main [onload], main [onerror], main [onmouseover]',
        ).length,
        links: [...document.links].map((one) => one.protocol).filter((one) => !/^(https?|mailto):$/.test(one)),
        reversed: /[\u202A-\u202E\u2066-\u2069]/.test(document.documentElement.outerHTML),
        over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        footer: document.querySelector('.site-footer') !== null,
      }));
      expect({ path, ...found }).toEqual({
        path,
        scripts: 0,
        active: 0,
        links: [],
        reversed: false,
        over: 0,
        footer: true,
      });
    }
    expect(await page.title()).not.toContain('hacked');
    expect(watched.errors).toEqual([]);
    expect(foreign(watched, site.url)).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('print a digest without what belongs to the screen', async () => {
    const { page } = await openPage(browser, { viewport: { width: 820, height: 900 }, colorScheme: 'dark' });
    await page.goto(`${site.url}/digests/latest`);
    await page.emulateMedia({ media: 'print' });
    const look = await page.evaluate(() => ({
      nav: getComputedStyle(document.querySelector('.site-header nav')!).display,
      search: getComputedStyle(document.querySelector('.site-search')!).display,
      background: getComputedStyle(document.body).backgroundColor,
    }));
    expect(look).toEqual({ nav: 'none', search: 'none', background: 'rgb(255, 255, 255)' });
    await page.context().close();
  }, 60_000);

  it('show examples to developers that run as they stand', async () => {
    const page = await (await site.get('/developers')).text();
    for (const { path } of EXAMPLES) {
      expect(page).toContain(`href="${path.replaceAll('&', '&amp;')}"`);
      expect({ path, status: (await site.get(path)).status }).toEqual({ path, status: 200 });
    }
  }, 60_000);

  it('say on the first run how far it is, and refresh without a script too', async () => {
    const fresh = await anApp({ at: '2026-11-25T15:00:00Z' });
    const watched = await openPage(browser, { javaScriptEnabled: false });
    try {
      await watched.page.goto(fresh.url);
      expect(await watched.page.locator('[data-backfill]').innerText()).toContain('first sync');
      expect(await watched.page.content()).toContain('http-equiv="refresh"');
      await watched.page.goto(`${fresh.url}/papers`);
      expect(await watched.page.locator('main').innerText()).toContain('No papers here yet');
    } finally {
      await watched.page.context().close();
      await fresh.close();
    }
  }, 60_000);
});

/** The path of the link in the newest mail to somebody. */
async function linkOf(site: ASite, email: string, place: string): Promise<string> {
  await site.app.get(DeliverJob).run('command');
  const mail = (await site.mails()).reverse().find(({ to }) => to?.some(({ address }) => address === email));
  const found = new RegExp(`https?://[^/\\s]+(${place}[\\w-]+)`).exec(mail?.text ?? '')?.[1];
  if (found === undefined) throw new Error(`no link to ${place} in the mail: ${mail?.text ?? 'no mail'}`);
  return found;
}
