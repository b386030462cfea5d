import { Controller, Get, Header, Inject, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { hash } from 'node:crypto';
import { highlight } from '../../library/highlight.js';
import { LibraryService } from '../../library/library.service.js';
import { parseFilter, parseSort } from '../../library/parse-filter.js';
import { parseQuery, type Term } from '../../library/parse-query.js';
import { filterParameters, renderFilter } from '../../library/render-filter.js';
import type { Filter, Sort } from '../../model/filter.js';
import { TAXONOMY_TOKEN, type Taxonomy } from '../../model/taxonomy.js';
import { AppError } from '../../problem.js';
import { RunsStore } from '../../store/runs.store.js';
import type { StoredPaper, WholePaper } from '../../store/paper-pages.store.js';
import type { StoredView } from '../../store/to-view.js';
import { VERSION } from '../../version.js';
import { envelope } from '../envelope.js';
import { completeView, linksOf, LINKS, type LinkPolicy } from '../paper-links.js';
import { readParameters, type RawQuery } from './parameters.js';

const COMMA = Buffer.from(',');

/** A whole paper as bytes, and a mark of them. */
interface Detail {
  bytes: Buffer;
  digest: string;
}

/** Puts ready-made JSON where the envelope's data belongs, as bytes: nothing of it is copied letter by letter. */
function withData(
  asOf: number | null,
  data: readonly Buffer[],
  list: boolean,
  more: Parameters<typeof envelope>[2] = {},
) {
  const [before = '', after = ''] = JSON.stringify(envelope('#', asOf, more)).split('"#"', 2);
  const parts: Buffer[] = [Buffer.from(list ? `${before}[` : before)];
  data.forEach((part, index) => {
    if (index > 0) parts.push(COMMA);
    parts.push(part);
  });
  parts.push(Buffer.from(list ? `]${after}` : after));
  return Buffer.concat(parts);
}

/** Address of the next page: the same filters, in their canonical form. */
function nextPage(filter: Filter, sort: Sort, limit: number, cursor: string): string {
  const filters = renderFilter(filter);
  return `/api/v1/papers?${filters === '' ? '' : `${filters}&`}${sort === 'added' ? '' : `sort=${sort}&`}limit=${limit}&cursor=${cursor}`;
}

@Controller('api/v1/papers')
export class PapersController {
  private readonly bytes = new WeakMap<StoredPaper, Buffer>();
  private readonly details = new WeakMap<WholePaper, Detail>();

  constructor(
    private readonly library: LibraryService,
    @Inject(TAXONOMY_TOKEN) private readonly taxonomy: Taxonomy,
    private readonly runs: RunsStore,
    @Inject(LINKS) private readonly links: LinkPolicy,
  ) {}

  @Get()
  @Header('Content-Type', 'application/json; charset=utf-8')
  async list(@Query() query: RawQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const filter = parseFilter(query, this.taxonomy, { also: ['limit', 'cursor'] });
    const { limit, cursor } = readParameters(
      { limit: query['limit'], cursor: query['cursor'] },
      {
        limit: { kind: 'integer', from: 1, to: 100, default: 20 },
        cursor: { kind: 'text', maxLength: 200 },
      },
    );
    const sort = parseSort(query);
    // asked together, so that the store is looked at once
    const [page, asOf] = await Promise.all([
      this.library.page(filter, { sort, limit, cursor }),
      this.runs.lastCompleteSyncAt(),
    ]);
    const terms = filter.q === null ? [] : parseQuery(filter.q).terms;
    const data = page.papers.map((paper) =>
      terms.length === 0 ? this.bytesOf(paper) : this.withHighlights(paper, terms),
    );
    if (page.next !== null) void reply.header('Link', `<${nextPage(filter, sort, limit, page.next)}>; rel="next"`);
    // what the page is made of, rather than its 50 kB
    const made = [VERSION, page.version, asOf, this.links.external, sort, limit, cursor, renderFilter(filter)];
    void reply.header('ETag', `"${hash('sha1', JSON.stringify(made), 'base64url')}"`);
    return withData(asOf, data, true, {
      page: { next: page.next, total: page.total },
      filters: filterParameters(filter),
    });
  }

  @Get(':pmid/similar')
  @Header('Content-Type', 'application/json; charset=utf-8')
  async similar(@Param('pmid') pmid: string, @Query() query: RawQuery): Promise<Buffer> {
    const { limit } = readParameters(query, { limit: { kind: 'integer', from: 1, to: 50, default: 10 } });
    const found = await this.library.similar(pmid, limit);
    if (!found) throw new AppError('not-found', 'There is no paper with this PMID here');
    const data = found.map(({ paper, similarity }) =>
      Buffer.from(completeView(paper.view, linksOf(paper, this.links), { similarity: JSON.stringify(similarity) })),
    );
    return withData(await this.runs.lastCompleteSyncAt(), data, true);
  }

  @Get(':pmid')
  @Header('Content-Type', 'application/json; charset=utf-8')
  async one(
    @Param('pmid') pmid: string,
    @Query() query: RawQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    readParameters(query, {});
    const [paper, asOf] = await Promise.all([this.library.find(pmid), this.runs.lastCompleteSyncAt()]);
    if (!paper) throw new AppError('not-found', 'There is no paper with this PMID here');
    const { bytes, digest } = this.detailOf(paper);
    // the paper and what stands around it
    void reply.header('ETag', `"${digest}-${(asOf ?? 0).toString(36)}"`);
    return withData(asOf, [bytes], false);
  }

  /** A paper's JSON as bytes, made once for as long as the paper is the same. */
  private bytesOf(paper: StoredPaper): Buffer {
    let bytes = this.bytes.get(paper);
    if (!bytes) {
      bytes = Buffer.from(completeView(paper.view, linksOf(paper, this.links)));
      this.bytes.set(paper, bytes);
    }
    return bytes;
  }

  /** The same of a whole paper. */
  private detailOf(paper: WholePaper): Detail {
    let detail = this.details.get(paper);
    if (!detail) {
      const view = completeView(paper.view, linksOf(paper, this.links), { revisions: JSON.stringify(paper.revisions) });
      // `{"evidence":[…],"factEvidence":[…]}` as the tagger wrote it: its members are the paper's
      const evidence = (paper.evidence ?? '{"evidence":[],"factEvidence":[]}').slice(1, -1);
      const text = `${view.slice(0, -1)},${evidence}}`;
      detail = { bytes: Buffer.from(text), digest: hash('sha1', `${VERSION}\n${text}`, 'base64url') };
      this.details.set(paper, detail);
    }
    return detail;
  }

  private withHighlights(paper: StoredPaper, terms: readonly Term[]): Buffer {
    const highlights = JSON.stringify(highlight(JSON.parse(paper.view) as StoredView, terms));
    return Buffer.from(completeView(paper.view, linksOf(paper, this.links), { highlights }));
  }
}
