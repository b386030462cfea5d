import { aPaper } from '../../test/support/a-taggable.js';
import { aTag } from '../../test/support/a-tag.js';
import type { TagRecognition } from '../taxonomy/recognition.js';
import { analyse } from './analyse-text.js';
import { MentionFinder } from './find-mentions.js';
import { FIGURES, firstFigures, startJudging } from './tag-figures.js';
import { placeTags } from './tag-table.js';

const TAGS: TagRecognition[] = [
  aTag({ tag: 'vexia', strong: ['vexia'] }),
  aTag({ facet: 'direction', tag: 'markers', strong: ['predict* response'], for: ['condition/vexia'] }),
  aTag({ facet: 'direction', tag: 'marker-blood', parent: 'markers', strong: ['serum'] }),
  aTag({ facet: 'direction', tag: 'new', from: ['condition/vexia'] }),
];

/** A figure of a direction, where the paper is about vexia with the given chance. */
function figureOf(tag: string, figure: string, title: string, text: string, chance = 0.9): number {
  const recognition = { vocabulary: { drug: ['tracked'] }, tags: TAGS };
  const table = placeTags(recognition);
  const analysed = analyse(aPaper({ title, abstract: [{ label: 'RESULTS', text }] }));
  const judged = startJudging(table, analysed, new MentionFinder(recognition).find(analysed));
  judged.chances[0] = chance;
  const found = firstFigures(table, 'direction', judged).find((candidate) => candidate.tag.tag === tag);
  return found?.figures[FIGURES.indexOf(figure)] ?? 0;
}

describe('figures of a tag that other tags speak for', () => {
  it('tell how likely the likeliest of them is', () => {
    expect(figureOf('markers', 'for', 'A paper', 'Age predicts response.')).toBeCloseTo(0.9);
  });

  it('do not stand for words of its own', () => {
    expect(figureOf('markers', 'for', 'A paper', 'Vexia fell.')).toBe(0);
  });
});

describe('figures of a tag that rests on another one', () => {
  it('tell whether that one stands in the title, and with the drug', () => {
    expect(figureOf('new', 'source in the title', 'Tracked for vexia', 'It fell.')).toBeCloseTo(0.9);
    expect(figureOf('new', 'source with the drug', 'Tracked for vexia', 'It fell.')).toBeCloseTo(0.9);
    expect(figureOf('new', 'source with the drug', 'A course of vexia', 'It fell.')).toBe(0);
  });

  it('say nothing of one that is only an outcome', () => {
    expect(figureOf('new', 'source in the title', 'A paper', 'Vexia fell.')).toBe(0);
  });
});

describe('figures of a child', () => {
  it('tell whether a sentence says it together with its parent', () => {
    expect(figureOf('marker-blood', 'beside the parent', 'A paper', 'Serum predicts response.')).toBe(1);
    expect(figureOf('marker-blood', 'beside the parent', 'A paper', 'Serum was taken. Age predicts response.')).toBe(0);
  });
});

describe('figures of every tag', () => {
  const recognition = {
    vocabulary: {},
    tags: [aTag({ tag: 'depression' }), aTag({ facet: 'care', tag: 'onset', strong: ['within hours'] })],
  };
  const table = placeTags(recognition);
  const text = analyse(aPaper({ title: 'Better within hours', abstract: [] }));
  const judged = startJudging(table, text, new MentionFinder(recognition).find(text));
  judged.chances[0] = 0.75;
  const figures = firstFigures(table, 'care', judged)[0]?.figures;

  it('tell what kind of paper its words stand in', () => {
    expect(figures?.[FIGURES.indexOf('condition/depression')]).toBe(0.75);
  });

  it('say nothing of tags that the taxonomy lacks', () => {
    expect(figures?.[FIGURES.indexOf('direction/biomarkers')]).toBe(0);
  });
});
