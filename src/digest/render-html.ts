import type { Digest } from '../model/issue.js';
import { escapeHtml } from '../escape.js';
import { outlineDigest, type Entry, type OutlineSection, type Rendering } from './outline.js';

const link = (text: string, url: string | null) => (url === null ? text : `<a href="${escapeHtml(url)}">${text}</a>`);
const flags = (entry: Entry) =>
  entry.flags.map((flag) => `<strong class="flag">${escapeHtml(flag)}</strong> `).join('');

function links(entry: Entry): string {
  const parts = [
    entry.pubmed ? link('PubMed', entry.pubmed) : null,
    entry.doi ? link('DOI', entry.doi) : null,
    entry.fullText ? link('Full text', entry.fullText) : null,
  ].filter((part) => part !== null);
  return parts.length > 0 ? `<p class="links">${parts.join(' · ')}</p>` : '';
}

const replies = (entry: Entry) =>
  entry.replies.length > 0 ? `<ul class="replies">${entry.replies.map(line).join('')}</ul>` : '';

/** `value` keeps the numbers right: the list is one, its parts are in sections. */
const line = (entry: Entry): string =>
  `<li class="brief" id="p${entry.number}" value="${entry.number}">${flags(entry)}${link(escapeHtml(entry.title), entry.page ?? entry.pubmed)}${
    entry.brief ? ` <span class="design">${escapeHtml(entry.brief)}</span>` : ''
  }${replies(entry)}</li>`;

const full = (entry: Entry): string =>
  `<li class="full" id="p${entry.number}" value="${entry.number}"><article><h4>${flags(entry)}${link(escapeHtml(entry.title), entry.page ?? entry.pubmed)}</h4>` +
  (entry.design ? `<p class="design">${escapeHtml(entry.design)}</p>` : '') +
  (entry.finding ? `<p class="finding">${escapeHtml(entry.finding)}</p>` : '') +
  `<p class="citation">${escapeHtml(entry.citation)}</p>` +
  (entry.tags.length > 0
    ? `<ul class="tags">${entry.tags.map((tag) => `<li>${escapeHtml(tag)}</li>`).join('')}</ul>`
    : '') +
  `${links(entry)}</article>${replies(entry)}</li>`;

const section = (part: OutlineSection): string =>
  `<section id="${escapeHtml(part.id)}"><h2>${escapeHtml(part.label)}</h2>` +
  part.groups
    .map(
      (group) =>
        (group.label === null ? '' : `<h3>${escapeHtml(group.label)}</h3>`) +
        `<ol class="papers">${group.entries.map((entry) => (entry.full ? full(entry) : line(entry))).join('')}</ol>`,
    )
    .join('') +
  (part.seeAlso.length > 0
    ? `<p class="see-also">See also ${part.seeAlso.map((number) => `<a href="#p${number}">${number}</a>`).join(', ')}</p>`
    : '') +
  '</section>';

/** What the fragment needs to look right by itself, on screen and on paper. */
export const DIGEST_CSS = `
.digest{max-width:46rem;line-height:1.5;overflow-wrap:anywhere}
.digest header p,.digest .full p{margin:.25rem 0}
.digest .summary{font-size:1.1em;font-weight:600}
.digest .notice{border-left:4px solid #b45309;padding:.25rem .75rem}
.digest h2{margin:2rem 0 .5rem;border-bottom:1px solid;padding-bottom:.25rem;font-size:1.25rem}
.digest h3{margin:1rem 0 .25rem;font-size:1rem;opacity:.8}
.digest h4{margin:0;font-size:1.05rem}
.digest ol.papers{padding-left:2.5rem;margin:.5rem 0}
.digest ol.papers>li{margin:0 0 .5rem}
.digest ol.papers>li.full{margin:1rem 0}
.digest .design,.digest .citation,.digest .links,.digest .see-also{font-size:.9em}
.digest .citation{opacity:.8}
.digest .finding{border-left:3px solid;padding-left:.75rem}
.digest ul.tags{list-style:none;padding:0;margin:.25rem 0;display:flex;flex-wrap:wrap;gap:.25rem .5rem;font-size:.85em}
.digest ul.tags li{border:1px solid;border-radius:.75rem;padding:0 .5rem}
.digest .flag{color:#b91c1c}
@media (prefers-color-scheme:dark){.digest .flag{color:#fca5a5}}
@media print{.digest a{color:inherit;text-decoration:none}.digest li.full{break-inside:avoid}.digest h2,.digest h3{break-after:avoid}}
`;

/** A digest as a fragment of a page: headings from `h1` down, everything escaped, no script. */
export function renderHtml(digest: Digest, rendering: Rendering): string {
  const outline = outlineDigest(digest, rendering);
  const corrections = outline.corrections
    .map((correction) => {
      const notice = correction.notice === null ? '' : ` (${link('notice', correction.notice)})`;
      const issue = correction.issue === null ? '' : `, was in ${escapeHtml(correction.issue)}`;
      return `<li><strong class="flag">${escapeHtml(correction.heading)}:</strong> ${link(escapeHtml(correction.title), correction.url)}${notice}${issue}</li>`;
    })
    .join('');
  const highlights = outline.highlights
    .map(
      (entry) =>
        `<li>${entry.brief ? `${escapeHtml(entry.brief)}: ` : ''}<a href="#p${entry.number}">${escapeHtml(entry.title)}</a></li>`,
    )
    .join('');
  return (
    `<article class="digest"><header><h1>${escapeHtml(outline.title)}</h1><p>${escapeHtml(outline.dates)}</p>` +
    (outline.filters === null ? '' : `<p class="filters">Only: ${escapeHtml(outline.filters)}</p>`) +
    `<p class="summary">${escapeHtml(outline.summary)}</p>` +
    outline.notices.map((notice) => `<p class="notice" role="note">${escapeHtml(notice)}</p>`).join('') +
    '</header>' +
    (corrections === ''
      ? ''
      : `<section id="corrections"><h2>Corrections to earlier papers</h2><ul>${corrections}</ul></section>`) +
    (highlights === ''
      ? ''
      : `<section id="highlights"><h2>If you read only these</h2><ul>${highlights}</ul></section>`) +
    outline.sections.map(section).join('') +
    `<footer>${outline.footer.map((text) => `<p>${escapeHtml(text)}</p>`).join('')}</footer></article>`
  );
}
