import { Controller, Get, Inject, Query } from '@nestjs/common';
import { CLOCK, type Clock } from '../../clock.js';
import { INTERVALS, type Interval, type Timeline } from '../../library/count-timeline.js';
import type { Matrix } from '../../library/count-matrix.js';
import type { FacetValue } from '../../library/count-facets.js';
import { LibraryService } from '../../library/library.service.js';
import { parseFilter } from '../../library/parse-filter.js';
import { filterParameters } from '../../library/render-filter.js';
import { FACETS, type Facet } from '../../model/tag.js';
import { TAXONOMY_TOKEN, type FacetDefinition, type Taxonomy } from '../../model/taxonomy.js';
import { AppError } from '../../problem.js';
import { RunsStore } from '../../store/runs.store.js';
import { envelope, type Envelope } from '../envelope.js';
import { readParameters, type RawQuery } from './parameters.js';

const FACET = { kind: 'one-of', values: FACETS } as const;

/** A facet without which the route has nothing to count. */
function needed(name: string, value: string | null): Facet {
  if (value === null)
    throw new AppError('unknown-value', `${name} is needed: one of ${FACETS.join(', ')}`, {
      items: [{ parameter: name, message: 'is needed', allowed: FACETS }],
    });
  return value as Facet;
}

/** Counts: everything that a dashboard plots. */
@Controller('api/v1')
export class StatsController {
  constructor(
    private readonly library: LibraryService,
    private readonly runs: RunsStore,
    @Inject(TAXONOMY_TOKEN) private readonly taxonomy: Taxonomy,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('facets')
  async facets(@Query() query: RawQuery): Promise<Envelope<Record<Facet, FacetValue[]>>> {
    const filter = parseFilter(query, this.taxonomy);
    const { data, total } = await this.library.facets(filter);
    return envelope(data, await this.runs.lastCompleteSyncAt(), { total, filters: filterParameters(filter) });
  }

  @Get('taxonomy')
  async describeTaxonomy(
    @Query() query: RawQuery,
  ): Promise<Envelope<{ version: string; name: string; facets: FacetDefinition[] }>> {
    readParameters(query, {});
    const { version, name, facets } = this.taxonomy;
    return envelope({ version, name, facets }, await this.runs.lastCompleteSyncAt());
  }

  @Get('stats/timeline')
  async timeline(@Query() query: RawQuery): Promise<Envelope<Timeline>> {
    const filter = parseFilter(query, this.taxonomy, { also: ['by', 'interval'] });
    const { by, interval } = readParameters(
      { by: query['by'], interval: query['interval'] },
      { by: FACET, interval: { kind: 'one-of', values: INTERVALS } },
    );
    const asOf = await this.runs.lastCompleteSyncAt();
    const seen = Math.min(asOf ?? this.clock.now(), this.clock.now());
    const timeline = await this.library.timeline(
      // without from and to the date still says what is counted by
      { ...filter, dateType: query['dateType'] === 'published' ? 'published' : 'added' },
      {
        by: by as Facet | null,
        interval: (interval ?? 'month') as Interval,
        openDay: new Date(seen).toISOString().slice(0, 10),
      },
    );
    return envelope(timeline, asOf, { filters: filterParameters(filter) });
  }

  @Get('stats/matrix')
  async matrix(@Query() query: RawQuery): Promise<Envelope<Matrix>> {
    const filter = parseFilter(query, this.taxonomy, { also: ['rows', 'cols', 'split'] });
    const { rows, cols, split } = readParameters(
      { rows: query['rows'], cols: query['cols'], split: query['split'] },
      { rows: FACET, cols: FACET, split: FACET },
    );
    const matrix = await this.library.matrix(filter, {
      rows: needed('rows', rows),
      cols: needed('cols', cols),
      split: split as Facet | null,
    });
    return envelope(matrix, await this.runs.lastCompleteSyncAt(), { filters: filterParameters(filter) });
  }
}
