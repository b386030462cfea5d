import { Controller, Get, Header, Inject, Query } from '@nestjs/common';
import { LibraryService } from '../../library/library.service.js';
import { parseFilter, parseSort, type RawFilter } from '../../library/parse-filter.js';
import { renderFilter } from '../../library/render-filter.js';
import type { PaperView } from '../../model/paper-view.js';
import { TAXONOMY_TOKEN, type Taxonomy } from '../../model/taxonomy.js';
import { AppError } from '../../problem.js';
import { completeView, linksOf, LINKS, type LinkPolicy } from '../paper-links.js';
import { renderPage } from '../page.js';
import { SiteReader } from '../site.js';
import { papersHref, queryOf } from './filter-links.js';
import { renderPapers, titleOfPapers } from './render-papers.js';

const PER_PAGE = 20;

@Controller('papers')
export class PapersPageController {
  constructor(
    private readonly library: LibraryService,
    private readonly site: SiteReader,
    @Inject(TAXONOMY_TOKEN) private readonly taxonomy: Taxonomy,
    @Inject(LINKS) private readonly links: LinkPolicy,
  ) {}

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  async list(@Query() query: RawFilter): Promise<string> {
    const { facets } = this.taxonomy;
    const filter = parseFilter(query, this.taxonomy, { lenient: true });
    const sort = parseSort(query);
    const cursor = typeof query['cursor'] === 'string' && query['cursor'] !== '' ? query['cursor'] : null;
    const [page, counts, site] = await Promise.all([
      this.read(filter, sort, cursor),
      this.library.facets(filter),
      this.site.read(),
    ]);
    const title = titleOfPapers(filter, facets);
    return renderPage(
      {
        title: title.length > 120 ? `${title.slice(0, 119)}…` : title,
        path: papersHref(filter, sort),
        noindex: page.cursor !== null,
        layout: 'wide',
        scripts: ['papers.js'],
        feeds: [
          {
            title: `${site.name}: ${title}`,
            href: `/feeds/papers.atom${queryOf(filter)}`,
            type: 'application/atom+xml',
          },
        ],
        body: renderPapers({
          filter,
          sort,
          counts: counts.data,
          facets,
          noun: site.noun,
          papers: page.papers.map(
            (paper) => JSON.parse(completeView(paper.view, linksOf(paper, this.links))) as PaperView,
          ),
          total: page.total,
          next: page.next,
          isFurther: page.cursor !== null,
          isEmpty: page.total === 0 && renderFilter(filter) === '',
        }),
      },
      site,
    );
  }

  /** A cursor of another list is no reason to show nothing: pages are kept and passed on. */
  private async read(
    filter: Parameters<LibraryService['page']>[0],
    sort: ReturnType<typeof parseSort>,
    cursor: string | null,
  ) {
    try {
      return { cursor, ...(await this.library.page(filter, { sort, limit: PER_PAGE, cursor })) };
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'invalid-cursor') throw error;
      return { cursor: null, ...(await this.library.page(filter, { sort, limit: PER_PAGE, cursor: null })) };
    }
  }
}
