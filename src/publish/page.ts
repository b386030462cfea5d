import { html, type Fragment, type Html } from './html.js';
import { siteTitle, type Site } from './site.js';
import { dayText, showInstant } from './show-date.js';

export interface FeedLink {
  title: string;
  href: string;
  /** `application/atom+xml` … */
  type: string;
}

export interface Page {
  /** Without the site's name. Null = the overview, which is named like the site. */
  title: string | null;
  description?: string;
  /**
   * Where the page lives, with its canonical query. Null = an address that must not be repeated: one with a token in
   * it, or one that does not exist.
   */
  path: string | null;
  body: Html;
  /** Feeds of what the page shows, besides the site's own. */
  feeds?: readonly FeedLink[];
  noindex?: boolean;
  /** Modules that make the page richer, by asset name. */
  scripts?: readonly string[];
  /** Reload after so many seconds where there is no JavaScript. */
  refresh?: number;
  /** `text` = a column to read; `wide` = the whole width. */
  layout?: 'text' | 'wide';
}

const NAVIGATION: readonly (readonly [string, string])[] = [
  ['/', 'Overview'],
  ['/papers', 'Papers'],
  ['/digests', 'Digests'],
  ['/subscribe', 'Subscribe'],
  ['/about', 'About'],
];

const MORE: readonly (readonly [string, string])[] = [
  ['/about', 'How papers are tagged'],
  ['/runs', 'Completeness record'],
  ['/developers', 'For developers'],
  ['/api/docs', 'API reference'],
  ['/feeds/papers.atom', 'Feed'],
  ['/privacy', 'Privacy'],
];

/** Where a path belongs in the navigation: `/papers/123` under `/papers`. */
const isUnder = (path: string | null, place: string) => {
  const plain = path?.split('?')[0] ?? '';
  return place === '/' ? plain === '/' : plain === place || plain.startsWith(`${place}/`);
};

/** Four by four dots of unlike size: the evidence map, small. */
const MARK = html`<svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">
  <circle cx="7" cy="7" r="4.6" />
  <circle cx="16" cy="7" r="2.2" />
  <circle cx="25" cy="7" r="3.4" />
  <circle cx="7" cy="16" r="2.8" />
  <circle cx="16" cy="16" r="4.8" />
  <circle cx="25" cy="16" r="1.6" />
  <circle cx="7" cy="25" r="1.4" />
  <circle cx="16" cy="25" r="3" />
  <circle cx="25" cy="25" r="4.6" />
</svg>`;

function head(page: Page, site: Site): Html {
  const name = siteTitle(site);
  const title = page.title === null ? `${name}, tracked and tagged` : `${page.title} · ${name}`;
  const description =
    page.description ??
    `Every PubMed paper on ${site.noun}: tagged by condition and direction of research, each tag with its evidence.`;
  const address = page.path === null ? null : `${site.publicUrl}${page.path}`;
  const feeds: readonly FeedLink[] = [
    ...(page.feeds ?? []),
    { title: `${name}: new papers`, href: '/feeds/papers.atom', type: 'application/atom+xml' },
    { title: `${name}: weekly digests`, href: '/feeds/digests.atom', type: 'application/atom+xml' },
  ];
  return html`<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
    <meta name="description" content="${description}" />
    ${(page.noindex || site.demo || page.path === null) && html`<meta name="robots" content="noindex" />`}
    ${
      address !== null &&
      html`<link rel="canonical" href="${address}" />
        <meta property="og:type" content="website" />
        <meta property="og:site_name" content="${name}" />
        <meta property="og:title" content="${page.title ?? name}" />
        <meta property="og:description" content="${description}" />
        <meta property="og:url" content="${address}" />
        <meta property="og:image" content="${site.publicUrl}${site.assets.url('social.png')}" />
        <meta name="twitter:card" content="summary_large_image" />`
    }
    <meta name="color-scheme" content="light dark" />
    <link rel="icon" type="image/svg+xml" href="${site.assets.url('favicon.svg')}" />
    <link rel="preload" as="font" type="font/woff2" href="${site.assets.url('sans.woff2')}" crossorigin="anonymous" />
    <link rel="preload" as="font" type="font/woff2" href="${site.assets.url('serif.woff2')}" crossorigin="anonymous" />
    <link rel="stylesheet" href="${site.assets.url('style.css')}" />
    ${feeds.map(({ title, href, type }) => html`<link rel="alternate" type="${type}" title="${title}" href="${href}" />`)}
    <script src="${site.assets.url('theme.js')}"></script>
    <script type="module" src="${site.assets.url('site.js')}"></script>
    ${page.scripts?.map((script) => html`<script type="module" src="${site.assets.url(script)}"></script>`)}
    ${page.refresh !== undefined && html`<noscript><meta http-equiv="refresh" content="${page.refresh}" /></noscript>`}
  </head>`;
}

const navigation = (path: string | null): Fragment =>
  NAVIGATION.map(
    ([place, label]) =>
      html`<li><a href="${place}"${isUnder(path, place) && html` aria-current="page"`}>${label}</a></li>`,
  );

function footer(site: Site): Html {
  return html`<footer class="site-footer">
    <div class="inner">
      <p class="disclaimer">
        <strong>Not medical advice.</strong> Tags and summaries are made by a program from titles and abstracts; read
        the paper before you rely on it.
      </p>
      <p>
        ${site.demo ? 'The records of this demo are invented.' : `${site.attribution}.`}
        ${
          site.asOf === null
            ? 'No complete sync yet.'
            : html`Data as of
              ${showInstant(site.asOf)}${site.completeThrough !== null && `, complete through ${dayText(site.completeThrough)}`}.`
        }
      </p>
      <nav aria-label="More">
        <ul>
          ${MORE.map(([place, label]) => html`<li><a href="${place}">${label}</a></li>`)}
        </ul>
      </nav>
      <p class="version">Version ${site.version}</p>
    </div>
  </footer>`;
}

/** A whole document: what every page of the site looks like. */
export function renderPage(page: Page, site: Site): string {
  return String(
    html`<!doctype html>
      <html lang="en">
        ${head(page, site)}
        <body class="layout-${page.layout ?? 'text'}">
          <a class="skip" href="#main">Skip to the content</a>
          ${site.demo && html`<p class="demo-banner" role="note"><strong>Demo with fictional records.</strong> Nothing here is a real study; no page of it links to PubMed.</p>`}
          <header class="site-header">
            <div class="inner">
              <a class="wordmark" href="/" aria-label="${siteTitle(site)}: overview"
                >${MARK}<span><b>${site.name}</b> literature</span></a
              >
              <nav aria-label="Main">
                <ul>
                  ${navigation(page.path)}
                </ul>
              </nav>
              <form class="site-search" action="/papers" role="search">
                <input type="search" name="q" placeholder="Search papers" aria-label="Search papers" data-site-search />
              </form>
              <button class="theme-toggle" type="button" data-theme-toggle hidden aria-label="Dark or light">
                <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
                  <path d="M10 2a8 8 0 1 0 0 16z" />
                  <circle cx="10" cy="10" r="7.25" fill="none" stroke="currentColor" stroke-width="1.5" />
                </svg>
              </button>
            </div>
          </header>
          <main id="main" tabindex="-1">${page.body}</main>
          ${footer(site)}
        </body>
      </html> `,
  );
}
