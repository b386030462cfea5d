import { html } from './html.js';
import { renderPage } from './page.js';
import type { Site } from './site.js';

/** What a reader is told when something is not there or went wrong. */
export interface ShownProblem {
  title: string;
  status: number;
  detail: string;
  requestId: string;
}

const HELP: Record<number, string> = {
  404: 'The address may be mistyped, or what stood there is gone.',
  429: 'Wait a minute, then try again.',
  503: 'Try again in a moment.',
};

export function renderProblemPage(problem: ShownProblem, site: Site): string {
  return renderPage(
    {
      title: problem.title,
      path: null,
      body: html`<p class="eyebrow num">${problem.status}</p>
<h1>${problem.title}</h1>
<p class="lede">${problem.detail}${/[.!?]$/.test(problem.detail) ? '' : '.'} ${HELP[problem.status]}</p>
<form class="inline-search" action="/papers" role="search">
  <label for="problem-search">Look for a paper</label>
  <input type="search" id="problem-search" name="q" data-main-search />
  <button class="primary">Search</button>
</form>
<p>Or go to the <a href="/">overview</a>, to <a href="/papers">all papers</a> or to the <a href="/digests">weekly digests</a>.</p>
<p class="small muted">Should you report this, name the request <code>${problem.requestId}</code>.</p>`,
    },
    site,
  );
}
