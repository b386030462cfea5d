import type { Span } from '../../model/tag.js';
import { cutText, EvidenceMarker } from './mark-evidence.js';

const span = (start: number, end: number, more: Partial<Span> = {}): Span => ({
  field: 'title',
  index: 0,
  start,
  end,
  text: '',
  rule: 'title',
  ...more,
});

describe('the words behind tags', () => {
  it('are cut where marks overlap, and nothing of the text is lost', () => {
    const parts = cutText('oral ketamine for PTSD', [
      { start: 0, end: 13, tag: 1 },
      { start: 5, end: 22, tag: 2 },
    ]);
    expect(parts).toEqual([
      { text: 'oral ', tags: [1] },
      { text: 'ketamine', tags: [1, 2] },
      { text: ' for PTSD', tags: [2] },
    ]);
  });

  it('stay within the text, whatever the offsets say', () => {
    expect(
      cutText('abc', [
        { start: 2, end: 99, tag: 1 },
        { start: 50, end: 60, tag: 2 },
      ]),
    ).toEqual([
      { text: 'ab', tags: [] },
      { text: 'c', tags: [1] },
    ]);
  });

  it('are led to by their tag: the first words carry its id, once on the page', () => {
    const marker = new EvidenceMarker([{ spans: [span(0, 4), span(0, 4, { field: 'abstract', index: 1 })] }]);
    expect(String(marker.show('title', 0, 'PTSD now'))).toBe('<span class="ev e1" id="e1">PTSD</span> now');
    expect(String(marker.show('abstract', 1, 'PTSD'))).toBe('<span class="ev e1">PTSD</span>');
    expect(String(marker.show('abstract', 0, 'PTSD'))).toBe('PTSD');
    expect(marker.hasShown(1)).toBe(true);
    expect(marker.hasShown(2)).toBe(false);
  });

  it('have an anchor each when two tags begin at the same word', () => {
    const marker = new EvidenceMarker([{ spans: [span(0, 4)] }, { spans: [span(0, 4)] }]);
    expect(String(marker.show('title', 0, 'PTSD'))).toBe('<a id="e2"></a><span class="ev e1 e2" id="e1">PTSD</span>');
  });

  it('are escaped', () => {
    const marker = new EvidenceMarker([{ spans: [span(0, 3)] }]);
    expect(String(marker.show('title', 0, '<b>&'))).toBe('<span class="ev e1" id="e1">&lt;b&gt;</span>&amp;');
  });
});
