import type { Feed } from './feed.js';
import { renderAtom } from './render-atom.js';
import { renderJsonFeed } from './render-json-feed.js';
import { renderRss } from './render-rss.js';

export const FEED_FORMATS = ['atom', 'rss', 'json'] as const;
export type FeedFormat = (typeof FEED_FORMATS)[number];

export const FEED_TYPES: Readonly<Record<FeedFormat, string>> = {
  atom: 'application/atom+xml',
  rss: 'application/rss+xml',
  json: 'application/feed+json',
};

const RENDERERS: Readonly<Record<FeedFormat, (feed: Feed) => string>> = {
  atom: renderAtom,
  rss: renderRss,
  json: renderJsonFeed,
};

export const renderFeed = (format: FeedFormat, feed: Feed): string => RENDERERS[format](feed);
