import { aMailWorld, mailServices, type MailWorld } from './support/a-mail-world.js';
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
});
