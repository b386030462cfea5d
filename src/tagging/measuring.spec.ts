import { AppError } from '../problem.js';
import { calibrate, confidenceOf } from './calibrate.js';
import { toTags } from './decide.js';
import { evaluate } from './evaluate.js';
import { fitLogit } from './fit-logit.js';
import { parseLabelled, parseTaggable } from './labelled.js';
import { Judge } from './logit.js';
import { loadOverrides } from './overrides.js';

describe('parseTaggable', () => {
  it('takes an abstract as a text or as sections, and headings as names or records', () => {
    const line = JSON.stringify({
      title: 'T',
      abstract: 'A',
      mesh: ['Ketamine*', { ui: 'D1', name: 'Pain', major: false }],
    });
    expect(parseTaggable(line)).toMatchObject({
      pmid: null,
      abstract: [{ label: null, text: 'A' }],
      mesh: [
        { ui: null, name: 'Ketamine', major: true },
        { ui: 'D1', name: 'Pain', major: false },
      ],
    });
  });

  it.each([
    ['no JSON', '{'],
    ['no record', '[]'],
    ['a title that is no text', '{"title": 5}'],
    ['keywords that are no list', '{"title": "T", "keywords": "a"}'],
  ])('refuses %s with a code', (_what, line) => {
    expect(() => parseTaggable(line)).toThrow(AppError);
  });
});

describe('evaluate', () => {
  const labelled = (labels: Record<string, unknown>) =>
    parseLabelled(JSON.stringify({ title: 'T', abstract: '', labels }));

  it('counts right, wrong and missed tags per tag and per facet', () => {
    const pairs = [
      { labelled: labelled({ condition: ['a', 'b'] }), tags: toTags([{ facet: 'condition', tag: 'a' }]) },
      { labelled: labelled({ condition: [] }), tags: toTags([{ facet: 'condition', tag: 'a' }]) },
    ];
    const [condition] = evaluate(pairs).facets;
    expect(condition?.micro).toEqual({ precision: 0.5, recall: 0.5, f1: 0.5 });
    expect(condition?.tags.find(({ tag }) => tag === 'b')).toEqual({
      tag: 'b',
      precision: 0,
      recall: 0,
      f1: 0,
      support: 1,
    });
  });

  it('leaves out facets that nobody labelled, and knows accuracy for facets of one value', () => {
    const pairs = [
      { labelled: labelled({ study: 'rct' }), tags: toTags([{ facet: 'study', tag: 'rct' }]) },
      { labelled: labelled({ study: '' }), tags: toTags([{ facet: 'study', tag: 'rct' }]) },
    ];
    const { facets } = evaluate(pairs);
    expect(facets.map(({ facet }) => facet)).toEqual(['study']);
    expect(facets[0]?.accuracy).toBe(0.5);
  });
});

describe('calibrate', () => {
  it('gives steps that never fall and rest on at least fifty tags each', () => {
    const judged = Array.from({ length: 220 }, (_, at) => ({
      chance: at / 220,
      right: at % 220 > 110 || at % 7 === 0,
    }));
    const steps = calibrate(judged);
    expect(steps.length).toBeLessThanOrEqual(4);
    expect(steps.map(({ right }) => right)).toEqual(steps.map(({ right }) => right).sort((one, other) => one - other));
    expect(confidenceOf(0.99, steps)).toBeGreaterThan(confidenceOf(0.01, steps));
  });

  it('leaves a probability as it is without a table', () => {
    expect(confidenceOf(0.7, [])).toBe(0.7);
  });
});

describe('fitLogit', () => {
  it('learns which figure decides, and what a tag of its own deviates', () => {
    const samples = Array.from({ length: 200 }, (_, at) => {
      const shown = at % 2;
      return { tag: at % 4 < 2 ? 'x' : 'y', figures: Float64Array.of(1, shown, at % 3), given: shown === 1 };
    });
    const hold = { shared: 0.1, bias: 0.1, slope: 0.1 };
    const judge = new Judge(fitLogit(samples, ['bias', 'shown', 'noise'], ['shown'], { hold }), [
      'bias',
      'shown',
      'noise',
    ]);
    expect(judge.judge('x', Float64Array.of(1, 1, 1))).toBeGreaterThan(0.9);
    expect(judge.judge('y', Float64Array.of(1, 0, 1))).toBeLessThan(0.1);
    expect(judge.judge('never seen', Float64Array.of(1, 1, 1))).toBeGreaterThan(0.5);
  });
});

describe('loadOverrides', () => {
  const facets = [
    {
      facet: 'condition' as const,
      label: '',
      definition: '',
      multiple: true,
      tags: [{ value: 'ptsd', label: '', definition: '', parent: null, mesh: [] }],
    },
  ];

  it('reports every mistake with its line and what is allowed', () => {
    const text = '"x1":\n  who: A\n  why: B\n"5":\n  add: [condition/pstd]\n  why: C\n';
    expect.assertions(3);
    try {
      loadOverrides(text, 'o.yaml', facets);
    } catch (error) {
      const items = error instanceof AppError ? error.items : [];
      expect(items.map(({ pointer }) => pointer)).toEqual(expect.arrayContaining(['o.yaml:1', 'o.yaml:5']));
      expect(items.find(({ message }) => message.includes('pstd'))?.allowed).toEqual(['condition/ptsd']);
      expect(items.some(({ message }) => message.includes('"who" is missing'))).toBe(true);
    }
  });

  it('reads an empty file as no overrides', () => {
    expect(loadOverrides('{}\n', 'o.yaml', facets).size).toBe(0);
  });
});
