import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as inFolder } from 'node:path';
import { parsePeriod } from '../src/digest/week.js';
import { MailCourier, MailFolder } from '../src/publish/mail/mail-courier.js';
import { readSmtpUrl, SmtpPool } from '../src/publish/mail/smtp-pool.js';
import { PreviewService } from '../src/subscriptions/preview.service.js';
import { taxonomy } from './support/a-digest.js';
import { aMailWorld, aWish, mailServices, PUBLIC_URL, type MailWorld } from './support/a-mail-world.js';
import { DIALECTS } from './support/database.js';

describe.each(DIALECTS)('deliveries on %s', (dialect) => {
  let world: MailWorld;
  const start = async (...given: Parameters<typeof aMailWorld> extends [unknown, ...infer R] ? R : never) => {
    world = await aMailWorld(dialect, { newsFrom: '2026-11-09', ...given[0] }, given[1]);
    world.clock.set('2026-11-10T09:00:00Z');
    return world;
  };
  afterEach(() => world.close());
  /** Brings a week to its end: a complete sync and the issue. */
  const endWeek = async (monday: string) => {
    world.clock.set(`${monday}T12:00:00Z`);
    await world.sync();
    await world.issuing.issueDue();
  };
  const told = async (id: number) => (await world.deliveriesStore.listTold(id)).map(({ pmid }) => pmid);

  it('bring each reader the papers of the issue that match, once, with headers that mail programs understand', async () => {
    const { clock, arrive, join, deliver, mailbox } = await start();
    const [a, b] = [await join('a@readers.example', { filters: 'condition=ptsd' }), await join('b@readers.example', { format: 'text' })];
    clock.set('2026-11-12T09:00:00Z');
    await arrive([{ pmid: '1', added: '2026-11-11' }, { pmid: '2', added: '2026-11-12' }], { condition: ['ptsd'], study: 'rct' });
    await arrive([{ pmid: '3', added: '2026-11-12', title: 'On <i>OCD</i> & Bcc: all@x.example' }], { condition: ['ocd'] });
    clock.set('2026-11-16T07:00:00Z');
    expect(await deliver()).toBeNull();
    await endWeek('2026-11-16');
    expect((await deliver())?.counts).toMatchObject({ planned: 2, sent: 2, postponed: 0 });
    expect(await deliver()).toBeNull();
    expect(await told(a)).toEqual(['1', '2']);
    expect(await told(b)).toEqual(['1', '2', '3']);
    const [mail] = await mailbox.to('a@readers.example');
    const header = (name: string) => mail!.headers.find(({ key }) => key === name)?.value;
    expect(mail!.subject).toBe('Ketamine digest, week 46 of 2026: 2 papers');
    expect(header('list-unsubscribe')).toMatch(/^<https:\/\/tracker\.example\/unsubscribe\/[\w-]{43}>$/);
    expect(header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(header('list-id')).toBe('Ketamine digest <digest.tracker.example>');
    expect(mail!.messageId).toMatch(/^<d\d{17}-[0-9a-f]{12}@tracker\.example>$/);
    expect(mail!.html).toContain('/preferences/');
    const [plain] = await mailbox.to('b@readers.example');
    expect(plain!.html).toBeUndefined();
    expect(plain!.text).toContain('On <i>OCD</i> & Bcc: all@x.example');
    expect(plain!.headers.some(({ key }) => key === 'bcc')).toBe(false);
  }); // prettier-ignore

  it('mail nothing when there is nothing, unless a reader wants to know', async () => {
    const { join, deliver, mailbox } = await start();
    await join('quiet@readers.example', { filters: 'condition=ptsd' });
    await join('curious@readers.example', { filters: 'condition=ptsd', sendEmpty: true });
    await endWeek('2026-11-16');
    expect((await deliver())?.counts).toMatchObject({ planned: 1, empty: 1, sent: 1 });
    expect(mailbox.mails.map(({ to }) => to)).toEqual(['curious@readers.example']);
    expect((await mailbox.to('curious@readers.example'))[0]!.subject).toContain('nothing new');
  });

  it('tell everyone who was sent a paper that it is retracted, even when nothing else is new; the paused when they resume', async () => {
    const { clock, arrive, join, deliver, mailbox, subscriptions } = await start();
    await join('a@readers.example', { filters: 'condition=ptsd' });
    const paused = await join('p@readers.example', { filters: 'condition=ptsd' });
    const gone = await join('u@readers.example', { filters: 'condition=ptsd' });
    await join('o@readers.example', { filters: 'condition=ocd' });
    clock.set('2026-11-12T09:00:00Z');
    await arrive([{ pmid: '1', added: '2026-11-11', title: 'Too good.' }], { condition: ['ptsd'] });
    await endWeek('2026-11-16');
    await deliver();
    mailbox.clear();
    clock.set('2026-11-18T09:00:00Z');
    await subscriptions.change(paused, { kind: 'paused' });
    await subscriptions.change(gone, { kind: 'unsubscribed' });
    await arrive([{ pmid: '1', added: '2026-11-11', title: 'Too good.', status: { retracted: true, concern: false, corrected: false, updated: false, preprint: false } }]);
    await endWeek('2026-11-23');
    expect((await deliver())?.counts).toMatchObject({ sent: 1 });
    const [mail] = await mailbox.to('a@readers.example');
    expect(mail!.subject).toBe('Ketamine digest, week 47 of 2026: 1 retraction');
    expect(mail!.text).toContain('RETRACTED: Too good (was in 2026-W46)');
    clock.set('2026-11-25T09:00:00Z');
    await subscriptions.change(paused, { kind: 'resumed' });
    await deliver();
    expect((await mailbox.to('p@readers.example'))[0]!.text).toContain('RETRACTED: Too good');
    await endWeek('2026-11-30');
    await deliver();
    expect(mailbox.mails.map(({ to }) => to).sort()).toEqual(['a@readers.example', 'p@readers.example']);
  }); // prettier-ignore

  it('go on after a bad recipient, and suspend an address only when it is refused for good', async () => {
    const { clock, arrive, join, deliver, mailbox, subscriptionsStore, deliveriesStore } = await start();
    const ids = new Map<string, number>();
    for (const name of ['good', 'unknown', 'policy', 'greylisted']) ids.set(name, await join(`${name}@readers.example`));
    const answers: Record<string, { code: number; message: string }> = {
      'unknown@readers.example': { code: 550, message: '5.1.1 No such user' },
      'policy@readers.example': { code: 554, message: '5.7.1 Relay access denied' },
      'greylisted@readers.example': { code: 451, message: '4.7.1 Come back later' },
    };
    mailbox.manners.recipient = (address) => answers[address] ?? null;
    clock.set('2026-11-12T09:00:00Z');
    await arrive([{ pmid: '1', added: '2026-11-11' }]);
    await endWeek('2026-11-16');
    const run = await deliver();
    expect(run).toMatchObject({ status: 'incomplete', counts: { sent: 1, refused: 1, postponed: 2 } });
    const state = async (name: string) => (await subscriptionsStore.find(ids.get(name)!))!.state;
    expect([await state('unknown'), await state('policy'), await state('greylisted')]).toEqual(['suspended', 'active', 'active']);
    expect(await told(ids.get('unknown')!)).toEqual([]);
    delete answers['greylisted@readers.example'];
    clock.set('2026-11-16T12:02:00Z');
    await deliver();
    expect(mailbox.mails.map(({ to }) => to)).toEqual(['good@readers.example', 'greylisted@readers.example']);
    // given up after three days; its papers were not sent
    for (const at of ['12:10', '12:40', '14:00', '16:00', '20:00', '23:59']) { clock.set(`2026-11-16T${at}:00Z`); await deliver(); }
    clock.set('2026-11-19T12:00:00Z');
    await deliver();
    const { deliveries } = await deliveriesStore.list({ subscriptionId: ids.get('policy')!, limit: 10 });
    expect(deliveries.map(({ kind, status, errorCode }) => [kind, status, errorCode])).toContainEqual(['digest', 'failed', 'smtp-policy']);
    expect(await told(ids.get('policy')!)).toEqual([]);
    await endWeek('2026-11-23');
    delete answers['policy@readers.example'];
    await deliver();
    expect(await told(ids.get('policy')!)).toEqual(['1']);
  }); // prettier-ignore

  it('try again with the same Message-ID when the server cuts the line after DATA, stalls or cannot be reached', async () => {
    const { clock, arrive, join, deliver, mailbox } = await start({}, { answerMs: 700 });
    await join('cut@readers.example');
    clock.set('2026-11-12T09:00:00Z');
    await arrive([{ pmid: '1', added: '2026-11-11' }]);
    await endWeek('2026-11-16');
    mailbox.manners.message = () => 'drop';
    expect((await deliver())?.counts).toMatchObject({ sent: 0, postponed: 1 });
    mailbox.manners.message = () => new Promise(() => undefined);
    clock.set('2026-11-16T12:02:00Z');
    expect((await deliver())?.counts).toMatchObject({ sent: 0, postponed: 1 });
    mailbox.manners.message = () => null;
    clock.set('2026-11-16T12:10:00Z');
    expect((await deliver())?.counts).toMatchObject({ sent: 1 });
    const mails = await mailbox.to('cut@readers.example');
    expect(mails).toHaveLength(2);
    expect(new Set(mails.map((mail) => mail.messageId)).size).toBe(1);
  });

  it('wait without counting attempts while the mail server is away', async () => {
    const { clock, arrive, join, mailbox, deliver, deliveriesStore } = await start();
    for (let index = 0; index < 12; index++) await join(`r${index}@readers.example`);
    clock.set('2026-11-12T09:00:00Z');
    await arrive([{ pmid: '1', added: '2026-11-11' }]);
    await endWeek('2026-11-16');
    const away = mailServices(world, { url: 'smtp://127.0.0.1:9' });
    expect(await away.deliver()).toMatchObject({ status: 'failed', error: { code: 'smtp-unreachable' }, counts: { sent: 0 } });
    expect(await deliveriesStore.counts()).toMatchObject({ queued: 12, sending: 0 });
    clock.set('2026-11-16T12:02:00Z');
    expect((await deliver())?.counts).toMatchObject({ sent: 12 });
    expect(mailbox.mails).toHaveLength(12);
  }); // prettier-ignore

  it('are sent by two replicas at once, each by one of them', async () => {
    const { clock, arrive, join, delivery, mailbox } = await start();
    for (let index = 0; index < 60; index++) await join(`r${index}@readers.example`);
    clock.set('2026-11-12T09:00:00Z');
    await arrive([{ pmid: '1', added: '2026-11-11' }, { pmid: '2', added: '2026-11-11' }]); // prettier-ignore
    await endWeek('2026-11-16');
    const other = mailServices(world, mailbox);
    const request = { trigger: 'command' as const, holder: 'test', signal: new AbortController().signal };
    const runs = await Promise.all([delivery.run(request), other.delivery.run(request), delivery.run(request)]);
    expect(runs.reduce((sum, run) => sum + (run?.counts['sent'] ?? 0), 0)).toBe(60);
    expect(new Set(mailbox.mails.map(({ to }) => to)).size).toBe(60);
    expect(mailbox.mails).toHaveLength(60);
  });

  it('send nothing when another process has taken over between the claim and DATA', async () => {
    const { clock, arrive, join, deliver, mailbox, database } = await start();
    await join('a@readers.example');
    clock.set('2026-11-12T09:00:00Z');
    await arrive([{ pmid: '1', added: '2026-11-11' }]);
    await endWeek('2026-11-16');
    mailbox.manners.recipient = async () => {
      await database.run('UPDATE "delivery" SET "claim" = "claim" + 1, "lease_until" = 0 WHERE "kind" = \'digest\'');
      mailbox.manners.recipient = () => null;
      return null;
    };
    expect((await deliver())?.counts).toMatchObject({ lost: 1, sent: 1 });
    expect(mailbox.mails).toHaveLength(1);
    expect(world.lines.join('')).not.toContain('readers.example');
  });

  it('send nothing after a new taxonomy has retagged everything', async () => {
    const { clock, arrive, join, deliver, tag, mailbox } = await start();
    await join('a@readers.example', { filters: 'condition=ptsd' });
    clock.set('2026-11-12T09:00:00Z');
    await arrive(Array.from({ length: 40 }, (_, index) => ({ pmid: String(1000 + index), added: '2026-09-01' })), { condition: ['ocd'] });
    await arrive([{ pmid: '1', added: '2026-11-11' }], { condition: ['ptsd'] });
    await endWeek('2026-11-16');
    await deliver();
    expect(mailbox.mails).toHaveLength(1);
    await tag(Array.from({ length: 40 }, (_, index) => String(1000 + index)), { condition: ['ptsd'] });
    await tag(['1'], { condition: ['ptsd'], study: 'rct' });
    await endWeek('2026-11-23');
    expect((await deliver())?.counts).toMatchObject({ planned: 0, sent: 0 });
    expect(mailbox.mails).toHaveLength(1);
  }); // prettier-ignore

  it('are what the preview shows, byte for byte but for the tokens', async () => {
    const { clock, arrive, join, deliver, mailbox, offers, delivery, mail } = await start();
    await join('a@readers.example', { filters: 'condition=ptsd' });
    clock.set('2026-11-12T09:00:00Z');
    await arrive([{ pmid: '1', added: '2026-11-11', title: 'Größe & <b>bold</b> = 5 µg\u2028.' }, { pmid: '2', added: '2026-11-12' }], { condition: ['ptsd'], study: 'rct' });
    await arrive([{ pmid: '3', added: '2026-11-12' }], { condition: ['ocd'] });
    await endWeek('2026-11-16');
    await deliver();
    const previews = new PreviewService(offers, () => delivery.openLetters());
    const letter = await previews.preview(parsePeriod('2026-W46', 'UTC')!, 'condition=ptsd');
    const shown = mail.preview(letter);
    const [got] = await mailbox.to('a@readers.example');
    const plain = (text: string | undefined) => (text ?? '').replace(/(\/(?:preferences|unsubscribe)\/)[\w-]{43}/g, '$1TOKEN').replace(/\r\n/g, '\n').trimEnd();
    expect(got!.subject).toBe(shown.subject);
    expect(plain(got!.text)).toBe(plain(shown.text));
    expect(plain(got!.html)).toBe(plain(shown.html));
    expect(shown.text).toContain('Größe & <b>bold</b> = 5 µg');
    await expect(previews.preview(parsePeriod('2026-W47', 'UTC')!, '')).rejects.toMatchObject({ code: 'not-found' });
  }); // prettier-ignore

  it('of a journal version say that the preprint which was sent is now published, and send no paper twice for it', async () => {
    const { clock, arrive, join, deliver, mailbox } = await start();
    await join('a@readers.example', { format: 'text' });
    clock.set('2026-11-12T09:00:00Z');
    const preprint = { retracted: false, concern: false, corrected: false, updated: false, preprint: true };
    await arrive([{ pmid: '1', added: '2026-11-11', title: 'As a preprint.', status: preprint }]);
    await endWeek('2026-11-16');
    await deliver();
    clock.set('2026-11-19T09:00:00Z');
    await arrive([{ pmid: '2', added: '2026-11-18', title: 'In a journal.', related: [{ type: 'UpdateOf', pmid: '1', text: '' }] }]);
    await endWeek('2026-11-23');
    await deliver();
    const [, second] = await mailbox.to('a@readers.example');
    expect(second!.subject).toContain('1 correction to earlier papers');
    expect(second!.text).toContain('NEW VERSION');
    expect(second!.text).toMatch(/papers\/2\b/);
    await endWeek('2026-11-30');
    expect((await deliver())?.counts['sent']).toBe(0);
  }); // prettier-ignore

  it('become files where there is no mail server, one a delivery however often it is tried', async () => {
    const { clock, mail } = await start();
    const folder = mkdtempSync(inFolder(tmpdir(), 'tracker-outbox-'));
    const courier = new MailCourier(taxonomy, { publicUrl: PUBLIC_URL, footer: null, from: 'd@tracker.example', dkim: null }, new MailFolder(folder, PUBLIC_URL), clock);
    const letter = { kind: 'confirmation' as const, wish: aWish(), filters: null, change: false };
    const parcel = { id: 'd1', letter, email: 'a@readers.example', format: 'html' as const, webhook: null, webhookKey: null, token: 'T'.repeat(43), mayGo: () => Promise.resolve(true) };
    expect(await courier.deliver(parcel)).toEqual({ kind: 'sent' });
    expect(await courier.deliver(parcel)).toEqual({ kind: 'sent' });
    expect(readdirSync(folder)).toEqual(['d1.eml']);
    expect(statSync(inFolder(folder, 'd1.eml')).mode & 0o077).toBe(0);
    expect(await courier.deliver({ ...parcel, id: 'd2', mayGo: () => Promise.resolve(false) })).toEqual({ kind: 'lost' });
    expect(readdirSync(folder)).toEqual(['d1.eml']);
    const raw = mail.message(parcel);
    // RFC 5321 allows 998 characters a line, and every line ends as mail servers want it
    for (const line of raw.split('\r\n')) expect([line.length < 200, line.includes('\n')]).toEqual([true, false]);
    rmSync(folder, { recursive: true });
  }); // prettier-ignore

  it('are signed when a key is set', async () => {
    const { clock, mailbox } = await start();
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const pool = new SmtpPool(readSmtpUrl(mailbox.url, 'tracker.example'));
    const dkim = { domainName: 'tracker.example', keySelector: 'sel', privateKey: pem };
    const courier = new MailCourier(taxonomy, { publicUrl: PUBLIC_URL, footer: null, from: 'd@tracker.example', dkim }, pool, clock);
    const letter = { kind: 'confirmation' as const, wish: aWish(), filters: null, change: false };
    await courier.deliver({ id: 'd1', letter, email: 'a@readers.example', format: 'html', webhook: null, webhookKey: null, token: 'T'.repeat(43), mayGo: () => Promise.resolve(true) });
    await courier.rest();
    const raw = mailbox.mails[0]!.raw;
    expect(raw).toMatch(/^DKIM-Signature: v=1; a=rsa-sha256;[^]*d=tracker\.example;[^]*s=sel;/);
    // the body hash of the signature is that of the body which arrived (RFC 6376, relaxed)
    const body = raw.slice(raw.indexOf('\r\n\r\n') + 4).split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, '')).join('\r\n').replace(/(\r\n)*$/, '\r\n');
    expect(/bh=([^;]+);/.exec(raw)![1]!.replace(/\s/g, '')).toBe(createHash('sha256').update(body).digest('base64'));
  }); // prettier-ignore
});
