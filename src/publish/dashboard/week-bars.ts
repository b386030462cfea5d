import { html, type Html } from '../html.js';

const HEIGHT = 64;
const BAR = 14;
const GAP = 6;

/** The last weeks as bars, the current one last and lighter, as it is not over; a line where the usual week is. */
export function renderWeekBars(counts: readonly number[], usual: number | null): Html {
  const most = Math.max(1, usual ?? 0, ...counts);
  const width = counts.length * (BAR + GAP) - GAP;
  const height = (count: number) => Math.round((HEIGHT * count) / most);
  const words = `Papers of the last ${counts.length} weeks, oldest first: ${counts.join(', ')}${usual === null ? '' : `; usual ${usual}`}`;
  return html`<svg class="week-bars" viewBox="0 -2 ${width} ${HEIGHT + 4}" width="${width}" height="${HEIGHT + 4}" role="img" aria-label="${words}">
${counts.map((count, index) => html`<rect${index === counts.length - 1 && html` class="open"`} x="${index * (BAR + GAP)}" y="${HEIGHT - Math.max(1, height(count))}" width="${BAR}" height="${Math.max(1, height(count))}"><title>${count}</title></rect>`)}
${usual !== null && html`<line x1="0" x2="${width}" y1="${HEIGHT - height(usual)}" y2="${HEIGHT - height(usual)}" />`}
</svg>`;
}
