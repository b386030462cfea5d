import { isNotice } from '../digest/kinship.js';
import type { DigestService } from '../digest/digest.service.js';
import type { CanonicalFilters, PaperMatcher } from '../digest/paper-matcher.js';
import type { Clock } from '../clock.js';
import type { Period } from '../model/period.js';
import type { FilterVersion } from '../model/subscription.js';
import type { DeliveriesStore } from '../store/deliveries.store.js';
import type { IssuesStore, NewsPaper } from '../store/issues.store.js';
import { isOffered, oldestAdded, type Candidate } from './select-offer.js';

/** Who is offered something. */
export interface Reader {
  id: number;
  confirmedAt: number;
  /** Oldest first; the last are those of now. */
  history: readonly FilterVersion[];
}

export interface Offer {
  pmids: string[];
  correctionIds: number[];
}

/** Corrections are looked for this far back before the last delivery: they may be found after they happened. */
const CORRECTIONS_AGAIN_MS = 2 * 86_400_000;

/** Decides who is offered what in a period: the one door for previews and deliveries. */
export class OffersService {
  constructor(
    private readonly issues: IssuesStore,
    private readonly deliveries: DeliveriesStore,
    private readonly digests: DigestService,
    private readonly matcher: PaperMatcher,
    private readonly clock: Clock,
    private readonly waitMs: number,
  ) {}

  /**
   * Loads what a period has.
   * @param dueAt since when its mail is due
   * @returns null while the period is not ready: its issue is not out, or PubMed is not known to be listed to its end
   */
  async open(period: Period, dueAt: number): Promise<PeriodOffers | null> {
    const newsFrom = await this.digests.newsFrom();
    if (newsFrom === null) return null;
    const issued = period.kind === 'week' && (await this.issues.findIssue(period.key)) !== null;
    if (period.kind === 'week' && !issued) return null;
    const rows = await this.deliveries.findCandidates(newsFrom, oldestAdded(period), period.to);
    if (period.kind !== 'week' && this.clock.now() < dueAt + this.waitMs) {
      const through = await this.digests.completeThrough();
      const tagged = rows.every((row) => row.tagged || row.added < period.from);
      if (through === null || through < period.to || !tagged) return null;
    }
    const views = await this.issues.findByPmids(rows.map((row) => row.pmid));
    const members = issued ? await this.issues.findMembers(period.key) : [];
    return new PeriodOffers(
      this.deliveries,
      this.matcher,
      period,
      newsFrom,
      rows.filter((row) => {
        const paper = views.get(row.pmid);
        return paper !== undefined && !isNotice(paper.view);
      }),
      members,
    );
  }
}

/** What one period has, and who is offered it. */
export class PeriodOffers {
  private readonly matching = new Map<CanonicalFilters, Promise<ReadonlySet<string>>>();
  private readonly frozen: ReadonlyMap<string, NewsPaper>;

  constructor(
    private readonly deliveries: DeliveriesStore,
    private readonly matcher: PaperMatcher,
    readonly period: Period,
    private readonly newsFrom: string,
    private readonly candidates: readonly Candidate[],
    members: readonly NewsPaper[],
  ) {
    this.frozen = new Map(members.map((member) => [member.view.pmid, member]));
  }

  /**
   * Candidates that match: those of the period's own issue with the tags with which they were issued, as its page
   * shows them, all others as they are now.
   */
  private matches(filters: CanonicalFilters): Promise<ReadonlySet<string>> {
    let found = this.matching.get(filters);
    if (!found) {
      found = this.findMatches(filters);
      this.matching.set(filters, found);
    }
    return found;
  }

  private async findMatches(filters: CanonicalFilters): Promise<ReadonlySet<string>> {
    const live = this.candidates.filter(({ pmid }) => !this.frozen.has(pmid)).map(({ pmid }) => pmid);
    const issued = [...this.frozen.values()].map(({ view }) => ({ pmid: view.pmid, tags: view.tags }));
    const [now, then] = await Promise.all([
      live.length > 0 ? this.matcher.match(filters, live) : new Set<string>(),
      issued.length > 0 ? this.matcher.matchIssued(filters, issued) : new Set<string>(),
    ]);
    return new Set([...now, ...then]);
  }

  /** What each of these readers is offered now. */
  async select(readers: readonly (Reader & { lastAt: number })[]): Promise<Map<number, Offer>> {
    const ids = readers.map(({ id }) => id);
    const sent = await this.deliveries.findSent(
      ids,
      this.candidates.map(({ pmid }) => pmid),
    );
    const since = Math.min(...readers.map(({ lastAt }) => lastAt)) - CORRECTIONS_AGAIN_MS;
    const untold = await this.deliveries.findUntold(ids, since);
    const offers = new Map<number, Offer>();
    for (const reader of readers)
      offers.set(reader.id, {
        pmids: await this.offered(reader, sent.get(reader.id) ?? new Set()),
        correctionIds: untold.get(reader.id) ?? [],
      });
    return offers;
  }

  /** What somebody with these filters gets who has always been subscribed and had everything before. */
  async preview(filters: CanonicalFilters): Promise<string[]> {
    const earlier = this.candidates.filter(({ issue, added }) =>
      this.period.kind === 'week' ? issue !== this.period.key : added < this.period.from,
    );
    return this.offered({ confirmedAt: 0, history: [{ filters, since: 0 }] }, new Set(earlier.map(({ pmid }) => pmid)));
  }

  private async offered(reader: Omit<Reader, 'id'>, sent: ReadonlySet<string>): Promise<string[]> {
    const filters = await Promise.all(
      reader.history.map(async ({ filters: version, since }) => ({ since, matches: await this.matches(version) })),
    );
    const { confirmedAt } = reader;
    return this.candidates
      .filter((paper) => isOffered(paper, { confirmedAt, filters, sent }, this.period, this.newsFrom))
      .map(({ pmid }) => pmid);
  }
}
