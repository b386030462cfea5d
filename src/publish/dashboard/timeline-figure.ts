import type { Facet } from '../../model/tag.js';
import { html, raw, type Html } from '../html.js';
import { dayText } from '../show-date.js';
import { drawLines, type ChartShape } from './line-chart.js';

/** What `GET /stats/timeline` gives, as far as it is drawn. */
export interface Timeline {
  by: Facet | null;
  buckets: readonly string[];
  series: readonly { value: string; label: string; counts: readonly number[] }[];
  total: readonly number[];
  openFrom: string | null;
}

/** Lines that can still be told apart. */
const MOST_LINES = 6;
const WIDE: ChartShape = { width: 1120, height: 380, endLabels: true };
const NARROW: ChartShape = { width: 380, height: 300, endLabels: false };

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

/** The last months that are over, and the series that were busiest in them. */
export function cutTimeline(timeline: Timeline, months: number): Timeline {
  const open = timeline.openFrom === null ? timeline.buckets.length : timeline.buckets.indexOf(timeline.openFrom);
  const end = open < 0 ? timeline.buckets.length : open;
  const from = Math.max(0, end - months);
  return {
    ...timeline,
    buckets: timeline.buckets.slice(from, end),
    total: timeline.total.slice(from, end),
    openFrom: null,
    series: timeline.series
      .map((series) => ({ ...series, counts: series.counts.slice(from, end) }))
      .filter((series) => sum(series.counts) > 0)
      .sort((a, b) => sum(b.counts) - sum(a.counts)),
  };
}

/** Papers over time: a picture for wide and one for narrow screens, the same as a table, and the key. */
export async function renderTimeline(timeline: Timeline, title: string): Promise<Html> {
  const { buckets, series, total } = timeline;
  const drawn = series.slice(0, MOST_LINES);
  if (buckets.length < 2 || drawn.length === 0)
    return html`<p class="muted">There are not yet enough months of papers to draw.</p>`;
  const lines = drawn.map(({ label, counts }) => ({ name: label, counts }));
  const [wide, narrow] = [await drawLines(buckets, lines, WIDE), await drawLines(buckets, lines, NARROW)];
  const words = `${title}, ${dayText(buckets[0] ?? '')} to ${dayText(buckets[buckets.length - 1] ?? '')}: ${drawn
    .map(
      ({ label, counts }) =>
        `${label} ${sum(counts)} papers in all, ${counts[counts.length - 1] ?? 0} in the last month`,
    )
    .join('; ')}. The table below has every value.`;
  const picture = ({ svg, plot }: { svg: string; plot: typeof wide.plot }, shape: ChartShape, name: string) =>
    html`<div class="plot ${name}" data-plot="${shape.width} ${shape.height} ${plot.left} ${plot.right} ${plot.top} ${plot.bottom}">${raw(svg.replace('<svg ', '<svg aria-hidden="true" focusable="false" '))}</div>`;
  return html`<figure class="timeline" data-timeline>
<div role="img" aria-label="${words}" class="pictures">${picture(wide, WIDE, 'wide')}${picture(narrow, NARROW, 'narrow')}</div>
<ul class="key lines-key">${drawn.map(({ value, label }, index) => html`<li><a href="/papers?${timeline.by}=${value}"><span class="swatch s${index + 1}"></span>${label}</a></li>`)}</ul>
<details class="table-view"><summary>Show as a table</summary>
<div class="scroll-x" tabindex="0" role="region" aria-label="${title}, table"><table class="figures"><thead><tr><th scope="col">Month</th>${series.map(({ label }) => html`<th scope="col" class="n">${label}</th>`)}<th scope="col" class="n">All papers</th></tr></thead>
<tbody>${[...buckets.keys()].reverse().map((at) => html`<tr><th scope="row" data-month="${buckets[at]}">${dayText(buckets[at] ?? '')}</th>${series.map(({ counts }) => html`<td class="n">${counts[at]}</td>`)}<td class="n">${total[at]}</td></tr>`)}</tbody></table></div></details>
</figure>`;
}
