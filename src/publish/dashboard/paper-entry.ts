import { describePaper, labelsOf } from '../../digest/describe-paper.js';
import type { DigestPaper } from '../../model/issue.js';
import type { FacetDefinition } from '../../model/taxonomy.js';
import { html, join, type Fragment, type Html } from '../html.js';
import { dayText, showDay } from '../show-date.js';
import { studyClass } from './study-class.js';

/** Flags that warn; the others inform. */
const WARNINGS = new Set(['Retracted', 'Expression of concern', 'No longer in PubMed']);

export const showFlags = (flags: readonly string[]): Fragment =>
  flags.map((flag) => html`<strong class="flag${WARNINGS.has(flag) && ' alarm'}">${flag}</strong> `);

export interface EntryOptions {
  facets: readonly FacetDefinition[];
  heading: 'h2' | 'h3';
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Facets that an entry shows below its finding, each tag a filter. */
const SHOWN = ['condition', 'direction', 'route', 'population'] as const;

function tags(paper: DigestPaper, facets: readonly FacetDefinition[]): Fragment {
  const label = labelsOf(facets);
  const parents = new Map(
    facets.flatMap(({ facet, tags }) => tags.map((tag) => [`${facet} ${tag.value}`, tag.parent])),
  );
  // a way of giving the drug can be a direction and a route under one name: it stands once
  const shown = new Set<string>();
  const links = SHOWN.flatMap((facet) => {
    const values = paper.tags[facet];
    const isParent = (value: string) => values.some((other) => parents.get(`${facet} ${other}`) === value);
    // beside its condition, "new conditions" says nothing
    const isImplied = (value: string) => value === 'new-conditions' && paper.tags.condition.length > 0;
    return values
      .filter((value) => !isParent(value) && !isImplied(value) && !shown.has(label(facet, value)))
      .map((value) => {
        shown.add(label(facet, value));
        return html`<a class="f-${facet}" href="/papers?${facet}=${value}">${label(facet, value)}</a>`;
      });
  });
  return links.length > 0 && html`<p class="entry-tags">${join(links, html`<span aria-hidden="true"> · </span>`)}</p>`;
}

/** One paper in a list. */
export function renderEntry(paper: DigestPaper, { facets, heading }: EntryOptions): Html {
  const words = describePaper(paper, facets, labelsOf(facets));
  const title = html`<a href="/papers/${paper.pmid}" data-entry>${words.title}</a>`;
  return html`<article class="entry">
<p class="entry-design"><span class="dot ${studyClass(paper.tags.study)}"></span>${showFlags(words.flags)}${
    capitalised(words.design) || (paper.tags.relevance === null ? 'Not yet tagged' : 'Design not known')
  }</p>
${heading === 'h2' ? html`<h2>${title}</h2>` : html`<h3>${title}</h3>`}
<p class="entry-citation">${words.citation}<span class="entry-added"> · added ${showDay(paper.added)}</span></p>
${words.finding !== null && html`<p class="entry-finding">${words.finding}</p>`}
${tags(paper, facets)}
</article>`;
}

/** One paper as a line: for lists beside the main thing. */
export function renderLine(paper: DigestPaper, facets: readonly FacetDefinition[]): Html {
  const words = describePaper(paper, facets, labelsOf(facets));
  return html`<li class="line"><a href="/papers/${paper.pmid}">${words.title}</a> ${showFlags(words.flags)}<span class="line-note">${[
    words.brief,
    paper.journal.iso ?? paper.journal.title,
    paper.published.date === null ? paper.published.text : dayText(paper.published.date),
  ]
    .filter(Boolean)
    .join(' · ')}</span></li>`;
}
