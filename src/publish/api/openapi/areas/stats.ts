import type { Area } from '../route.js';

/** Counts by facet, timelines, matrices and the taxonomy they speak of. */
export const stats: Area = {
  name: 'Stats',
  description: 'Counts by facet, timelines, matrices and the taxonomy they speak of',
  routes: [],
  schemas: {},
};
