import { INTERVALS } from '../../../../library/count-timeline.js';
import { FACETS } from '../../../../model/tag.js';
import { DATE_TYPES } from '../../../../model/filter.js';
import { FILTERS } from '../parameters.js';
import { needed, query, type Area } from '../route.js';
import { count, listOf, object, oneOf, orNull, ref, text, textOrNull, truth } from '../schema.js';

const facet = oneOf(FACETS);
const counts = listOf(count);

/** Counts by facet, timelines, matrices and the taxonomy they speak of. */
export const stats: Area = {
  name: 'Stats',
  description: 'Counts by facet, timelines, matrices and the taxonomy they speak of',
  routes: [
    {
      path: '/api/v1/facets',
      id: 'getFacets',
      summary: 'How many papers each value of each facet would show',
      description:
        'Counts under all filters, except that wanted values of the same facet do not count (they would hide the others), while its exclusions hold. Zeros included, in taxonomy order; a parent counts its children.',
      parameters: FILTERS,
      answer: { data: ref('FacetCounts'), total: true, filters: true },
      problems: [400],
    },
    {
      path: '/api/v1/taxonomy',
      id: 'getTaxonomy',
      summary: 'Facets and tags with their definitions',
      answer: { data: ref('Taxonomy') },
      problems: [400],
    },
    {
      path: '/api/v1/stats/timeline',
      id: 'getTimeline',
      summary: 'Papers over time, by the values of a facet',
      description:
        'Buckets are contiguous and zero-filled, weeks are ISO weeks. A paper with several values counts in each series and once in `total`. From `openFrom` on buckets may still grow. `unplaced` papers have no such date.',
      parameters: [
        query('by', 'A facet whose values become series; absent = only the total', facet, 'condition'),
        query('interval', 'Width of a bucket', { ...oneOf(INTERVALS), default: 'month' }),
        ...FILTERS,
      ],
      answer: { data: ref('Timeline'), filters: true },
      problems: [400],
    },
    {
      path: '/api/v1/stats/matrix',
      id: 'getMatrix',
      summary: 'Papers by two facets, and by a third within',
      description:
        'The evidence map: `rows=condition&cols=direction&split=study`. A paper counts in every cell whose two values it has; `total` are distinct papers.',
      parameters: [
        needed('rows', 'A facet', facet, 'condition'),
        needed('cols', 'A facet', facet, 'direction'),
        query('split', 'A third facet by which each cell is split', facet, 'study'),
        ...FILTERS,
      ],
      answer: { data: ref('Matrix'), filters: true },
      problems: [400],
    },
  ],
  schemas: {
    FacetCounts: object(
      Object.fromEntries(
        FACETS.map((name) => [name, listOf(object({ value: text, label: text, parent: textOrNull, count }))]),
      ),
    ),
    Taxonomy: object({
      version: text,
      name: text,
      facets: listOf(
        object({
          facet,
          label: text,
          definition: text,
          multiple: truth,
          tags: listOf(
            object({
              value: text,
              label: text,
              definition: text,
              parent: textOrNull,
              mesh: listOf(object({ ui: text, name: text })),
            }),
          ),
        }),
      ),
    }),
    Timeline: object({
      by: orNull(facet),
      interval: oneOf(INTERVALS),
      dateType: oneOf(DATE_TYPES),
      buckets: listOf(text),
      series: listOf(object({ value: text, label: text, counts })),
      total: counts,
      unplaced: count,
      openFrom: textOrNull,
    }),
    MatrixAxis: object({ facet, values: listOf(object({ value: text, label: text, total: count })) }),
    Matrix: object({
      rows: ref('MatrixAxis'),
      cols: ref('MatrixAxis'),
      counts: listOf(counts),
      split: orNull(ref('MatrixAxis')),
      splitCounts: orNull(listOf(listOf(counts))),
      total: count,
    }),
  },
};
