import type { FacetDefinition, Taxonomy } from '../../model/taxonomy.js';
import { html, join, type Fragment, type Html } from '../html.js';
import type { Site } from '../site.js';
import type { FactQuality, Quality } from './read-quality.js';

export interface AboutInput {
  site: Site;
  taxonomy: Taxonomy;
  /** Null = nothing was measured with this taxonomy. */
  quality: Quality | null;
}

const figure = (value: number) => (Number.isFinite(value) ? value.toFixed(2) : '–');

/** A bar as long as a share: the figure beside it says the same. */
const bar = (share: number): Html =>
  html`<svg class="score" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="whole" width="100" height="8" /><rect width="${(100 * Math.max(0, Math.min(1, share))).toFixed(0)}" height="8" /></svg>`;

function measured(quality: Quality | null, taxonomy: Taxonomy): Fragment {
  if (quality === null)
    return html`<p class="notice">The tags of this taxonomy (version ${taxonomy.version}) have not been measured here. <code>npm run quality</code> scores them against labelled papers.</p>`;
  const name = (facet: string) => taxonomy.facets.find((one) => one.facet === facet)?.label ?? facet;
  return html`<p>Scored on <span class="num">${quality.papers}</span> papers that people labelled, each judged by a tagger fitted without it. F1 is the balance between tags that are right and tags that are missed; 1.00 would be perfect.</p>
<table class="quality"><thead><tr><th>Facet</th><th class="n">F1</th><th><span class="visually-hidden">Bar</span></th><th class="n">Range of repeats</th></tr></thead><tbody>${quality.facets.map(
    ({ facet, heldOut, range }) =>
      html`<tr><th scope="row">${name(facet)}</th><td class="n">${figure(heldOut)}</td><td>${bar(heldOut)}</td><td class="n muted">${range}</td></tr>`,
  )}</tbody></table>`;
}

const FACT_NAMES: Record<string, string> = {
  participants: 'Number of participants',
  comparator: 'What the drug was held against',
  doses: 'Doses',
  finding: 'Main result',
};

function measuredFacts(facts: readonly FactQuality[]): Html {
  return html`<h3>And the facts</h3>
<p>Against what readers noted of <span class="num">${Math.max(...facts.map(({ papers }) => papers))}</span> papers. Precision: of the facts shown, so many are right. Recall: of the facts that abstracts state, so many are shown.</p>
<table class="quality"><thead><tr><th>Fact</th><th class="n">Precision</th><th><span class="visually-hidden">Bar</span></th><th class="n">Recall</th></tr></thead><tbody>${facts.map(
    ({ fact, precision, recall }) =>
      html`<tr><th scope="row">${FACT_NAMES[fact] ?? fact}</th><td class="n">${figure(precision)}</td><td>${bar(precision)}</td><td class="n">${figure(recall)}</td></tr>`,
  )}</tbody></table>`;
}

function facetSection(definition: FacetDefinition, quality: Quality | null): Html {
  const of = new Map(quality?.tags.filter(({ facet }) => facet === definition.facet).map((tag) => [tag.tag, tag]));
  return html`<details class="fold" id="facet-${definition.facet}"><summary>${definition.label} <span class="muted num">${definition.tags.length}</span></summary>
<p>${definition.definition}${!definition.multiple && ' A paper has one of these at most.'}</p>
<div class="scroll-x" tabindex="0" role="region" aria-label="${definition.label}"><table class="definitions"><thead><tr><th>Tag</th><th>What it means</th>${quality !== null && html`<th class="n">Precision</th><th class="n">Recall</th><th class="n">F1</th><th class="n">Labelled</th>`}</tr></thead><tbody>${definition.tags.map(
    (tag) => {
      const score = of.get(tag.value);
      return html`<tr><th scope="row"${tag.parent !== null && html` class="child"`}><a href="/papers?${definition.facet}=${tag.value}">${tag.label}</a></th><td>${tag.definition}</td>${
        quality !== null &&
        (score
          ? html`<td class="n">${figure(score.precision)}</td><td class="n">${figure(score.recall)}</td><td class="n">${figure(score.f1)}</td><td class="n">${score.papers}</td>`
          : html`<td class="n muted" colspan="4">too few to measure</td>`)
      }</tr>`;
    },
  )}</tbody></table></div></details>`;
}

/** How the tracker works, how good it is, and what it is not. */
export function renderAbout({ site, taxonomy, quality }: AboutInput): Html {
  const { query } = taxonomy;
  return html`<h1>How this works, and how well</h1>
<p class="lede">A program reads every PubMed record on ${site.noun}, tags it by what it studies, keeps the words that made it say so, and reports what is new each week.</p>
<p class="notice caution"><strong>Not medical advice.</strong> Tags, facts and summaries are made by a program from titles, abstracts and headings, not from whole papers. Nobody has checked each of them. Read the paper, and ask those who treat you, before you act on anything here.</p>

<h2>Where the papers come from</h2>
<p>From PubMed, by the National Library of Medicine’s own interface. ${site.attribution}. That is a credit, not an endorsement: neither the library nor the authors have anything to do with this site. Abstracts may be under their publishers’ copyright.</p>
<p>PubMed is asked for records that carry any of <span class="num">${query.words.length}</span> words and spellings, ${
    query.mesh.length + query.substances.length > 0 &&
    html`or are indexed under ${join(
      [...new Set([...query.mesh, ...query.substances])].slice(0, 12).map((name) => html`<em>${name}</em>`),
      ', ',
    )}. `
  }New, changed and newly indexed records are fetched several times a day.</p>
<details class="fold"><summary>The words</summary><p>${join(
    query.words.map((word) => html`<code>${word}</code>`),
    ' ',
  )}</p></details>
<p>Each record that PubMed counts is accounted for; what was left out is listed with its reason in the <a href="/runs">completeness record</a>. Preprint servers and trial registries are not read.</p>

<h2>How a paper is tagged</h2>
<ol>
<li>Title, abstract, keywords, MeSH headings, publication types and substances are cut into sentences; each sentence has a role: background, aim, method, result, conclusion.</li>
<li>Phrases of every tag are looked for, with spellings, abbreviations that the abstract itself defines, and what surrounds them: negations, lists of examples and mere background count less or not at all.</li>
<li>What was found is weighed. The weights were fitted to labelled papers, and the result is calibrated: of the tags shown with 80 %, about 80 in 100 are right.</li>
<li>A tag is given with the words that carried it. On each paper’s page you can point at a tag and see them.</li>
</ol>
<p>Papers in which ${site.noun} is only mentioned, or only a tool of the experiment, are recognised and left out of lists and digests unless you ask for them.</p>
<p>A tag that is wrong can be reported from the paper’s page. Editors’ decisions are kept in a file, stand above every rule, and are shown as such.</p>

<h2>How good the tags are</h2>
${measured(quality, taxonomy)}
${quality && quality.facts.length > 0 && measuredFacts(quality.facts)}

<h2>Every tag, and what it means</h2>
<p class="muted">Taxonomy version ${taxonomy.version}. As JSON: <a href="/api/v1/taxonomy">/api/v1/taxonomy</a>.</p>
${taxonomy.facets.map((facet) => facetSection(facet, quality))}

<h2>What digests contain</h2>
<p>Each ISO week has one issue, frozen once PubMed is known to have been read through the week’s last day. A paper is news once: one that reaches PubMed’s lists late comes in the next issue, marked late. Retractions, expressions of concern and errata of papers that were listed are reported in the next issue and to everybody who was sent the paper.</p>
<p><a href="/digests">Read the digests</a>, <a href="/subscribe">get them by mail</a>, or <a href="/developers">take the data into your own pages</a>.</p>`;
}
