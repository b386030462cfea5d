import { aMailWorld, type MailWorld } from './support/a-mail-world.js';
import { DIALECTS } from './support/database.js';

/*
 * A year of papers and readers, and beside it a model that is written from the rules alone: it knows nothing of the
 * program's code. What each reader's mails hold has to be what the model says, mail by mail.
 */

const DAY = 86_400_000;
const CONDITIONS = ['ptsd', 'ocd', 'chronic-pain'];
const NEWS_FROM = '2025-12-01';
/** A Monday. */
const START = Date.parse('2025-12-01T00:00:00Z');
const DAYS = 364;

function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
const midnight = (day: string) => Date.parse(`${day}T00:00:00Z`);
const mondayOf = (day: string) => dayOf(midnight(day) - ((new Date(midnight(day)).getUTCDay() + 6) % 7) * DAY);
/** ISO week: that of its Thursday. */
function weekKey(day: string): string {
  const thursday = midnight(mondayOf(day)) + 3 * DAY;
  const year = new Date(thursday).getUTCFullYear();
  const number = Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * DAY)) + 1;
  return `${year}-W${String(number).padStart(2, '0')}`;
}

interface ModelPaper {
  pmid: string;
  added: string;
  listedAt: number;
  tags: string[];
  /** As issued. */
  frozen: string[];
  issue: string | null;
  retractedAt: number | null;
}
interface ModelReader {
  email: string;
  frequency: 'daily' | 'weekly' | 'monthly';
  /** Days after Monday. */
  weekday: number;
  /** Hours ahead of UTC. */
  offset: number;
  confirmedAt: number;
  versions: { filter: string[]; since: number }[];
  active: boolean;
  gone: boolean;
  lastPeriod: string;
  received: Map<string, number>;
  told: Set<string>;
}

const matches = (filter: readonly string[], tags: readonly string[]) =>
  filter.length === 0 || filter.some((value) => tags.includes(value));

/** The newest period of a reader whose mail is due, and its last day. */
function periodDue(reader: ModelReader, now: number): { key: string; to: string } {
  const local = now + reader.offset * 3_600_000;
  // a day's mail is due at six on the next
  const morning = dayOf(local - 6 * 3_600_000);
  if (reader.frequency === 'daily') {
    const to = dayOf(midnight(morning) - DAY);
    return { key: to, to };
  }
  if (reader.frequency === 'monthly') {
    const to = dayOf(midnight(`${morning.slice(0, 7)}-01`) - DAY);
    return { key: to.slice(0, 7), to };
  }
  const monday = mondayOf(dayOf(midnight(morning) - reader.weekday * DAY));
  const to = dayOf(midnight(monday) - DAY);
  return { key: weekKey(to), to };
}

class Model {
  readonly papers: ModelPaper[] = [];
  readonly readers: ModelReader[] = [];
  readonly issued = new Set<string>();
  /** Last day known whole. */
  through = '';

  issue(week: { key: string; to: string }): void {
    if (this.issued.has(week.key)) return;
    this.issued.add(week.key);
    for (const paper of this.papers)
      if (paper.issue === null && paper.added >= NEWS_FROM && paper.added <= week.to && paper.retractedAt === null) {
        paper.issue = week.key;
        paper.frozen = paper.tags;
      }
  }

  /** What each reader is mailed now. */
  deliver(now: number): { email: string; pmids: string[]; retracted: string[] }[] {
    const mails: { email: string; pmids: string[]; retracted: string[] }[] = [];
    for (const reader of this.readers) {
      if (!reader.active || reader.gone) continue;
      const { key, to } = periodDue(reader, now);
      if (key <= reader.lastPeriod) continue;
      if (reader.frequency === 'weekly' ? !this.issued.has(key) : this.through < to) continue;
      reader.lastPeriod = key;
      const bound = midnight(to) - 56 * DAY;
      const pmids = this.papers
        .filter(
          (paper) =>
            paper.added >= NEWS_FROM &&
            paper.added <= to &&
            paper.listedAt > reader.confirmedAt &&
            paper.retractedAt === null &&
            !reader.received.has(paper.pmid) &&
            (midnight(paper.added) >= bound || paper.listedAt >= bound) &&
            (reader.frequency !== 'weekly' || (paper.issue !== null && paper.issue <= key)) &&
            reader.versions.every((version, index) => {
              const next = reader.versions[index + 1];
              if (next && next.since <= paper.listedAt) return true;
              const asIssued = reader.frequency === 'weekly' && paper.issue === key;
              return matches(version.filter, asIssued ? paper.frozen : paper.tags);
            }),
        )
        .map(({ pmid }) => pmid);
      const retracted = this.papers
        .filter(
          ({ pmid, retractedAt }) =>
            retractedAt !== null && (reader.received.get(pmid) ?? Infinity) <= retractedAt && !reader.told.has(pmid),
        )
        .map(({ pmid }) => pmid);
      if (pmids.length === 0 && retracted.length === 0) continue;
      for (const pmid of pmids) reader.received.set(pmid, now);
      for (const pmid of retracted) reader.told.add(pmid);
      mails.push({ email: reader.email, pmids: pmids.sort(), retracted: retracted.sort() });
    }
    return mails.sort((a, b) => a.email.localeCompare(b.email));
  }
}

describe.each(DIALECTS)('twelve months on %s', (dialect) => {
  let world: MailWorld;
  beforeEach(async () => {
    world = await aMailWorld(dialect, { newsFrom: NEWS_FROM });
  });
  afterEach(() => world.close());

  it('give every reader the papers and retractions that the rules say, mail by mail', async () => {
    const { clock, mailbox, subscriptionsStore, subscriptions } = world;
    const model = new Model();
    const roll = dice(2026);
    const ids = new Map<string, number>();
    const wanted = (filter: readonly string[]) => (filter.length === 0 ? '' : `condition=${filter.join(',')}`);
    const someFilter = () => CONDITIONS.filter(() => roll(2) === 0);

    const join = async (email: string) => {
      const filter = someFilter();
      const frequency = (['daily', 'weekly', 'weekly', 'monthly'] as const)[roll(4)]!;
      const weekday = roll(7);
      const [offset, timeZone] = ([[0, 'UTC'], [9, 'Asia/Tokyo'], [-7, 'America/Phoenix']] as const)[roll(3)]!; // prettier-ignore
      const names = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
      const wish = { filters: wanted(filter), frequency, weekday: names[weekday]!, timeZone, format: 'text' as const };
      ids.set(email, await world.join(email, wish));
      const reader: ModelReader = { email, frequency, weekday, offset, confirmedAt: clock.now(), versions: [{ filter, since: clock.now() }], active: true, gone: false, lastPeriod: '', received: new Map(), told: new Set() }; // prettier-ignore
      // the first mail is that of the period in which they confirmed
      const local = dayOf(clock.now() + offset * 3_600_000);
      reader.lastPeriod =
        frequency === 'daily'
          ? dayOf(midnight(local) - DAY)
          : frequency === 'monthly'
            ? dayOf(midnight(`${local.slice(0, 7)}-01`) - DAY).slice(0, 7)
            : weekKey(dayOf(midnight(local) - 7 * DAY));
      model.readers.push(reader);
    };

    let nextPmid = 1000;
    const arrive = async (added: string) => {
      const tags = CONDITIONS.filter(() => roll(3) === 0);
      const pmid = String(nextPmid++);
      await world.arrive([{ pmid, added }], { condition: tags });
      model.papers.push({ pmid, added, listedAt: clock.now(), tags, frozen: [], issue: null, retractedAt: null });
    };

    const check = async (hour: number) => {
      clock.at = hour;
      mailbox.clear();
      await world.deliver();
      const got = await Promise.all(
        mailbox.mails.map(async (mail) => {
          const text = (await mailbox.read(mail)).text ?? '';
          return {
            email: mail.to,
            pmids: [...text.matchAll(/pubmed\.ncbi\.nlm\.nih\.gov\/(\d+)/g)].map((match) => match[1]!).sort(),
            retracted: [...text.matchAll(/RETRACTED:[^]*?tracker\.example\/papers\/(\d+)/g)].map((match) => match[1]!).sort(), // prettier-ignore
          };
        }),
      );
      const at = new Date(hour).toISOString();
      expect({ at, mails: got.sort((a, b) => a.email.localeCompare(b.email)) }).toEqual({
        at,
        mails: model.deliver(hour),
      });
      return got.length;
    };

    let mails = 0;
    for (let day = 0; day < DAYS; day++) {
      const begin = START + day * DAY;
      const today = dayOf(begin);
      mails += await check(begin + 7 * 3_600_000);
      clock.at = begin + 8 * 3_600_000;
      if (day % 24 === 0) await join(`reader${day}@readers.example`);
      clock.at = begin + 9 * 3_600_000;
      await world.sync();
      model.through = dayOf(begin - DAY);
      for (let papers = roll(3); papers > 0; papers--) await arrive(today);
      // late ones: some days, some months, some from before the news began
      if (roll(6) === 0) await arrive(dayOf(begin - roll([20, 80, 400][roll(3)]!) * DAY));
      clock.at += 60_000;
      if (roll(8) === 0 && model.papers.length > 10) {
        const paper = model.papers[model.papers.length - 1 - roll(Math.min(90, model.papers.length))]!;
        paper.tags = CONDITIONS.filter(() => roll(2) === 0);
        await world.tag([paper.pmid], { condition: paper.tags });
      }
      if (roll(12) === 0 && model.papers.length > 10) {
        const paper = model.papers[model.papers.length - 1 - roll(Math.min(60, model.papers.length))]!;
        if (paper.retractedAt === null) {
          paper.retractedAt = clock.now();
          const status = { retracted: true, concern: false, corrected: false, updated: false, preprint: false };
          await world.arrive([{ pmid: paper.pmid, added: paper.added, status }], null);
        }
      }
      clock.at += 60_000;
      const reader = model.readers[roll(model.readers.length)]!;
      const id = ids.get(reader.email)!;
      const turn = roll(30);
      if (turn < 2 && !reader.gone) {
        const filter = someFilter();
        const { wish } = (await subscriptionsStore.find(id))!;
        await subscriptions.change(id, { kind: 'changed', wish: { ...wish, filters: wanted(filter) } });
        const last = reader.versions[reader.versions.length - 1]!;
        if (wanted(last.filter) !== wanted(filter)) reader.versions.push({ filter, since: clock.now() });
      } else if (turn < 5 && !reader.gone) {
        reader.active = !reader.active;
        await subscriptions.change(id, { kind: reader.active ? 'resumed' : 'paused' });
      } else if (turn === 5 && model.readers.length > 6 && !reader.gone) {
        reader.gone = true;
        await subscriptions.change(id, { kind: 'unsubscribed' });
      }
      clock.at = begin + 12 * 3_600_000;
      if (new Date(begin).getUTCDay() === 1 && day > 0) {
        await world.issuing.issueDue();
        model.issue({ key: weekKey(dayOf(begin - DAY)), to: dayOf(begin - DAY) });
      }
      mails += await check(begin + 12.5 * 3_600_000);
    }
    // the year was worth the name
    expect(mails).toBeGreaterThan(150);
    expect(model.readers.some(({ told }) => told.size > 0)).toBe(true);
  }, 600_000);
});
