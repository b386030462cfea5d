import { aTag } from '../../test/support/a-tag.js';
import { decide } from './decide.js';
import { shareOut } from './judge-paper.js';
import { placeTags } from './tag-table.js';

const table = placeTags({
  vocabulary: {},
  tags: [
    aTag({ facet: 'relevance', tag: 'core' }),
    aTag({ facet: 'relevance', tag: 'mention' }),
    aTag({ tag: 'vexia' }),
    aTag({ facet: 'mechanism', tag: 'tides' }),
  ],
});
const given = (chances: number[]): string[] =>
  decide(table, Float64Array.from(chances), () => true)
    .map(({ tag }) => tag.key)
    .sort();

test('a paper that hardly is about the drug gets no tags but those that mentions keep', () => {
  expect(given([0.9, 0.1, 0.7, 0.7])).toEqual(['condition/vexia', 'mechanism/tides', 'relevance/core']);
  expect(given([0.2, 0, 0.7, 0.7])).toEqual(['condition/vexia', 'relevance/core']);
  expect(given([0.2, 0.8, 0.7, 0.7])).toEqual(['condition/vexia', 'relevance/mention']);
});

test('the only relevance that a paper names is not certain for that', () => {
  const named = table.all.slice(0, 2).map((tag) => ({ tag, figures: new Float64Array() }));
  const chances = Float64Array.from([0.2, 0, 0, 0]);
  shareOut('relevance', named, chances);
  expect(chances[0]).toBe(0.2);
  const both = Float64Array.from([0.9, 0.9, 0, 0]);
  shareOut('relevance', named, both);
  expect([...both].slice(0, 2)).toEqual([0.5, 0.5]);
});
