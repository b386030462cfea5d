import type { Told } from '../digest/compose-digest.js';
import type { DigestService } from '../digest/digest.service.js';
import { earlierVersions } from '../digest/kinship.js';
import type { CanonicalFilters, PaperMatcher } from '../digest/paper-matcher.js';
import { parsePeriod } from '../digest/week.js';
import type { Taxonomy } from '../model/taxonomy.js';
import type { CorrectionRow, IssueRow, IssuesStore, NewsPaper } from '../store/issues.store.js';
import type { Letter } from './courier.js';

/** What a letter is made of. */
export interface LetterContents {
  /** Key of the period. */
  period: string;
  filters: CanonicalFilters;
  pmids: readonly string[];
  correctionIds: readonly number[];
  /** Of the preprints whose journal versions are among the papers: those that this reader was told of. */
  toldPreprints: readonly { pmid: string; issue: string | null }[];
}

type DigestLetter = Extract<Letter, { kind: 'digest' }>;

/** Letters that are kept for others who get the same, at most. */
const KEPT_LETTERS = 600;

/** Composes letters; readers who get the same papers for the same filters get the same letter. */
export class Letters {
  private readonly kept = new Map<string, Promise<DigestLetter>>();
  private readonly members = new Map<string, Promise<{ issue: IssueRow | null; papers: Map<string, NewsPaper> }>>();

  /** What papers replace: thousands of readers get the same few. */
  private readonly earlier = new Map<string, string[]>();

  constructor(
    private readonly issues: IssuesStore,
    private readonly digests: DigestService,
    private readonly matcher: PaperMatcher,
    private readonly taxonomy: Pick<Taxonomy, 'facets' | 'version'>,
    private readonly settings: { timeZone: string; publicUrl: string },
    private readonly asOf: number | null,
  ) {}

  /** PMIDs of preprints of which some of these papers are the journal version. */
  async preprintsOf(pmids: readonly string[]): Promise<Map<string, string[]>> {
    const unread = pmids.filter((pmid) => !this.earlier.has(pmid));
    if (unread.length > 0) {
      const found = await this.issues.findByPmids(unread);
      for (const pmid of unread) {
        const paper = found.get(pmid);
        this.earlier.set(pmid, paper ? earlierVersions(paper.view) : []);
      }
    }
    return new Map(
      pmids.flatMap((pmid): [string, string[]][] => {
        const earlier = this.earlier.get(pmid) ?? [];
        return earlier.length > 0 ? [[pmid, earlier]] : [];
      }),
    );
  }

  compose(contents: LetterContents): Promise<DigestLetter> {
    const key = JSON.stringify(contents);
    let letter = this.kept.get(key);
    if (letter) {
      this.kept.delete(key);
    } else {
      letter = this.make(contents);
      if (this.kept.size >= KEPT_LETTERS) this.kept.delete(this.kept.keys().next().value as string);
    }
    this.kept.set(key, letter);
    // what could not be composed is tried anew by the next who wants it
    letter.catch(() => this.kept.delete(key));
    return letter;
  }

  private async make({
    period: key,
    filters,
    pmids,
    correctionIds,
    toldPreprints,
  }: LetterContents): Promise<DigestLetter> {
    const { timeZone, publicUrl } = this.settings;
    const period = parsePeriod(key, timeZone);
    if (!period) throw new Error(`no period is called ${key}`);
    const { issue, papers: frozen } = await this.issueOf(key);
    const live = await this.issues.findByPmids(pmids.filter((pmid) => !frozen.has(pmid)));
    const papers = pmids.flatMap((pmid) => {
      const member = frozen.get(pmid);
      if (member) return [member];
      const paper = live.get(pmid);
      // for a week's mail, what another issue had is late; for a day's or month's, what is older than it
      return paper ? [{ ...paper, late: period.kind === 'week' || paper.view.added < period.from }] : [];
    });
    const through = issue ? issue.completeThrough : await this.digests.completeThrough();
    const told = new Map<string, Told>(
      toldPreprints.map((paper) => [paper.pmid, { issue: paper.issue, preprint: true }]),
    );
    const corrections: CorrectionRow[] = await this.issues.findCorrectionsById(correctionIds);
    const digest = await this.digests.compose(
      {
        period,
        timeZone: issue?.timeZone ?? timeZone,
        state: 'issued',
        issuedAt: issue ? new Date(issue.issuedAt).toISOString() : null,
        complete: issue ? issue.complete : through !== null && through >= period.to,
        completeThrough: through === null ? null : through < period.to ? through : period.to,
        taxonomyVersion: issue?.taxonomyVersion ?? this.taxonomy.version,
        facets: this.taxonomy.facets,
      },
      papers,
      corrections,
      filters,
      told,
    );
    const query = filters === '' ? '' : `?${filters}`;
    const days = `/papers?from=${period.from}&to=${period.to}${filters === '' ? '' : `&${filters}`}`;
    return {
      kind: 'digest',
      digest,
      rendering: {
        filters: this.matcher.describe(filters),
        asOf: this.asOf === null ? null : new Date(this.asOf).toISOString(),
        pageUrl: publicUrl + (period.kind === 'week' ? `/digests/${period.key}${query}` : days),
      },
    };
  }

  private issueOf(key: string): Promise<{ issue: IssueRow | null; papers: Map<string, NewsPaper> }> {
    let found = this.members.get(key);
    if (!found) {
      found = (async () => ({
        issue: /W/.test(key) ? await this.issues.findIssue(key) : null,
        papers: new Map((await this.issues.findMembers(key)).map((paper) => [paper.view.pmid, paper])),
      }))();
      this.members.set(key, found);
    }
    return found;
  }
}
