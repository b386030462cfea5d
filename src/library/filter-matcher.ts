import type { Filter } from '../model/filter.js';
import { FACETS, type Facet, type Tags } from '../model/tag.js';
import type { Taxonomy } from '../model/taxonomy.js';
import { hasBit, eachBit } from './bits.js';
import { dayNumber, placeOf } from './catalogue.js';
import { parseFilter } from './parse-filter.js';
import { describeFilter } from './render-filter.js';
import { select, selected, tagsMatch } from './select-papers.js';
import type { Shelf } from './shelf.js';

/** Parsed filters that are kept: subscriptions ask with the same ones again and again. */
const KEPT_FILTERS = 1000;

/** What digests and subscriptions ask of the library, in canonical query strings (`PaperMatcher` of `digest/`). */
export class FilterMatcher {
  private readonly parsed = new Map<string, Filter>();

  constructor(
    private readonly shelf: Shelf,
    private readonly taxonomy: Pick<Taxonomy, 'facets'>,
  ) {}

  /** Of these papers, those that match as they are now. */
  async match(filters: string, pmids: readonly string[]): Promise<ReadonlySet<string>> {
    const catalogue = await this.shelf.current();
    const bits = selected(await select(catalogue, this.parse(filters), this.shelf.finder(catalogue)));
    return new Set(
      pmids.filter((pmid) => {
        const at = placeOf(catalogue, Number(pmid));
        return at >= 0 && hasBit(bits, at);
      }),
    );
  }

  /** Of these papers, those that match with the tags with which they were issued; all else is as it is now. */
  async matchIssued(filters: string, papers: readonly { pmid: string; tags: Tags }[]): Promise<ReadonlySet<string>> {
    const filter = this.parse(filters);
    const catalogue = await this.shelf.current();
    const { rest, terms } = await select(catalogue, filter, this.shelf.finder(catalogue));
    return new Set(
      papers.flatMap(({ pmid, tags }) => {
        const at = placeOf(catalogue, Number(pmid));
        return at >= 0 && hasBit(rest, at) && tagsMatch(filter, terms, tags, catalogue.table) ? [pmid] : [];
      }),
    );
  }

  /** How many papers added from a day on and before another match, week by week; retracted ones are no news. */
  async countWeeks(filters: string, from: string, before: string): Promise<number[]> {
    const catalogue = await this.shelf.current();
    const bits = selected(await select(catalogue, this.parse(filters), this.shelf.finder(catalogue)));
    const first = dayNumber(from);
    const end = dayNumber(before);
    const counts = Array<number>(Math.max(0, Math.ceil((end - first) / 7))).fill(0);
    eachBit(bits, (at) => {
      const day = catalogue.added[at]!;
      if (day >= first && day < end && !hasBit(catalogue.retracted, at)) counts[Math.floor((day - first) / 7)]! += 1;
    });
    return counts;
  }

  /** Values that the filters ask for, without those they exclude. */
  wanted(filters: string): Partial<Record<Facet, readonly string[]>> {
    const { facets } = this.parse(filters);
    return Object.fromEntries(
      FACETS.flatMap((facet) => {
        const wanted = facets[facet]?.wanted ?? [];
        return wanted.length > 0 ? [[facet, wanted]] : [];
      }),
    );
  }

  /** In words for a reader; null = the defaults. */
  describe(filters: string): string | null {
    return describeFilter(this.parse(filters), this.taxonomy);
  }

  /** What a reader subscribed to goes on, even when a later taxonomy has lost one of its values. */
  private parse(filters: string): Filter {
    let filter = this.parsed.get(filters);
    if (!filter) {
      const query: Record<string, string[]> = {};
      for (const [name, value] of new URLSearchParams(filters)) (query[name] ??= []).push(value);
      filter = parseFilter(query, this.taxonomy, { kept: true });
      if (this.parsed.size >= KEPT_FILTERS) this.parsed.clear();
      this.parsed.set(filters, filter);
    }
    return filter;
  }
}
