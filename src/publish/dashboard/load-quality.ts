import { readFileSync } from 'node:fs';
import { readQuality, type Quality } from './read-quality.js';

/** Where `npm run quality` writes. */
const REPORT = 'docs/quality.md';

/**
 * The measured quality of this taxonomy's tags. Null where nothing was measured, or with another taxonomy: figures of one
 * must not be shown for another.
 */
export function loadQuality(taxonomyVersion: string): Quality | null {
  let report: string;
  try {
    report = readFileSync(REPORT, 'utf8');
  } catch {
    return null;
  }
  const quality = readQuality(report);
  return quality?.taxonomyVersion === taxonomyVersion ? quality : null;
}
