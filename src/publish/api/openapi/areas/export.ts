import type { Area } from '../route.js';

/** Whole results for reference managers and spreadsheets. */
export const exports: Area = {
  name: 'Export',
  description: 'Whole results for reference managers and spreadsheets',
  routes: [],
  schemas: {},
};
