import { PapersAndRuns1000000000001 } from './0001-papers-and-runs.js';

/** In order; each is written by hand for both databases and never changed after a release. */
export const MIGRATIONS = [PapersAndRuns1000000000001];
