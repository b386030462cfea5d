import { readFileSync } from 'node:fs';
import { composeDigest, type DigestInput } from '../../src/digest/compose-digest.js';
import { parsePeriod } from '../../src/digest/week.js';
import type { Digest } from '../../src/model/issue.js';
import { loadTaxonomy } from '../../src/taxonomy/load-taxonomy.js';

/** The taxonomy that ships with the program. */
export const taxonomy = loadTaxonomy(readFileSync('data/taxonomy.yaml', 'utf8'), 'data/taxonomy.yaml');

/** Composes a digest of 2026-W47 from what a test gives. */
export const aDigest = (given: Partial<DigestInput>): Digest =>
  composeDigest({
    period: parsePeriod('2026-W47', 'UTC')!,
    timeZone: 'UTC',
    state: 'issued',
    issuedAt: '2026-11-23T12:00:00.000Z',
    complete: true,
    completeThrough: '2026-11-22',
    taxonomyVersion: taxonomy.version,
    facets: taxonomy.facets,
    papers: [],
    corrections: [],
    told: new Map(),
    usual: null,
    wanted: {},
    ...given,
  });
