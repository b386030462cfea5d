import { escapeHtml as xml } from '../../escape.js';
import type { Feed, FeedEntry } from './feed.js';

const link = (rel: string, href: string | null, type?: string) =>
  href === null ? '' : `<link rel="${rel}"${type ? ` type="${type}"` : ''} href="${xml(href)}"/>\n`;

/** Paging links of RFC 5005; `prefix` where Atom's elements are guests in another format. */
export function pagingLinks({ paging }: Feed, prefix = ''): string {
  const named: [string, string | null][] = [
    ['first', paging.first],
    ['next', paging.next],
    ['current', paging.current],
    ['prev-archive', paging.prevArchive],
  ];
  return named
    .map(([rel, href]) => link(rel, href).replace('<link', `<${prefix}link`))
    .concat(paging.isArchive ? ['<fh:archive/>\n'] : [])
    .join('');
}

const element = (name: string, text: string | null) =>
  text === null || text === '' ? '' : `<${name}>${xml(text)}</${name}>\n`;

const entry = (item: FeedEntry): string =>
  `<entry>\n${element('id', item.id)}${element('title', item.title)}${link('alternate', item.url, 'text/html')}${item.sources
    .map((source) => link('related', source))
    .join('')}${element('published', item.published)}${element('updated', item.updated)}${item.authors
    .map((name) => `<author><name>${xml(name)}</name></author>\n`)
    .join('')}${item.categories
    .map(({ term, scheme, label }) => `<category term="${xml(term)}" scheme="${xml(scheme)}" label="${xml(label)}"/>\n`)
    .join(
      '',
    )}${element('dc:date', item.dc.date)}${element('dc:source', item.dc.source)}${element('dc:identifier', item.dc.identifier)}${element('summary', item.summary)}<content type="html">${xml(item.html)}</content>\n</entry>\n`;

/** Atom (RFC 4287). */
export const renderAtom = (feed: Feed): string =>
  `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:fh="http://purl.org/syndication/history/1.0" xml:lang="en">
${element('id', feed.id)}${element('title', feed.title)}${element('subtitle', feed.subtitle)}${element('updated', feed.updated)}${element('rights', feed.rights)}${link('self', feed.selfUrl, 'application/atom+xml')}${link('alternate', feed.homeUrl, 'text/html')}${pagingLinks(feed)}<author><name>${xml(feed.title)}</name></author>
${feed.entries.map(entry).join('')}</feed>
`;
