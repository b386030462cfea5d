import type { EChartsCoreOption } from 'echarts/core';

export interface ChartSeries {
  name: string;
  counts: readonly number[];
}

export interface ChartShape {
  width: number;
  height: number;
  /** Names at the ends of the lines; they need room. */
  endLabels: boolean;
}

/** Where in the picture the values lie, in its own units: what a pointer needs to find the month under it. */
export interface Plot {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface LineChart {
  svg: string;
  plot: Plot;
}

const LABEL_ROOM = 190;
/** Text of charts, in the units of the picture. */
const FONT = 13;

export const plotOf = ({ width, height, endLabels }: ChartShape): Plot => ({
  left: 36,
  right: width - (endLabels ? LABEL_ROOM : 14),
  top: 12,
  bottom: height - 28,
});

/** Years stand where they begin; of short spans every third month does too. */
function axisLabel(bucket: string, every: number): string {
  const [year = '', month = '01'] = bucket.split('-');
  if (month === '01') return Number(year) % every === 0 ? year : '';
  return '';
}

function option(buckets: readonly string[], series: readonly ChartSeries[], shape: ChartShape): EChartsCoreOption {
  const plot = plotOf(shape);
  const every = buckets.length > 240 ? 5 : buckets.length > 120 ? 2 : 1;
  const starts = (_index: number, bucket: string) => axisLabel(bucket, every) !== '';
  return {
    animation: false,
    textStyle: { fontSize: FONT },
    grid: { left: plot.left, right: shape.width - plot.right, top: plot.top, bottom: shape.height - plot.bottom },
    xAxis: {
      type: 'category',
      boundaryGap: false,
      data: [...buckets],
      axisLine: { lineStyle: { color: 'var(--line-2)' } },
      axisTick: { show: true, interval: starts, lineStyle: { color: 'var(--line-2)' } },
      axisLabel: {
        color: 'var(--ink-2)',
        fontSize: FONT,
        interval: starts,
        formatter: (bucket: string) => axisLabel(bucket, every),
      },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      splitNumber: 4,
      splitLine: { lineStyle: { color: 'var(--line)' } },
      axisLabel: { color: 'var(--ink-2)', fontSize: FONT },
    },
    series: series.map(({ name, counts }, index) => ({
      type: 'line',
      name,
      data: [...counts],
      symbol: 'none',
      silent: true,
      clip: false,
      z: series.length - index,
      lineStyle: { color: `var(--s${index + 1})`, width: 2.2 },
      itemStyle: { color: `var(--s${index + 1})` },
      endLabel: {
        show: shape.endLabels,
        formatter: name,
        color: `var(--s${index + 1})`,
        fontSize: FONT,
        fontWeight: 600,
        distance: 8,
      },
      labelLayout: { moveOverlap: 'shiftY' },
    })),
  };
}

/**
 * What a strict policy forbids inside a document goes: style attributes and elements. Colours are already attributes
 * that name the site's own variables, so the picture follows light and dark.
 */
export const withoutStyles = (svg: string): string =>
  svg
    .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
    .replace(/ style="([^"]*)"/g, (_, style: string) => {
      const size = /font-size:([\d.]+)px/.exec(style)?.[1];
      const weight = /font-weight:(\w+)/.exec(style)?.[1];
      return `${size === undefined ? '' : ` font-size="${size}"`}${weight === undefined ? '' : ` font-weight="${weight}"`}`;
    })
    .replace(/ pointer-events="[^"]*"/g, '')
    .replace(/ class="[^"]*"/g, '');

/**
 * Loaded when the first chart is drawn: it is the heaviest thing that the server knows. One after the other, because the
 * parts share modules that some loaders (Jest's) cannot link twice at once.
 */
const load = async () => {
  const { init, use } = await import('echarts/core');
  const { LineChart } = await import('echarts/charts');
  const { GridComponent } = await import('echarts/components');
  const { SVGRenderer } = await import('echarts/renderers');
  use([LineChart, GridComponent, SVGRenderer]);
  return init;
};
let loading: ReturnType<typeof load> | undefined;

/** Draws lines over months as an SVG of the given size, without a browser. */
export async function drawLines(
  buckets: readonly string[],
  series: readonly ChartSeries[],
  shape: ChartShape,
): Promise<LineChart> {
  const init = await (loading ??= load());
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: shape.width, height: shape.height });
  try {
    chart.setOption(option(buckets, series, shape));
    return { svg: withoutStyles(chart.renderToSVGString()), plot: plotOf(shape) };
  } finally {
    chart.dispose();
  }
}
