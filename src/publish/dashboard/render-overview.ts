import type { CorrectionKind, Digest, DigestPaper } from '../../model/issue.js';
import type { JobRun } from '../../model/job-run.js';
import type { Filter } from '../../model/filter.js';
import type { FacetDefinition } from '../../model/taxonomy.js';
import { html, type Fragment, type Html } from '../html.js';
import { dayText, showDay, showInstant } from '../show-date.js';
import { renderMap, type Matrix } from './evidence-map.js';
import { renderEntry } from './paper-entry.js';
import { ledgerLine } from './render-runs.js';
import type { Site } from '../site.js';
import { renderWeekBars } from './week-bars.js';
import { STUDY_CLASSES, type StudyClass } from './study-class.js';

/** How far the first sync has come. */
export interface BackfillProgress {
  done: number;
  /** Null until PubMed has been asked. */
  expected: number | null;
  isRunning: boolean;
  /** What went wrong the last time, in words. */
  problem: string | null;
  nextAt: number | null;
}

export interface ShownCorrection {
  kind: CorrectionKind;
  pmid: string;
  title: string;
  seenAt: string;
}

export interface OverviewInput {
  site: Site;
  facets: readonly FacetDefinition[];
  counts: { papers: number; core: number; untagged: number };
  /** Null while there is no week to speak of. */
  thisWeek: { digest: Digest; weeks: readonly number[] } | null;
  latest: Digest | null;
  highlights: readonly DigestPaper[];
  corrections: readonly ShownCorrection[];
  lastSync: JobRun | null;
  nextSyncAt: number | null;
  /** Null once the first sync is complete. */
  backfill: BackfillProgress | null;
  timeline: Html;
  map: { matrix: Matrix; kind: StudyClass | null; filter: Filter };
}

const number = (value: number) => value.toLocaleString('en');
const papers = (count: number) => `${number(count)} ${count === 1 ? 'paper' : 'papers'}`;

const CORRECTIONS: Record<CorrectionKind, string> = {
  retraction: 'Retracted',
  concern: 'Expression of concern',
  gone: 'No longer in PubMed',
  update: 'New version',
  erratum: 'Corrected',
};

/** How the week compares, in words. */
export function comparison(count: number, usual: Digest['counts']['usual'], isOpen: boolean): string {
  if (usual === null) return 'There is no usual week to compare with yet.';
  const { weeks } = usual;
  // as in the digest's own summary
  const median = Math.round(usual.median);
  const than =
    count > median
      ? isOpen
        ? ' This one is already above it.'
        : ' It was more than that.'
      : count < median && !isOpen
        ? ' It was fewer than that.'
        : '';
  return `A usual week has ${number(median)} (median of ${weeks} ${weeks === 1 ? 'week' : 'weeks'}).${than}`;
}

function firstRun(backfill: BackfillProgress, counts: OverviewInput['counts'], noun: string): Html {
  const { done, expected } = backfill;
  const words = backfill.isRunning
    ? expected === null
      ? 'PubMed is being asked how many papers there are.'
      : html`<span class="num">${number(done)} of ${number(expected)}</span> papers are here, the newest first.`
    : backfill.problem !== null
      ? html`The last try stopped: ${backfill.problem}${backfill.nextAt !== null && html` The next try is at ${showInstant(backfill.nextAt)}.`}`
      : 'The first sync has not begun yet.';
  return html`<section class="first-run" data-backfill aria-labelledby="first-run-heading">
<h2 id="first-run-heading">The first sync: reading all of PubMed on ${noun}</h2>
<p role="status" data-backfill-words>${words}</p>
<progress ${expected !== null && html`max="${expected}" value="${Math.min(done, expected)}"`} aria-label="Progress of the first sync"></progress>
<p class="muted small">You need not wait: what is here can be searched, and is tagged as it comes${counts.untagged > 0 && ` (${number(counts.untagged)} waiting for their tags)`}. This page follows by itself.</p>
</section>`;
}

/** The week that the page begins with: this one, or the last while this one has nothing to tell yet. */
export function leadOf({ thisWeek, latest }: Pick<OverviewInput, 'thisWeek' | 'latest'>): Digest | null {
  if (thisWeek === null) return null;
  return thisWeek.digest.counts.papers === 0 && latest !== null ? latest : thisWeek.digest;
}

function lead(input: OverviewInput): Html {
  const { site, counts } = input;
  const digest = leadOf(input);
  if (input.thisWeek === null || digest === null)
    return html`<section class="lead"><h1>${site.name} research, as it appears</h1><p class="lede">${counts.papers === 0 ? `Every PubMed paper on ${site.noun}, tagged by condition and direction, each tag with the words that gave it.` : `${papers(counts.papers)} so far, tagged by condition and direction.`}</p></section>`;
  const { weeks } = input.thisWeek;
  const isCurrent = digest === input.thisWeek.digest;
  return html`<section class="lead" aria-labelledby="lead-heading">
<p class="eyebrow">${isCurrent ? html`This week, since ${dayText(digest.from)}` : html`Last week, ${dayText(digest.from)} to ${dayText(digest.to)}`}</p>
<h1 id="lead-heading"><a href="/digests/${isCurrent ? 'current' : digest.week}">${digest.counts.papers === 0 ? `No new papers on ${site.noun} yet` : html`${papers(digest.counts.papers)} on ${site.noun}`}</a></h1>
<p class="lede">${comparison(digest.counts.papers, digest.counts.usual, isCurrent)}</p>
<div class="weeks">${renderWeekBars(weeks, digest.counts.usual?.median ?? null)}<p class="small muted">The last ${weeks.length} weeks, this one not over; the line is the usual week.</p></div>
${digest.counts.papers > 0 && html`<p class="summary">${digest.summary}</p>`}
</section>`;
}

function freshness(input: OverviewInput): Html {
  const { site, lastSync, counts } = input;
  return html`<section class="fresh" aria-labelledby="fresh-heading">
<h2 id="fresh-heading">How complete this is</h2>
<dl>
<div><dt>Papers</dt><dd class="num">${number(counts.papers)}${counts.untagged > 0 && html` <span class="muted">(${number(counts.untagged)} not yet tagged)</span>`}</dd></div>
<div><dt>About ${site.noun}</dt><dd class="num"><a href="/papers">${number(counts.core)}</a></dd></div>
<div><dt>Complete up to</dt><dd>${site.completeThrough === null ? 'first sync under way' : showDay(site.completeThrough)}</dd></div>
<div><dt>Last run</dt><dd>${lastSync === null ? 'none yet' : html`<a href="/runs/${lastSync.id}">${showInstant(Date.parse(lastSync.startedAt))}</a>, <strong class="status ${lastSync.status}">${lastSync.status}</strong>`}</dd></div>
${lastSync !== null && html`<div><dt>Its ledger</dt><dd>${ledgerLine(lastSync)}</dd></div>`}
${input.nextSyncAt !== null && html`<div><dt>Next run</dt><dd>${showInstant(input.nextSyncAt)}</dd></div>`}
</dl>
<p class="small"><a href="/runs">The whole completeness record</a></p>
</section>`;
}

function corrections(list: readonly ShownCorrection[]): Fragment {
  return html`<section class="corrections" aria-labelledby="corrections-heading"><h2 id="corrections-heading">Corrections</h2>${
    list.length === 0
      ? html`<p class="muted">No retraction, concern or erratum of a listed paper in the last 90 days.</p>`
      : html`<ul class="lines">${list.map(
          (one) =>
            html`<li class="line"><strong class="flag${(one.kind === 'retraction' || one.kind === 'concern' || one.kind === 'gone') && ' alarm'}">${CORRECTIONS[one.kind]}</strong> <a href="/papers/${one.pmid}">${one.title}</a><span class="line-note">${showDay(one.seenAt.slice(0, 10))}</span></li>`,
        )}</ul>`
  }</section>`;
}

function latestDigest(digest: Digest | null): Fragment {
  if (digest === null) return null;
  return html`<section class="latest" aria-labelledby="latest-heading"><h2 id="latest-heading">${digest.state === 'issued' ? 'Last digest' : 'Last week'}</h2>
<p><a href="/digests/${digest.week}">${dayText(digest.from)} to ${dayText(digest.to)}</a>: ${digest.summary}</p>
<p class="small"><a href="/digests">All digests</a> · <a href="/subscribe">By mail every week</a></p></section>`;
}

/** The front page. */
export function renderOverview(input: OverviewInput): Html {
  const { map, facets } = input;
  const label = (facet: string) => facets.find((one) => one.facet === facet)?.label ?? facet;
  return html`<div class="overview">
${input.backfill !== null && firstRun(input.backfill, input.counts, input.site.noun)}
<div class="opening">${lead(input)}${freshness(input)}</div>
<div class="news">
<section aria-labelledby="highlights-heading"><h2 id="highlights-heading">Strongest new evidence</h2>
${input.highlights.length === 0 ? html`<p class="muted">Nothing yet.</p>` : input.highlights.map((paper) => renderEntry(paper, { facets, heading: 'h3' }))}
<p><a href="/papers">All papers, newest first</a></p></section>
<div class="news-side">${latestDigest(input.latest === leadOf(input) ? null : input.latest)}${corrections(input.corrections)}</div>
</div>
<section class="over-time" aria-labelledby="time-heading"><h2 id="time-heading">Papers per month by ${label('condition').toLowerCase()}</h2>
<p class="muted">By the month in which PubMed added them; a paper on two conditions counts in both. Months that are not over are left out.</p>
${input.timeline}</section>
<section class="evidence-map" id="map" aria-labelledby="map-heading"><h2 id="map-heading">Where the evidence is, and where it is not</h2>
<p class="muted">Each cell counts the papers on a condition (row) and a direction of research (column); the strip shows the kinds of study. Choose a cell to read its papers.</p>
<nav class="tabs" aria-label="Kinds of study"><ul><li><a href="/#map"${map.kind === null && html` aria-current="true"`}>All studies</a></li>${STUDY_CLASSES.map(
    ({ key, label: name }) =>
      html`<li><a href="/?kind=${key}#map"${map.kind === key && html` aria-current="true"`}>${name}</a></li>`,
  )}</ul></nav>
${renderMap({ matrix: map.matrix, facets, filter: map.filter })}</section>
</div>`;
}
