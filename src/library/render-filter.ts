import { ANY_RELEVANCE, type FacetChoice, type Filter } from '../model/filter.js';
import { FACETS } from '../model/tag.js';
import type { Taxonomy } from '../model/taxonomy.js';

/** Filters as a JSON object of parameters: lists as arrays, excluded values with a minus, defaults left out. */
export function filterParameters(filter: Filter): Record<string, string | string[]> {
  const parameters: Record<string, string | string[]> = {};
  for (const facet of FACETS) {
    const choice = filter.facets[facet];
    if (choice) parameters[facet] = [...choice.wanted, ...choice.unwanted.map((value) => `-${value}`)];
  }
  const put = (name: string, value: string | readonly string[] | null) => {
    if (value !== null && value.length > 0) parameters[name] = typeof value === 'string' ? value : [...value];
  };
  put('q', filter.q);
  put('from', filter.from);
  put('to', filter.to);
  put('dateType', filter.dateType === 'added' ? null : filter.dateType);
  put('pmid', filter.pmids);
  put('trial', filter.trials);
  put('journal', filter.journals);
  put('author', filter.authors);
  put('language', filter.languages);
  put('publicationType', filter.publicationTypes);
  put('mesh', filter.mesh);
  put('minParticipants', filter.minParticipants === null ? null : String(filter.minParticipants));
  put('freeFullText', filter.freeFullText ? 'true' : null);
  put('retracted', filter.retracted === 'include' ? null : filter.retracted);
  return parameters;
}

/** Lists whose values may hold commas are repeated instead. */
const REPEATED = new Set(['journal', 'author', 'publicationType', 'mesh']);

const encode = (value: string) => encodeURIComponent(value).replaceAll('%20', '+').replaceAll('%2C', ',');

/** A filter never changes, and one answer needs its text for the page, the cursor, the next address and the ETag. */
const rendered = new WeakMap<Filter, string>();

/** The canonical query string: the same text for the same choice, '' = the defaults. */
export function renderFilter(filter: Filter): string {
  let text = rendered.get(filter);
  if (text === undefined) {
    text = renderParameters(filterParameters(filter));
    rendered.set(filter, text);
  }
  return text;
}

function renderParameters(parameters: Record<string, string | string[]>): string {
  return Object.entries(parameters)
    .flatMap(([name, value]) => {
      const values = typeof value === 'string' ? [value] : REPEATED.has(name) ? value : [value.join(',')];
      return values.map((text) => `${name}=${encode(text)}`);
    })
    .join('&');
}

/** Filters in words for a reader, such as a line above a list or the subject of a mail; null = the defaults. */
export function describeFilter(filter: Filter, taxonomy: Pick<Taxonomy, 'facets'>): string | null {
  const parts: string[] = [];
  for (const { facet, label, tags } of taxonomy.facets) {
    const choice = filter.facets[facet];
    if (!choice) continue;
    const labels = new Map(tags.map((tag) => [tag.value, tag.label]));
    const words = describeChoice(choice, (value) => labels.get(value) ?? value);
    parts.push(facet === 'relevance' && choice.wanted.includes(ANY_RELEVANCE) ? words : `${label}: ${words}`);
  }
  const any = (list: readonly string[]) => list.join(' or ');
  if (filter.q !== null) parts.push(`matching “${filter.q}”`);
  const day = filter.dateType === 'published' ? 'published' : 'added';
  if (filter.from !== null && filter.to !== null)
    parts.push(filter.from === filter.to ? `${day} on ${filter.from}` : `${day} ${filter.from} to ${filter.to}`);
  else if (filter.from !== null) parts.push(`${day} since ${filter.from}`);
  else if (filter.to !== null) parts.push(`${day} until ${filter.to}`);
  if (filter.pmids.length > 0)
    parts.push(filter.pmids.length > 5 ? `${filter.pmids.length} chosen papers` : `PMID ${any(filter.pmids)}`);
  if (filter.trials.length > 0) parts.push(`trial ${any(filter.trials)}`);
  if (filter.journals.length > 0) parts.push(`in ${any(filter.journals)}`);
  if (filter.authors.length > 0) parts.push(`by ${any(filter.authors)}`);
  if (filter.languages.length > 0) parts.push(`language ${any(filter.languages)}`);
  if (filter.publicationTypes.length > 0) parts.push(`publication type ${any(filter.publicationTypes)}`);
  if (filter.mesh.length > 0) parts.push(`MeSH ${any(filter.mesh)}`);
  if (filter.minParticipants !== null) parts.push(`at least ${filter.minParticipants} participants`);
  if (filter.freeFullText) parts.push('free full text');
  if (filter.retracted === 'exclude') parts.push('no retracted papers');
  if (filter.retracted === 'only') parts.push('retracted papers only');
  return parts.length === 0 ? null : parts.join('; ');
}

function describeChoice({ wanted, unwanted }: FacetChoice, label: (value: string) => string): string {
  const names = (values: readonly string[]) => values.map(label).join(' or ');
  if (wanted.includes(ANY_RELEVANCE))
    return unwanted.length > 0 ? `any relevance but not ${names(unwanted)}` : 'any relevance';
  return [
    ...(wanted.length > 0 ? [names(wanted)] : []),
    ...(unwanted.length > 0 ? [`not ${names(unwanted)}`] : []),
  ].join(', ');
}
