import { shortAuthors, type Labels } from '../../digest/describe-paper.js';
import { oneLine } from '../../escape.js';
import { FACETS } from '../../model/tag.js';
import type { FacetDefinition } from '../../model/taxonomy.js';
import type { PaperView } from '../../model/paper-view.js';
import { html, join, type Fragment } from '../html.js';
import { dayText } from '../show-date.js';
import type { FeedEntry } from './feed.js';

export interface EntrySurroundings {
  publicUrl: string;
  facets: readonly FacetDefinition[];
  /** `labelsOf(facets)`. */
  label: Labels;
  /** The setting FEED_ABSTRACTS: some abstracts are under their publishers' copyright. */
  abstracts: boolean;
}

/** Collaborations sign with thousands of names; a feed reader shows a handful. */
const MOST_AUTHORS = 100;

/** What a reader has to know before reading on; first in the title, then in full. */
function marksOf({ status, late, added }: PaperView): { title: string | null; text: string | null }[] {
  return [
    status.retracted && { title: 'Retracted', text: 'This paper has been retracted.' },
    status.concern && { title: 'Expression of concern', text: 'The journal has expressed concern about this paper.' },
    status.corrected && { title: null, text: 'An erratum has been published.' },
    status.preprint && { title: 'Preprint', text: 'A preprint: not peer-reviewed.' },
    status.updated && { title: null, text: 'A newer version exists.' },
    status.gone && { title: null, text: 'This record is no longer in PubMed.' },
    late && { title: null, text: `Late: added to PubMed on ${dayText(added)}, seen here only now.` },
  ].filter((mark) => mark !== false);
}

/** What PubMed shows for a paper with no title in English, or none at all. */
const titleOf = (paper: PaperView) =>
  oneLine(paper.title) || oneLine(paper.vernacularTitle ?? '') || `PMID ${paper.pmid}`;

function tagsOf(paper: PaperView, label: Labels, publicUrl: string) {
  return FACETS.flatMap((facet) => {
    const given = paper.tags[facet];
    const values = given === null ? [] : typeof given === 'string' ? [given] : given;
    return values.map((term) => ({
      facet,
      term,
      scheme: `${publicUrl}/api/v1/taxonomy#${facet}`,
      label: label(facet, term),
    }));
  });
}

/** A paper as a feed entry: dated by when it became visible here, with the journal's own date in the text. */
export function paperEntry(
  paper: PaperView,
  revisedAt: string | null,
  { publicUrl, facets, label, abstracts }: EntrySurroundings,
): FeedEntry {
  const marks = marksOf(paper);
  const title = [...marks.flatMap((mark) => mark.title ?? []).map((text) => `[${text}]`), titleOf(paper)].join(' ');
  const tags = tagsOf(paper, label, publicUrl);
  const journal = [oneLine(paper.journal.iso ?? paper.journal.title), oneLine(paper.published.text)].filter(Boolean).join(', '); // prettier-ignore
  const byline = [shortAuthors(paper.authors), journal].filter(Boolean).join('. ');
  const shown = facets
    .filter(({ facet }) => facet !== 'relevance')
    .map(({ facet, label: name }) => ({
      name,
      values: tags.filter((tag) => tag.facet === facet).map((tag) => tag.label),
    }))
    .filter(({ values }) => values.length > 0);
  const abstract: Fragment = abstracts
    ? paper.abstract.map(({ label, text }) => html`<p>${label && html`<b>${label}</b> `}${text}</p>`)
    : null;
  const links = [
    html`<a href="${publicUrl}/papers/${paper.pmid}">Tags and the words behind them</a>`,
    paper.links.pubmed && html`<a href="${paper.links.pubmed}">PubMed</a>`,
    paper.links.doi && html`<a href="${paper.links.doi}">DOI</a>`,
    paper.links.fullText && html`<a href="${paper.links.fullText}">Free full text</a>`,
  ].filter(Boolean);
  return {
    id: `info:pmid/${paper.pmid}`,
    title,
    url: `${publicUrl}/papers/${paper.pmid}`,
    sources: [paper.links.pubmed, paper.links.doi].filter((link) => link !== null),
    published: paper.listedAt,
    updated: revisedAt !== null && revisedAt > paper.listedAt ? revisedAt : paper.listedAt,
    authors: paper.authors
      .map(({ name }) => oneLine(name))
      .filter(Boolean)
      .slice(0, MOST_AUTHORS),
    categories: tags.map(({ term, scheme, label }) => ({ term, scheme, label })),
    summary: [...marks.map(({ text }) => text), byline, ...(abstracts && paper.facts.finding ? [oneLine(paper.facts.finding)] : [])].filter(Boolean).join(' '), // prettier-ignore
    html: String(html`${marks.map(({ text }) => html`<p><strong>${text}</strong></p>`)}<p>${byline}</p>
${
  shown.length > 0 &&
  html`<p>${join(
    shown.map(({ name, values }) => html`<b>${name}:</b> ${values.join(', ')}`),
    ' · ',
  )}</p>`
}
${abstract}
<p>${join(links, ' · ')}</p>`),
    dc: {
      date: paper.published.date,
      source: oneLine(paper.journal.title) || null,
      identifier: paper.doi === null ? `pmid:${paper.pmid}` : `doi:${paper.doi}`,
    },
  };
}
