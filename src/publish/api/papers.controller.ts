import { Controller, Get, Header, Inject, Param, Query } from '@nestjs/common';
import { LibraryService } from '../../library/library.service.js';
import { parseFilter, parseSort } from '../../library/parse-filter.js';
import { filterParameters } from '../../library/render-filter.js';
import { TAXONOMY_TOKEN, type Taxonomy } from '../../model/taxonomy.js';
import { AppError } from '../../problem.js';
import { PapersStore } from '../../store/papers.store.js';
import { RunsStore } from '../../store/runs.store.js';
import { envelope } from '../envelope.js';
import { completeView, linksOf, LINKS, type LinkPolicy } from '../paper-links.js';
import { readParameters, type RawQuery } from './parameters.js';

/** Puts ready-made JSON where the envelope's data belongs. */
const withData = (asOf: number | null, dataJson: string, more: Parameters<typeof envelope>[2] = {}) =>
  JSON.stringify(envelope(null, asOf, more)).replace('"data":null', () => `"data":${dataJson}`);

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
  async list(@Query() query: RawQuery): Promise<string> {
    const filter = parseFilter(query, this.taxonomy, { also: ['limit', 'cursor'] });
    const { limit, cursor } = readParameters(
      { limit: query['limit'], cursor: query['cursor'] },
      {
        limit: { kind: 'integer', from: 1, to: 100, default: 20 },
        cursor: { kind: 'text', maxLength: 200 },
      },
    );
    const page = await this.library.page(filter, { sort: parseSort(query), limit, cursor });
    const data = page.papers.map((paper) => completeView(paper.view, linksOf(paper, this.links))).join(',');
    return withData(await this.runs.lastCompleteSyncAt(), `[${data}]`, {
      page: { next: page.next, total: page.total },
      filters: filterParameters(filter),
    });
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
