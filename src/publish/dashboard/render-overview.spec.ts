import { comparison } from './render-overview.js';
import { heatStep } from './evidence-map.js';
import { cutTimeline } from './timeline-figure.js';
import { renderEntry } from './paper-entry.js';
import { aView } from '../../../test/support/a-view.js';
import { taxonomy } from '../../../test/support/a-digest.js';

describe('the front page', () => {
  it('compares a week with the usual one, rounded as in the digest', () => {
    expect(comparison(9, { median: 7.5, weeks: 12 }, true)).toBe(
      'A usual week has 8 (median of 12 weeks). This one is already above it.',
    );
    expect(comparison(3, { median: 8, weeks: 1 }, false)).toBe(
      'A usual week has 8 (median of 1 week). It was fewer than that.',
    );
    expect(comparison(3, null, true)).toContain('no usual week');
  });

  it('colours cells by the order of magnitude: empty ones not at all, one paper visibly, the fullest most', () => {
    expect([0, 1, 200].map((count) => heatStep(count, 200))).toEqual([0, 1, 6]);
    expect(heatStep(1, 1)).toBe(6);
  });

  it('draws no month that may still grow', () => {
    const cut = cutTimeline(
      {
        by: 'condition',
        buckets: ['2026-09', '2026-10', '2026-11'],
        series: [
          { value: 'a', label: 'A', counts: [1, 0, 9] },
          { value: 'b', label: 'B', counts: [2, 2, 0] },
          { value: 'c', label: 'C', counts: [0, 0, 5] },
        ],
        total: [3, 2, 14],
        openFrom: '2026-11',
      },
      12,
    );
    expect(cut.buckets).toEqual(['2026-09', '2026-10']);
    expect(cut.series.map(({ label }) => label)).toEqual(['B', 'A']);
  });
});

describe('a paper in a list', () => {
  it('shows a label once, though a direction and a route have the same', () => {
    const paper = aView({ tags: { direction: ['formulation-intranasal'], route: ['intranasal'] } });
    const entry = String(renderEntry(paper, { facets: taxonomy.facets, heading: 'h2' }));
    expect(entry.match(/>Intranasal<\/a>/g)).toHaveLength(1);
  });
});
