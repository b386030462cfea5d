import type { Clock } from '../clock.js';
import type { Period } from '../model/period.js';
import type { Taxonomy } from '../model/taxonomy.js';
import { AppError } from '../problem.js';
import type { Database } from '../store/database.js';
import type { IssuesStore, NewsPaper } from '../store/issues.store.js';
import type { KeptStore } from '../store/kept.store.js';
import type { DigestService } from './digest.service.js';
import { findCorrections } from './find-corrections.js';
import { endedWeeks, issueDueAt } from './week.js';

export interface IssueSettings {
  timeZone: string;
  /** `DIGEST_CRON`; null = issued by command only. */
  cron: string | null;
  /** `DIGEST_WAIT`, ms. */
  waitMs: number;
}

export interface IssuedWeek {
  week: string;
  complete: boolean;
  papers: number;
  late: number;
  corrections: number;
}

export interface IssueOutcome {
  issued: IssuedWeek[];
  /** The week that is due and waits for a complete sync. */
  waiting: string | null;
}

/** Revisions may become visible out of order while several processes write: look at this many again. */
const REVISIONS_AGAIN = 2000;

/** Freezes weeks: each once, in order, when what PubMed has of it is known to be here. */
export class IssueService {
  constructor(
    private readonly database: Database,
    private readonly issues: IssuesStore,
    private readonly kept: KeptStore,
    private readonly digests: DigestService,
    private readonly clock: Clock,
    private readonly taxonomy: Taxonomy,
    private readonly settings: IssueSettings,
  ) {}

  /** Weeks that have ended and are not issued, oldest first; those missed while nobody ran are among them. */
  async unissuedWeeks(): Promise<Period[]> {
    const newsFrom = await this.digests.newsFrom();
    if (newsFrom === null) return [];
    const issued = await this.issues.issuedWeeks();
    return endedWeeks(newsFrom, this.clock.now(), this.settings.timeZone).filter((week) => !issued.has(week.key));
  }

  /** Issues every week that is due and ready. To be called again and again; it does nothing when there is nothing to do. */
  async issueDue(): Promise<IssueOutcome> {
    await this.collectCorrections();
    const outcome: IssueOutcome = { issued: [], waiting: null };
    const now = this.clock.now();
    for (const week of await this.unissuedWeeks()) {
      const dueAt = issueDueAt(week, this.settings.cron, this.settings.timeZone);
      if (dueAt === null || dueAt > now) break;
      if (!(await this.isReady(week)) && now < (await this.waitsSince(dueAt)) + this.settings.waitMs) {
        outcome.waiting = week.key;
        break;
      }
      const issued = await this.freeze(week);
      if (issued) outcome.issued.push(issued);
    }
    if (outcome.waiting === null) await this.kept.write('issue-waits-since', null);
    await this.markLate();
    return outcome;
  }

  /**
   * Issues a week now, and those before it that have not been issued, whether or not a complete sync has seen them end.
   * @param key null = the last that has ended
   * @throws AppError `usage` when the week has not ended, is before the news, or is issued already
   */
  async issueNow(key: string | null): Promise<IssueOutcome> {
    await this.collectCorrections();
    const weeks = await this.unissuedWeeks();
    const wanted = key ?? weeks[weeks.length - 1]?.key;
    const last = weeks.findIndex((week) => week.key === wanted);
    if (last < 0)
      throw new AppError(
        'usage',
        key === null
          ? 'There is no week to issue: none has ended since the last issue'
          : `${key} cannot be issued: it has been issued, has not ended, or was before the news began`,
      );
    const outcome: IssueOutcome = { issued: [], waiting: null };
    for (const week of weeks.slice(0, last + 1)) {
      const issued = await this.freeze(week);
      if (issued) outcome.issued.push(issued);
    }
    await this.markLate();
    return outcome;
  }

  /**
   * Since when weeks have waited for a complete sync: from the time they were due, or from the first look after it. A
   * program that was away comes back to weeks that are long due, and its next sync has yet to begin.
   */
  private async waitsSince(dueAt: number): Promise<number> {
    const since = (await this.kept.read<number>('issue-waits-since')) ?? this.clock.now();
    await this.kept.write('issue-waits-since', since);
    return Math.max(since, dueAt);
  }

  /** A complete sync has seen the week's last day end, and every paper of it is tagged. */
  private async isReady(week: Period): Promise<boolean> {
    const through = await this.digests.completeThrough();
    if (through === null || through < week.to) return false;
    const papers = await this.members(week);
    return papers.every(({ view }) => view.tags.relevance !== null);
  }

  private async members(week: Period): Promise<NewsPaper[]> {
    const newsFrom = (await this.digests.newsFrom()) ?? week.from;
    return (await this.digests.unissuedUntil(week, newsFrom)).filter(({ view }) => !view.status.retracted);
  }

  private async freeze(week: Period): Promise<IssuedWeek | null> {
    const papers = await this.members(week);
    const corrections = await this.issues.findCorrections(null);
    const through = await this.digests.completeThrough();
    const complete = through !== null && through >= week.to;
    const issuedAt = this.clock.now();
    const frame = {
      period: week,
      timeZone: this.settings.timeZone,
      state: 'issued' as const,
      issuedAt: new Date(issuedAt).toISOString(),
      complete,
      completeThrough: through === null ? null : through < week.to ? through : week.to,
      taxonomyVersion: this.taxonomy.version,
      facets: this.taxonomy.facets,
    };
    const shown = await this.digests.matching('', papers);
    const digest = await this.digests.compose(frame, shown, corrections, '');
    const order = new Map(digest.papers.map((paper, index) => [paper.pmid, index]));
    const place = ({ view }: NewsPaper) => order.get(view.pmid) ?? order.size;
    const frozen = await this.issues.freeze(
      {
        week: week.key,
        from: week.from,
        to: week.to,
        timeZone: this.settings.timeZone,
        issuedAt,
        complete,
        completeThrough: frame.completeThrough,
        taxonomyVersion: this.taxonomy.version,
        digest: JSON.stringify(digest),
      },
      papers
        .sort((a, b) => place(a) - place(b))
        .map(({ view, late }) => ({ pmid: view.pmid, late, view: JSON.stringify({ ...view, abstract: [], late }) })),
      corrections.map((correction) => correction.id),
    );
    if (!frozen) return null;
    const { counts } = digest;
    return { week: week.key, complete, papers: counts.papers, late: counts.late, corrections: counts.corrections };
  }

  /** Papers of issued weeks that no issue had are late from now on. */
  private async markLate(): Promise<void> {
    const last = await this.issues.lastIssue();
    const newsFrom = await this.digests.newsFrom();
    if (last && newsFrom !== null) await this.issues.markLate(newsFrom, last.to, this.clock.now());
  }

  /** Takes note of what happened to papers since the last time. @returns how many corrections are new */
  async collectCorrections(): Promise<number> {
    const newsFrom = await this.digests.newsFrom();
    if (newsFrom === null) return 0;
    const kept = (await this.kept.read<{ revision: number }>('corrections')) ?? { revision: 0 };
    const { changes, through } = await this.issues.findChanges(Math.max(0, kept.revision - REVISIONS_AGAIN), newsFrom);
    const found = changes.flatMap(findCorrections);
    const titles = await this.issues.findTitles(found.map((correction) => correction.pmid));
    return this.database.transaction(async (sql) => {
      const added = await this.issues.addCorrections(
        sql,
        // of papers that are not here nobody was told
        found.flatMap((correction) => {
          const title = titles.get(correction.pmid);
          return title === undefined ? [] : [{ ...correction, title }];
        }),
      );
      await this.kept.write('corrections', { revision: through }, sql);
      return added;
    });
  }
}
