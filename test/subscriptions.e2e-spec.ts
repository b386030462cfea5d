import { request } from 'node:http';
import { DeliverJob } from '../src/jobs/deliver-job.js';
import { SubscriptionsStore } from '../src/store/subscriptions.store.js';
import { anApp, type AnApp } from './support/an-app.js';
import { DIALECTS } from './support/database.js';
import { aMailbox, type Mailbox } from './support/mailbox.js';

const ADMIN = 'a-token-of-the-tests';

describe.each(DIALECTS)('subscriptions over HTTP on %s', (dialect) => {
  let server: AnApp;
  let mailbox: Mailbox;
  beforeEach(async () => {
    mailbox = await aMailbox();
    server = await anApp({
      dialect,
      settings: {
        ADMIN_TOKEN: ADMIN,
        PUBLIC_URL: 'https://tracker.example',
        SMTP_URL: mailbox.url,
        MAIL_FROM: 'Tracker <digest@tracker.example>',
        NEWS_FROM: '2026-11-02',
      },
    });
  });
  afterEach(async () => {
    await server.close();
    await mailbox.close();
  });

  const deliver = () => server.app.get(DeliverJob).run('command');
  const post = (path: string, body: URLSearchParams | FormData | string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}${path}`, { method: 'POST', body, headers, redirect: 'manual' });
  const ask = (body: unknown) =>
    post('/api/v1/subscriptions', JSON.stringify(body), { 'content-type': 'application/json' });
  const form = (fields: Record<string, string>) => new URLSearchParams(fields);
  const find = (email: string) => server.app.get(SubscriptionsStore).findByAddress(email);
  /** The path of the link in the last mail to somebody. */
  const link = async (email: string, kind: 'confirm' | 'preferences' | 'unsubscribe') => {
    const mails = await mailbox.to(email);
    const found = new RegExp(`https://tracker\\.example(/${kind}/[\\w-]{43})`).exec(
      mails[mails.length - 1]?.text ?? '',
    );
    if (!found?.[1]) throw new Error(`no ${kind} link in ${mails.length} mails`);
    return found[1];
  };
  /** Signs up and confirms. @returns the path of the preferences page */
  const subscribe = async (email: string, more: object = {}) => {
    await ask({ email, ...more });
    await deliver();
    const page = await (await post(await link(email, 'confirm'), '')).text();
    const path = /\/preferences\/[\w-]{43}/.exec(page)?.[0];
    if (!path) throw new Error('no link to the preferences');
    return path;
  };

  it('begin with a click in a mail, which works once; looking changes nothing', async () => {
    expect((await ask({ email: 'Ada@readers.example', filters: { condition: ['ptsd', '-depression'], q: 'esketamine' }, weekday: 'friday' })).status).toBe(202);
    expect(await find('ada@readers.example')).toBeNull();
    await deliver();
    const [mail] = await mailbox.to('Ada@readers.example');
    expect(mail!.subject).toBe('Ketamine digest: please confirm');
    expect(mail!.text).toContain('every Friday');
    expect(mail!.headers.some(({ key }) => key === 'list-unsubscribe')).toBe(false);
    const path = await link('Ada@readers.example', 'confirm');
    for (let times = 0; times < 2; times++) {
      const page = await server.get(path);
      expect([page.status, page.headers.get('cache-control'), page.headers.get('referrer-policy')]).toEqual([200, 'no-store', 'no-referrer']);
      expect(page.headers.get('set-cookie')).toBeNull();
    }
    expect((await find('ada@readers.example'))!.state).toBe('pending');
    const confirmed = await post(path, '');
    expect(confirmed.status).toBe(200);
    expect(await find('ADA@readers.example')).toMatchObject({ state: 'active', email: 'Ada@readers.example', wish: { filters: 'condition=ptsd,-depression&q=esketamine', weekday: 'friday' } });
    for (const response of [await post(path, ''), await server.get(path)]) expect(response.status).toBe(404);
  }); // prettier-ignore

  it('give the same answer for an address that is new, known, suspended or unsubscribed', async () => {
    const store = server.app.get(SubscriptionsStore);
    for (const state of ['active', 'suspended', 'unsubscribed'] as const) {
      await subscribe(`${state}@readers.example`);
      const { id } = (await find(`${state}@readers.example`))!;
      await store.change(id, (before) => ({ ...before, state }));
    }
    const answers = await Promise.all(
      ['new', 'active', 'suspended', 'unsubscribed'].map(async (name) => {
        const response = await ask({ email: `${name}@readers.example`, filters: { condition: ['ocd'] } });
        return [response.status, await response.text()];
      }),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    // a stranger's request changes nothing before its owner says so
    await deliver();
    expect(await find('active@readers.example')).toMatchObject({ state: 'active', wish: { filters: '' } });
    expect((await find('unsubscribed@readers.example'))!.state).toBe('unsubscribed');
  });

  it('refuse what cannot be, naming the place, and never repeat an address', async () => {
    const response = await ask({ email: 'ada@@x', filters: { condition: ['ptds'], nonsense: '1' }, frequency: 'hourly', timeZone: 'Mars/Base', webhook: { url: 'file:///etc/passwd' }, x: 1 });
    expect(response.status).toBe(400);
    const problem = (await response.json()) as { code: string; errors: { pointer: string }[] };
    expect(problem.code).toBe('invalid-body');
    expect(problem.errors.map(({ pointer }) => pointer).sort()).toEqual(['/email', '/filters/condition', '/filters/nonsense', '/frequency', '/timeZone', '/webhook/url', '/x']);
    expect(JSON.stringify(problem)).not.toContain('ada@@x');
    for (const email of ['a@b.example\r\nBcc: all@x.example', 'a@b.example,c@d.example', '"a b"@c.example', 'a@b', '<a@b.example>', 'a\u202eb@c.example'])
      expect((await ask({ email })).status).toBe(400);
    for (const body of ['[]', '"x"', '{', 'null']) expect((await post('/api/v1/subscriptions', body, { 'content-type': 'application/json' })).status).toBe(400);
    expect(server.lines.join('')).not.toContain('ada@');
  }); // prettier-ignore

  it('stop one address silently and one client aloud', async () => {
    for (let times = 0; times < 6; times++) expect((await ask({ email: 'often@readers.example' })).status).toBe(202);
    await deliver();
    expect(mailbox.mails.filter(({ to }) => to === 'often@readers.example').length).toBeLessThanOrEqual(3);
    const statuses: number[] = [];
    for (let times = 0; times < 16; times++) statuses.push((await ask({ email: `r${times}@readers.example` })).status);
    expect(statuses.slice(0, 14)).toEqual(Array(14).fill(202));
    expect(statuses.slice(14)).toEqual([429, 429]);
  });

  it('end by one click of a mail program, in whatever form it posts, again and again', async () => {
    const preferences = await subscribe('ada@readers.example');
    const token = preferences.split('/')[2]!;
    const path = `/unsubscribe/${token}`;
    expect((await server.get(path)).status).toBe(200);
    expect((await find('ada@readers.example'))!.state).toBe('active');
    const data = new FormData();
    data.set('List-Unsubscribe', 'One-Click');
    for (const body of [form({ 'List-Unsubscribe': 'One-Click' }), data, '']) {
      const response = await post(path, body);
      expect([response.status, response.headers.get('location'), response.headers.get('set-cookie')]).toEqual([200, null, null]);
      expect((await find('ada@readers.example'))!.state).toBe('unsubscribed');
    }
    const bad = await post(`/unsubscribe/${'A'.repeat(43)}`, '');
    expect(bad.status).toBe(404);
  }); // prettier-ignore

  it('show the same page for every token that does not work', async () => {
    const preferences = await subscribe('ada@readers.example');
    const asPage = { accept: 'text/html' };
    const used = await link('ada@readers.example', 'confirm');
    const paths = [used, `/confirm/${'x'.repeat(43)}`, '/preferences/short', `/unsubscribe/${'b'.repeat(60)}`, `/preferences/${used.split('/')[2]}`, `/confirm/${preferences.split('/')[2]}`];
    const pages = await Promise.all(paths.map(async (path) => {
      const response = await server.get(path, asPage);
      expect([response.status, response.headers.get('cache-control'), response.headers.get('access-control-allow-origin')]).toEqual([404, 'no-store', null]);
      return (await response.text()).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID');
    }));
    expect(new Set(pages).size).toBe(1);
    expect(pages[0]).toContain('<!doctype html>');
    expect(server.lines.join('')).not.toMatch(/[\w-]{43}/);
  }); // prettier-ignore

  it('can be changed, paused, resumed, looked into and deleted by link', async () => {
    const path = await subscribe('ada@readers.example', { filters: { condition: ['ptsd'], study: ['-animal'] } });
    const page = await (await server.get(path)).text();
    expect(page).toMatch(/value="ptsd" checked/);
    expect(page).toContain('name="more" value="study=-animal"');
    const saved = await post(path, new URLSearchParams([['action', 'save'], ['condition', 'ocd'], ['condition', 'ptsd'], ['more', 'study=-animal'], ['q', 'iv'], ['frequency', 'daily'], ['weekday', 'monday'], ['timeZone', 'Europe/Vienna'], ['format', 'text'], ['sendEmpty', 'yes']]));
    expect(saved.status).toBe(200);
    expect(await find('ada@readers.example')).toMatchObject({ wish: { filters: 'condition=ptsd,ocd&study=-animal&q=iv', frequency: 'daily', timeZone: 'Europe/Vienna', format: 'text', sendEmpty: true }, history: [{ filters: 'condition=ptsd&study=-animal' }, { filters: 'condition=ptsd,ocd&study=-animal&q=iv' }] });
    expect((await post(path, form({ action: 'save', frequency: 'hourly' }))).status).toBe(400);
    expect((await post(path, form({ action: 'pause' }), { 'sec-fetch-site': 'cross-site' })).status).toBe(400);
    await post(path, form({ action: 'pause' }));
    expect((await find('ada@readers.example'))!.state).toBe('paused');
    await post(path, form({ action: 'resume' }));
    expect((await find('ada@readers.example'))!.state).toBe('active');
    const data = await server.get(`${path}/data`);
    expect(data.headers.get('content-disposition')).toContain('attachment');
    expect(await data.json()).toMatchObject({ subscription: { email: 'ada@readers.example', state: 'active' }, deliveries: [{ kind: 'confirmation', status: 'sent' }], papers: [] });
    await post(path, form({ action: 'delete' }));
    expect(await find('ada@readers.example')).not.toBeNull();
    expect(await (await post(path, form({ action: 'delete', sure: 'yes' }))).text()).toContain('Everything is deleted');
    expect(await find('ada@readers.example')).toBeNull();
    for (const table of ['delivery', 'subscription_token', 'delivery_paper'])
      expect(await server.database.all(`SELECT 1 FROM "${table}"`)).toEqual([]);
    expect((await server.get(path)).status).toBe(404);
  }); // prettier-ignore

  it('can be asked for on a page without a script, with filters from the address, errors beside their fields', async () => {
    const page = await (await server.get('/subscribe?condition=ptsd,-ocd&q=%3Cb%3E&sort=added&utm=1')).text();
    expect(page).toMatch(/value="ptsd" checked/);
    expect(page).toContain('value="condition=-ocd"');
    expect(page).toContain('value="&lt;b&gt;"');
    expect(page).not.toContain('<b>"');
    const wrong = await post('/subscribe', new URLSearchParams({ email: '"><script>x</script>', condition: 'ptsd' }));
    expect(wrong.status).toBe(400);
    const again = await wrong.text();
    expect(again).toContain('must be an e-mail address');
    expect(again).toContain('value="&quot;&gt;&lt;script&gt;');
    expect(again).toMatch(/value="ptsd" checked/);
    const done = await post('/subscribe', new URLSearchParams({ email: 'form@readers.example', condition: 'ptsd', more: 'condition=-ocd', frequency: 'monthly' }));
    expect(done.status).toBe(202);
    await deliver();
    expect(await find('form@readers.example')).toMatchObject({ state: 'pending', wish: { filters: 'condition=ptsd,-ocd', frequency: 'monthly' } });
    expect((await server.get('/privacy')).status).toBe(200);
  }); // prettier-ignore

  it('that nobody confirms are deleted after seven days', async () => {
    await ask({ email: 'forgetful@readers.example' });
    await deliver();
    await server.database.run('UPDATE "subscription" SET "created_at" = "created_at" - ?', [6.9 * 86_400_000]);
    await deliver();
    expect(await find('forgetful@readers.example')).not.toBeNull();
    await server.database.run('UPDATE "subscription" SET "created_at" = "created_at" - ?', [0.2 * 86_400_000]);
    await deliver();
    expect(await find('forgetful@readers.example')).toBeNull();
    expect(await server.database.all('SELECT 1 FROM "delivery"')).toEqual([]);
  });

  it('are counted, retried and bounced by who holds the admin token, and by nobody else', async () => {
    await subscribe('ada@readers.example');
    const authorization = `Bearer ${ADMIN}`;
    const json = { 'content-type': 'application/json' };
    for (const path of ['subscriptions', 'deliveries', 'preview'])
      for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: ADMIN }])
        expect((await server.get(`/api/v1/admin/${path}`, headers as Record<string, string>)).status).toBe(401);
    const counts = (await (await server.get('/api/v1/admin/subscriptions', { authorization })).json()) as { data: { subscriptions: object } };
    expect(counts.data.subscriptions).toMatchObject({ active: 1, pending: 0 });
    const list = (await (await server.get('/api/v1/admin/deliveries?status=sent', { authorization })).json()) as { data: { id: string; kind: string }[] };
    expect(list.data.map(({ kind }) => kind)).toEqual(['confirmation']);
    expect(JSON.stringify(list)).not.toContain('readers.example');
    expect((await server.get('/api/v1/admin/deliveries?status=lost', { authorization })).status).toBe(400);
    expect((await post(`/api/v1/admin/deliveries/${list.data[0]!.id}/retry`, '', { authorization })).status).toBe(400);
    expect((await post('/api/v1/admin/deliveries/none/retry', '', { authorization })).status).toBe(404);
    const bounce = (body: object) => post('/api/v1/admin/bounces', JSON.stringify(body), { authorization, ...json });
    expect((await bounce({ email: 'ada@readers.example' })).status).toBe(400);
    expect(await (await bounce({ email: 'ada@readers.example', permanent: false })).json()).toMatchObject({ data: { state: 'active' } });
    expect(await (await bounce({ email: 'ADA@readers.example', permanent: true })).json()).toMatchObject({ data: { state: 'suspended' } });
    expect(await (await bounce({ email: 'nobody@readers.example', permanent: true })).json()).toMatchObject({ data: { state: null } });
    expect((await server.get('/api/v1/admin/preview?week=2026-W47', { authorization })).status).toBe(404);
  }); // prettier-ignore
});

it('has no admin routes while ADMIN_TOKEN is unset', async () => {
  const server = await anApp();
  expect((await server.get('/api/v1/admin/subscriptions', { authorization: 'Bearer x' })).status).toBe(404);
  await server.close();
});

it('takes a one-click post that has no body and no type at all', async () => {
  const server = await anApp();
  const status = await new Promise<number>((resolve, reject) => {
    const sent = request(`${server.url}/unsubscribe/${'A'.repeat(43)}`, { method: 'POST' }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject).end();
  });
  expect(status).toBe(404);
  await server.close();
});
