import { Controller, Get, Header, Inject, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { highlight } from '../../library/highlight.js';
import { LibraryService } from '../../library/library.service.js';
import { parseFilter, parseSort } from '../../library/parse-filter.js';
import { parseQuery } from '../../library/parse-query.js';
import { filterParameters, renderFilter } from '../../library/render-filter.js';
import type { Filter, Sort } from '../../model/filter.js';
import { TAXONOMY_TOKEN, type Taxonomy } from '../../model/taxonomy.js';
import { AppError } from '../../problem.js';
import { PapersStore } from '../../store/papers.store.js';
import { RunsStore } from '../../store/runs.store.js';
import type { StoredView } from '../../store/to-view.js';
import { envelope } from '../envelope.js';
import { completeView, linksOf, LINKS, type LinkPolicy } from '../paper-links.js';
import { readParameters, type RawQuery } from './parameters.js';

/** Puts ready-made JSON where the envelope's data belongs. */
const withData = (asOf: number | null, dataJson: string, more: Parameters<typeof envelope>[2] = {}) =>
  JSON.stringify(envelope(null, asOf, more)).replace('"data":null', () => `"data":${dataJson}`);

/** Address of the next page: the same filters, in their canonical form. */
function nextPage(filter: Filter, sort: Sort, limit: number, cursor: string): string {
  const filters = renderFilter(filter);
  return `/api/v1/papers?${filters === '' ? '' : `${filters}&`}${sort === 'added' ? '' : `sort=${sort}&`}limit=${limit}&cursor=${cursor}`;
}

@Controller('api/v1/papers')
export class PapersController {
  constructor(
    private readonly library: LibraryService,
    @Inject(TAXONOMY_TOKEN) private readonly taxonomy: Taxonomy,
    private readonly papers: PapersStore,
    private readonly runs: RunsStore,
    @Inject(LINKS) private readonly links: LinkPolicy,
  ) {}

  @Get()
  @Header('Content-Type', 'application/json; charset=utf-8')
  async list(@Query() query: RawQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const filter = parseFilter(query, this.taxonomy, { also: ['limit', 'cursor'] });
    const { limit, cursor } = readParameters(
      { limit: query['limit'], cursor: query['cursor'] },
      {
        limit: { kind: 'integer', from: 1, to: 100, default: 20 },
        cursor: { kind: 'text', maxLength: 200 },
      },
    );
    const sort = parseSort(query);
    const page = await this.library.page(filter, { sort, limit, cursor });
    const terms = filter.q === null ? [] : parseQuery(filter.q).terms;
    const data = page.papers.map((paper) =>
      completeView(
        paper.view,
        linksOf(paper, this.links),
        terms.length === 0
          ? {}
          : { highlights: JSON.stringify(highlight(JSON.parse(paper.view) as StoredView, terms)) },
      ),
    );
    if (page.next !== null) void reply.header('Link', `<${nextPage(filter, sort, limit, page.next)}>; rel="next"`);
    return withData(await this.runs.lastCompleteSyncAt(), `[${data.join(',')}]`, {
      page: { next: page.next, total: page.total },
      filters: filterParameters(filter),
    });
  }

  @Get(':pmid/similar')
  @Header('Content-Type', 'application/json; charset=utf-8')
  async similar(@Param('pmid') pmid: string, @Query() query: RawQuery): Promise<string> {
    const { limit } = readParameters(query, { limit: { kind: 'integer', from: 1, to: 50, default: 10 } });
    const found = await this.library.similar(pmid, limit);
    if (!found) throw new AppError('not-found', 'There is no paper with this PMID here');
    const data = found.map(({ paper, similarity }) =>
      completeView(paper.view, linksOf(paper, this.links), { similarity: JSON.stringify(similarity) }),
    );
    return withData(await this.runs.lastCompleteSyncAt(), `[${data.join(',')}]`);
  }

  @Get(':pmid')
  @Header('Content-Type', 'application/json; charset=utf-8')
  async one(@Param('pmid') pmid: string, @Query() query: RawQuery): Promise<string> {
    readParameters(query, {});
    const paper = await this.library.find(pmid);
    if (!paper) throw new AppError('not-found', 'There is no paper with this PMID here');
    const { evidence, factEvidence } = JSON.parse(paper.evidence ?? '{"evidence":[],"factEvidence":[]}') as {
      evidence: unknown;
      factEvidence: unknown;
    };
    const data = completeView(paper.view, linksOf(paper, this.links), {
      evidence: JSON.stringify(evidence),
      factEvidence: JSON.stringify(factEvidence),
      revisions: JSON.stringify(await this.papers.findRevisions(pmid)),
    });
    return withData(await this.runs.lastCompleteSyncAt(), data);
  }
}
