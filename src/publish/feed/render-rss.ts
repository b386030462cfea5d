import { escapeHtml as xml } from '../../escape.js';
import type { Feed, FeedEntry } from './feed.js';
import { pagingLinks } from './render-atom.js';

/** RFC 822 with a year of four figures. */
const rfc822 = (instant: string) => new Date(instant).toUTCString().replace('GMT', '+0000');

/**
 * Readers disagree whether a title is text or markup; numeric references in it are read right by most of both kinds
 * (RSS Advisory Board, best practices).
 */
const title = (text: string) =>
  xml(text).replaceAll('&amp;', '&#x26;').replaceAll('&lt;', '&#x3C;').replaceAll('&gt;', '&#x3E;');

const element = (name: string, text: string | null) =>
  text === null || text === '' ? '' : `<${name}>${xml(text)}</${name}>\n`;

const item = (entry: FeedEntry): string =>
  `<item>\n<title>${title(entry.title)}</title>\n${element('link', entry.url)}<guid isPermaLink="false">${xml(entry.id)}</guid>\n${element('pubDate', rfc822(entry.published))}${element('atom:updated', entry.updated)}${entry.authors
    .map((name) => element('dc:creator', name))
    .join('')}${entry.categories
    .map(({ scheme, label }) => `<category domain="${xml(scheme)}">${xml(label)}</category>\n`)
    .join(
      '',
    )}${element('dc:date', entry.dc.date)}${element('dc:source', entry.dc.source)}${element('dc:identifier', entry.dc.identifier)}${element('description', xml(entry.summary))}${element('content:encoded', entry.html)}</item>\n`;

/** RSS 2.0 with the namespaces that readers know. */
export const renderRss = (feed: Feed): string =>
  `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:fh="http://purl.org/syndication/history/1.0">
<channel>
<title>${title(feed.title)}</title>
${element('link', feed.homeUrl)}${element('description', feed.subtitle)}<language>en</language>
${element('copyright', feed.rights)}${element('lastBuildDate', rfc822(feed.updated))}<atom:link rel="self" type="application/rss+xml" href="${xml(feed.selfUrl)}"/>
${pagingLinks(feed, 'atom:')}<ttl>60</ttl>
${feed.entries.map(item).join('')}</channel>
</rss>
`;
