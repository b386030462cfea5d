import { html, type Html } from '../html.js';
import type { Site } from '../site.js';

interface Example {
  title: string;
  text: string;
  /** What is asked for; a test asks for each. */
  path: string;
}

/** Requests that answer on every installation of this tracker, whatever it tracks. */
export const EXAMPLES: readonly Example[] = [
  {
    title: 'The newest randomised trials',
    text: 'Filters are the ones of the papers page: the query string of any list you see there works here.',
    path: '/api/v1/papers?study=rct&limit=5',
  },
  {
    title: 'Full text search, most relevant first',
    text: 'Words, "phrases", -not, prefix*; over title, abstract, keywords, MeSH, authors and journal.',
    path: '/api/v1/papers?q=%22quality+of+life%22&sort=match&limit=5',
  },
  {
    title: 'How many papers each tag has, under a filter',
    text: 'Zeros included, in the order of the taxonomy.',
    path: '/api/v1/facets?study=rct',
  },
  {
    title: 'Papers per month by condition',
    text: 'Contiguous buckets, zero-filled; openFrom says which of them may still grow.',
    path: '/api/v1/stats/timeline?by=condition&interval=month',
  },
  {
    title: 'Condition × direction × study design',
    text: 'The evidence map of the front page as numbers.',
    path: '/api/v1/stats/matrix?rows=condition&cols=direction&split=study',
  },
  { title: 'The latest digest', text: 'Also as .md and .txt, and under any filter.', path: '/api/v1/digests/latest' },
  {
    title: 'A mirror that stays exact',
    text: 'Read on from page.next for ever; it is never null.',
    path: '/api/v1/changes?limit=100',
  },
  {
    title: 'For a reference manager',
    text: 'ris, bibtex, nbib, csl, csv or ndjson; streams, however long.',
    path: '/api/v1/export?format=ris&study=meta-analysis',
  },
  {
    title: 'A feed of any filter',
    text: 'Atom, RSS or JSON Feed; the newest 200, older ones by paging.',
    path: '/feeds/papers.atom?study=rct',
  },
  {
    title: 'How complete and how fresh the data is',
    text: 'Every run’s ledger; /health/ready says it in one word.',
    path: '/api/v1/runs?job=sync&limit=1',
  },
  { title: 'Every tag and its definition', text: 'Values, labels, parents and MeSH.', path: '/api/v1/taxonomy' },
];

const mirror = (base: string) => `// Keeps a copy exact: first everything, then what changed. Node 20 or a browser.
let cursor = '';
for (;;) {
  const answer = await fetch(\`${base}/api/v1/changes?limit=500\${cursor && \`&since=\${cursor}\`}\`);
  const { data, page } = await answer.json();
  for (const { pmid, change } of data) {
    if (change === 'gone') console.log('drop', pmid);
    else console.log('fetch', \`${base}/api/v1/papers/\${pmid}\`);
  }
  cursor = page.next; // keep it: the next run goes on from here
  if (data.length === 0) break;
}`;

const table = (base: string) => `<ul id="papers"></ul>
<script type="module">
  const answer = await fetch('${base}/api/v1/papers?study=rct&limit=10');
  const { data, attribution } = await answer.json();
  const list = document.querySelector('#papers');
  for (const paper of data) {
    const link = Object.assign(document.createElement('a'), {
      href: '${base}/papers/' + paper.pmid,
      textContent: paper.title,
    });
    const item = document.createElement('li');
    item.append(link);
    list.append(item);
  }
  list.after(attribution);
</script>`;

/** For teams that take the data into their own pages. */
export function renderDevelopers(site: Site): Html {
  const base = site.publicUrl;
  return html`<h1>For developers</h1>
<p class="lede">The same data as everything you see here: a JSON API, feeds, exports and webhooks. No key, no sign-up; CORS is open for reading.</p>
<p><a class="button primary" href="/api/docs">Interactive reference</a> <a class="button" href="/api/v1/openapi.json">OpenAPI 3.1</a></p>

<h2>Requests that run as they stand</h2>
${EXAMPLES.map(
  ({ title, text, path }) => html`<section class="example"><h3>${title}</h3><p class="muted">${text}</p>
<pre data-copy tabindex="0"><code>curl -s '${base}${path}'</code></pre><p class="small"><a href="${path}">Open it</a></p></section>`,
)}

<h2>In your own page</h2>
<pre data-copy tabindex="0"><code>${table(base)}</code></pre>
<h2>A mirror</h2>
<pre data-copy tabindex="0"><code>${mirror(base)}</code></pre>

<h2>Webhooks</h2>
<p>A subscription can be posted to an address of yours instead of being mailed: as JSON, or in the shape that Slack or Teams expect. Signed as <em>Standard Webhooks</em> describe; the <code>webhook-id</code> stays the same when a delivery is tried again. <a href="/subscribe">Subscribe with a webhook</a>.</p>

<h2>Manners</h2>
<ul>
<li>Answers carry <code>ETag</code> and <code>Last-Modified</code>; ask with <code>If-None-Match</code> and most of the time you are told 304.</li>
<li>Lists go on with <code>page.next</code> (and a <code>Link</code> header); page 1,000 costs what page 1 costs.</li>
<li>Errors are <code>application/problem+json</code> with a code, what was wrong with which parameter, and what is allowed. <a href="/problems/unknown-value">An example</a>.</li>
<li>Too many requests in a minute are answered with 429 and <code>Retry-After</code>.</li>
<li>Wherever you show the data, say “${site.attribution}” and the date in <code>asOf</code>.</li>
</ul>
<h2>Types for TypeScript</h2>
<pre data-copy tabindex="0"><code>npx openapi-typescript ${base}/api/v1/openapi.json -o tracker.d.ts</code></pre>`;
}
