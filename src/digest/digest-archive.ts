import type { Clock } from '../clock.js';
import type { Digest } from '../model/issue.js';
import type { Period } from '../model/period.js';
import type { IssuesStore } from '../store/issues.store.js';
import type { DigestService } from './digest.service.js';
import type { CanonicalFilters } from './paper-matcher.js';
import { parsePeriod, periodAfter, periodAt, weekOfDay } from './week.js';

/** A week of the archive, without its papers. */
export type DigestHead = Pick<
  Digest,
  'week' | 'from' | 'to' | 'state' | 'issuedAt' | 'complete' | 'summary' | 'counts'
>;

export interface ArchivePage {
  heads: DigestHead[];
  /** Week with which the next page begins; null = there are no earlier papers. */
  next: string | null;
}

/** The weeks of which there can be a digest, newest first. */
export class DigestArchive {
  constructor(
    private readonly digests: DigestService,
    private readonly issues: IssuesStore,
    private readonly clock: Clock,
    private readonly timeZone: string,
  ) {}

  /**
   * @param from the newest week of the page; null = the current one
   * @returns weeks from there back to the one of the oldest paper; none while there are no papers
   */
  async list(filters: CanonicalFilters, limit: number, from: string | null): Promise<ArchivePage> {
    const oldest = await this.issues.oldestDay();
    if (oldest === null) return { heads: [], next: null };
    const first = weekOfDay(oldest, this.timeZone).key;
    const heads: DigestHead[] = [];
    let week: Period = this.newest(from);
    while (heads.length < limit && week.key >= first) {
      heads.push(toHead(await this.digests.read(week, filters)));
      week = periodAfter(week, this.timeZone, -1);
    }
    return { heads, next: week.key >= first ? week.key : null };
  }

  private newest(from: string | null): Period {
    const current = periodAt('week', this.clock.now(), this.timeZone);
    const asked = from === null ? null : parsePeriod(from, this.timeZone);
    return asked && asked.key < current.key ? asked : current;
  }
}

const toHead = ({ week, from, to, state, issuedAt, complete, summary, counts }: Digest): DigestHead => ({
  week,
  from,
  to,
  state,
  issuedAt,
  complete,
  summary,
  counts,
});
