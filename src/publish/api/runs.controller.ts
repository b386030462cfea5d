import { Controller, Get, Param, Query } from '@nestjs/common';
import { JOBS, RUN_STATUSES, type Job, type JobRun, type RunStatus } from '../../model/job-run.js';
import { AppError } from '../../problem.js';
import { RunsStore } from '../../store/runs.store.js';
import { envelope, type Envelope } from '../envelope.js';
import { readParameters, type RawQuery } from './parameters.js';

@Controller('api/v1/runs')
export class RunsController {
  constructor(private readonly runs: RunsStore) {}

  @Get()
  async list(@Query() query: RawQuery): Promise<Envelope<JobRun[]>> {
    const { job, status, limit, cursor } = readParameters(query, {
      job: { kind: 'one-of', values: JOBS },
      status: { kind: 'one-of', values: RUN_STATUSES },
      limit: { kind: 'integer', from: 1, to: 100, default: 20 },
      cursor: { kind: 'text', maxLength: 64 },
    });
    if (cursor !== null && !/^\d{8}T\d{9}-[0-9a-f]{8}$/.test(cursor))
      throw new AppError('invalid-cursor', 'This cursor was not given by this list; begin again without one', {
        items: [{ parameter: 'cursor', message: 'is not a cursor of this list' }],
      });
    const { runs, next } = await this.runs.find({
      ...(job === null ? {} : { job: job as Job }),
      ...(status === null ? {} : { status: status as RunStatus }),
      ...(cursor === null ? {} : { before: cursor }),
      limit,
    });
    return envelope(runs, await this.runs.lastCompleteSyncAt(), { page: { next } });
  }

  @Get(':id')
  async one(@Param('id') id: string, @Query() query: RawQuery): Promise<Envelope<JobRun>> {
    readParameters(query, {});
    const run = await this.runs.get(id);
    if (!run) throw new AppError('not-found', 'There is no run with this id');
    return envelope(run, await this.runs.lastCompleteSyncAt());
  }
}
