import type { Feed, FeedEntry } from './feed.js';

const item = (entry: FeedEntry) => ({
  id: entry.id,
  url: entry.url,
  ...(entry.sources[0] ? { external_url: entry.sources[0] } : {}),
  title: entry.title,
  content_html: entry.html,
  summary: entry.summary,
  date_published: entry.published,
  date_modified: entry.updated,
  ...(entry.authors.length > 0 ? { authors: entry.authors.map((name) => ({ name })) } : {}),
  tags: entry.categories.map(({ label }) => label),
  // an extension begins with an underscore (JSON Feed 1.1)
  _dc: entry.dc,
});

/** JSON Feed 1.1. */
export const renderJsonFeed = (feed: Feed): string =>
  JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: feed.title,
    description: feed.subtitle,
    home_page_url: feed.homeUrl,
    feed_url: feed.selfUrl,
    ...(feed.paging.next === null ? {} : { next_url: feed.paging.next }),
    language: 'en',
    authors: [{ name: feed.title }],
    user_comment: feed.rights,
    _history: { about: 'https://www.rfc-editor.org/rfc/rfc5005', archive: feed.paging.isArchive, current: feed.paging.current, prev_archive: feed.paging.prevArchive }, // prettier-ignore
    items: feed.entries.map(item),
  });
