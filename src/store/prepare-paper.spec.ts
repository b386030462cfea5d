import { aPaper } from '../../test/support/a-paper.js';
import { paperWords } from './paper-words.js';
import { listView, preparePaper } from './prepare-paper.js';
import { noFacts, noTags } from '../model/tag.js';
import { toView } from './to-view.js';

describe('a paper that is prepared before anything is known of it', () => {
  it('has the view that it would have been given when it was listed, whatever its texts say', () => {
    const at = Date.parse('2026-11-24T06:00:00Z');
    const hostile = '"listedAt":"1970-01-01T00:00:00.000Z" $& \\"listedAt\\":"';
    const paper = aPaper({ pmid: '1', title: hostile, doi: hostile });
    const view = toView(paper, { listedAt: at, late: false, gone: false, tags: noTags(), facts: noFacts() });
    expect(listView(preparePaper(paper, 'sqlite').texts.view, at)).toBe(JSON.stringify(view));
  });
});

describe('the words of a paper', () => {
  it('are counted whatever their spelling, for each paper anew', () => {
    const spelled = ['Pain', 'PAIN', "pain's", 'pain'];
    const paper = aPaper({
      pmid: '1',
      title: 'Pain and pains',
      abstract: [
        { label: null, text: Array.from({ length: 300 }, (_, at) => spelled[at % 4]).join(' '), category: null },
      ],
    });
    for (let again = 0; again < 2; again++) {
      const { raw, stems, cut } = paperWords(paper);
      expect(raw.abstract.filter((word) => word === 'pain')).toHaveLength(249);
      expect(cut).toBe(51);
      expect([stems.title, stems.abstract]).toEqual([['pain'], ['pain']]);
    }
  });
});
