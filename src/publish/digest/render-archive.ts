import { dateSpan } from '../../digest/outline.js';
import type { ArchivePage, DigestHead } from '../../digest/digest-archive.js';
import type { Taxonomy } from '../../model/taxonomy.js';
import { html, type Html } from '../html.js';
import type { DigestFilters } from './digest-desk.js';

const STATES: Record<DigestHead['state'], string> = {
  open: 'open',
  issued: 'issued',
  retrospective: 'looking back',
};

const weekName = (week: string) => `Week ${Number(week.slice(6))} of ${week.slice(0, 4)}`;

function row(head: DigestHead, query: string): Html {
  const { counts } = head;
  return html`<tr>
    <th scope="row"><a href="/digests/${head.week}${query}">${weekName(head.week)}</a></th>
    <td>${dateSpan(head.from, head.to)}</td>
    <td class="number">${counts.papers}</td>
    <td>${head.summary}</td>
    <td>${STATES[head.state]}${head.state === 'issued' && !head.complete && ', incomplete'}</td>
  </tr>`;
}

/** The weeks, newest first, each with what it held in one line. */
export function renderArchive(page: ArchivePage, filters: DigestFilters, taxonomy: Pick<Taxonomy, 'noun'>): Html {
  const query = filters.canonical === '' ? '' : `?${filters.canonical}`;
  const more = filters.canonical === '' ? '?' : `?${filters.canonical}&`;
  return html`<h1>Digests</h1>
    <p class="lead">
      What was new on ${taxonomy.noun}, week by week. <a href="/digests/current${query}">This week so far</a> ·
      <a href="/digests/latest${query}">the latest issue</a> · <a href="/subscribe${query}">by e-mail</a> ·
      <a href="/feeds/digests.atom${query}">as a feed</a>
    </p>
    ${filters.words !== null && html`<p class="filters">Only: ${filters.words}. <a href="/digests">All digests</a></p>`}
    ${
      page.heads.length === 0
        ? html`<p>There are no papers yet: the first sync is still under way. <a href="/runs">How far is it?</a></p>`
        : html`<table class="archive">
            <thead>
              <tr>
                <th scope="col">Week</th>
                <th scope="col">Days</th>
                <th scope="col" class="number">Papers</th>
                <th scope="col">In one line</th>
                <th scope="col">State</th>
              </tr>
            </thead>
            <tbody>
              ${page.heads.map((head) => row(head, query))}
            </tbody>
          </table>`
    }
    ${page.next !== null && html`<p><a rel="next" href="/digests${more}cursor=${page.next}">Earlier weeks</a></p>`}`;
}
