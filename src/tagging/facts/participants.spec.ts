import type { Tags } from '../../model/tag.js';
import { aPaper } from '../../../test/support/a-taggable.js';
import { analyse } from '../analyse-text.js';
import { findParticipants } from './participants.js';

const read = (text: string, tags: Partial<Pick<Tags, 'study' | 'species'>> = {}, title = 'Fictamol for vexia.') => {
  const paper = aPaper({ title, abstract: [{ label: null, text }] });
  const found = findParticipants(analyse(paper), { study: 'rct', species: ['human'], ...tags });
  for (const span of found?.spans ?? []) {
    const value = span.field === 'title' ? paper.title : (paper.abstract[span.index]?.text ?? '');
    expect(value.slice(span.start, span.end)).toBe(span.text);
  }
  return found ? `${found.value.value} ${found.value.unit}` : null;
};

/** Authored sentences, each with the number that a careful reader would write down. */
const PEOPLE: [string, string | null][] = [
  ['We randomised 48 patients with vexia to fictamol or placebo.', '48 participants'],
  ['Forty-eight patients were randomly assigned to fictamol (n = 24) or placebo (n = 24).', '48 participants'],
  ['A total of 1,234 adults were enrolled between 2012 and 2019.', '1234 participants'],
  ['One hundred and twenty-four children aged 2 to 8 years were included.', '124 participants'],
  ['Of 435 patients screened, 227 underwent randomization and 197 completed the trial.', '227 participants'],
  ['Of 65 randomized participants (mean age, 53.5 years), 62 were included in the final analysis.', '65 participants'],
  ['Sixty ASA I and II patients scheduled for surgery were divided into two groups of 30.', '60 participants'],
  ['Sixty ASA 1 or 2 patients, aged 18-65 years, were studied in three groups (n = 20).', '60 participants'],
  ['In this crossover study, 12 healthy male volunteers received fictamol and placebo.', '12 participants'],
  ['We studied the effect of fictamol on n = 15 healthy males.', '15 participants'],
  ['Participants (N = 60) were drawn from a trial registry.', '60 participants'],
  ['This is a randomised, double-blind, crossover pilot trial (n = 10).', '10 participants'],
  ['Data from 153 patients were reviewed (111 patients received fictamol and 42 received vexol).', '153 participants'],
  ['Twenty patients with vexia and 22 healthy controls underwent imaging.', '42 participants'],
  ['Chronic users (n = 17) and controls (n = 19) were included in the study.', '36 participants'],
  ['Patients received fictamol (n = 31) or saline (n = 29) after surgery.', '60 participants'],
  ['32 participants were assigned to the fictamol group and 31 to the placebo group.', '63 participants'],
  [
    'Patients were divided into two groups. Thirty patients in each group were given fictamol or saline.',
    '60 participants',
  ],
  ['Twenty-one (21) patients who had failed two courses were scheduled for infusions.', '21 participants'],
  ['Sixty pts undergoing surgery were randomized to fictamol or placebo.', '60 participants'],
  ['We compared group F: 20 patients receiving fictamol and group V: 20 patients given vexol.', '40 participants'],
  ['Male subjects (n = 29) participated in two randomized treatment periods.', '29 participants'],
  ['Participants were 8 healthy volunteers.', '8 participants'],
  ['The infusion is given by two unblinded staff members.', null],
  ['We saw it in the original sample (N = 50). It held in the confirmatory sample (N = 55).', '105 participants'],
  ['Thirty-one anxious patients and 18 calm patients received six infusions.', '49 participants'],
  [
    'We examined fictamol in 30 volunteers. Profiles were compared using previously reported data from 44 patients.',
    '30 participants',
  ],
  ['Seventy-five per cent improved. Fourteen patients (35%) reported nausea.', null],
  ['Patients were treated over 24 weeks with 84 mg fictamol; they were 18 to 65 years old.', null],
  ['In 2019 patients often waited for three months.', null],
  ['The mean age was 45 years and 60% were women.', null],
  ['Fictamol was given at 0.5 mg/kg over 40 minutes to patients with vexia.', null],
  ['The 9-item Patient Health Questionnaire was completed at 12 weeks.', null],
  ['Vexia affects 300 million people worldwide. Its treatment is unsatisfactory. Here we discuss it.', null],
  ['In 20-30% of patients relapse follows within 6 months.', null],
  ['We randomized 124 adult ASA 1‐4 patients to one of four groups.', '124 participants'],
  ['329 individuals were screened for eligibility, 231 entered the enrichment phase.', '231 participants'],
  ['Of the 48 patients who gave consent, 12 withdrew and 36 completed all visits.', '48 participants'],
  ['435 patients were screened, 227 randomized, and 197 completed the double-blind period.', '227 participants'],
  [
    'Twenty-two participants were randomised to fictamol, and 19 to vexol, with 82.5% (n = 33) completing the study.',
    '41 participants',
  ],
  ['Forty patients who received fictamol and 16 who received vexol had high scores.', '56 participants'],
  ['Sixteen Apollo participants and 18 control group participants were included in the analysis.', '34 participants'],
  ['Fifty-one current users, 49 former users, and 100 healthy controls were recruited.', '200 participants'],
  ['In total, 35 participants with remitted vexia (21 females, aged 28) participated in the study.', '35 participants'],
  ['Children given fictamol (n = 130) were compared with children given vexol (n = 130).', '260 participants'],
  [
    'We assessed scores in 298 patients with vexia. Two groups were found: modest (n = 78) and rapid improvement (n = 103).',
    '298 participants',
  ],
  [
    'Patients with major vexia (MV) or minor relapsing vexia (MRV) (n = 126) received one infusion.',
    '126 participants',
  ],
  ['We acquired scans with 30 pairs of labelled images in 15 healthy volunteers.', '15 participants'],
  [
    'Patients randomly received placebo (n = 26) or fictamol (n = 26). A control group (n = 26) was also included.',
    '52 participants',
  ],
  // whom a number counts
  ['We examined 57 adolescent fictamol users of one clinic.', '57 participants'],
  ['In this study 18 minor relapsing vexia (MRV) patients received fictamol.', '18 participants'],
  ['We enrolled 88 (mean age 51.5 years) patients who slept badly.', '88 participants'],
  ['In group 1 (n = 12) patients slept; nothing else is known.', '12 participants'],
  ['A total of 12 407 students returned a form.', '12407 participants'],
  ['In experiment 2 120 volunteers received fictamol.', '120 participants'],
  ['A total of 764 questionnaires were analysed.', '764 participants'],
  ['Patients filled in 2 questionnaires that were analysed.', null],
  ['Sixteen very old patients (mean age 86 years) were studied.', '16 participants'],
  ['Approximately 50 veterans will be randomised.', '50 participants'],
  ['The sample included 66 patients (58% women) from four wards.', '66 participants'],
  ['Sample patients (n = 97) had a mean score of 12.', '97 participants'],
  ['Each cohort will consist of 8 participants.', null],
  ['We studied vexia in those who had ever been given fictamol (n = 141).', '141 participants'],
  ['Examined the effects of fictamol on 14 healthy volunteers.', '14 participants'],
  ['Signals were recorded (n = 21 human males).', '21 participants'],
  ['Sixty-two patients aged 18 to 65 years were eligible to receive fictamol.', '62 participants'],
  ['Twenty-five patients were recruited and 19 were included in the analysis.', '25 participants'],
  [
    'Thirty subjects were randomized. 26 subjects received both treatments under randomized conditions.',
    '30 participants',
  ],
  ['This study included 90,400 women. A matched control group of 4,800 non-users was formed.', '90400 participants'],
  ['The sample included 58 first-year students.', '58 participants'],
  ['We surveyed 140 board-certified neurologists.', '140 participants'],
  ['Signals were acquired in 24 medicated youth with vexia.', '24 participants'],
  // groups side by side
  ['Twenty-one mild, 18 moderate and 14 severe cases were included.', '53 participants'],
  ['Thirty-six patients with vexia as well as 18 healthy volunteers were included.', '54 participants'],
  ['Eleven healthy and 14 sleepless volunteers participated in two scans.', '25 participants'],
  ['Outcomes were compared between 22 elderly (≥60 years) and 90 younger adults with vexia.', '112 participants'],
  ['The study included 31 patients with major vexia and 25 patients with minor vexia.', '56 participants'],
  [
    'Twelve participants with vexia, 16 participants with vexosis and 9 participants with both began treatment.',
    '37 participants',
  ],
  ['Seventy users who were treated in hospital and 35 healthy controls were recruited.', '105 participants'],
  ['Thirty-three patients with vexia were enrolled and compared with 32 patients with vexosis.', '65 participants'],
  ['Twenty-three patients began treatment, and 18 patients completed it.', '23 participants'],
  [
    'We enrolled 52 vexia patients (40 treated and 12 untreated), 31 patients with vexosis, and 60 healthy controls.',
    '143 participants',
  ],
  ['We compared the scores of 17 drinkers with those of 16 smokers and 12 controls.', '45 participants'],
  // a total before its parts
  ['We studied 47 patients with vexia, including 15 patients who slept badly.', '47 participants'],
  ['We reviewed 34 cases of vexia. The first group consisted of 20 cases.', '34 participants'],
  [
    'Forty-five patients with minor (n = 30) or major (n = 15) vexia, early (n = 25) or late (n = 20), were treated.',
    '45 participants',
  ],
  [
    'The study included 90 patients; 40 patients with vexia, 25 patients with vexosis and 20 patients with both.',
    '90 participants',
  ],
  ['150 volunteers (40 users, 35 former users and 75 controls) were assessed.', '150 participants'],
  [
    '124 patients received fictamol (n = 63) or placebo (n = 61). Later, 91 patients were examined.',
    '124 participants',
  ],
  ['With the exception of one patient randomized to vexol, drop-outs were few.', null],
];

describe('the number of participants', () => {
  it.each(PEOPLE)('%s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it('reads the title too', () => {
    expect(read('Fictamol was safe.', { study: 'observational' }, 'Safety of fictamol in 104 patients.')).toBe(
      '104 participants',
    );
  });

  it('believes a title rather than what is said of another study', () => {
    const text = 'We recently studied fictamol in 14 subjects with vexia.';
    expect(read(text, { study: 'case-report' }, 'Two cases of vexosis after fictamol.')).toBe('2 participants');
  });

  it('believes the description of the study rather than its results', () => {
    const paper = aPaper({
      title: 'Fictamol for vexia.',
      abstract: [
        { label: 'METHODS', text: 'Fictamol was tested in five adults with vexia.' },
        { label: 'RESULTS', text: 'Three participants received it for a month.' },
      ],
    });
    const found = findParticipants(analyse(paper), { study: 'clinical-trial', species: ['human'] });
    expect(found?.value.value).toBe(5);
  });

  it('adds up what a registry record plans for each age', () => {
    const text =
      'Number of subjects for this age range: Adults (18-64 years) yes Number of subjects for this age range 95 ' +
      'Elderly (>=65 years) yes Number of subjects for this age range 20';
    expect(read(text, { study: 'protocol' })).toBe('115 participants');
  });

  it.each([
    ['Fifteen studies with a total of 1,697 participants were included.', '1697 participants'],
    ['We included 21 studies, involving 891 patients.', '891 participants'],
    ['Seventeen studies (n = 928 patients) were included; in one, 24 patients relapsed.', '928 participants'],
    ['Seven studies with 540 patients receiving fictamol and 510 controls were included.', '1050 participants'],
    ['Data came from seven trials of one drug, representing 84 subjects in parallel arms.', '84 participants'],
    ['Four studies (N = 160) were found. They assessed patients with vexia (n = 24).', '160 participants'],
    ['In one trial 24 patients improved. Another studied 18 healthy volunteers.', null],
    ['Five RCTs encompassing 664 patients with vexia were analyzed.', '664 participants'],
    ['Fifty-three trials (2839 patients) from 25 countries reported on a variety of regimens.', '2839 participants'],
    ['Overall, 99 patients received fictamol and 96 received placebo.', '195 participants'],
    ['A total of five articles were included (N = 147), among them three RCTs (n = 129).', '147 participants'],
    ['Of 1,115 articles identified, 87 were included for discussion.', null],
    ['From the total of 49 studies, 9 were randomized trials, 25 were open-label studies.', null],
  ])('of a review only what is pooled: %s', (text, expected) => {
    expect(read(text, { study: 'meta-analysis' })).toBe(expected);
  });

  it.each([
    ['We report a 35-year-old woman with vexia who was given fictamol.', '1 participants'],
    ['We describe a patient with refractory vexia.', '1 participants'],
    ['Two patients with vexia were treated with fictamol.', '2 participants'],
    ['Three cases of vexia are presented.', '3 participants'],
    ['Here, two cases are reported in which fictamol brought relief.', '2 participants'],
    ['Case report of 54 year old female with vexia.', '1 participants'],
  ])('of a case report: %s', (text, expected) => {
    expect(read(text, { study: 'case-report' })).toBe(expected);
  });

  it.each([
    ['Forty-eight male Wistar rats were randomly divided into six groups.', '48 animals'],
    ['Mice were divided into four groups (n = 10 per group).', '40 animals'],
    ['Twenty-four 8-week-old male mice were used.', '24 animals'],
    ['Fictamol was tested in rats (n = 9/group, n = 63/total).', '63 animals'],
    ['Mice were divided into three groups (n = 8/group).', '24 animals'],
    ['Rats received fictamol (10 mg/kg) for 14 days.', null],
  ])('of an experiment with animals: %s', (text, expected) => {
    expect(read(text, { study: 'animal', species: ['animal'] })).toBe(expected);
  });

  it('takes bounded time whatever the text holds', () => {
    const started = performance.now();
    read('12 '.repeat(8_000));
    read('120 '.repeat(8_000));
    read('12 mild, '.repeat(4_000));
    read('(n = 1) and '.repeat(4_000));
    read('twenty '.repeat(8_000));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
