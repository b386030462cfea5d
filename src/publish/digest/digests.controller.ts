import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AppError } from '../../problem.js';
import { digestAddress, DigestDesk } from './digest-desk.js';
import { contentType, preferredFormat, readWeek, type DigestFormat } from './show-digest.js';

type RawQuery = Record<string, string | string[] | undefined>;

const FORMATS: readonly DigestFormat[] = ['json', 'html', 'md', 'txt'];

/** Digests for programs: JSON, and the same digest as a page, Markdown or plain text by extension or `Accept`. */
@Controller('api/v1/digests')
export class DigestsController {
  constructor(private readonly desk: DigestDesk) {}

  @Get()
  async list(@Query() query: RawQuery, @Res() reply: FastifyReply): Promise<void> {
    const { limit, from, filters } = this.desk.readList(query);
    const { heads, next } = await this.desk.archive.list(filters.canonical, limit, from);
    const data = heads.map(({ week, from, to, state, issuedAt, complete, counts }) => ({
      week,
      from,
      to,
      state,
      issuedAt,
      complete,
      counts,
      links: {
        json: this.desk.address(week, filters.canonical, 'api'),
        html: this.desk.address(week, filters.canonical),
        md: this.desk.address(`${week}.md`, filters.canonical),
        txt: this.desk.address(`${week}.txt`, filters.canonical),
      },
    }));
    await reply
      .header('Content-Type', contentType('json'))
      .header('Cache-Control', 'no-cache')
      .send(JSON.stringify(await this.desk.envelope(data, { page: { next }, filters: filters.parameters })));
  }

  @Get(':week')
  async one(
    @Param('week') name: string,
    @Query() query: RawQuery,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { week, format: asked } = readWeek(name);
    const format = asked ?? preferredFormat(accept, FORMATS);
    if (!format)
      throw new AppError('not-acceptable', 'Digests come as JSON, HTML, Markdown (text/markdown) and plain text');
    await this.desk.send(reply, { week, format, filters: this.desk.readFilters(query) });
  }
}

/** Digests for people. */
@Controller('digests')
export class DigestPagesController {
  constructor(private readonly desk: DigestDesk) {}

  @Get()
  async archive(@Query() query: RawQuery, @Res() reply: FastifyReply): Promise<void> {
    const { limit, from, filters } = this.desk.readList(query, true);
    await this.desk.sendArchive(reply, await this.desk.archive.list(filters.canonical, limit, from), filters);
  }

  @Get(':week')
  async one(@Param('week') name: string, @Query() query: RawQuery, @Res() reply: FastifyReply): Promise<void> {
    const { week, format } = readWeek(name);
    const filters = this.desk.readFilters(query, true);
    // a page has one address: the moving names lead to it, so that what is kept or passed on stays
    if (typeof week === 'string' && format === null) {
      const period = await this.desk.digests.resolveWeek(week);
      await reply.header('Cache-Control', 'no-cache').redirect(digestAddress(period.key, filters.canonical), 302);
      return;
    }
    await this.desk.send(reply, { week, format: format ?? 'html', filters });
  }
}
