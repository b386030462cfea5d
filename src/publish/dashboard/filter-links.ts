import { labelsOf } from '../../digest/describe-paper.js';
import { renderFilter } from '../../library/render-filter.js';
import { ANY_RELEVANCE, NO_FILTER, type Filter, type Sort } from '../../model/filter.js';
import { FACETS, type Facet } from '../../model/tag.js';
import type { FacetDefinition } from '../../model/taxonomy.js';
import { dayText } from '../show-date.js';

/** A choice that is in force, and the address of the page without it. */
export interface Chip {
  text: string;
  without: string;
}

/** `?…` for a filter, or nothing for the defaults. */
export function queryOf(filter: Filter, more: Record<string, string> = {}): string {
  const query = [
    renderFilter(filter),
    ...Object.entries(more).map(([name, value]) => `${name}=${encodeURIComponent(value)}`),
  ]
    .filter(Boolean)
    .join('&');
  return query === '' ? '' : `?${query}`;
}

export const papersHref = (filter: Filter, sort: Sort = 'added'): string =>
  `/papers${queryOf(filter, sort === 'added' ? {} : { sort })}`;

/** The filter with other choices in one facet; none = the facet chooses nothing. */
export function withFacet(
  filter: Filter,
  facet: Facet,
  wanted: readonly string[],
  unwanted: readonly string[],
): Filter {
  const facets = { ...filter.facets };
  if (wanted.length + unwanted.length > 0) facets[facet] = { wanted, unwanted };
  else delete facets[facet];
  return { ...filter, facets };
}

/** The papers of one tag, or of several. */
export const only = (choice: Partial<Record<Facet, string>>): Filter => ({
  ...NO_FILTER,
  facets: Object.fromEntries(
    Object.entries(choice).map(([facet, value]) => [facet, { wanted: [value], unwanted: [] }]),
  ),
});

const LISTS = [
  ['authors', 'Author'],
  ['journals', 'Journal'],
  ['trials', 'Trial'],
  ['pmids', 'PMID'],
  ['publicationTypes', 'Type'],
  ['mesh', 'MeSH'],
  ['languages', 'Language'],
] as const;

/** Everything that is in force, each to be taken away by a click. */
export function chipsOf(filter: Filter, facets: readonly FacetDefinition[], sort: Sort): Chip[] {
  const label = labelsOf(facets);
  const chips: Chip[] = [];
  const add = (text: string, without: Filter) => chips.push({ text, without: papersHref(without, sort) });
  if (filter.q !== null) add(`“${filter.q}”`, { ...filter, q: null });
  for (const facet of FACETS) {
    const choice = filter.facets[facet];
    if (!choice) continue;
    const { wanted, unwanted } = choice;
    for (const value of wanted)
      add(
        facet === 'relevance' && value === ANY_RELEVANCE ? 'Any relevance' : label(facet, value),
        withFacet(
          filter,
          facet,
          wanted.filter((one) => one !== value),
          unwanted,
        ),
      );
    for (const value of unwanted)
      add(
        `not ${label(facet, value)}`,
        withFacet(
          filter,
          facet,
          wanted,
          unwanted.filter((one) => one !== value),
        ),
      );
  }
  const verb = filter.dateType === 'published' ? 'published' : 'added';
  if (filter.from !== null) add(`${verb} since ${dayText(filter.from)}`, { ...filter, from: null });
  if (filter.to !== null) add(`${verb} until ${dayText(filter.to)}`, { ...filter, to: null });
  for (const [list, name] of LISTS)
    for (const value of filter[list])
      add(`${name}: ${value}`, { ...filter, [list]: filter[list].filter((one) => one !== value) });
  if (filter.minParticipants !== null)
    add(`${filter.minParticipants}+ participants`, { ...filter, minParticipants: null });
  if (filter.freeFullText) add('Free full text', { ...filter, freeFullText: false });
  if (filter.retracted !== 'include')
    add(filter.retracted === 'only' ? 'Retracted only' : 'No retracted papers', { ...filter, retracted: 'include' });
  return chips;
}
