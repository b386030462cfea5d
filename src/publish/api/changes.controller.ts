import { Controller, Get, Inject, Query } from '@nestjs/common';
import type { Change } from '../../library/describe-change.js';
import { LibraryService } from '../../library/library.service.js';
import { parseFilter } from '../../library/parse-filter.js';
import { filterParameters } from '../../library/render-filter.js';
import { TAXONOMY_TOKEN, type Taxonomy } from '../../model/taxonomy.js';
import { RunsStore } from '../../store/runs.store.js';
import { envelope, type Envelope } from '../envelope.js';
import { readParameters, type RawQuery } from './parameters.js';

@Controller('api/v1/changes')
export class ChangesController {
  constructor(
    private readonly library: LibraryService,
    private readonly runs: RunsStore,
    @Inject(TAXONOMY_TOKEN) private readonly taxonomy: Taxonomy,
  ) {}

  @Get()
  async list(@Query() query: RawQuery): Promise<Envelope<Change[]>> {
    const filter = parseFilter(query, this.taxonomy, { also: ['since', 'limit'] });
    const { since, limit } = readParameters(
      { since: query['since'], limit: query['limit'] },
      { since: { kind: 'text', maxLength: 200 }, limit: { kind: 'integer', from: 1, to: 1000, default: 100 } },
    );
    const { changes, next, more } = await this.library.changes(filter, since, limit);
    return envelope(changes, await this.runs.lastCompleteSyncAt(), {
      page: { next, more },
      filters: filterParameters(filter),
    });
  }
}
