import type { Taxonomy } from '../model/taxonomy.js';
import type { CatalogueStore } from '../store/catalogue.store.js';
import type { Lookup, SearchStore } from '../store/search.store.js';
import type { TextFieldName } from '../store/paper-words.js';
import type { Bits } from './bits.js';
import {
  emptyCatalogue,
  nextCatalogue,
  once,
  placesOf,
  tagAlphabet,
  tagTable,
  type Catalogue,
  type TagTable,
} from './catalogue.js';
import type { FindPapers } from './select-papers.js';

/** With more changes than this share of all papers, reading all anew is cheaper. */
const MOST_CHANGES = 0.2;
/** Sets of words that are kept for a catalogue: at a million papers each takes 125 kB. */
const KEPT_SETS = 256;

/**
 * Keeps the catalogue in memory true: before each use the store is asked for its last revision, and what changed since
 * is read. So several processes on one store all answer from what is committed.
 */
export class Shelf {
  readonly table: TagTable;
  private catalogue: Catalogue;
  private renewing: Promise<void> | null = null;
  private readonly watchers: ((pmids: readonly number[] | null) => void)[] = [];

  constructor(
    private readonly store: CatalogueStore,
    private readonly words: SearchStore,
    taxonomy: Pick<Taxonomy, 'facets'>,
  ) {
    this.table = tagTable(taxonomy);
    this.catalogue = emptyCatalogue(this.table);
  }

  /** Id of the last revision that the catalogue knows. */
  get version(): number {
    return this.catalogue.version;
  }

  /** Tells of papers that are new or have changed, at the moment from which on the catalogue knows; null = any may have. */
  watch(watcher: (pmids: readonly number[] | null) => void): void {
    this.watchers.push(watcher);
  }

  private replace(catalogue: Catalogue, changed: readonly number[] | null): void {
    this.catalogue = catalogue;
    for (const watcher of this.watchers) watcher(changed);
  }

  /** The catalogue with everything that was committed before this call. */
  async current(): Promise<Catalogue> {
    for (;;) {
      // asked for each time: a store can be put back to an earlier state while it is read
      const needed = await this.store.lastRevision();
      if (this.catalogue.version === needed) return this.catalogue;
      if (needed < this.catalogue.version) this.replace(emptyCatalogue(this.table), null);
      this.renewing ??= this.renew().finally(() => {
        this.renewing = null;
      });
      await this.renewing;
      // it holds everything that was committed before this call: what comes in meanwhile is for the next
      if (this.catalogue.version >= needed) return this.catalogue;
    }
  }

  /** Looks words up for a catalogue; what was looked up is kept as long as the catalogue is the current one. */
  finder(catalogue: Catalogue): FindPapers {
    const kept = once(catalogue, 'words', () => new Map<string, Promise<Bits>>());
    return (lookup, field) => {
      const key = JSON.stringify([field, lookup]);
      const known = kept.get(key);
      if (known) {
        // the least used goes first
        kept.delete(key);
        kept.set(key, known);
        return known;
      }
      const found = this.look(catalogue, lookup, field);
      if (kept.size >= KEPT_SETS) kept.delete(kept.keys().next().value as string);
      kept.set(key, found);
      found.catch(() => kept.delete(key));
      return found;
    };
  }

  private async look(catalogue: Catalogue, lookup: Lookup, field: TextFieldName | null): Promise<Bits> {
    return placesOf(catalogue, await this.words.find(lookup, field));
  }

  private async renew(): Promise<void> {
    const last = this.catalogue;
    const through = await this.store.lastRevision();
    const atMost = Math.max(1000, Math.floor(last.size * MOST_CHANGES));
    const changed = last.version === 0 ? null : await this.store.changed(last.version, through, atMost);
    if (changed !== null) {
      const alphabet = tagAlphabet(await this.store.tagNames(), this.table);
      this.replace(
        nextCatalogue(last, changed, alphabet, through),
        changed.map(({ pmid }) => pmid),
      );
      return;
    }
    const all = [];
    for await (const rows of this.store.stream()) all.push(...rows);
    const alphabet = tagAlphabet(await this.store.tagNames(), this.table);
    this.replace(nextCatalogue(emptyCatalogue(this.table), all, alphabet, through), null);
  }
}
