import { Controller, Get, Header, Query } from '@nestjs/common';
import { renderPage } from '../page.js';
import { SiteReader } from '../site.js';
import { OverviewService } from './overview.service.js';
import { renderOverview } from './render-overview.js';
import { STUDY_CLASSES } from './study-class.js';

/** Where there is no JavaScript, the page of a running first sync is loaded again after so many seconds. */
const REFRESH_S = 15;

@Controller()
export class OverviewController {
  constructor(
    private readonly overview: OverviewService,
    private readonly site: SiteReader,
  ) {}

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  async show(@Query('kind') asked?: string | string[]): Promise<string> {
    const site = await this.site.read();
    const kind = STUDY_CLASSES.find(({ key }) => key === asked)?.key ?? null;
    const input = await this.overview.read(site, kind);
    return renderPage(
      {
        title: null,
        path: '/',
        layout: 'wide',
        noindex: kind !== null,
        scripts: ['overview.js'],
        ...(input.backfill === null ? {} : { refresh: REFRESH_S }),
        body: renderOverview(input),
      },
      site,
    );
  }
}
