import { Thread } from '../thread.js';
import type { ParsedSet } from './parse-papers.js';

/** MB. What is parsed goes over to the main thread at once, so little lives here. */
const HEAP = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 12 };

/**
 * `parsePapers` in a thread of its own: a batch of records takes a tenth of a second to parse, and in a back-fill the
 * main thread has the one before to store and readers to answer.
 */
export const parseThread = (): Thread<Uint8Array, ParsedSet> =>
  new Thread(new URL('./parse-worker.js', import.meta.url), HEAP);
