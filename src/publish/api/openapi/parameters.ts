import { FACETS, type Facet } from '../../../model/tag.js';
import type { FacetDefinition } from '../../../model/taxonomy.js';
import { query, type Parameter } from './route.js';
import { day, listOf, oneOf, text } from './schema.js';

export const LIMIT = query('limit', 'How many, 1–100', { type: 'integer', minimum: 1, maximum: 100, default: 20 });
export const CURSOR = query('cursor', 'The `page.next` of the page before; absent for the first', text);

/** Values of a facet in words: the taxonomy's, so that another drug describes itself. */
function facetDescription(facet: Facet, facets: readonly FacetDefinition[]): string {
  const values = facets.find((definition) => definition.facet === facet)?.tags ?? [];
  const known = values
    .map(({ value, parent }) => (parent === null ? `\`${value}\`` : `\`${value}\` (part of \`${parent}\`)`))
    .join(', ');
  return [
    `Papers with any of these values of the facet ${facet}; a leading \`-\` excludes; a parent includes its children.`,
    ...(facet === 'relevance'
      ? ['Without it `core`, which includes papers not yet tagged; `any` = all papers (a leading `-` is not taken).']
      : []),
    ...(known ? [`Values: ${known}.`] : []),
  ].join(' ');
}

const facetParameter = (facet: Facet, facets: readonly FacetDefinition[]): Parameter => ({
  name: facet,
  in: 'query',
  required: false,
  description: facetDescription(facet, facets),
  schema: listOf(text),
  style: 'form',
  explode: false,
});

const several = (name: string, description: string, example?: readonly string[]): Parameter => ({
  name,
  in: 'query',
  required: false,
  description,
  schema: listOf(text),
  style: 'form',
  explode: false,
  ...(example ? { example } : {}),
});

/** Values that may hold commas themselves: repeated instead. */
const repeated = (name: string, description: string): Parameter => ({
  ...several(name, `${description}. Repeat the parameter for several: a comma belongs to the value.`),
  explode: true,
});

/** The filters that every outlet knows, by name; the same language as in feeds, exports, digests and subscriptions. */
function filters(facets: readonly FacetDefinition[]): Record<string, Parameter> {
  return {
    ...Object.fromEntries(FACETS.map((facet) => [facet, facetParameter(facet, facets)])),
    q: query(
      'q',
      'Full text: words, "phrases", -not, prefix*; over title, abstract, keywords, MeSH, authors and journal. A PMID, DOI or NCT number finds that paper.',
      text,
      'suicid* "nasal spray"',
    ),
    from: query('from', 'First day, inclusive, of the day added (or of `dateType`)', day, '2026-01-01'),
    to: query('to', 'Last day, inclusive', day, '2026-12-31'),
    dateType: query('dateType', 'Which date `from` and `to` mean', {
      ...oneOf(['added', 'published']),
      default: 'added',
    }),
    pmid: several('pmid', 'Only these papers'),
    trial: several('trial', 'Papers that name this trial registration', ['NCT00000000']),
    journal: repeated('journal', 'Title, ISO abbreviation or ISSN; exact, upper and lower case alike'),
    author: repeated('author', 'Family name, optionally with initials; accents do not matter'),
    language: several('language', 'Code as in PubMed: `eng`, `ger` …'),
    publicationType: repeated('publicationType', "PubMed's publication type"),
    mesh: repeated('mesh', 'MeSH heading'),
    minParticipants: query('minParticipants', 'Studies that report at least so many human participants', {
      type: 'integer',
      minimum: 1,
    }),
    freeFullText: query('freeFullText', '`true`: only papers in PubMed Central', { type: 'boolean' }),
    retracted: query('retracted', 'What to do with retracted papers', {
      ...oneOf(['include', 'exclude', 'only']),
      default: 'include',
    }),
  };
}

const FILTER_NAMES = Object.keys(filters([]));
const shared = (name: string): Parameter => ({ $ref: `#/components/parameters/${name}` });

/** All filters, for a route that takes them. */
export const FILTERS: readonly Parameter[] = FILTER_NAMES.map(shared);
export const SORT = shared('sort');

/** `components.parameters`. */
export const sharedParameters = (facets: readonly FacetDefinition[]): Record<string, Parameter> => ({
  ...filters(facets),
  sort: query('sort', 'Order, the best or newest first; `match` needs `q`', {
    ...oneOf(['added', 'published', 'match']),
    default: 'added',
  }),
});
