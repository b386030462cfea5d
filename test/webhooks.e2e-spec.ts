import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mayReach, postSafely } from '../src/publish/webhook/post-safely.js';
import { renderWebhook } from '../src/publish/webhook/render-webhook.js';
import { aDigest, taxonomy } from './support/a-digest.js';
import { aMailWorld, type MailWorld } from './support/a-mail-world.js';
import { aView } from './support/a-view.js';
import { aWeek } from './support/a-week.js';
import { DIALECTS } from './support/database.js';

type Answer = { status: number; headers?: Record<string, string> } | 'stall';

/** A receiver of posts on this machine. */
async function aReceiver() {
  const posts: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
  const manners = { answer: (): Answer => ({ status: 200 }) };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      posts.push({ path: request.url ?? '', headers: request.headers, body });
      const answer = manners.answer();
      if (answer !== 'stall') response.writeHead(answer.status, answer.headers).end('thank you');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    posts,
    manners,
    close: () => new Promise<void>((resolve) => { server.closeAllConnections(); server.close(() => resolve()); }), // prettier-ignore
  };
}
type Receiver = Awaited<ReturnType<typeof aReceiver>>;

describe.each(DIALECTS)('webhooks on %s', (dialect) => {
  let world: MailWorld;
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await aReceiver();
    world = await aMailWorld(dialect, { newsFrom: '2026-11-09' }, { webhookAllow: ['127.0.0.0/8'] });
    world.clock.set('2026-11-10T09:00:00Z');
  });
  afterEach(async () => {
    await receiver.close();
    await world.close();
  });
  const issue = async () => {
    world.clock.set('2026-11-12T09:00:00Z');
    await world.arrive([{ pmid: '1', added: '2026-11-11', title: 'On <b>ketamine</b> & sleep.' }], { condition: ['ptsd'], study: 'rct' });
    world.clock.set('2026-11-16T12:00:00Z');
    await world.sync();
    await world.issuing.issueDue();
  }; // prettier-ignore
  const join = () => world.join('hook@readers.example', { webhook: { url: receiver.url, style: 'json' } });

  it('are verified first, then get the digest, signed as Standard Webhooks say, with the same id on every try', async () => {
    const id = await join();
    await world.deliver();
    expect(receiver.posts).toHaveLength(1);
    expect(JSON.parse(receiver.posts[0]!.body)).toMatchObject({ type: 'webhook.verify' });
    await issue();
    receiver.manners.answer = () => ({ status: 503 });
    expect((await world.deliver())?.counts).toMatchObject({ planned: 1, sent: 0, postponed: 1 });
    receiver.manners.answer = () => ({ status: 204 });
    world.clock.set('2026-11-16T12:02:00Z');
    expect((await world.deliver())?.counts).toMatchObject({ sent: 1 });
    const [first, second] = receiver.posts.slice(1);
    expect(first!.headers['webhook-id']).toBe(second!.headers['webhook-id']);
    const { webhookKey } = (await world.subscriptionsStore.find(id))!;
    const key = Buffer.from(webhookKey!.slice('whsec_'.length), 'base64');
    const signed = `${second!.headers['webhook-id'] as string}.${second!.headers['webhook-timestamp'] as string}.${second!.body}`;
    expect(second!.headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
    expect(Number(second!.headers['webhook-timestamp'])).toBe(Date.parse('2026-11-16T12:02:00Z') / 1000);
    expect(JSON.parse(second!.body)).toMatchObject({
      type: 'digest.issued',
      data: { period: '2026-W46', complete: true, papers: [{ pmid: '1', title: 'On <b>ketamine</b> & sleep.', study: 'rct', conditions: ['ptsd'], late: false }], more: 0 },
    });
    expect(world.mailbox.mails).toEqual([]);
  }); // prettier-ignore

  it('that never answer the first post are suspended after a day; those that are gone are unsubscribed', async () => {
    const id = await join();
    receiver.manners.answer = () => 'stall';
    await world.deliver();
    for (let hours = 1; hours <= 30; hours += 4) {
      world.clock.at += 4 * 3_600_000;
      if (hours > 4) receiver.manners.answer = () => ({ status: 500 });
      await world.deliver();
    }
    expect((await world.subscriptionsStore.find(id))!.state).toBe('suspended');
    receiver.manners.answer = () => ({ status: 200 });
    await world.subscriptions.change(id, { kind: 'resumed' });
    await world.deliver();
    await issue();
    receiver.manners.answer = () => ({ status: 410 });
    await world.deliver();
    expect((await world.subscriptionsStore.find(id))!.state).toBe('unsubscribed');
  });
});

describe('posts to addresses of strangers', () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await aReceiver();
  });
  afterEach(() => receiver.close());
  const post = (url: string, allow: readonly string[] = []) => postSafely(url, {}, '{}', { allow, timeoutMs: 1_000 });

  it('never reach what is not public, by number, by name or by another spelling', async () => {
    const { port } = receiver;
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', '0', '10.0.0.1', '169.254.169.254', '192.168.1.1', '100.64.0.1', '[fe80::1]', '[fd00::1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '224.0.0.1', '255.255.255.255', 'nowhere.invalid'])
      expect(await post(`http://${host}:${port}/`)).toHaveProperty('error');
    for (const url of ['ftp://example.org/', 'http://user:secret@example.org/']) expect(await post(url)).toMatchObject({ error: 'webhook-forbidden' });
    expect(receiver.posts).toEqual([]);
    expect(['8.8.8.8', '2606:4700::1111', '93.184.216.34'].map((address) => mayReach(address, []))).toEqual([true, true, true]);
    expect(mayReach('10.1.2.3', ['10.1.0.0/16'])).toBe(true);
    expect(mayReach('10.2.2.3', ['10.1.0.0/16'])).toBe(false);
    expect(mayReach('::1', ['127.0.0.1'])).toBe(false);
  }); // prettier-ignore

  it('check every redirect like the first address, and follow few', async () => {
    receiver.manners.answer = () => ({ status: 307, headers: { location: `http://169.254.169.254/latest/meta-data` } });
    expect(await post(receiver.url, ['127.0.0.1'])).toMatchObject({ error: 'webhook-forbidden' });
    receiver.manners.answer = () => ({ status: 308, headers: { location: '/again' } });
    expect(await post(receiver.url, ['127.0.0.1'])).toMatchObject({ error: 'webhook-unreachable' });
    expect(receiver.posts.length).toBeLessThan(7);
    receiver.manners.answer = () => ({ status: 302, headers: { location: '/elsewhere' } });
    expect(await post(receiver.url, ['127.0.0.1'])).toEqual({ status: 302 });
  });

  it('do not wait for ever', async () => {
    receiver.manners.answer = () => 'stall';
    expect(await post(receiver.url, ['127.0.0.0/8'])).toMatchObject({ error: 'webhook-unreachable', detail: 'the webhook did not answer in time' }); // prettier-ignore
  });
});

describe('the body of a post', () => {
  const around = { taxonomy, publicUrl: 'https://tracker.example', now: 0 };
  const letter = (papers: Parameters<typeof aDigest>[0]['papers']) => ({
    kind: 'digest' as const,
    digest: aDigest({ papers: papers ?? [] }),
    rendering: { filters: null, asOf: null, pageUrl: 'https://tracker.example/digests/2026-W47' },
  });

  it('stays under 20 kB in every style and counts what is left out', () => {
    for (const style of ['json', 'slack', 'teams'] as const)
      for (const count of [0, 3, 60, 250]) expect(Buffer.byteLength(renderWebhook(letter(aWeek(count)), style, around))).toBeLessThan(20_000);
    const { data } = JSON.parse(renderWebhook(letter(aWeek(250)), 'json', around)) as { data: { papers: unknown[]; more: number } };
    expect(data.more).toBeGreaterThan(0);
    expect(data.papers.length + data.more).toBe(letter(aWeek(250)).digest.papers.length);
    expect(JSON.parse(renderWebhook(letter(aWeek(60)), 'slack', around))).toHaveProperty('blocks');
  }); // prettier-ignore

  it('lets no title forge a link or call everybody', () => {
    const papers = [aView({ title: '<!channel> <https://evil.example|free> [x](https://evil.example) *b* | `c`' })];
    const slack = renderWebhook(letter(papers), 'slack', around);
    expect(slack).toContain('&lt;!channel&gt;');
    expect(slack).not.toMatch(/<!channel>|<https:\/\/evil/);
    expect(renderWebhook(letter(papers), 'teams', around)).not.toMatch(/[^\\]\]\(https:\/\/evil/);
  });
});
