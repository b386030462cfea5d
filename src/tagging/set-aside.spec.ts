import { aPaper } from '../../test/support/a-taggable.js';
import { analyse } from './analyse-text.js';
import { isSetAside } from './set-aside.js';

/** Whether a sentence leaves out what its word in *asterisks* names. */
function setAside(marked: string, label: string | null = null): boolean {
  const text = marked.replaceAll('*', '');
  const word = /\*([^*]+)\*/.exec(marked)?.[1] ?? '';
  const [, sentence] = analyse(aPaper({ title: 'Fictamol', abstract: [{ label, text }] })).sentences;
  if (!sentence) throw new Error('no sentence');
  const at = sentence.tokens.findIndex((token) => token.text === word);
  return isSetAside(sentence, at, at + 1);
}

describe('isSetAside', () => {
  it.each([
    ['excluded', 'Trials of the *nasal* spray were excluded because absorption differs.'],
    [
      'at the end of a long subject',
      'Trials of *esketamine*, and studies in which it was an anaesthetic, were left out.',
    ],
    ['a list of exclusions', 'Excluded: imminent risk of suicide; *esketamine* spray; psychosis.'],
    ['we excluded', 'We excluded studies within psychotherapy, *intranasal* sprays, and recreational use.'],
    ['ineligible', 'Mothers who had received *racemic* ketamine for delivery were ineligible.'],
    ['not eligible', 'Patients previously exposed to *esketamine* were not eligible.'],
    ['neither … nor', 'Neither *norketamine* nor interleukins, both of interest, were assayed.'],
    ['no … is given', 'No nasal or *subcutaneous* drug is given in any group.'],
    ['no study', 'No eligible study had used *subcutaneous* administration.'],
    ['joined verbs', '*Subcutaneous* dosing had been contemplated at the planning stage but was not adopted.'],
    ['we did not', 'We did not measure plasma *norketamine* in this trial.'],
    ['elsewhere', 'The intranasal *isomer*, reviewed elsewhere, is mentioned only where needed.'],
    ['not undertaken', '*Neuroimaging* was not undertaken.'],
    ['no … was acquired', 'No *EEG* recordings were acquired.'],
    ['out of reach', '*Cytokines* lie outside the scope of this review.'],
    ['not planned', 'Plasma is stored, but no analyses of ketamine or *hydroxynorketamine* are planned.'],
    ['an open question', 'Whether *intranasal* treatment yields the same is unknown.', 'CONCLUSION'],
  ])('%s', (_, sentence, label: string | null = null) => {
    expect(setAside(sentence, label)).toBe(true);
  });

  it.each([
    ['a negative finding', '*Esketamine* did not reduce pain and was not superior to placebo.'],
    ['another subject', 'In 30 patients given *intravenous* ketamine, delirium was not assessed.'],
    ['after an exclusion', 'After excluding 5 patients, 50 received *oral* ketamine.'],
    ['a number more', 'Five patients were excluded and 40 received *oral* ketamine.'],
    ['a relative clause', 'We gave *oral* ketamine to patients who were not eligible for surgery.'],
    ['another clause', 'Cytokines were not measured, but *norketamine* was.'],
    ['neither with a finding', 'Neither *esketamine* nor placebo changed the score.'],
    ['a gap to be filled', 'However, the role of *cytokines* in children has not been examined.'],
    ['what an abstract opens with', 'Whether *intranasal* treatment yields the same is unknown.'],
    ['no people', 'No patient given *esketamine* was included twice.'],
  ])('%s counts', (_, sentence) => {
    expect(setAside(sentence)).toBe(false);
  });
});
