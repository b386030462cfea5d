import type { DigestService } from '../../digest/digest.service.js';
import { dateSpan, digestTitle } from '../../digest/outline.js';
import { renderHtml } from '../../digest/render-html.js';
import { parsePeriod } from '../../digest/week.js';
import { escapeHtml } from '../../escape.js';
import { parseFilter, type RawFilter } from '../../library/parse-filter.js';
import { describeFilter, renderFilter } from '../../library/render-filter.js';
import type { Digest } from '../../model/issue.js';
import type { Taxonomy } from '../../model/taxonomy.js';
import type { IssuesStore } from '../../store/issues.store.js';
import { html } from '../html.js';
import { latest, nameUuid, type Feed, type FeedEntry } from './feed.js';
import type { FeedFormat } from './formats.js';
import { RIGHTS } from './paper-feed.js';

/** Half a year of weeks. */
const ISSUES = 26;

export interface DigestFeedSurroundings {
  publicUrl: string;
  timeZone: string;
  /** The setting FEED_ABSTRACTS: findings are sentences of abstracts. */
  abstracts: boolean;
  asOf: () => Promise<number | null>;
}

/** The feed of issued weekly digests under any filters. */
export class DigestFeed {
  constructor(
    private readonly digests: DigestService,
    private readonly issues: IssuesStore,
    private readonly taxonomy: Taxonomy,
    private readonly around: DigestFeedSurroundings,
  ) {}

  /** Issued weeks, newest first; under filters only those in which there is something. */
  async read(format: FeedFormat, query: RawFilter): Promise<Feed> {
    const filter = parseFilter(query, this.taxonomy, { lenient: true, also: ['before'] });
    const canonical = renderFilter(filter);
    const words = describeFilter(filter, this.taxonomy);
    const asked = query['before'];
    const before = typeof asked === 'string' && /^\d{4}-W\d\d$/.test(asked) ? asked : null;
    const address = (more = '') => {
      const parameters = [canonical, more].filter(Boolean).join('&');
      return `${this.around.publicUrl}/feeds/digests.${format}${parameters ? `?${parameters}` : ''}`;
    };
    const rows = await this.issues.listIssues(ISSUES + 1, before ?? undefined);
    const shown = rows.slice(0, ISSUES);
    const entries: FeedEntry[] = [];
    for (const { week } of shown) {
      const period = parsePeriod(week, this.around.timeZone);
      if (!period) continue;
      const digest = await this.digests.read(period, canonical);
      const isEmpty = digest.papers.length === 0 && digest.corrections.length === 0;
      if (!isEmpty || canonical === '') entries.push(this.toEntry(digest, canonical, words));
    }
    const last = shown[shown.length - 1];
    return {
      id: nameUuid(`digests\n${this.taxonomy.name}\n${canonical}`),
      title: `${this.taxonomy.name} literature: weekly digests${words === null ? '' : ` (${words})`}`,
      subtitle: `What was new on ${this.taxonomy.noun}, week by week. ${RIGHTS}`,
      rights: RIGHTS,
      homeUrl: `${this.around.publicUrl}/digests${canonical ? `?${canonical}` : ''}`,
      selfUrl: address(before === null ? '' : `before=${before}`),
      updated: latest(entries.map((entry) => entry.updated), new Date((await this.around.asOf()) ?? 0).toISOString()), // prettier-ignore
      paging: {
        first: before === null ? null : address(),
        next: rows.length > ISSUES && last ? address(`before=${last.week}`) : null,
        current: null,
        prevArchive: null,
        isArchive: false,
      },
      entries,
    };
  }

  private toEntry(digest: Digest, canonical: string, words: string | null): FeedEntry {
    const { publicUrl } = this.around;
    const url = `${publicUrl}/digests/${digest.week}${canonical ? `?${canonical}` : ''}`;
    const issuedAt = digest.issuedAt ?? new Date(0).toISOString();
    const body = this.around.abstracts
      ? renderHtml(digest, {
          taxonomy: this.taxonomy,
          filters: words,
          asOf: digest.issuedAt,
          pageUrl: url,
          site: publicUrl,
        })
      : String(html`<p>${digest.summary}</p><p><a href="${url}">The digest</a></p>`);
    return {
      id: nameUuid(`digest\n${this.taxonomy.name}\n${digest.week}\n${canonical}`),
      title: digestTitle(digest, this.taxonomy),
      url,
      sources: [],
      published: issuedAt,
      updated: issuedAt,
      authors: [],
      categories: [],
      summary: `${dateSpan(digest.from, digest.to)}: ${digest.summary}`,
      // references within the digest have to find it from where the entry is read
      html: body.replaceAll('href="#', `href="${escapeHtml(url)}#`),
      dc: { date: digest.to, source: null, identifier: null },
    };
  }
}
