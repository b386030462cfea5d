import type { Taxonomy } from '../model/taxonomy.js';
import type { Recognition } from '../taxonomy/recognition.js';
import { Thread } from '../thread.js';
import type { Override } from './overrides.js';
import type { TaggedRecord } from './tag-records.js';

/** MB. The tagger itself takes some 60; papers that are read are let go before they are old. */
const HEAP = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 };

export interface TaggerSource {
  taxonomy: Taxonomy<Recognition>;
  overrides: readonly (readonly [string, Override])[];
}

/** The tagger in a thread of its own: while it tags, the main thread stores and answers readers. */
export const tagThread = (
  taxonomy: Taxonomy<Recognition>,
  overrides: ReadonlyMap<string, Override>,
): Thread<readonly string[], (TaggedRecord | null)[]> =>
  new Thread(new URL('./tag-worker.js', import.meta.url), HEAP, {
    taxonomy,
    overrides: [...overrides],
  } satisfies TaggerSource);
