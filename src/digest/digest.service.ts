import type { Clock } from '../clock.js';
import type { Digest } from '../model/issue.js';
import type { PaperView } from '../model/paper-view.js';
import type { Period } from '../model/period.js';
import type { Taxonomy } from '../model/taxonomy.js';
import { AppError } from '../problem.js';
import type { IssuesStore, NewsPaper } from '../store/issues.store.js';
import type { KeptStore } from '../store/kept.store.js';
import { composeDigest, type DigestInput, type Told } from './compose-digest.js';
import { earlierVersions } from './kinship.js';
import type { CanonicalFilters, PaperMatcher } from './paper-matcher.js';
import { addDays, parsePeriod, periodAfter, periodAt, weekOfDay, type WeekReference } from './week.js';

/** Weeks that make the usual number of papers, and how many must have had any for the number to mean something. */
const USUAL_WEEKS = 12;

export interface DigestSettings {
  timeZone: string;
  newsFrom: string | null;
}

/** Address of a paper outside, by the link policy of the installation. */
export type LinksOf = (paper: { pmid: string; doi: string | null; pmcid: string | null }) => PaperView['links'];

/** What a digest of any kind has in common. */
type Frame = Omit<DigestInput, 'papers' | 'corrections' | 'told' | 'usual' | 'wanted'>;

/** Reads digests: of any week for any filters, issued or not. Everything that shows or sends one goes through here. */
export class DigestService {
  constructor(
    private readonly issues: IssuesStore,
    private readonly kept: KeptStore,
    private readonly matcher: PaperMatcher,
    private readonly clock: Clock,
    private readonly taxonomy: Taxonomy,
    private readonly settings: DigestSettings,
    private readonly linksOf: LinksOf,
  ) {}

  /** First day whose papers are news; null before the first sync. */
  async newsFrom(): Promise<string | null> {
    return this.settings.newsFrom ?? (await this.kept.read<string>('news-from'));
  }

  /** The last PubMed day (US Eastern) that a complete sync has seen end; null before the first. */
  async completeThrough(): Promise<string | null> {
    const state = await this.kept.read<{ cursor: string | null }>('sync');
    return state?.cursor ? addDays(state.cursor, -1) : null;
  }

  /**
   * The week that a reader means.
   * @throws AppError `not-found` for a week that does not exist or lies ahead
   */
  async resolveWeek(reference: WeekReference): Promise<Period> {
    const now = this.clock.now();
    const { timeZone } = this.settings;
    if (reference === 'current') return periodAt('week', now, timeZone);
    if (reference === 'latest') {
      const last = await this.issues.lastIssue();
      const week = last ? parsePeriod(last.week, timeZone) : periodAfter(periodAt('week', now, timeZone), timeZone, -1);
      if (week) return week;
    }
    const { year, week } = reference as Exclude<WeekReference, string>;
    const period = parsePeriod(`${year}-W${String(week).padStart(2, '0')}`, timeZone);
    if (!period || period.startsAt > now)
      throw new AppError('not-found', 'There is no digest of this week: it does not exist, or it has not begun');
    return period;
  }

  /** The digest of a week under filters. */
  async read(week: Period, filters: CanonicalFilters): Promise<Digest> {
    const issue = await this.issues.findIssue(week.key);
    if (issue && filters === '') return this.withStatusOfToday(JSON.parse(issue.digest) as Digest);
    if (issue) {
      const members = await this.issues.findMembers(week.key);
      const matching = await this.matcher.matchIssued(
        filters,
        members.map(({ view }) => ({ pmid: view.pmid, tags: view.tags })),
      );
      return this.compose(
        {
          period: { ...week, from: issue.from, to: issue.to },
          timeZone: issue.timeZone,
          state: 'issued',
          issuedAt: new Date(issue.issuedAt).toISOString(),
          complete: issue.complete,
          completeThrough: issue.completeThrough,
          taxonomyVersion: issue.taxonomyVersion,
          facets: this.taxonomy.facets,
        },
        members.filter(({ view }) => matching.has(view.pmid)),
        await this.issues.findCorrections(week.key),
        filters,
      );
    }
    const newsFrom = await this.newsFrom();
    const retrospective = newsFrom === null ? week.endsAt <= this.clock.now() : week.to < newsFrom;
    const papers = retrospective
      ? await this.issues.findAdded(week.from, week.to, false)
      : await this.unissuedUntil(week, newsFrom ?? week.from);
    const through = await this.completeThrough();
    const last = retrospective ? null : await this.issues.lastIssue();
    return this.compose(
      {
        period: week,
        timeZone: this.settings.timeZone,
        state: retrospective ? 'retrospective' : 'open',
        issuedAt: null,
        complete: through !== null && through >= week.to,
        completeThrough: through === null ? null : through < week.to ? through : week.to,
        taxonomyVersion: this.taxonomy.version,
        facets: this.taxonomy.facets,
      },
      await this.matching(filters, papers),
      // what has not been reported yet belongs to the first week that is not issued
      retrospective || week.key !== this.nextUnissued(last?.week ?? null, newsFrom)
        ? []
        : await this.issues.findCorrections(null),
      filters,
    );
  }

  /** Everything that was issued stays, but for what became of its papers. */
  private async withStatusOfToday(digest: Digest): Promise<Digest> {
    const statuses = await this.issues.findStatuses(digest.week);
    return { ...digest, papers: digest.papers.map((p) => ({ ...p, status: statuses.get(p.pmid) ?? p.status })) };
  }

  /** Papers that are news of a week that is not issued: its own, and late ones of issued weeks before it. */
  async unissuedUntil(week: Period, newsFrom: string): Promise<NewsPaper[]> {
    const papers = await this.issues.findAdded(newsFrom, week.to, true);
    const issued = await this.issues.issuedWeeks();
    return papers
      .map((paper) => ({ ...paper, late: paper.view.added < week.from }))
      .filter(({ late, view }) => !late || issued.has(weekOfDay(view.added, this.settings.timeZone).key));
  }

  /** Of these papers, those that match as they are now. */
  async matching(filters: CanonicalFilters, papers: readonly NewsPaper[]): Promise<NewsPaper[]> {
    const found = await this.matcher.match(
      filters,
      papers.map(({ view }) => view.pmid),
    );
    return papers.filter(({ view }) => found.has(view.pmid));
  }

  /** Puts a digest together from what matches: links, what was told before, the usual number. */
  async compose(
    frame: Frame,
    papers: readonly NewsPaper[],
    corrections: DigestInput['corrections'],
    filters: CanonicalFilters,
    told?: ReadonlyMap<string, Told>,
  ): Promise<Digest> {
    const views = papers.map((paper) => this.toView(paper));
    const shown =
      corrections.length === 0
        ? new Set<string>()
        : await this.matcher.match(
            filters,
            corrections.map((correction) => correction.pmid),
          );
    return composeDigest({
      ...frame,
      papers: views,
      corrections: told ? corrections : corrections.filter((correction) => shown.has(correction.pmid)),
      told: told ?? (await this.issues.findTold(views.flatMap(earlierVersions), frame.period.key)),
      usual: await this.usual(frame.period, filters),
      wanted: this.matcher.wanted(filters),
    });
  }

  toView({ view, doi, pmcid, late }: NewsPaper): PaperView {
    return { ...view, late, links: this.linksOf({ pmid: view.pmid, doi, pmcid }) };
  }

  /** The median of the weeks before; null when there were none. */
  private async usual(period: Period, filters: CanonicalFilters): Promise<Digest['counts']['usual']> {
    if (period.kind !== 'week') return null;
    const counts = await this.matcher.countWeeks(filters, addDays(period.from, -7 * USUAL_WEEKS), period.from);
    const first = counts.findIndex((count) => count > 0);
    if (first < 0) return null;
    // a store that begins within these weeks says nothing about those before
    const known = counts.slice(first).sort((a, b) => a - b);
    const middle = known.length >> 1;
    const median =
      known.length % 2 === 1 ? (known[middle] ?? 0) : ((known[middle - 1] ?? 0) + (known[middle] ?? 0)) / 2;
    return { median, weeks: known.length };
  }

  private nextUnissued(last: string | null, newsFrom: string | null): string | null {
    const { timeZone } = this.settings;
    const period = last === null ? null : parsePeriod(last, timeZone);
    if (period) return periodAfter(period, timeZone).key;
    return newsFrom === null ? null : weekOfDay(newsFrom, timeZone).key;
  }
}
