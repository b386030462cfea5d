import type { Area } from '../route.js';

/** Atom, RSS 2.0 and JSON Feed 1.1 for any filters. */
export const feeds: Area = {
  name: 'Feeds',
  description: 'Atom, RSS 2.0 and JSON Feed 1.1 for any filters',
  routes: [],
  schemas: {},
};
