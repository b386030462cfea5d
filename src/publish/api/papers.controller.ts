import { Controller, Get, Header, Inject, Param, Query } from '@nestjs/common';
import { AppError } from '../../problem.js';
import { PaperPagesStore } from '../../store/paper-pages.store.js';
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
    private readonly pages: PaperPagesStore,
    private readonly papers: PapersStore,
    private readonly runs: RunsStore,
    @Inject(LINKS) private readonly links: LinkPolicy,
  ) {}

  @Get()
  @Header('Content-Type', 'application/json; charset=utf-8')
  async list(@Query() query: RawQuery): Promise<string> {
    const { limit, cursor } = readParameters(query, {
      limit: { kind: 'integer', from: 1, to: 100, default: 20 },
      cursor: { kind: 'text', maxLength: 200 },
    });
    const page = await this.pages.page(limit, cursor);
    const data = page.papers.map((paper) => completeView(paper.view, linksOf(paper, this.links))).join(',');
    return withData(await this.runs.lastCompleteSyncAt(), `[${data}]`, {
      page: { next: page.next, total: page.total },
    });
  }

  @Get(':pmid')
  @Header('Content-Type', 'application/json; charset=utf-8')
  async one(@Param('pmid') pmid: string, @Query() query: RawQuery): Promise<string> {
    readParameters(query, {});
    const paper = /^[1-9]\d{0,8}$/.test(pmid) ? await this.pages.find(pmid) : null;
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
