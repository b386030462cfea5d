import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { RawFilter } from '../../library/parse-filter.js';
import { AppError } from '../../problem.js';
import { DigestFeed } from './digest-feed.js';
import { FEED_FORMATS, FEED_TYPES, renderFeed, type FeedFormat } from './formats.js';
import { PaperFeed } from './paper-feed.js';

/** `papers.atom` → what and how. @throws AppError `not-found` */
function readName(name: string): { kind: 'papers' | 'digests'; format: FeedFormat } {
  const [kind, extension, ...rest] = name.split('.');
  const format = FEED_FORMATS.find((known) => known === extension);
  if ((kind !== 'papers' && kind !== 'digests') || !format || rest.length > 0)
    throw new AppError('not-found', 'Feeds are papers and digests, as .atom, .rss and .json');
  return { kind, format };
}

@Controller('feeds')
export class FeedsController {
  constructor(
    private readonly papers: PaperFeed,
    private readonly digests: DigestFeed,
  ) {}

  @Get(':name')
  async read(
    @Param('name') name: string,
    @Query() query: RawFilter,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { kind, format } = readName(name);
    const feed = await (kind === 'papers' ? this.papers : this.digests).read(format, query);
    void reply.header('Content-Type', `${FEED_TYPES[format]}; charset=utf-8`);
    return renderFeed(format, feed);
  }
}
