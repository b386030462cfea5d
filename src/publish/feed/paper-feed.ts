import type { LibraryService } from '../../library/library.service.js';
import { parseFilter, type RawFilter } from '../../library/parse-filter.js';
import { describeFilter, renderFilter } from '../../library/render-filter.js';
import type { Filter } from '../../model/filter.js';
import type { PaperView } from '../../model/paper-view.js';
import type { Taxonomy } from '../../model/taxonomy.js';
import type { StoredPaper } from '../../store/paper-pages.store.js';
import type { PapersStore } from '../../store/papers.store.js';
import type { StoredView } from '../../store/to-view.js';
import { ATTRIBUTION } from '../envelope.js';
import { linksOf, type LinkPolicy } from '../paper-links.js';
import { latest, nameUuid, type Feed, type Paging } from './feed.js';
import type { FeedFormat } from './formats.js';
import { paperEntry, type EntrySurroundings } from './paper-entry.js';

/** What readers of feeds are used to keeping. */
export const NEWEST = 200;

export const RIGHTS = `${ATTRIBUTION}. Abstracts may be under their publishers' copyright. Not medical advice.`;

/** A month of the archive, in UTC: `2026-11`. */
interface Month {
  name: string;
  from: number;
  until: number;
}

const monthAt = (instant: number): Month => {
  const date = new Date(instant);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return {
    name: date.toISOString().slice(0, 7),
    from: Date.UTC(year, month, 1),
    until: Date.UTC(year, month + 1, 1),
  };
};

/** @returns null for what is no month of these centuries: a feed ignores what it does not know */
const readMonth = (text: string | null): Month | null =>
  text !== null && /^(1[89]|20)\d\d-(0[1-9]|1[0-2])$/.test(text) ? monthAt(Date.parse(`${text}-01T00:00:00Z`)) : null;

const one = (given: RawFilter[string]): string | null => (typeof given === 'string' && given !== '' ? given : null);

/** The feed of new papers under any filters. */
export class PaperFeed {
  constructor(
    private readonly library: LibraryService,
    private readonly papers: PapersStore,
    private readonly taxonomy: Taxonomy,
    private readonly links: LinkPolicy,
    private readonly around: EntrySurroundings & { now: () => number; asOf: () => Promise<number | null> },
  ) {}

  /**
   * The newest papers, a later page of them, or a month of the archive. Filters are read leniently: addresses of feeds
   * live for years in readers that show no errors.
   * @throws AppError `invalid-cursor`
   */
  async read(format: FeedFormat, query: RawFilter): Promise<Feed> {
    const filter = parseFilter(query, this.taxonomy, { lenient: true, also: ['cursor', 'archive'] });
    const canonical = renderFilter(filter);
    const address = (more = '') => {
      const parameters = [canonical, more].filter(Boolean).join('&');
      return `${this.around.publicUrl}/feeds/papers.${format}${parameters ? `?${parameters}` : ''}`;
    };
    const month = readMonth(one(query['archive']));
    const cursor = one(query['cursor']);
    const { papers, self, paging } = month
      ? await this.archive(filter, month, address)
      : await this.newest(filter, cursor, address);
    const revised = await this.papers.findLastRevised(papers.map(({ pmid }) => pmid));
    const entries = papers.map((paper) => {
      const at = revised.get(paper.pmid);
      return paperEntry(this.toView(paper), at === undefined ? null : new Date(at).toISOString(), this.around);
    });
    const words = describeFilter(filter, this.taxonomy);
    return {
      id: nameUuid(`papers\n${this.taxonomy.name}\n${canonical}`),
      title: `${this.taxonomy.name} literature: new papers${words === null ? '' : ` (${words})`}`,
      subtitle: `New PubMed papers on ${this.taxonomy.noun}, tagged by condition and direction of research. ${RIGHTS}`,
      rights: RIGHTS,
      homeUrl: `${this.around.publicUrl}/papers${canonical ? `?${canonical}` : ''}`,
      selfUrl: self,
      updated: latest(entries.map((entry) => entry.updated), new Date((await this.around.asOf()) ?? 0).toISOString()), // prettier-ignore
      paging,
      entries,
    };
  }

  private async newest(filter: Filter, cursor: string | null, address: (more?: string) => string) {
    const page = await this.library.newest(filter, NEWEST, cursor);
    const oldest = page.papers[page.papers.length - 1];
    const paging: Paging = {
      first: cursor === null ? null : address(),
      next: page.next === null ? null : address(`cursor=${page.next}`),
      current: null,
      // the month of the last one shown is there whole, so that nothing lies between
      prevArchive:
        cursor !== null || page.next === null || !oldest
          ? null
          : address(`archive=${monthAt(Date.parse(this.toView(oldest).listedAt)).name}`),
      isArchive: false,
    };
    return { papers: page.papers, self: address(cursor === null ? '' : `cursor=${cursor}`), paging };
  }

  /**
   * Since `NEWS_FROM` papers become visible now and never in the past: once a month is over, its document stays as it
   * is, but for papers that change. (What the back-fill still brings belongs to its own day.)
   */
  private async archive(filter: Filter, month: Month, address: (more?: string) => string) {
    const papers = await this.library.listed(filter, month.from, month.until);
    const before = await this.library.lastListedAt(filter, month.from);
    const paging: Paging = {
      first: null,
      next: null,
      current: address(),
      prevArchive: before === null ? null : address(`archive=${monthAt(before).name}`),
      isArchive: month.until <= this.around.now(),
    };
    return { papers, self: address(`archive=${month.name}`), paging };
  }

  private toView(paper: StoredPaper): PaperView {
    return { ...(JSON.parse(paper.view) as StoredView), links: linksOf(paper, this.links) };
  }
}
