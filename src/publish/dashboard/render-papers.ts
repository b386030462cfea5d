import { describeFilter } from '../../library/render-filter.js';
import type { Filter, Sort } from '../../model/filter.js';
import type { PaperView } from '../../model/paper-view.js';
import { html, join, type Fragment, type Html } from '../html.js';
import { chipsOf, papersHref, queryOf } from './filter-links.js';
import { renderEntry } from './paper-entry.js';
import { renderFilters, type FiltersInput } from './render-filters.js';

export interface PapersPageInput extends FiltersInput {
  papers: readonly PaperView[];
  total: number;
  next: string | null;
  /** Whether this is not the first page. */
  isFurther: boolean;
  /** Whether anything is stored at all. */
  isEmpty: boolean;
}

const SORTS: readonly (readonly [Sort, string])[] = [
  ['added', 'Newest'],
  ['published', 'Publication date'],
  ['match', 'Best match'],
];

const EXPORTS = [
  ['csv', 'CSV'],
  ['ris', 'RIS'],
  ['bibtex', 'BibTeX'],
  ['nbib', 'NBIB'],
  ['csl', 'CSL JSON'],
  ['ndjson', 'NDJSON'],
] as const;

/** What a reader does with a filter besides reading: the same papers by mail, feed, file and API. */
function outlets(filter: Filter): Html {
  const query = queryOf(filter);
  return html`<div class="outlets"><a class="button" href="/subscribe${query}">Subscribe to this by mail</a>
<p><span class="muted">Feed:</span> <a href="/feeds/papers.atom${query}">Atom</a> <a href="/feeds/papers.rss${query}">RSS</a> <a href="/feeds/papers.json${query}">JSON</a></p>
<p><span class="muted">Export:</span> ${join(
    EXPORTS.map(
      ([format, name]) =>
        html`<a href="/api/v1/export${queryOf(filter, { format })}" download rel="nofollow">${name}</a>`,
    ),
    ' ',
  )}</p>
<p><span class="muted">API:</span> <a href="/api/v1/papers${query}">/api/v1/papers</a></p></div>`;
}

function sorts(filter: Filter, sort: Sort): Html {
  return html`<nav class="sorts" aria-label="Order"><ul>${SORTS.filter(
    ([value]) => value !== 'match' || filter.q !== null || sort === 'match',
  ).map(
    ([value, label]) =>
      html`<li><a href="${papersHref(filter, value)}"${value === sort && html` aria-current="true"`}>${label}</a></li>`,
  )}</ul></nav>`;
}

function chips(input: PapersPageInput): Fragment {
  const list = chipsOf(input.filter, input.facets, input.sort);
  if (list.length === 0) return null;
  return html`<ul class="chips" aria-label="Filters in force">${list.map(
    ({ text, without }) =>
      html`<li><a href="${without}" title="Remove this filter"><span class="visually-hidden">Remove </span>${text}<span aria-hidden="true" class="x">×</span></a></li>`,
  )}${list.length > 1 && html`<li><a class="clear" href="/papers">Clear all</a></li>`}</ul>`;
}

function empty(input: PapersPageInput): Html {
  if (input.isEmpty)
    return html`<p class="notice">No papers here yet: the first ones come within a minute of the first sync. <a href="/">How far it has come</a>.</p>`;
  const chosen = chipsOf(input.filter, input.facets, input.sort);
  return html`<div class="notice"><p>No paper matches all of this. ${chosen.length > 0 && 'Take a filter away:'}</p>${
    chosen.length > 0 &&
    html`<ul>${chosen.map((chip) => html`<li><a href="${chip.without}">without ${chip.text}</a></li>`)}</ul>`
  }</div>`;
}

/** The list of papers, every filter beside it. */
export function renderPapers(input: PapersPageInput): Html {
  const { filter, sort, total, next } = input;
  const chosen = chipsOf(filter, input.facets, sort).length;
  return html`<div class="browse">
<header class="browse-head">
<h1 class="visually-hidden">Papers</h1>
<div class="search-row" role="search"><input type="search" name="q" form="filters" value="${filter.q}" placeholder="Words, “a phrase”, -not, prefix*, PMID, DOI, NCT number" aria-label="Search titles, abstracts, keywords, authors" data-main-search autocomplete="off" />
<button class="primary" type="submit" form="filters">Search</button></div>
</header>
<div class="browse-filters">${renderFilters(input)}</div>
<section class="browse-list" id="results" tabindex="-1" aria-label="Papers" data-live="results">
<div class="list-head"><p class="total" role="status"><strong class="num">${total.toLocaleString('en')}</strong> ${total === 1 ? 'paper' : 'papers'}</p>
<a class="button to-filters" href="#filters">Filters${chosen > 0 && html` <span class="chosen num">${chosen}</span>`}</a>
${sorts(filter, sort)}</div>
${chips(input)}
<details class="take"><summary>Subscribe, feed, export</summary>${outlets(filter)}</details>
${input.papers.length === 0 ? empty(input) : html`<ol class="entries" data-entries>${input.papers.map((paper) => html`<li>${renderEntry(paper, { facets: input.facets, heading: 'h2' })}</li>`)}</ol>`}
${
  (next !== null || input.isFurther) &&
  html`<nav class="pager" aria-label="Pages">${input.isFurther && html`<a class="button" href="${papersHref(filter, sort)}">First page</a>`}${
    next !== null &&
    html`<a class="button primary" rel="next" href="/papers${queryOf(filter, { ...(sort === 'added' ? {} : { sort }), cursor: next })}">More papers</a>`
  }</nav>`
}
<p class="small muted keys">Keys: <kbd>/</kbd> search, <kbd>j</kbd> and <kbd>k</kbd> next and last paper, <kbd>Enter</kbd> open, <kbd>f</kbd> filters</p>
</section>
</div>`;
}

/** Name of the page: the filters in words. */
export function titleOfPapers(filter: Filter, facets: FiltersInput['facets']): string {
  const words = describeFilter(filter, { facets: [...facets] });
  return words === null ? 'Papers' : words.charAt(0).toUpperCase() + words.slice(1);
}
