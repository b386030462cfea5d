import { describePaper, labelsOf, type Labels } from '../../digest/describe-paper.js';
import { safeUrl } from '../../escape.js';
import type { PaperDetail, PaperView } from '../../model/paper-view.js';
import { FACETS, type Evidence, type Facet } from '../../model/tag.js';
import type { Taxonomy } from '../../model/taxonomy.js';
import { html, join, type Fragment, type Html } from '../html.js';
import { dayText, instantText, showDay, showInstant } from '../show-date.js';
import { EvidenceMarker } from './mark-evidence.js';
import { renderLine, showFlags } from './paper-entry.js';
import { reportMail, reportText, type ReportedTag } from './report-tag.js';

export interface PaperPageInput {
  paper: PaperDetail;
  similar: readonly PaperView[];
  /** Titles of those records that it refers to which are here. */
  titles: ReadonlyMap<string, string>;
  taxonomy: Pick<Taxonomy, 'facets' | 'version'>;
  publicUrl: string;
  /** Who is told about a wrong tag; null = nobody's address is known. */
  reportTo: string | null;
  /** The tag that the reader reports; undefined = none. */
  reporting: ReportedTag | undefined;
}

/** Authors shown before the rest are folded away. */
const FIRST_AUTHORS = 12;

const FIELD_NAMES: Record<string, string> = {
  title: 'title',
  vernacularTitle: 'original title',
  abstract: 'abstract',
  otherAbstracts: 'other abstract',
  keywords: 'keyword',
  mesh: 'MeSH heading',
  publicationTypes: 'publication type',
  substances: 'substance',
};

const percent = (confidence: number) => `${Math.round(confidence * 100)}%`;

/** Tags in the order of the taxonomy, each with the number that its words carry. */
interface NumberedTag extends Evidence {
  number: number;
}

function numberTags(paper: PaperDetail, taxonomy: PaperPageInput['taxonomy']): NumberedTag[] {
  const order = new Map(
    taxonomy.facets
      .flatMap(({ facet, tags }) => tags.map((tag) => `${facet} ${tag.value}`))
      .map((key, at) => [key, at]),
  );
  const place = ({ facet, tag }: Evidence) => order.get(`${facet} ${tag}`) ?? order.size;
  return [...paper.evidence].sort((a, b) => place(a) - place(b)).map((one, index) => ({ ...one, number: index + 1 }));
}

function authors(paper: PaperView): Fragment {
  if (paper.authors.length === 0) return html`<p class="authors muted">No authors named</p>`;
  const name = (author: PaperView['authors'][number]) => {
    const shown =
      author.collective || !author.family
        ? author.name
        : `${author.given ?? author.initials ?? ''} ${author.family}`.trim();
    const query =
      author.collective || !author.family ? author.name : [author.family, author.initials].filter(Boolean).join(' ');
    return html`<a href="/papers?author=${encodeURIComponent(query)}">${shown}</a>`;
  };
  const first = paper.authors.slice(0, FIRST_AUTHORS);
  const rest = paper.authors.slice(FIRST_AUTHORS);
  return html`<p class="authors">${join(first.map(name), ', ')}${rest.length > 0 && ' …'}</p>
${rest.length > 0 && html`<details class="more-authors"><summary>${rest.length} more authors</summary><p class="authors">${join(rest.map(name), ', ')}</p></details>`}`;
}

function citation(paper: PaperView): string {
  const { journal } = paper;
  const volume = [journal.volume, journal.issue && `(${journal.issue})`].filter(Boolean).join('');
  const place = [volume, journal.pages].filter(Boolean).join(':');
  return [[journal.title, paper.published.text].filter(Boolean).join(', '), place].filter(Boolean).join('; ');
}

const RELATED: Record<string, string> = {
  RetractionIn: 'Retracted in',
  RetractionOf: 'Retracts',
  PartialRetractionIn: 'Partly retracted in',
  ExpressionOfConcernIn: 'Expression of concern in',
  ExpressionOfConcernFor: 'Expresses concern about',
  ErratumIn: 'Corrected in',
  ErratumFor: 'Corrects',
  CorrectedandRepublishedIn: 'Corrected and republished in',
  CorrectedandRepublishedFrom: 'Corrected and republished from',
  UpdateIn: 'Newer version',
  UpdateOf: 'Earlier version',
  CommentIn: 'Comment',
  CommentOn: 'Comments on',
  RepublishedIn: 'Republished in',
  RepublishedFrom: 'Republished from',
  SummaryForPatientsIn: 'Summary for patients',
  OriginalReportIn: 'Original report',
  ReprintIn: 'Reprinted in',
  ReprintOf: 'Reprint of',
  AssociatedDataset: 'Data set',
  AssociatedPublication: 'Publication',
  Cites: 'Cites',
};

/** Relations that a reader must know of before reading. */
const GRAVE = new Set(['RetractionIn', 'PartialRetractionIn', 'ExpressionOfConcernIn']);

function statusNotices(paper: PaperView, reference: (one: PaperView['related'][number]) => Html): Fragment {
  const { status } = paper;
  const of = (...types: string[]) =>
    paper.related.filter((one) => types.includes(one.type)).map((one) => html` ${reference(one)}`);
  return [
    status.retracted &&
      html`<p class="notice alarm" role="note"><strong>Retracted.</strong> Do not rely on this paper.${of('RetractionIn')}</p>`,
    status.concern &&
      html`<p class="notice alarm" role="note"><strong>Expression of concern.</strong>${of('ExpressionOfConcernIn')}</p>`,
    status.gone &&
      html`<p class="notice alarm" role="note"><strong>No longer in PubMed.</strong> The record was deleted there; this is what it said.</p>`,
    status.corrected &&
      html`<p class="notice caution" role="note"><strong>Corrected.</strong>${of('ErratumIn', 'CorrectedandRepublishedIn')}</p>`,
    status.updated &&
      html`<p class="notice caution" role="note"><strong>There is a newer version.</strong>${of('UpdateIn')}</p>`,
    status.preprint && html`<p class="notice" role="note"><strong>Preprint.</strong> Not peer-reviewed.</p>`,
  ];
}

function facts(paper: PaperDetail, label: Labels): Fragment {
  const { participants, doses, comparator, trials } = paper.facts;
  const rows: [string, Fragment][] = [];
  if (participants)
    rows.push([
      participants.unit === 'animals' ? 'Animals' : 'Participants',
      html`<span class="num">${participants.value.toLocaleString('en')}</span>`,
    ]);
  if (doses.length > 0)
    rows.push([
      doses.length === 1 ? 'Dose' : 'Doses',
      join(
        doses.map(
          (dose) =>
            html`${dose.text}${dose.route !== null && html` <span class="muted">${label('route', dose.route).toLowerCase()}</span>`}`,
        ),
        html`<br />`,
      ),
    ]);
  if (comparator) rows.push(['Compared with', comparator]);
  if (trials.length > 0)
    rows.push([
      trials.length === 1 ? 'Trial' : 'Trials',
      join(
        trials.map((trial) => html`<a href="/papers?trial=${encodeURIComponent(trial)}">${trial}</a>`),
        ', ',
      ),
    ]);
  if (rows.length === 0) return null;
  return html`<dl class="facts">${rows.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function tagList(
  tags: readonly NumberedTag[],
  marker: EvidenceMarker,
  taxonomy: PaperPageInput['taxonomy'],
  label: Labels,
): Fragment {
  const groups = FACETS.map((facet) => ({ facet, tags: tags.filter((tag) => tag.facet === facet) })).filter(
    (group) => group.tags.length > 0,
  );
  if (groups.length === 0)
    return html`<p class="muted">No tags: nothing in the title, abstract or headings carries one of this tracker’s tags, or the paper has not been tagged yet.</p>`;
  const name = (facet: Facet) => taxonomy.facets.find((one) => one.facet === facet)?.label ?? facet;
  return html`<p class="hint">Point at a tag, or tap it, to see the words that gave it. The figure is the chance that a careful reader would give it too.</p>
<dl class="tags">${groups.map(
    (group) =>
      html`<div><dt>${name(group.facet)}</dt><dd><ul>${group.tags.map(
        (tag) =>
          html`<li>${
            marker.hasShown(tag.number)
              ? html`<a class="tag" id="t${tag.number}" href="#e${tag.number}" title="Show its words">${label(tag.facet, tag.tag)}<span class="confidence num"><span class="visually-hidden">, confidence </span>${percent(tag.confidence)}</span></a>`
              : html`<a class="tag" id="t${tag.number}" href="#why">${label(tag.facet, tag.tag)}<span class="confidence num"><span class="visually-hidden">, confidence </span>${percent(tag.confidence)}</span></a>`
          }</li>`,
      )}</ul></dd></div>`,
  )}</dl>`;
}

function why(paper: PaperDetail, tags: readonly NumberedTag[], label: Labels, taxonomyVersion: string): Fragment {
  if (tags.length === 0) return null;
  return html`<details class="fold" id="why"><summary>Why these tags</summary>
<div class="scroll-x" tabindex="0" role="region" aria-label="Why these tags"><table class="why"><thead><tr><th>Tag</th><th>Words</th><th>Where</th><th>Rule</th><th class="n">Confidence</th><th>Papers</th><th>Wrong?</th></tr></thead><tbody>${tags.map(
    (tag) =>
      html`<tr><th scope="row">${label(tag.facet, tag.tag)}</th><td>${join(
        tag.spans.slice(0, 6).map((span) => html`<q>${span.text}</q>`),
        ', ',
      )}${tag.spans.length > 6 && `, and ${tag.spans.length - 6} more`}</td><td>${join(
        [...new Set(tag.spans.map((span) => FIELD_NAMES[span.field] ?? span.field))],
        ', ',
      )}</td><td>${join([...new Set(tag.spans.map((span) => span.rule))], ', ')}</td><td class="n">${percent(tag.confidence)}</td><td><a href="/papers?${tag.facet}=${tag.tag}" aria-label="All papers tagged ${label(tag.facet, tag.tag)}">all</a></td><td><a href="/papers/${paper.pmid}?report=${tag.facet}/${tag.tag}#report" rel="nofollow" aria-label="Report the tag ${label(tag.facet, tag.tag)}">report</a></td></tr>`,
  )}</tbody></table></div>
<p class="small muted">Taxonomy ${taxonomyVersion}. <a href="/about">How papers are tagged, and how well</a>.</p></details>`;
}

function report(input: PaperPageInput): Fragment {
  const { paper, reporting } = input;
  const text = reportText(paper, reporting ?? null, `${input.publicUrl}/papers/${paper.pmid}`);
  const mail = reportMail(input.reportTo, paper.pmid, text);
  return html`<details class="fold" id="report"${reporting !== undefined && html` open`}><summary>Report a tag</summary>
<p>${
    mail === null
      ? 'Send this to those who run this tracker; what they decide goes into data/overrides.yaml and holds from then on.'
      : html`<a class="button" href="${mail}">Write a mail</a> to those who run this tracker, or copy this:`
  }</p>
<label class="visually-hidden" for="report-text">Text of the report</label>
<textarea id="report-text" class="code" rows="${Math.min(18, text.split('\n').length + 1)}" readonly>${text}</textarea>
<p class="small"><a href="/papers/${paper.pmid}?report=#report" rel="nofollow">A tag is missing</a></p></details>`;
}

function indexing(paper: PaperDetail, marker: EvidenceMarker): Fragment {
  const list = (term: string, items: readonly Fragment[]): Fragment =>
    items.length > 0 && html`<div><dt>${term}</dt><dd>${join(items, html`<span class="muted">; </span>`)}</dd></div>`;
  return html`<dl class="indexing">
${list(
  'Keywords',
  paper.keywords.map((word, index) => marker.show('keywords', index, word)),
)}
${list(
  'MeSH',
  paper.mesh.map(
    (heading, index) =>
      html`${marker.show('mesh', index, heading.name)}${heading.major && html`<abbr title="major topic">*</abbr>`}${heading.qualifiers.length > 0 && html`<span class="muted">/${heading.qualifiers.join(', ')}</span>`}`,
  ),
)}
${list(
  'Publication types',
  paper.publicationTypes.map((type, index) => marker.show('publicationTypes', index, type)),
)}
${list(
  'Substances',
  paper.substances.map((name, index) => marker.show('substances', index, name)),
)}
${list('Language', paper.language)}
</dl>`;
}

/** What changed, in words: fields of the record, and the facets whose tags are others now. */
function changedWords(changed: readonly string[], facets: PaperPageInput['taxonomy']['facets']): string {
  if (changed.length === 0) return 'first seen';
  const facetName = (name: string) => facets.find(({ facet }) => facet === name)?.label ?? name;
  const tags = changed.flatMap((name) => (name.startsWith('tags.') ? [facetName(name.slice(5)).toLowerCase()] : []));
  const fields = changed
    .filter((name) => !name.startsWith('tags.'))
    .map((name) =>
      name === 'mesh'
        ? 'MeSH headings'
        : name
            .replace('status.', '')
            .replace(/([a-z])([A-Z])/g, '$1 $2')
            .toLowerCase(),
    );
  return [...fields, ...(tags.length > 0 ? [`tags (${tags.join(', ')})`] : [])].join(', ');
}

const SOURCE_NAMES: Record<string, string> = {
  sync: 'PubMed',
  sweep: 'comparison with PubMed',
  import: 'import',
  tagging: 'tagging',
};

function history(paper: PaperDetail, facets: PaperPageInput['taxonomy']['facets']): Fragment {
  if (paper.revisions.length === 0) return null;
  return html`<section class="fold-section"><h2>History here</h2><ol class="history">${paper.revisions.map(
    (revision) =>
      html`<li>${showInstant(Date.parse(revision.at))} <span class="muted">${SOURCE_NAMES[revision.source] ?? revision.source}:</span> ${changedWords(
        revision.changed,
        facets,
      )}</li>`,
  )}</ol></section>`;
}

const EXPORTS = [
  ['ris', 'RIS'],
  ['bibtex', 'BibTeX'],
  ['nbib', 'NBIB'],
  ['csl', 'CSL JSON'],
] as const;

/** The whole record, with the words behind each of its tags. */
export function renderPaper(input: PaperPageInput): Html {
  const { paper, taxonomy, titles } = input;
  const label = labelsOf(taxonomy.facets);
  const words = describePaper(paper, taxonomy.facets, label);
  const tags = numberTags(paper, taxonomy);
  const marker = new EvidenceMarker(tags);
  const { links } = paper;
  const reference = ({ pmid, text }: PaperView['related'][number]): Html => {
    if (pmid === null) return html`<span>${text}</span>`;
    const title = titles.get(pmid);
    if (title !== undefined)
      return html`<a href="/papers/${pmid}">${title || `PMID ${pmid}`}</a> <span class="muted">${text}</span>`;
    const shown = text || `PMID ${pmid}`;
    if (links.pubmed === null) return html`<span>${shown}</span>`;
    return html`<a href="https://pubmed.ncbi.nlm.nih.gov/${encodeURIComponent(pmid)}/" rel="external noopener">${shown}</a>`;
  };
  const outward = (
    [
      ['PubMed', links.pubmed],
      ['DOI', links.doi],
      ['Free full text', links.fullText],
    ] as const
  ).flatMap(([name, url]) => {
    const safe = safeUrl(url);
    return safe === null ? [] : [html`<a class="button" href="${safe}" rel="external noopener">${name}</a>`];
  });
  // the marker numbers words in the order in which they are shown: title and abstract come before the list of tags
  const title = marker.show('title', 0, paper.title);
  const vernacular =
    paper.vernacularTitle !== null &&
    html`<p class="vernacular" lang="${paper.language[0] === 'eng' ? 'en' : 'und'}">${marker.show('vernacularTitle', 0, paper.vernacularTitle)}</p>`;
  const abstract = paper.abstract.map(
    (section, index) =>
      html`<div class="section">${section.label !== null && html`<h3>${section.label}</h3>`}<p>${marker.show('abstract', index, section.text)}</p></div>`,
  );
  const others = paper.otherAbstracts.map(
    (section, index) =>
      html`<div class="section">${section.label !== null && html`<h3>${section.label}</h3>`}<p>${marker.show('otherAbstracts', index, section.text)}</p></div>`,
  );
  const headings = indexing(paper, marker);
  const related = paper.related.filter((one) => !GRAVE.has(one.type));
  return html`<article class="record">
<header class="record-head">
<p class="eyebrow">${paper.tags.study ? html`<a href="/papers?study=${paper.tags.study}">${label('study', paper.tags.study)}</a>` : 'Paper'} · ${paper.journal.iso ?? paper.journal.title} · <span class="num">PMID ${paper.pmid}</span>${paper.tags.relevance !== null && paper.tags.relevance !== 'core' && html` · <span class="noise">${label('relevance', paper.tags.relevance)}</span>`}</p>
<h1>${paper.title === '' ? 'Untitled' : title}</h1>
${vernacular}
${authors(paper)}
<p class="citation">${citation(paper)}<br /><span class="muted">Added to PubMed ${showDay(paper.added)}${paper.late && `, listed here ${instantText(Date.parse(paper.listedAt))}`}${words.flags.length > 0 && html` · ${showFlags(words.flags)}`}</span></p>
${statusNotices(paper, reference)}
<p class="actions">${outward}</p>
</header>
${paper.facts.finding !== null && html`<section class="finding"><h2>Main result, in the abstract’s words</h2><p>${paper.facts.finding}</p></section>`}
<aside class="record-tags" aria-labelledby="tags-heading">
<h2 id="tags-heading">Tags</h2>
${tagList(tags, marker, taxonomy, label)}
${facts(paper, label) && html`<h2>Facts</h2>${facts(paper, label)}`}
</aside>
<div class="record-body">
<section class="abstract" aria-labelledby="abstract-heading"><h2 id="abstract-heading">Abstract</h2>
${abstract.length > 0 ? abstract : html`<p class="muted">PubMed has no abstract of this paper.</p>`}
</section>
${others.length > 0 && html`<details class="fold"><summary>Other abstracts</summary>${others}</details>`}
${why(paper, tags, label, taxonomy.version)}
${report(input)}
<details class="fold" open><summary>How PubMed indexes it</summary>${headings}</details>
${related.length > 0 && html`<section class="fold-section"><h2>Linked records</h2><ul class="related">${related.slice(0, 60).map((one) => html`<li><span class="muted">${RELATED[one.type] ?? one.type}:</span> ${reference(one)}</li>`)}</ul></section>`}
<section class="fold-section"><h2>Cite</h2><p class="actions">${EXPORTS.map(([format, name]) => html`<a class="button" href="/api/v1/export?format=${format}&amp;pmid=${paper.pmid}&amp;relevance=any" download>${name}</a>`)}<a class="button" href="/api/v1/papers/${paper.pmid}">JSON</a></p></section>
${input.similar.length > 0 && html`<section class="fold-section"><h2>Similar papers</h2><ul class="lines">${input.similar.map((one) => renderLine(one, taxonomy.facets))}</ul></section>`}
${history(paper, taxonomy.facets)}
</div>
</article>`;
}

/** For search engines and previews: the main result, else the beginning of the abstract. */
export const describeForPreview = (paper: PaperView): string =>
  (paper.facts.finding ?? paper.abstract[0]?.text ?? dayText(paper.added)).replace(/\s+/g, ' ').slice(0, 220);
