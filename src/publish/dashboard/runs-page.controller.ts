import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { JOBS, type Job } from '../../model/job-run.js';
import { AppError } from '../../problem.js';
import { RunsStore } from '../../store/runs.store.js';
import { renderPage } from '../page.js';
import { SiteReader } from '../site.js';
import { renderRun, renderRuns } from './render-runs.js';

const PER_PAGE = 30;

@Controller('runs')
export class RunsPageController {
  constructor(
    private readonly runs: RunsStore,
    private readonly site: SiteReader,
  ) {}

  /** What a page does not know in its address it ignores. */
  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  async list(@Query() query: Record<string, string | string[] | undefined>): Promise<string> {
    const job = JOBS.find((one) => one === query['job']) ?? null;
    const cursor =
      typeof query['cursor'] === 'string' && /^\d{8}T\d{9}-[0-9a-f]{8}$/.test(query['cursor']) ? query['cursor'] : null;
    const { runs, next } = await this.runs.find({
      ...(job === null ? {} : { job: job satisfies Job }),
      ...(cursor === null ? {} : { before: cursor }),
      limit: PER_PAGE,
    });
    const site = await this.site.read();
    return renderPage(
      {
        title: 'Completeness record',
        description: 'Every run, what it listed in PubMed, and what became of each record.',
        path: job === null ? '/runs' : `/runs?job=${job}`,
        noindex: cursor !== null,
        layout: 'wide',
        body: renderRuns({ runs, next, job, completeThrough: site.completeThrough, lastCompleteAt: site.asOf }),
      },
      site,
    );
  }

  @Get(':id')
  @Header('Content-Type', 'text/html; charset=utf-8')
  async one(@Param('id') id: string): Promise<string> {
    const run = await this.runs.get(id);
    if (!run) throw new AppError('not-found', 'There is no run with this id');
    return renderPage(
      { title: `Run ${run.id}`, path: `/runs/${run.id}`, noindex: true, body: renderRun(run) },
      await this.site.read(),
    );
  }
}
