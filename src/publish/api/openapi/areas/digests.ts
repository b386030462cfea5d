import type { Area } from '../route.js';

/** What was new in a week. */
export const digests: Area = {
  name: 'Digests',
  description: 'What was new in a week',
  routes: [],
  schemas: {},
};
