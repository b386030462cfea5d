import { readFileSync } from 'node:fs';
import { loadTaxonomy } from '../../taxonomy/load-taxonomy.js';
import { aPaper } from '../../../test/support/a-taggable.js';
import { createTagger } from '../tag-paper.js';

const tagger = createTagger(loadTaxonomy(readFileSync('data/taxonomy.yaml', 'utf8'), 'data/taxonomy.yaml'));

/** The comparator of a paper whose methods are `text`; its evidence must be the words of the paper. */
const comparatorOf = (text: string, title = 'Ketamine for vexing depression: a trial.'): string | null => {
  const paper = aPaper({ title, abstract: [{ label: 'METHODS', text }] });
  const { facts, factEvidence } = tagger(paper);
  for (const { fact, spans } of factEvidence) {
    if (fact !== 'comparator') continue;
    for (const span of spans) {
      const value = span.field === 'title' ? paper.title : (paper.abstract[span.index]?.text ?? '');
      expect(value.slice(span.start, span.end)).toBe(span.text);
    }
  }
  return facts.comparator;
};

describe('the comparator', () => {
  it.each([
    ['Patients were randomised to ketamine or placebo.', 'placebo'],
    ['Patients received intravenous ketamine (0.5 mg/kg) or midazolam (0.045 mg/kg).', 'midazolam'],
    ['Ketamine was compared with normal saline in 40 patients.', 'normal saline'],
    ['A double-blind, placebo-controlled study of ketamine in 40 patients.', 'placebo'],
    ['All patients were given open-label ketamine, followed by a saline flush.', null],
    ['Ketamine was added to propofol in all patients.', null],
  ])('%s', (text, expected) => {
    expect(comparatorOf(text)).toBe(expected);
  });

  it('is what the title says', () => {
    const title = 'Ketamine versus electroconvulsive therapy for depression.';
    expect(comparatorOf('Patients were randomised.', title)).toBe('electroconvulsive therapy');
  });

  it.each([
    ['Mood was compared between the ketamine group (n = 20) and the fentanyl group (n = 20).', 'fentanyl'],
    ['Half of the patients received ketamine, whereas the other half received saline.', 'saline'],
    ['Group A was given ketamine 1 mg/kg and group B was given etomidate 0.2 mg/kg.', 'etomidate'],
    ['Ketamine, but not saline, relieved pain in these patients.', 'saline'],
    ['Ratings of the groups favoured ketamine over midazolam.', 'midazolam'],
  ])('is on the other side, however the two are told: %s', (text, expected) => {
    expect(comparatorOf(text)).toBe(expected);
  });

  it('is what the other arm got, which may have a sentence of its own', () => {
    expect(comparatorOf('Group one was sedated with ketamine. The other group received fentanyl 1 µg/kg.')).toBe(
      'fentanyl',
    );
  });

  it('is what was given by itself where the drug came on top', () => {
    expect(comparatorOf('Patients received ketamine with morphine or morphine alone in a randomised trial.')).toBe(
      'morphine',
    );
  });

  it('is the drug that was given rather than the placebo that it stood for', () => {
    const title = 'Ketamine for vexing depression: a placebo-controlled trial.';
    expect(comparatorOf('Patients were randomised to ketamine (0.5 mg/kg) or midazolam.', title)).toBe('midazolam');
  });

  it('names the drug that served as active placebo', () => {
    expect(comparatorOf('Ketamine was compared with an active placebo, the sedative midazolam.')).toBe(
      'active placebo, the sedative midazolam',
    );
  });

  it.each([
    ['Patients received ketamine (0.5 mg/kg) and midazolam (0.03 mg/kg), one week apart.', 'midazolam'],
    ['Some had four sessions with 0.3 mg/kg of ketamine and a placebo.', 'placebo'],
    ['Patients had rising doses of ketamine and midazolam (as an active control).', 'midazolam'],
    ['Doses of ketamine were given weekly, and midazolam 0.01 mg/kg, the control, at random.', 'midazolam'],
    ['Ketamine and propofol were given to all patients.', null],
  ])('is what each got in turn, or what served as control: %s', (text, expected) => {
    expect(comparatorOf(text)).toBe(expected);
  });

  it.each([
    'Volunteers took fictamycin or placebo for four days before ketamine.',
    'Volunteers received ABC-718 or placebo before ketamine.',
    'We asked whether ABC-718 compared to placebo attenuates the effects of ketamine.',
  ])('is not what an unknown drug was held against: %s', (text) => {
    expect(comparatorOf(text)).toBeNull();
  });

  it('is what a code for the drug was held against', () => {
    const title = 'ABC-12 (nasal ketamine) for vexing depression: a trial.';
    expect(comparatorOf('Patients will be randomised to ABC-12 or matching placebo.', title)).toBe('placebo');
  });

  it('is the drug alone where "active placebo" opens a bracket that goes on', () => {
    expect(comparatorOf('Ketamine was compared with an active placebo (midazolam 0.02 mg/kg).')).toBe('midazolam');
  });

  it('may stand where papers tell of others, when nothing else is said', () => {
    const text =
      'Depression is common. Volunteers received infusions of ketamine or placebo. Scores fell by 12 points.';
    const paper = aPaper({ title: 'Ketamine and mood.', abstract: [{ label: 'BACKGROUND', text }] });
    expect(tagger(paper).facts.comparator).toBe('placebo');
  });

  it.each([
    'Patients who responded to ketamine were randomised to riluzole or placebo for four weeks.',
    'Patients received placebo or naltrexone 50 mg before an infusion of ketamine in a placebo-controlled trial.',
    'Patients were randomised to ketamine plus memantine or ketamine plus placebo.',
    'Dexmedetomidine was compared with midazolam against agitation after ketamine.',
  ])('is not what another drug was held against: %s', (text) => {
    expect(comparatorOf(text)).toBeNull();
  });

  it.each([
    'Ketamine was given to 20 patients before future placebo-controlled trials.',
    'All 20 patients received ketamine; previous trials of it were placebo-controlled.',
    'Patients in whom antidepressants (or ECT) had failed received open-label ketamine.',
  ])('is not that of other studies or of earlier treatment: %s', (text) => {
    expect(comparatorOf(text)).toBeNull();
  });

  it.each([
    ['Patients were randomised to esketamine 0.25 mg/kg or racemic ketamine 0.5 mg/kg.', 'racemic ketamine'],
    ['Response was compared between intravenous ketamine and intranasal esketamine.', 'intranasal esketamine'],
    ['Outpatients were randomised to oral versus intravenous ketamine.', 'intravenous ketamine'],
    ['The response seemed similar between IV ketamine and intranasal esketamine.', 'intranasal esketamine'],
    ['Adults received IV ketamine (71 %, n = 37) or IN esketamine (29 %, n = 15).', 'IN esketamine'],
    ['All patients received ketamine or esketamine.', null],
    ['Randomised trials of ketamine or esketamine were searched.', null],
  ])('may be another form or route of the drug: %s', (text, expected) => {
    expect(comparatorOf(text)).toBe(expected);
  });

  it.each([
    ['The control group (n = 30) received customary nursing care, and 30 women received ketamine.', 'customary nursing care'], // prettier-ignore
    ['Scores were lower with ketamine than in the control group.', 'control group'],
    ['Rats were divided into two groups, one control and one given ketamine.', 'control'],
    ['The studies pooled 300 patients given ketamine and 280 controls.', 'controls'],
    ['Cases were compared to controls with no ketamine exposure.', 'no ketamine exposure'],
    ['Patients were matched to 25 patients who did not receive ketamine.', 'did not receive ketamine'],
    ['Opioid use was lower in patients given ketamine than in those not given ketamine.', 'not given ketamine'],
    ['Patients were divided into those who received ketamine and those who did not.', 'who did not'],
    ['The exposed group (ketamine 0.4 mg/kg) had more delirium than the non-exposed group.', 'non-exposed group'],
    ['We scanned 34 ketamine users and 19 non-users.', 'non-users'],
    ['Those who used ketamine, cocaine or cannabis differed from nonusers of tobacco.', null],
    ['We included trials of ketamine versus no intervention.', 'no intervention'],
    ['Brain volume differed between ketamine users and healthy controls.', 'controls'],
    ['Ketamine was given to 20 patients and 20 healthy controls, and groups were compared with controls.', null],
  ])('may lack a name: %s', (text, expected) => {
    expect(comparatorOf(text)).toBe(expected);
  });

  it.each([
    ['brackets', 'ketamine ((((('.repeat(4_000)],
    ['arms', 'ketamine or placebo versus midazolam and '.repeat(1_500)],
    ['controls', 'compared with ketamine control group received a a a '.repeat(1_000)],
    ['those without', 'divided into ketamine users who did not receive any iv any iv '.repeat(1_000)],
    ['numbers', 'ketamine (n = 3) or received esketamine (n = 4 '.repeat(1_500)],
    ['routes', 'oral or iv or oral or ketamine '.repeat(1_500)],
  ])('of %s without end takes bounded time', (_, text) => {
    const started = performance.now();
    comparatorOf(text);
    expect(performance.now() - started).toBeLessThan(8_000);
  });
});
