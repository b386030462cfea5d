import { FILTERS } from '../parameters.js';
import { query, type Area, type Route } from '../route.js';
import { listOf, text, type JsonSchema } from '../schema.js';

/** JSON Feed 1.1 as far as it is fixed; names that begin with an underscore are extensions. */
const jsonFeed: JsonSchema = {
  type: 'object',
  required: ['version', 'title', 'items'],
  properties: {
    version: { const: 'https://jsonfeed.org/version/1.1' },
    title: text,
    home_page_url: text,
    feed_url: text,
    next_url: text,
    items: listOf({
      type: 'object',
      required: ['id', 'url', 'title', 'content_html', 'date_published', 'date_modified'],
      properties: { id: text, url: text, title: text, content_html: text, tags: listOf(text) },
    }),
  },
};

const FORMATS: readonly (readonly [string, string, string, JsonSchema])[] = [
  ['atom', 'Atom', 'application/atom+xml', text],
  ['rss', 'RSS 2.0', 'application/rss+xml', text],
  ['json', 'JSON Feed 1.1', 'application/feed+json', jsonFeed],
];

const papers = FORMATS.map(([extension, name, type, schema]): Route => ({
  path: `/feeds/papers.${extension}`,
  id: `getPapersAs${name.replace(/\W.*/, '')}${extension === 'json' ? 'Feed' : ''}`,
  summary: `New papers as ${name}`,
  description:
    'The newest 200 under the filters by when they became visible here. Unknown parameters and values are ignored. `next` leads to older pages, `prev-archive` to months that no longer change (RFC 5005).',
  parameters: [
    ...FILTERS,
    query('cursor', 'As in the `next` link of the page before', text),
    query('archive', 'A month (UTC) of the archive', { type: 'string', pattern: '^\\d{4}-\\d{2}$' }, '2026-10'),
  ],
  answer: { media: { [type]: schema } },
  problems: [400],
}));

const digests = FORMATS.map(([extension, name, type, schema]): Route => ({
  path: `/feeds/digests.${extension}`,
  id: `getDigestsAs${name.replace(/\W.*/, '')}${extension === 'json' ? 'Feed' : ''}`,
  summary: `Issued weekly digests as ${name}`,
  parameters: [...FILTERS, query('before', 'Only weeks before this one, as in the `next` link', text, '2026-W30')],
  answer: { media: { [type]: schema } },
}));

/** Atom, RSS 2.0 and JSON Feed 1.1 for any filters. */
export const feeds: Area = {
  name: 'Feeds',
  description: 'Atom, RSS 2.0 and JSON Feed 1.1 for any filters',
  routes: [...papers, ...digests],
  schemas: {},
};
