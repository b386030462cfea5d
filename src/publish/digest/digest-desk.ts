import type { FastifyReply } from 'fastify';
import { dateSpan, digestTitle, type Rendering } from '../../digest/outline.js';
import type { ArchivePage, DigestArchive } from '../../digest/digest-archive.js';
import type { DigestService } from '../../digest/digest.service.js';
import { parsePeriod, parseWeekReference, periodAfter, type WeekReference } from '../../digest/week.js';
import { parseFilter, type RawFilter } from '../../library/parse-filter.js';
import { describeFilter, filterParameters, renderFilter } from '../../library/render-filter.js';
import type { Digest } from '../../model/issue.js';
import type { Taxonomy } from '../../model/taxonomy.js';
import { AppError } from '../../problem.js';
import type { RunsStore } from '../../store/runs.store.js';
import { envelope, type Envelope } from '../envelope.js';
import { html, raw, type Html } from '../html.js';
import { renderPage, type FeedLink } from '../page.js';
import type { SiteReader } from '../site.js';
import { renderArchive } from './render-archive.js';
import { contentType, renderDigest, type DigestFormat } from './show-digest.js';

/** Filters as a digest needs them: canonical, as JSON, and in words. */
export interface DigestFilters {
  canonical: string;
  parameters: Record<string, string | string[]>;
  words: string | null;
}

export interface DigestRequest {
  week: WeekReference;
  format: DigestFormat;
  filters: DigestFilters;
}

/** Where the page of a week lives, under filters. */
export const digestAddress = (name: string, filters: string): string =>
  `/digests/${name}${filters === '' ? '' : `?${filters}`}`;

/** What API and pages have in common when they show digests. */
export class DigestDesk {
  constructor(
    readonly digests: DigestService,
    readonly archive: DigestArchive,
    private readonly taxonomy: Taxonomy,
    private readonly runs: RunsStore,
    private readonly site: SiteReader,
    private readonly options: { publicUrl: string; timeZone: string },
  ) {}

  /** @throws AppError as `parseFilter`, unless lenient */
  readFilters(query: RawFilter, lenient = false, also: readonly string[] = []): DigestFilters {
    const filter = parseFilter(query, this.taxonomy, { lenient, also });
    return {
      canonical: renderFilter(filter),
      parameters: filterParameters(filter),
      words: describeFilter(filter, this.taxonomy),
    };
  }

  /** Parameters of the archive: filters, how many weeks, and the newest of them. */
  readList(query: RawFilter, lenient = false): { limit: number; from: string | null; filters: DigestFilters } {
    const filters = this.readFilters(query, lenient, ['limit', 'cursor']);
    const one = (name: string) => (typeof query[name] === 'string' && query[name] !== '' ? query[name] : null);
    for (const parameter of ['limit', 'cursor'])
      if (Array.isArray(query[parameter]) && !lenient)
        throw new AppError('unknown-value', `${parameter} is given more than once`, {
          items: [{ parameter, message: 'is given more than once' }],
        });
    const limit = one('limit');
    const cursor = one('cursor');
    const limitIsGood = limit === null || (/^\d{1,3}$/.test(limit) && Number(limit) >= 1 && Number(limit) <= 100);
    if (!limitIsGood && !lenient)
      throw new AppError('unknown-value', 'limit must be a whole number from 1 to 100', {
        items: [
          { parameter: 'limit', value: (limit ?? '').slice(0, 20), message: 'must be a whole number from 1 to 100' },
        ],
      });
    const cursorIsGood =
      cursor === null || (parseWeekReference(cursor) !== null && parsePeriod(cursor, this.options.timeZone) !== null);
    if (!cursorIsGood && !lenient)
      throw new AppError('invalid-cursor', 'This cursor was not given by this list; begin again without one', {
        items: [{ parameter: 'cursor', message: 'is not a cursor of this list' }],
      });
    return {
      limit: limit !== null && limitIsGood ? Number(limit) : 20,
      from: cursorIsGood ? cursor : null,
      filters,
    };
  }

  /** The address of a digest for whoever reads it elsewhere. */
  address(name: string, filters: string, where: 'page' | 'api' = 'page'): string {
    return `${this.options.publicUrl}${where === 'api' ? '/api/v1' : ''}${digestAddress(name, filters)}`;
  }

  async envelope<T>(data: T, more: Pick<Envelope<T>, 'page' | 'filters'> = {}): Promise<Envelope<T>> {
    return envelope(data, await this.runs.lastCompleteSyncAt(), more);
  }

  /** One digest in the asked form. */
  async send(reply: FastifyReply, { week, format, filters }: DigestRequest): Promise<void> {
    const period = await this.digests.resolveWeek(week);
    const digest = await this.digests.read(period, filters.canonical);
    // an issued one still carries the live status of its papers: it is asked for again, and mostly not sent again
    void reply.header('Content-Type', contentType(format)).header('Cache-Control', 'no-cache');
    if (format === 'json') {
      await reply.send(JSON.stringify(await this.envelope(digest, { filters: filters.parameters })));
      return;
    }
    const asOf = await this.runs.lastCompleteSyncAt();
    const own = format === 'html';
    const rendering: Rendering = {
      taxonomy: this.taxonomy,
      filters: filters.words,
      asOf: asOf === null ? null : new Date(asOf).toISOString(),
      pageUrl: own ? null : this.address(digest.week, filters.canonical),
      site: own ? '' : this.options.publicUrl,
    };
    const text = renderDigest(format, digest, rendering);
    if (!own) {
      await reply.send(text);
      return;
    }
    await reply.send(
      renderPage(
        {
          title: digestTitle(digest, this.taxonomy).replace(`${this.taxonomy.name} digest, `, 'Digest of '),
          description: `${dateSpan(digest.from, digest.to)}: ${digest.summary}`,
          path: digestAddress(digest.week, filters.canonical),
          body: html`${this.weekNavigation(digest, filters)}${raw(text)}`,
          feeds: feedsOf(filters.canonical),
          noindex: digest.state === 'open',
        },
        await this.site.read(),
      ),
    );
  }

  /** The weeks before and after, and the same digest in other ways. */
  private weekNavigation(digest: Digest, filters: DigestFilters): Html {
    const { timeZone } = this.options;
    const period = parsePeriod(digest.week, timeZone);
    const query = filters.canonical === '' ? '' : `?${filters.canonical}`;
    const link = (name: string, label: string, rel?: string) =>
      html`<li><a href="${digestAddress(name, filters.canonical)}"${rel !== undefined && html` rel="${rel}"`}>${label}</a></li>`;
    return html`<nav class="week-nav" aria-label="Weeks and formats">
      <ul>
        ${period && link(periodAfter(period, timeZone, -1).key, '← Week before', 'prev')}
        ${period && digest.state !== 'open' && link(periodAfter(period, timeZone).key, 'Week after →', 'next')}
        <li><a href="/digests${query}">All weeks</a></li>
      </ul>
      <ul>
        <li><a href="/subscribe${query}">By e-mail</a></li>
        <li><a href="/feeds/digests.atom${query}">Feed</a></li>
        ${link(`${digest.week}.md`, 'Markdown')} ${link(`${digest.week}.txt`, 'Text')}
        ${link(`${digest.week}.json`, 'JSON')}
      </ul>
    </nav>`;
  }

  async sendArchive(reply: FastifyReply, page: ArchivePage, filters: DigestFilters): Promise<void> {
    await reply
      .header('Content-Type', contentType('html'))
      .header('Cache-Control', 'no-cache')
      .send(
        renderPage(
          {
            title: 'Digests',
            description: `What was new on ${this.taxonomy.noun}, week by week.`,
            path: filters.canonical === '' ? '/digests' : `/digests?${filters.canonical}`,
            body: renderArchive(page, filters, this.taxonomy),
            feeds: feedsOf(filters.canonical),
          },
          await this.site.read(),
        ),
      );
  }
}

/** Feeds of digests under the same filters. */
const feedsOf = (filters: string): FeedLink[] =>
  filters === ''
    ? []
    : [{ title: 'Digests under these filters', href: `/feeds/digests.atom?${filters}`, type: 'application/atom+xml' }];
