import { aPaper } from '../../test/support/a-paper.js';
import { paperWords } from './paper-words.js';

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
