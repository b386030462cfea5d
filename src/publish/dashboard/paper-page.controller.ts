import { Controller, Get, Header, Inject, Param, Query } from '@nestjs/common';
import { SETTINGS_TOKEN, type Settings } from '../../config/settings.js';
import { LibraryService } from '../../library/library.service.js';
import type { PaperDetail, PaperView } from '../../model/paper-view.js';
import { TAXONOMY_TOKEN, type Taxonomy } from '../../model/taxonomy.js';
import { AppError } from '../../problem.js';
import { IssuesStore } from '../../store/issues.store.js';
import { completeView, linksOf, LINKS, type LinkPolicy } from '../paper-links.js';
import { renderPage } from '../page.js';
import { SiteReader } from '../site.js';
import { describeForPreview, renderPaper } from './render-paper.js';
import { readReportedTag } from './report-tag.js';

const SIMILAR = 6;

@Controller('papers')
export class PaperPageController {
  constructor(
    private readonly library: LibraryService,
    private readonly issues: IssuesStore,
    private readonly site: SiteReader,
    @Inject(LINKS) private readonly links: LinkPolicy,
    @Inject(SETTINGS_TOKEN) private readonly settings: Settings,
    @Inject(TAXONOMY_TOKEN) private readonly taxonomy: Taxonomy,
  ) {}

  @Get(':pmid')
  @Header('Content-Type', 'text/html; charset=utf-8')
  async show(@Param('pmid') pmid: string, @Query('report') reported?: string | string[]): Promise<string> {
    const stored = await this.library.find(pmid);
    if (!stored) throw new AppError('not-found', 'There is no paper with this PMID here');
    const reasons = JSON.parse(stored.evidence ?? '{}') as Partial<Pick<PaperDetail, 'evidence' | 'factEvidence'>>;
    const paper: PaperDetail = {
      ...(JSON.parse(completeView(stored.view, linksOf(stored, this.links))) as PaperDetail),
      evidence: reasons.evidence ?? [],
      factEvidence: reasons.factEvidence ?? [],
      revisions: stored.revisions,
    };
    const titles = await this.issues.findTitles(paper.related.flatMap(({ pmid: other }) => other ?? []));
    const similar = (await this.library.similar(pmid, SIMILAR)) ?? [];
    const site = await this.site.read();
    return renderPage(
      {
        title: paper.title || `PMID ${pmid}`,
        description: describeForPreview(paper),
        path: `/papers/${pmid}`,
        noindex: reported !== undefined,
        layout: 'wide',
        body: renderPaper({
          paper,
          similar: similar.map(
            ({ paper: one }) => JSON.parse(completeView(one.view, linksOf(one, this.links))) as PaperView,
          ),
          titles,
          taxonomy: this.taxonomy,
          publicUrl: site.publicUrl,
          reportTo: this.settings.MAIL_FROM,
          reporting: reported === undefined ? undefined : readReportedTag([reported].flat()[0], this.taxonomy.facets),
        }),
      },
      site,
    );
  }
}
