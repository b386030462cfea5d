import type { DigestService } from '../../digest/digest.service.js';
import { addDays, weekOfDay } from '../../digest/week.js';
import type { LibraryService } from '../../library/library.service.js';
import type { Shelf } from '../../library/shelf.js';
import { NO_FILTER, type Filter } from '../../model/filter.js';
import type { Digest, DigestPaper } from '../../model/issue.js';
import type { JobRun } from '../../model/job-run.js';
import type { PaperView } from '../../model/paper-view.js';
import type { Taxonomy } from '../../model/taxonomy.js';
import type { IssuesStore } from '../../store/issues.store.js';
import type { PapersStore } from '../../store/papers.store.js';
import type { RunsStore } from '../../store/runs.store.js';
import type { Html } from '../html.js';
import { completeView, linksOf, type LinkPolicy } from '../paper-links.js';
import type { Site } from '../site.js';
import type { Matrix } from './evidence-map.js';
import { KeptByVersion } from './kept-by-version.js';
import type { BackfillProgress, OverviewInput, ShownCorrection } from './render-overview.js';
import { studyClass, type StudyClass } from './study-class.js';
import { cutTimeline, renderTimeline, type Timeline } from './timeline-figure.js';

const MONTHS = 36;
const WEEKS = 13;
const HIGHLIGHTS = 6;
/** Newest papers of strong design that fill up what the digests name. */
const LOOKED_THROUGH = 12;
const CORRECTIONS_MS = 90 * 86_400_000;
const MOST_CORRECTIONS = 8;

/** What the front page needs besides the store. */
export interface OverviewSurroundings {
  now: () => number;
  nextSyncAt: () => Promise<number | null>;
}

interface Counted {
  timeline: Html;
  matrix: Matrix;
  weeks: number[];
  strongest: DigestPaper[];
  core: number;
}

/** Brings together what the front page shows. */
export class OverviewService {
  private readonly kept = new KeptByVersion<Counted>();

  constructor(
    private readonly library: LibraryService,
    private readonly shelf: Shelf,
    private readonly digests: DigestService,
    private readonly issues: IssuesStore,
    private readonly papers: PapersStore,
    private readonly runs: RunsStore,
    private readonly taxonomy: Taxonomy,
    private readonly links: LinkPolicy,
    private readonly around: OverviewSurroundings,
  ) {}

  async read(site: Site, kind: StudyClass | null): Promise<OverviewInput> {
    const now = this.around.now();
    const { version } = await this.shelf.current();
    const [thisWeek, latest] = await Promise.all([this.digest('current'), this.digest('latest')]);
    const today = new Date(now).toISOString().slice(0, 10);
    const counted = await this.kept.get(`${version} ${today}`, kind ?? '', () =>
      this.count(kind, thisWeek?.from ?? today, today),
    );
    const [counts, lastSync, nextSyncAt, corrections] = await Promise.all([
      this.papers.count(),
      this.runs.last('sync'),
      this.around.nextSyncAt(),
      this.corrections(now),
    ]);
    return {
      site,
      facets: this.taxonomy.facets,
      counts: { ...counts, core: counted.core },
      thisWeek: thisWeek && counts.papers > 0 ? { digest: thisWeek, weeks: counted.weeks } : null,
      latest: latest && latest.week !== thisWeek?.week && latest.papers.length > 0 ? latest : null,
      highlights: highlightsOf([thisWeek, latest], counted.strongest),
      corrections,
      lastSync,
      nextSyncAt,
      backfill: site.asOf === null ? progressOf(lastSync, nextSyncAt) : null,
      timeline: counted.timeline,
      map: { matrix: counted.matrix, kind, filter: this.filterOf(kind) },
    };
  }

  private digest(which: 'current' | 'latest'): Promise<Digest> {
    return this.digests.resolveWeek(which).then((week) => this.digests.read(week, ''));
  }

  /** Papers whose design is of this kind. */
  private filterOf(kind: StudyClass | null): Filter {
    if (kind === null) return NO_FILTER;
    const designs = this.taxonomy.facets.find(({ facet }) => facet === 'study')?.tags ?? [];
    const wanted = designs.map(({ value }) => value).filter((value) => studyClass(value) === kind);
    return { ...NO_FILTER, facets: { study: { wanted, unwanted: [] } } };
  }

  private async count(kind: StudyClass | null, monday: string, today: string): Promise<Counted> {
    const openDay = today;
    const [timeline, matrix, weeks, newest, core] = await Promise.all([
      this.library.timeline(NO_FILTER, { by: 'condition', interval: 'month', openDay }),
      this.library.matrix(this.filterOf(kind), { rows: 'condition', cols: 'direction', split: 'study' }),
      this.library.timeline(
        { ...NO_FILTER, from: addDays(monday, -7 * (WEEKS - 1)) },
        { by: null, interval: 'week', openDay },
      ),
      this.library.page(this.strong(), { sort: 'added', limit: LOOKED_THROUGH, cursor: null }),
      this.library.count(NO_FILTER),
    ]);
    return {
      timeline: await renderTimeline(cutTimeline(timeline, MONTHS), 'Papers per month by condition'),
      matrix,
      weeks: lastWeeks(weeks, monday),
      strongest: newest.papers.map(
        (paper) => JSON.parse(completeView(paper.view, linksOf(paper, this.links))) as PaperView,
      ),
      core,
    };
  }

  private strong(): Filter {
    const designs = this.taxonomy.facets.find(({ facet }) => facet === 'study')?.tags ?? [];
    const wanted = designs
      .map(({ value }) => value)
      .filter((value) => ['synthesis', 'trial'].includes(studyClass(value)));
    return { ...NO_FILTER, retracted: 'exclude', facets: { study: { wanted, unwanted: [] } } };
  }

  private async corrections(now: number): Promise<ShownCorrection[]> {
    const rows = await this.issues.findCorrectionsSeen(now - CORRECTIONS_MS, now);
    return rows.sort((a, b) => (a.seenAt < b.seenAt ? 1 : -1)).slice(0, MOST_CORRECTIONS);
  }
}

/** Papers of each of the last weeks, the one that begins on this Monday last. */
export function lastWeeks(timeline: Pick<Timeline, 'buckets' | 'total'>, monday: string): number[] {
  const counts = new Map(timeline.buckets.map((week, index) => [week, timeline.total[index] ?? 0]));
  return Array.from({ length: WEEKS }, (_, index) => {
    const day = addDays(monday, -7 * (WEEKS - 1 - index));
    return counts.get(weekOfDay(day, 'UTC').key) ?? 0;
  });
}

/** What the digests name first, then the newest of strong design; each paper once, retracted ones never. */
export function highlightsOf(digests: readonly (Digest | null)[], strongest: readonly DigestPaper[]): DigestPaper[] {
  const found = new Map<string, DigestPaper>();
  for (const digest of digests)
    for (const pmid of digest?.highlights ?? []) {
      const paper = digest?.papers.find((one) => one.pmid === pmid);
      if (paper && !paper.status.retracted) found.set(pmid, paper);
    }
  for (const paper of strongest) if (!found.has(paper.pmid)) found.set(paper.pmid, paper);
  return [...found.values()].slice(0, HIGHLIGHTS);
}

/** How far the first sync has come, by its ledger. */
export function progressOf(run: JobRun | null, nextAt: number | null): BackfillProgress {
  const expected = run?.counts['expected'] ?? (run !== null && run.counted > 0 ? run.counted : null);
  return {
    done: run === null ? 0 : run.stored + run.updated + run.unchanged + run.excluded + run.missing + run.failed,
    expected,
    isRunning: run?.status === 'running',
    problem:
      run !== null && run.status !== 'running' && run.status !== 'complete'
        ? (run.error?.detail ?? `${run.failed} records failed.`)
        : null,
    nextAt,
  };
}
