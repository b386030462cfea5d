import { Controller, Get, Header, Inject } from '@nestjs/common';
import { TAXONOMY_TOKEN, type Taxonomy } from '../../model/taxonomy.js';
import { renderPage } from '../page.js';
import { SiteReader } from '../site.js';
import type { Quality } from './read-quality.js';
import { renderAbout } from './render-about.js';
import { renderDevelopers } from './render-developers.js';

/** Nest token of the measured quality of the tags; its value may be null. */
export const QUALITY = Symbol('quality');

/** Pages that say how the tracker works. */
@Controller()
export class ReadingPagesController {
  constructor(
    private readonly site: SiteReader,
    @Inject(TAXONOMY_TOKEN) private readonly taxonomy: Taxonomy,
    @Inject(QUALITY) private readonly quality: Quality | null,
  ) {}

  @Get('about')
  @Header('Content-Type', 'text/html; charset=utf-8')
  async about(): Promise<string> {
    const site = await this.site.read();
    return renderPage(
      {
        title: 'How this works, and how well',
        description: `How papers on ${site.noun} are found and tagged, and the measured quality of every tag.`,
        path: '/about',
        body: renderAbout({ site, taxonomy: this.taxonomy, quality: this.quality }),
      },
      site,
    );
  }

  @Get('developers')
  @Header('Content-Type', 'text/html; charset=utf-8')
  async developers(): Promise<string> {
    const site = await this.site.read();
    return renderPage(
      {
        title: 'For developers',
        description: 'A JSON API, feeds, exports and webhooks: requests that run as they stand.',
        path: '/developers',
        body: renderDevelopers(site),
      },
      site,
    );
  }
}
