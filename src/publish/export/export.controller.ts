import { Controller, Get, Inject, Query, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { CLOCK, type Clock } from '../../clock.js';
import { LibraryService } from '../../library/library.service.js';
import { parseFilter, parseSort, type RawFilter } from '../../library/parse-filter.js';
import { renderFilter } from '../../library/render-filter.js';
import { LOG, type Log } from '../../log.js';
import { TAXONOMY_TOKEN, type Taxonomy } from '../../model/taxonomy.js';
import { AppError } from '../../problem.js';
import { VERSION } from '../../version.js';
import { linksOf, LINKS, type LinkPolicy } from '../paper-links.js';
import { EXPORT_FORMATS, RENDERINGS, type ExportFormat } from './formats.js';
import { renderPapers } from './render-papers.js';

/** Papers that are read at a time. */
const CHUNK = 100;

function readFormat(given: RawFilter[string]): ExportFormat {
  const format = EXPORT_FORMATS.find((known) => known === given);
  if (format) return format;
  const allowed = EXPORT_FORMATS.join(', ');
  const message = given ? `must be one of ${allowed}` : `is needed: one of ${allowed}`;
  throw new AppError('unknown-value', `format ${message}`, {
    items: [{ parameter: 'format', ...(typeof given === 'string' ? { value: given.slice(0, 100) } : {}), message, allowed: EXPORT_FORMATS }], // prettier-ignore
  });
}

const slug = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, '-') || 'papers';

@Controller('api/v1/export')
export class ExportController {
  constructor(
    private readonly library: LibraryService,
    @Inject(TAXONOMY_TOKEN) private readonly taxonomy: Taxonomy,
    @Inject(LINKS) private readonly links: LinkPolicy,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** All papers under the filters as one file; it streams, and is never in memory as a whole. */
  @Get()
  async file(@Query() query: RawFilter, @Res({ passthrough: true }) reply: FastifyReply): Promise<StreamableFile> {
    const filter = parseFilter(query, this.taxonomy, { also: ['format'] });
    const format = readFormat(query['format']);
    const sort = parseSort(query);
    const { mediaType, extension } = RENDERINGS[format];
    // a stream cannot be hashed before it goes out, so what decides its content is
    const revision = await this.library.version();
    const state = [VERSION, this.taxonomy.version, revision, format, sort, renderFilter(filter)].join('\n');
    void reply.header('ETag', `W/"${hash('sha1', state, 'base64url')}"`);
    const day = new Date(this.clock.now()).toISOString().slice(0, 10);
    const papers = this.library.stream(filter, sort, CHUNK);
    return new StreamableFile(
      Readable.from(this.whole(renderPapers(format, papers, (paper) => linksOf(paper, this.links))), {
        objectMode: false,
      }),
      {
        type: mediaType,
        disposition: `attachment; filename="${slug(this.taxonomy.name)}-papers-${day}.${extension}"`,
      },
    );
  }

  /** What breaks off in the middle can no longer become a problem document: the connection breaks, and the log says why. */
  private async *whole(parts: AsyncIterable<string>): AsyncGenerator<string> {
    try {
      yield* parts;
    } catch (error) {
      this.log.error('export broke off', { error: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  }
}
