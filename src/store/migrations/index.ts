import { PapersAndRuns1000000000001 } from './0001-papers-and-runs.js';
import { Search1000000000002 } from './0002-search.js';
import { DigestsAndSubscriptions1000000000006 } from './0006-digests-and-subscriptions.js';

/** In order; each is written by hand for both databases and never changed after a release. */
export const MIGRATIONS = [PapersAndRuns1000000000001, Search1000000000002, DigestsAndSubscriptions1000000000006];
