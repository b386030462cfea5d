import { FACETS, type Facet } from '../model/tag.js';
import { countBits, countBoth, keepBits } from './bits.js';
import type { Catalogue } from './catalogue.js';
import { selected, type Selection } from './select-papers.js';

export interface FacetValue {
  value: string;
  label: string;
  parent: string | null;
  count: number;
}

/**
 * How many papers each value of each facet would show: under all filters, except that wanted values of the same facet
 * do not count (they would hide the others), while its exclusions hold. Zeros included, in taxonomy order.
 */
export function countFacets(
  catalogue: Catalogue,
  selection: Selection,
): { data: Record<Facet, FacetValue[]>; total: number } {
  const all = selected(selection);
  const { spans, tags } = catalogue.table;
  const data = {} as Record<Facet, FacetValue[]>;
  for (const facet of FACETS) {
    const span = spans[facet] ?? { from: 0, to: 0 };
    const papers = selection.facets.get(facet)?.wanted ? selected(selection, facet) : all;
    data[facet] = [];
    for (let number = span.from; number < span.to; number++) {
      const { value, label, parent } = tags[number]!;
      let count = countBoth(papers, catalogue.tagged[number]!);
      // as in the filter: core takes in what nobody has judged yet
      if (facet === 'relevance' && value === 'core') {
        const untagged = papers.slice();
        keepBits(untagged, catalogue.untagged);
        count += countBits(untagged);
      }
      data[facet].push({ value, label, parent, count });
    }
  }
  return { data, total: countBits(all) };
}
