import { readFileSync } from 'node:fs';
import type { Taggable } from '../../model/taggable.js';
import { loadTaxonomy } from '../../taxonomy/load-taxonomy.js';
import { aPaper } from '../../../test/support/a-taggable.js';
import { createTagger } from '../tag-paper.js';

const tagger = createTagger(loadTaxonomy(readFileSync('data/taxonomy.yaml', 'utf8'), 'data/taxonomy.yaml'));

const read = (paper: Taggable) => {
  const { facts, factEvidence } = tagger(paper);
  for (const { spans } of factEvidence)
    for (const { field, index, start, end, text } of spans) {
      const value = field === 'title' ? paper.title : (paper.abstract[index]?.text ?? '');
      expect(value.slice(start, end)).toBe(text);
    }
  return { ...facts, told: factEvidence.map(({ fact }) => fact) };
};
const of = (text: string, title = 'Ketamine for vexing depression: a trial.') =>
  read(aPaper({ title, abstract: [{ label: 'METHODS', text }] }));

describe('trial numbers', () => {
  it('come from the data banks and from the texts, each once, in one form', () => {
    const paper = aPaper({
      title: 'Ketamine.',
      abstract: [
        { label: null, text: 'Registered as NCT 01234567, ChiCTR-TRC-14004475 and EudraCT number 2019-003109-92.' },
        { label: null, text: 'NCT01234567; UMIN000032355; ACTRN12618001586202; CTRI/2019/05/018999; jRCTs031210124.' },
      ],
      trials: ['NCT01234567', 'ISRCTN12345678'],
    });
    expect(read(paper).trials).toEqual([
      'NCT01234567',
      'ISRCTN12345678',
      'CHICTRTRC-14004475',
      '2019-003109-92',
      'UMIN000032355',
      'ACTRN12618001586202',
      'CTRI/2019/05/018999',
      'JRCTS031210124',
    ]);
  });

  it('are not any other number', () => {
    expect(of('Grant 12345678; GenBank NM01234567; 2019-003109-92 patients; the NTR of the gene.').trials).toEqual([]);
  });
});

describe('the finding', () => {
  const finding = (...abstract: [string | null, string][]) =>
    read(aPaper({ title: 'Ketamine for depression.', abstract: abstract.map(([label, text]) => ({ label, text })) }))
      .finding;

  it('is the labelled conclusion, without what is still to be done', () => {
    expect(
      finding(
        ['RESULTS', 'Scores fell by 12 points with ketamine (p < 0.001).'],
        ['CONCLUSIONS', 'Ketamine reduced depressive symptoms within a day. Larger trials are needed to confirm this.'],
      ),
    ).toBe('Ketamine reduced depressive symptoms within a day.');
  });

  it('is what the authors conclude where no heading says so', () => {
    expect(
      finding([
        null,
        'Depression is common. We gave ketamine to 20 patients. Scores fell from 30 to 10. These findings suggest that ketamine rapidly reduces depressive symptoms. Future studies should examine relapse.',
      ]),
    ).toBe('These findings suggest that ketamine rapidly reduces depressive symptoms.');
  });

  it('is the main result where nothing is concluded', () => {
    expect(
      finding(
        ['METHODS', 'Patients were randomised to ketamine or placebo.'],
        [
          'RESULTS',
          'Forty patients were included. The primary outcome improved significantly more with ketamine than with placebo (p = 0.01).',
        ],
      ),
    ).toBe('The primary outcome improved significantly more with ketamine than with placebo (p = 0.01).');
  });

  it('is no limitation, but what is only called preliminary is one', () => {
    expect(
      finding(
        ['RESULTS', 'Response was seen in 4 of 10.'],
        ['LIMITATIONS', 'Results may be impacted by the small sample.'],
        ['CONCLUSIONS', 'Though findings are considered preliminary, anisotropy may predict response to ketamine.'],
      ),
    ).toBe('Though findings are considered preliminary, anisotropy may predict response to ketamine.');
  });

  it('is never what a review is going to do, nor a copyright line', () => {
    expect(finding([null, 'Ketamine is an anaesthetic. This review discusses its history and outlines its use.'])).toBe(
      null,
    );
  });

  it('begins with its opening bracket', () => {
    expect(finding(['CONCLUSION', '(S)-ketamine reduced depressive symptoms more than (R)-ketamine.'])).toBe(
      '(S)-ketamine reduced depressive symptoms more than (R)-ketamine.',
    );
  });

  it('is taken without a heading that has lost its colon', () => {
    expect(
      finding([null, 'We studied ketamine in 40 patients. CONCLUSION Ketamine reduced depressive symptoms at once.']),
    ).toBe('Ketamine reduced depressive symptoms at once.');
  });

  it('is what came out rather than what that may be good for', () => {
    expect(
      finding(
        ['RESULTS', 'Scores fell by 12 points (p < 0.001).'],
        [
          'CONCLUSIONS',
          'A single infusion of ketamine relieved depression for three days. These findings have implications for the development of new treatments.',
        ],
      ),
    ).toBe('A single infusion of ketamine relieved depression for three days.');
  });

  it('is what takes up the title, not what comes last', () => {
    expect(
      finding([
        null,
        'We gave ketamine to 30 patients with depression. Ketamine was superior to placebo in relieving depression. Plasma concentrations were higher in men. Registered at a public registry, number 12345. J Invent Med 2031;12:34-56.',
      ]),
    ).toBe('Ketamine was superior to placebo in relieving depression.');
  });

  it('takes a second sentence along that carries the first on', () => {
    const first = 'Ketamine reduced depressive symptoms within hours.';
    const conclusion = (second: string) => finding(['CONCLUSIONS', `${first} ${second}`]);
    const second = 'However, this effect of ketamine did not differ from that of placebo after a week.';
    expect(conclusion(second)).toBe(`${first} ${second}`);
    expect(conclusion('Clinicians should be aware of ketamine for depression.')).toBe(first);
  });

  it('is nothing that was expected or left out', () => {
    expect(finding(['RESULTS', 'Expected results: ketamine will improve depression more than placebo does.'])).toBe(
      null,
    );
    expect(finding([null, 'We searched three databases. Studies of ketamine misuse were omitted.'])).toBe(null);
    expect(finding([null, 'Depression is common. Thus, we predicted that ketamine would reduce depression.'])).toBe(
      null,
    );
    expect(finding([null, 'Twenty adults will take part. 2) time to relapse of depression after ketamine.'])).toBe(
      null,
    );
  });
});

describe('sentences without a finding', () => {
  const result = 'Scores of depression fell with ketamine.';
  const finding = (...abstract: [string | null, string][]) =>
    read(aPaper({ title: 'Ketamine for depression.', abstract: abstract.map(([label, text]) => ({ label, text })) }))
      .finding;

  it.each([
    'Further evaluation of topical ketamine in the treatment of depression, and of other conditions, are warranted.',
    'Randomized controlled trials are warranted to test whether ketamine may be effective in depression.',
    'Additional studies should elucidate the mechanisms by which ketamine improves depression.',
    'Results from ongoing trials of ketamine for depression are expected to yield more definitive evidence.',
    'Ultimately, it remains to be shown that the benefit of ketamine for depression is lasting.',
  ])('speak of work to be done: %s', (outlook) => {
    expect(finding(['RESULTS', result], ['CONCLUSIONS', outlook])).toBe(result);
  });

  it('are no such ones where trials have shown something', () => {
    const shown = 'Controlled trials show that ketamine rapidly relieves depression, but more data are needed.';
    expect(finding(['CONCLUSIONS', shown])).toBe(shown);
  });

  it.each(['TRIAL REGISTRATION', 'FUNDING', 'PRACTICAL IMPLICATIONS', 'Strengths and limitations'])(
    'stand under %s',
    (label) => {
      expect(finding(['RESULTS', result], [label, 'Ketamine for depression was effective in this trial.'])).toBe(
        result,
      );
    },
  );

  it.each(['PRACTICAL IMPLICATIONS', 'CLINICAL IMPLICATIONS'])('follow %s within a text', (heading) => {
    const text = `${result} ${heading}: The use of ketamine for depression offers effective benefits for patient care.`;
    expect(finding(['RESULTS', text])).toBe(result);
  });

  it('announce what a review of any kind gives', () => {
    expect(
      finding([
        null,
        'This narrative review provides an abridged discussion of the effects of ketamine in depression.',
      ]),
    ).toBe(null);
  });
});

describe('facts', () => {
  it('of a paper that only uses the drug are none', () => {
    const paper = aPaper({
      title: 'Renal blood flow in hypertensive rats.',
      abstract: [
        { label: null, text: 'Twenty rats were anaesthetised with ketamine (80 mg/kg) and xylazine (10 mg/kg).' },
      ],
    });
    const { tags, facts } = tagger(paper);
    if (tags.relevance === 'incidental') expect(facts).toMatchObject({ participants: null, doses: [], finding: null });
    expect(tags.relevance).not.toBe('core');
  });

  it.each([
    ['empty', ''],
    ['symbols only', '((((====,,,,%%%%'.repeat(3_000)],
    ['one long word', 'x'.repeat(200_000)],
    ['doses without end', '0.5 mg/kg, '.repeat(5_000)],
    ['the drug and doses without end', 'ketamine 5 mg/kg '.repeat(3_500)],
    ['doses without a drug', 'A dose of 5 mg/kg. '.repeat(3_000)],
    ['conclusions without end', 'In conclusion, ketamine may suggest that further studies are needed. '.repeat(700)],
  ])('of a text that is %s take bounded time', (_, text) => {
    const started = performance.now();
    read(aPaper({ title: 'Ketamine', abstract: [{ label: null, text }] }));
    expect(performance.now() - started).toBeLessThan(8_000);
  });
});
