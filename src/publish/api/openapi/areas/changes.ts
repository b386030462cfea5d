import type { Area } from '../route.js';

/** What a mirror reads to stay an exact copy. */
export const changes: Area = {
  name: 'Changes',
  description: 'What a mirror reads to stay an exact copy',
  routes: [],
  schemas: {},
};
