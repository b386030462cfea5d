import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { aMailWorld, type MailWorld } from './support/a-mail-world.js';
import { DIALECTS } from './support/database.js';

/** Kills per database; two databases make a hundred. */
const KILLS = 50;
const READERS = 200;
/** Filters of the readers in turn, and what each of them is to get. */
const SHELVES: readonly (readonly [filters: string, pmids: readonly string[]])[] = [
  ['', ['101', '102', '103', '104']],
  ['pmid=101,103', ['101', '103']],
  ['pmid=102', ['102']],
  ['q=nothing+of+this+kind', []],
];

/** Numbers that look random and are the same in every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** A process of the built program that has everything loaded and waits for the word to send. */
async function aChild(environment: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['test/support/send-child.mjs'], {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

describe.each(DIALECTS)('a send to two hundred readers on %s', (dialect) => {
  let world: MailWorld;
  beforeEach(async () => {
    world = await aMailWorld(dialect, { newsFrom: '2026-11-09' });
  });
  afterEach(() => world.close());

  it('survives fifty kills at any moment: nothing lost, nothing twice outside of the DATA window', async () => {
    const { clock, arrive, sync, issuing, join, mailbox, database, deliveriesStore } = world;
    clock.set('2026-11-10T09:00:00Z');
    const readers = new Map<string, { id: number; pmids: readonly string[] }>();
    for (let index = 0; index < READERS; index++) {
      const [filters, pmids] = SHELVES[index % SHELVES.length]!;
      const email = `reader${index}@readers.example`;
      readers.set(email, { id: await join(email, { filters, format: index % 2 ? 'text' : 'html' }), pmids });
    }
    clock.set('2026-11-12T09:00:00Z');
    await arrive(['101', '102', '103', '104'].map((pmid) => ({ pmid, added: '2026-11-11' })));
    clock.set('2026-11-16T12:00:00Z');
    await sync();
    await issuing.issueDue();

    const roll = dice(dialect === 'sqlite' ? 7 : 11);
    /** Called at each step of an exchange. */
    let step: () => void = () => undefined;
    mailbox.manners.recipient = () => (step(), null);
    mailbox.manners.message = async () => {
      step();
      // a slow server: the work outlasts the kills on any machine
      await new Promise((resolve) => setTimeout(resolve, 10 + roll(20)));
      step();
      return null;
    };
    const environment = {
      DATABASE_URL: world.url,
      SMTP_URL: mailbox.url,
      PUBLIC_URL: 'https://tracker.example',
      MAIL_FROM: 'digest@tracker.example',
      NEWS_FROM: '2026-11-09',
      NOW: '2026-11-16T12:01:00Z',
      LOG_LEVEL: 'error',
    };
    const warm = Array.from({ length: 2 }, () => aChild(environment));
    let kills = 0;
    let inTime = 0;
    while (kills < KILLS) {
      const pair = await Promise.all(warm.splice(0, 2));
      if (kills + 2 < KILLS) warm.push(aChild(environment), aChild(environment));
      const ended = pair.map((child) => once(child, 'exit'));
      let left = roll(12);
      await new Promise<void>((resolve) => {
        // the first kills fall into the planning, before anything is sent
        const timer = setTimeout(resolve, left === 0 ? roll(120) : 5_000);
        step = () => {
          if (left-- > 1) return;
          clearTimeout(timer);
          resolve();
        };
        for (const child of pair) child.stdin!.write('go\n');
        void Promise.all(ended).then(() => resolve());
      });
      for (const child of pair) if (child.exitCode === null && child.kill('SIGKILL')) inTime++;
      await Promise.all(ended);
      kills += 2;
      // time passes: the claims of the dead run out
      await database.run(`UPDATE "delivery" SET "lease_until" = 0 WHERE "status" = 'sending'`);
    }
    step = () => undefined;
    clock.set('2026-11-16T12:05:00Z');
    await world.deliver();

    // the point of the test: most processes died at work
    expect(inTime).toBeGreaterThan(KILLS * 0.6);
    expect(await deliveriesStore.counts()).toMatchObject({ sent: (READERS / 4) * 3, empty: READERS / 4, queued: 0, sending: 0 });
    const lastTurn = new Map<string, number>();
    for (const { session, turn } of mailbox.mails) lastTurn.set(session, Math.max(turn, lastTurn.get(session) ?? 0));
    for (const [email, { id, pmids }] of readers) {
      const mails = mailbox.mails.filter(({ to }) => to === email);
      const ids = new Set(mails.map(({ raw }) => /^Message-ID: (.*)$/m.exec(raw)?.[1]));
      expect([email, ids.size, pmids.length > 0 && mails.length === 0]).toEqual([email, pmids.length > 0 ? 1 : 0, false]);
      // whoever got a mail twice got the first copies over connections that ended with them
      for (const { session, turn } of mails.slice(0, -1)) expect(turn).toBe(lastTurn.get(session));
      expect((await deliveriesStore.listTold(id)).map(({ pmid }) => pmid)).toEqual(pmids);
      const mail = mails[mails.length - 1];
      if (mail) {
        const text = (await mailbox.read(mail)).text ?? '';
        expect([...text.matchAll(/pubmed\.ncbi\.nlm\.nih\.gov\/(\d+)/g)].map((match) => match[1]).sort()).toEqual(pmids);
      }
    }
  }, 600_000); // prettier-ignore
});
