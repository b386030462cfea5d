import { noFacts, type Facts } from '../../model/tag.js';
import { fingerprintOf, scoreFacts, type FactLabels, type FactPair } from './score-facts.js';

const pair = (labels: FactLabels | null, facts: Partial<Facts> = {}, finding: string[] = []): FactPair => ({
  labels,
  facts: { ...noFacts(), ...facts },
  factEvidence: [
    {
      fact: 'finding',
      spans: finding.map((text) => ({
        field: 'abstract',
        index: 0,
        start: 0,
        end: text.length,
        text,
        rule: 'conclusion',
      })),
    },
  ],
});
const people = (value: number): Partial<Facts> => ({ participants: { value, unit: 'participants' } });
const dose = (value: number, unit: string): Facts['doses'][number] => ({ text: '', value, unit, route: null });

describe('scoring facts', () => {
  it('tells right, wrong, missed and invented numbers apart, and counts what is rightly absent', () => {
    const [score] = scoreFacts([
      pair({ participants: [48, 45] }, people(45)),
      pair({ participants: [48] }, people(12)),
      pair({ participants: [48] }),
      pair({ participants: [] }, people(5)),
      pair({ participants: [] }),
      pair(null, people(9)),
    ]);
    expect(score).toEqual({ fact: 'participants', papers: 5, precision: 0.333, recall: 0.333, accuracy: 0.4 });
  });

  it('takes a comparator for right when it shares a word with one that a reader named', () => {
    const [score] = scoreFacts([
      pair({ comparator: ['saline placebo'] }, { comparator: 'Normal saline' }),
      pair({ comparator: ['midazolam'] }, { comparator: 'placebo' }),
    ]);
    expect(score).toMatchObject({ fact: 'comparator', precision: 0.5, recall: 0.5, accuracy: 0.5 });
  });

  it('compares doses one by one, however they are written', () => {
    const [score] = scoreFacts([
      pair({ doses: ['0.5 mg/kg', '20 µg/kg'] }, { doses: [dose(0.5, 'mg/kg'), dose(20, 'mcg/kg'), dose(3, 'mg')] }),
      pair({ doses: ['56 mg'] }),
    ]);
    expect(score).toEqual({ fact: 'doses', papers: 2, precision: 0.667, recall: 0.667, accuracy: null });
  });

  it('knows a sentence by its end, so that labels need not tell it', () => {
    const sentence = 'Ketamine relieved the symptoms of most of the patients who had been given it for a week.';
    expect(fingerprintOf(`CONCLUSION: (${sentence}`)).toBe(fingerprintOf(sentence));
    expect(fingerprintOf(sentence)).toMatch(/^[0-9a-f]{16}$/);
    const [score] = scoreFacts([pair({ finding: [fingerprintOf(sentence)] }, {}, ['Another sentence.', sentence])]);
    expect(score).toMatchObject({ fact: 'finding', accuracy: 1 });
  });
});
