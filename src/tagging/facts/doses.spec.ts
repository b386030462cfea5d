import { readFileSync } from 'node:fs';
import { loadTaxonomy } from '../../taxonomy/load-taxonomy.js';
import { aPaper } from '../../../test/support/a-taggable.js';
import { createTagger } from '../tag-paper.js';
import { normaliseUnit } from './dose-units.js';

const tagger = createTagger(loadTaxonomy(readFileSync('data/taxonomy.yaml', 'utf8'), 'data/taxonomy.yaml'));

const doses = (text: string, title = 'Ketamine for vexing depression: a trial.') => {
  const paper = aPaper({ title, abstract: [{ label: 'METHODS', text }] });
  const { facts, factEvidence } = tagger(paper);
  for (const { spans } of factEvidence)
    for (const { field, start, end, text: words } of spans)
      expect((field === 'title' ? title : text).slice(start, end)).toBe(words);
  return facts.doses.map(({ text: words, value, unit, route }) => [words, value, unit, route]);
};
const amounts = (text: string, title?: string) => doses(text, title).map(([, value, unit]) => `${value} ${unit}`);
const routes = (text: string, title?: string) => doses(text, title).map(([, value, , route]) => [value, route]);

describe('doses of the tracked drug', () => {
  it('have value, unit, how long and how they are given', () => {
    expect(doses('Patients received intravenous ketamine (0.5 mg/kg over 40 min).')).toEqual([
      ['0.5 mg/kg over 40 min', 0.5, 'mg/kg', 'iv'],
    ]);
    expect(doses('Patients were given esketamine nasal spray 84 mg twice weekly.')).toEqual([
      ['84 mg', 84, 'mg', 'intranasal'],
    ]);
    expect(doses('Ketamine was infused intravenously at 0.15 mg kg-1 h-1.')).toEqual([
      ['0.15 mg kg-1 h-1', 0.15, 'mg/kg/h', 'iv'],
    ]);
  });

  it('are read with a decimal comma and without a leading zero', () => {
    expect(doses('Ketamine 0,5 mg/kg was given.').map(([, value]) => value)).toEqual([0.5]);
    expect(doses('Intravenous ketamine (.5mg/kg) was given.').map(([, value]) => value)).toEqual([0.5]);
  });

  it('keep a range as one and a list as several', () => {
    expect(doses('Patients received intravenous ketamine 0.5-1.0 mg/kg.').map(([text]) => text)).toEqual([
      '0.5-1.0 mg/kg',
    ]);
    expect(doses('Single ketamine doses of 0.1, 0.2 or 0.5 mg/kg were infused.').map(([, value]) => value)).toEqual([
      0.1, 0.2, 0.5,
    ]);
  });

  it('are not those of another drug, listed or not', () => {
    const text =
      'Patients received ketamine 0.5 mg/kg or midazolam 0.045 mg/kg after 20 mg of hyoscine; ketoprophene 300 mg was given.';
    expect(doses(text).map(([words]) => words)).toEqual(['0.5 mg/kg']);
  });

  it('are not concentrations, differences or what else is measured in milligrams', () => {
    expect(
      doses('Ketamine levels reached 200 ng/ml, ketamine 10 mg/ml was diluted and morphine fell by 15.7 mg.'),
    ).toEqual([]);
  });

  it.each([
    ['a salt', 'Intravenous ketamine hydrochloride (0.5 mg/kg) was given.', ['0.5 mg/kg']],
    [
      'one that goes on',
      'Ketamine (bolus of 0.25 mg/kg over 10 min followed by a continuous infusion of 0.5 mg/kg/h) or saline was given.',
      ['0.25 mg/kg', '0.5 mg/kg/h'],
    ],
    ['a list before the name', 'Patients had two doses (30 mg and 60 mg) of intravenous ketamine.', ['30 mg', '60 mg']],
    [
      'one that placebo stands nearer to',
      'Thirty adults were randomised to eight infusions of placebo (n = 10), a low (0.2 mg/kg; n = 10) or a standard dose (0.5 mg/kg; n = 10) of ketamine.',
      ['0.2 mg/kg', '0.5 mg/kg'],
    ],
    ['its group', 'Adults had saline (n = 9; control) or ketamine (n = 9; 0.6 mg/kg/h).', ['0.6 mg/kg/h']],
    [
      'a mean',
      'Ketamine, mean dose (SD) = 0.9 (0.2) mg/kg, and later ketamine 1.4 ± 0.3 mg/kg were used.',
      ['0.9 mg/kg', '1.4 mg/kg'],
    ],
    [
      'a sentence that names no drug',
      'Adults with depression received ketamine. Doses ranged from 45 to 145 mg per session.',
      ['45 mg'],
    ],
  ])('are found: those of %s', (_, text, expected) => {
    expect(amounts(text)).toEqual(expected);
  });

  it('are found under the code that a maker gave the drug', () => {
    const title = 'QLX-12 (intranasal racemic ketamine) for depression.';
    expect(amounts('Adults will receive QLX-12 (90 mg) or placebo.', title)).toEqual(['90 mg']);
  });

  it('are one range where the unit stands twice, unless the dose was raised', () => {
    expect(amounts('Ketamine doses varied from 0.1 mg/kg to 2 mg/kg.')).toEqual(['0.1 mg/kg']);
    expect(amounts('Ketamine was increased from 0.5 mg/kg to 1 mg/kg.')).toEqual(['0.5 mg/kg', '1 mg/kg']);
    expect(amounts('Response differed between ketamine 0.5 mg/kg and 1 mg/kg.')).toEqual(['0.5 mg/kg', '1 mg/kg']);
  });

  it.each([
    ['a limit', 'Ketamine 0.5 mg/kg (max 50 mg) was given.', ['0.5 mg/kg']],
    ['a step', 'Oral ketamine was begun at 100 mg/day and titrated upwards by 40 mg/day.', ['100 mg/day']],
    ['a bound', 'The effect of ketamine was alike for doses (<0.5 vs. ≥0.5 mg/kg).', []],
    ['a confidence interval', 'With ketamine, fentanyl use changed (95% CI, -204 to -149 µg).', []],
    ['what a package holds', 'Ketamine solution for injection 500 mg/10 ml; esketamine 28 mg per device.', []],
    ['another by its code', 'Adults had ABC1234 (75 and 150 mg) or ketamine (0.5 mg/kg).', ['0.5 mg/kg']],
    [
      'another by its short form',
      'Patients had ketamine infusions and then tracazine (TRZ). They took TRZ at a dose of 250 mg, and TRZ 300 mg.',
      [],
    ],
  ])('are not %s', (_, text, expected) => {
    expect(amounts(text)).toEqual(expected);
  });

  it('are no number that has lost its beginning', () => {
    expect(amounts('Patients had esketamine at a dose (0. 25 mg/kg) before surgery.')).not.toContain('25 mg/kg');
  });

  it('have the route that is named for them, not one that is only likely', () => {
    expect(routes('Intramuscular ketamine was studied. Patients received ketamine 0.5 mg/kg.')).toEqual([[0.5, 'im']]);
    expect(routes('Ketamine was given (intravenous dosage: 0.5 mg/kg and orally: 2 mg/kg).')).toEqual([
      [0.5, 'iv'],
      [2, 'oral'],
    ]);
    expect(routes('Patients received 0.8 mg/kg ketamine before electroconvulsive therapy.')).toEqual([[0.8, null]]);
  });

  it.each([
    ['mg·kg-1·h-1', 'mg/kg/h'],
    ['μg/kg/min', 'μg/kg/min'],
    ['mcg/kg/min', 'μg/kg/min'],
    ['mg kg⁻¹', 'mg/kg'],
    ['milligrams per kilogram of body weight', 'mg/kg'],
    ['mg/kg/hr', 'mg/kg/h'],
    ['microg x kg-1 x min-1', 'μg/kg/min'],
    ['micro g.kg-1', 'μg/kg'],
    ['mg/(kg·h)', 'mg/kg/h'],
    ['mg/h/70 kg', 'mg/h/70 kg'],
    ['mg/m²', 'mg/m2'],
  ])('write %s as %s', (unit, expected) => {
    expect(normaliseUnit(unit)).toBe(expected);
  });
});
