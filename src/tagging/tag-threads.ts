import { availableParallelism } from 'node:os';
import type { Taxonomy } from '../model/taxonomy.js';
import type { Recognition } from '../taxonomy/recognition.js';
import { Thread } from '../thread.js';
import type { Override } from './overrides.js';
import type { TaggedRecord, TagRecords } from './tag-records.js';

/** MB. The tagger itself takes some 60; papers that are read are let go before they are old. */
const HEAP = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 };
/** Threads for many papers at most: storing is done by one, and keeps up with so many. */
const MOST = 2;

export interface TaggerSource {
  taxonomy: Taxonomy<Recognition>;
  overrides: readonly (readonly [string, Override])[];
}

/** Where papers are tagged. */
export interface TaggingPlace {
  tag: TagRecords;
  /** So many batches are tagged, or wait for it, while one is stored. */
  ahead: number;
}

export interface TaggingPlaces {
  /** For what comes in by and by. */
  few: TaggingPlace;
  /** For a store that is tagged anew. */
  many: TaggingPlace;
}

/**
 * The tagger in threads of its own: while they tag, the main thread stores and answers readers. They are started when
 * there is something to tag, and end when there is nothing.
 */
export function tagThreads(
  taxonomy: Taxonomy<Recognition>,
  overrides: ReadonlyMap<string, Override>,
): TaggingPlaces & { close: () => Promise<void> } {
  const source: TaggerSource = { taxonomy, overrides: [...overrides] };
  const start = () =>
    new Thread<readonly string[], (TaggedRecord | null)[]>(new URL('./tag-worker.js', import.meta.url), HEAP, source);
  const first = start();
  const threads = [first, ...Array.from({ length: Math.min(MOST, availableParallelism()) - 1 }, start)];
  return {
    few: { tag: (records) => first.ask(records), ahead: 1 },
    many: { tag: (records) => leastAsked(threads).ask(records), ahead: 2 * threads.length },
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

function leastAsked<T extends { asked: number }>(threads: readonly T[]): T {
  return threads.reduce((least, thread) => (thread.asked < least.asked ? thread : least));
}
