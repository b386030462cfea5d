import { OUTCOMES, type JobRun, type Outcome, type RunWindow } from '../../model/job-run.js';
import { html, join, type Fragment, type Html } from '../html.js';
import { dayText, showInstant } from '../show-date.js';

const JOB_NAMES: Record<JobRun['job'], string> = {
  sync: 'Sync with PubMed',
  sweep: 'Whole comparison with PubMed',
  import: 'Import of files',
  tag: 'Tagging',
  issue: 'Digest issue',
  deliver: 'Deliveries',
};
const TRIGGER_NAMES: Record<JobRun['trigger'], string> = {
  schedule: 'on schedule',
  start: 'at start',
  command: 'by command',
  admin: 'by an operator',
};
const OUTCOME_WORDS: Record<Outcome, string> = {
  stored: 'new',
  updated: 'updated',
  unchanged: 'unchanged',
  excluded: 'left out, with a reason',
  missing: 'listed, but PubMed does not give them',
  failed: 'failed',
};
const FIELD_NAMES: Record<RunWindow['field'], string> = {
  crdt: 'added',
  lr: 'revised',
  mhda: 'indexed with MeSH',
  uid: 'PMIDs',
};

const count = (value: number) => value.toLocaleString('en');

/** What became of what a run listed, in one line: "113 counted = 3 new + 1 updated + 109 unchanged". */
export function ledgerLine(run: JobRun): Html {
  const parts = OUTCOMES.filter((outcome) => run[outcome] > 0).map(
    (outcome) => html`${count(run[outcome])} ${OUTCOME_WORDS[outcome]}`,
  );
  return html`<span class="num">${count(run.counted)} counted${parts.length > 0 && html` = ${join(parts, ' + ')}`}</span>`;
}

export const isLedgerRun = (run: JobRun) => run.job === 'sync' || run.job === 'sweep' || run.job === 'import';

const status = (run: JobRun) => html`<strong class="status ${run.status}">${run.status}</strong>`;

export function duration(run: JobRun): string {
  if (run.finishedAt === null) return 'under way';
  const seconds = Math.max(0, Math.round((Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const counts = (run: JobRun): Fragment =>
  join(
    Object.entries(run.counts).map(
      ([name, value]) => `${count(value)} ${name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()}`,
    ),
    ', ',
  );

/** A window spans days, or PMIDs. */
const spanOf = (window: RunWindow) =>
  window.field === 'uid'
    ? `PMID ${window.from} to ${window.to}`
    : `${FIELD_NAMES[window.field]} ${dayText(window.from)} to ${dayText(window.to)}`;

function row(run: JobRun): Html {
  return html`<tr class="${run.status}">
<td><a href="/runs/${run.id}">${showInstant(Date.parse(run.startedAt))}</a></td>
<td>${JOB_NAMES[run.job]}<br /><span class="muted small">${TRIGGER_NAMES[run.trigger]}</span></td>
<td>${status(run)}${run.error !== null && html`<br /><span class="small">${run.error.detail}</span>`}</td>
<td>${isLedgerRun(run) ? ledgerLine(run) : counts(run)}</td>
<td class="n">${duration(run)}</td>
</tr>`;
}

export interface RunsPageInput {
  runs: readonly JobRun[];
  next: string | null;
  job: JobRun['job'] | null;
  completeThrough: string | null;
  lastCompleteAt: number | null;
}

/** The completeness record: what each run listed, and what became of it. */
export function renderRuns(input: RunsPageInput): Html {
  return html`<h1>Completeness record</h1>
<p class="lede">Every record that a search of PubMed counts is written down here, and what became of it. A run is complete only when each of them is stored or accounted for with a reason. A failed run never looks like a quiet day.</p>
<p class="big-fact">${
    input.completeThrough === null
      ? 'No complete sync yet.'
      : html`Everything that PubMed had listed through <strong>${dayText(input.completeThrough)}</strong> is here${input.lastCompleteAt !== null && html`, by the complete sync that ended ${showInstant(input.lastCompleteAt)}`}.`
  }</p>
<nav class="tabs" aria-label="Which runs"><ul>
<li><a href="/runs"${input.job === null && html` aria-current="page"`}>All</a></li>${(
    ['sync', 'sweep', 'import', 'tag', 'issue', 'deliver'] as const
  ).map(
    (job) =>
      html`<li><a href="/runs?job=${job}"${input.job === job && html` aria-current="page"`}>${JOB_NAMES[job]}</a></li>`,
  )}</ul></nav>
${
  input.runs.length === 0
    ? html`<p class="muted">No runs yet.</p>`
    : html`<div class="scroll-x" tabindex="0" role="region" aria-label="Runs"><table class="runs"><thead><tr><th>Began</th><th>What</th><th>Outcome</th><th>Ledger</th><th class="n">Took</th></tr></thead><tbody>${input.runs.map(row)}</tbody></table></div>`
}
${input.next !== null && html`<p><a class="button" rel="next" href="/runs?${input.job !== null && html`job=${input.job}&amp;`}cursor=${input.next}">Older runs</a></p>`}
<p class="small muted">The same as JSON: <a href="/api/v1/runs">/api/v1/runs</a>.</p>`;
}

/** PMIDs shown of one reason; the API has all. */
const SHOWN_PMIDS = 200;

export function renderRun(run: JobRun): Html {
  const sum = OUTCOMES.reduce((total, outcome) => total + run[outcome], 0);
  return html`<p class="eyebrow"><a href="/runs">Completeness record</a></p>
<h1>${JOB_NAMES[run.job]}, ${showInstant(Date.parse(run.startedAt))}</h1>
<p class="lede">${status(run)} · ${TRIGGER_NAMES[run.trigger]} · ${duration(run)} · <span class="num">${count(run.requests.sent)}</span> requests${run.requests.retried > 0 && `, ${count(run.requests.retried)} of them repeated`}</p>
${run.error !== null && html`<p class="notice alarm"><strong>${run.error.code}</strong> ${run.error.detail}</p>`}
${
  isLedgerRun(run) &&
  html`<h2>Ledger</h2>
<table class="ledger"><tbody><tr><th scope="row">Counted by the searches</th><td class="n">${count(run.counted)}</td></tr>${OUTCOMES.map(
    (outcome) => html`<tr><th scope="row">${OUTCOME_WORDS[outcome]}</th><td class="n">${count(run[outcome])}</td></tr>`,
  )}<tr class="sum"><th scope="row">Accounted for</th><td class="n">${count(sum)}</td></tr></tbody></table>
${run.status !== 'running' && sum === run.counted && html`<p class="balanced">The ledger balances.</p>`}`
}
${Object.keys(run.counts).length > 0 && html`<h2>Figures</h2><table><tbody>${Object.entries(run.counts).map(([name, value]) => html`<tr><th scope="row">${name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()}</th><td class="n">${count(value)}</td></tr>`)}</tbody></table>`}
${run.windows.length > 0 && html`<h2>What was searched</h2><table><thead><tr><th>Days by PubMed’s calendar</th><th class="n">Counted</th></tr></thead><tbody>${run.windows.map((window) => html`<tr><td>${spanOf(window)}</td><td class="n">${count(window.counted)}</td></tr>`)}</tbody></table>`}
${
  run.reasons.length > 0 &&
  html`<h2>Reasons</h2>${run.reasons.map(
    (reason) =>
      html`<section><h3>${reason.detail || reason.code} <span class="muted num">${count(reason.count)} ${OUTCOME_WORDS[reason.outcome]}</span></h3><p class="pmids num">${join(
        reason.pmids.slice(0, SHOWN_PMIDS).map((pmid) => html`<span>${pmid}</span>`),
        ' ',
      )}${reason.pmids.length > SHOWN_PMIDS && html` and <a href="/api/v1/runs/${run.id}">${count(reason.pmids.length - SHOWN_PMIDS)} more</a>`}</p></section>`,
  )}`
}
<p class="small muted">The same as JSON: <a href="/api/v1/runs/${run.id}">/api/v1/runs/${run.id}</a>.</p>`;
}
