import { PROBLEMS } from '../../problem.js';
import { html, type Html } from '../html.js';
import { renderPage } from '../page.js';
import { isExplained, PROBLEM_TEXTS } from './problem-texts.js';
import type { Site } from '../site.js';

const explanation = (code: keyof typeof PROBLEM_TEXTS): Html => html`<p>${PROBLEM_TEXTS[code].what}</p>
  <p>${PROBLEM_TEXTS[code].do}</p>`;

/** The page to which the `type` of a problem leads. */
export function renderProblemCodePage(code: keyof typeof PROBLEM_TEXTS, site: Site): string {
  const body = html`<h1>${PROBLEMS[code].title}</h1>
    <p><code>${code}</code>, HTTP status ${PROBLEMS[code].status}</p>
    ${explanation(code)}
    <p><a href="/problems">All problem codes</a> · <a href="/developers">For developers</a></p>`;
  return renderPage({ title: PROBLEMS[code].title, path: `/problems/${code}`, body }, site);
}

/** All codes on one page. */
export function renderProblemList(site: Site): string {
  const codes = Object.keys(PROBLEM_TEXTS).filter(isExplained);
  const body = html`<h1>Problem codes</h1>
    <p>
      Errors of the API are problem documents (RFC 9457, <code>application/problem+json</code>). Their
      <code>code</code> is one of these; their <code>type</code> leads to its page.
    </p>
    ${codes.map(
      (code) =>
        html`<h2><a href="/problems/${code}"><code>${code}</code></a> (${PROBLEMS[code].status})</h2>
          ${explanation(code)}`,
    )}`;
  return renderPage({ title: 'Problem codes', path: '/problems', body }, site);
}
