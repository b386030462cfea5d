import fc from 'fast-check';
import type { Taggable } from '../model/taggable.js';
import { analyse } from './analyse-text.js';

const paper = (title: string, ...abstract: (string | [string, string])[]): Taggable => ({
  pmid: null,
  title,
  vernacularTitle: null,
  abstract: abstract.map((part) =>
    typeof part === 'string' ? { label: null, text: part } : { label: part[0], text: part[1] },
  ),
  otherAbstracts: [],
  keywords: [],
  mesh: [],
  publicationTypes: [],
  substances: [],
  trials: [],
});
const roles = (input: Taggable): string[] => analyse(input).sentences.map(({ role }) => role);

describe('analyse', () => {
  it('gives true UTF-16 offsets, also behind letters whose folding changes their length', () => {
    const text = 'İstanbul 𝛽-test. Café\u2011based β\u2011blockers (½ dose) helped. The µ-opioid part did not.';
    const input = paper('A title', text);
    for (const sentence of analyse(input).sentences) {
      const value = sentence.field === 'title' ? input.title : text;
      expect(value.slice(sentence.start, sentence.end)).toBe(sentence.text);
      for (const token of sentence.tokens) expect(value.slice(token.start, token.end)).toBe(token.text);
    }
  });

  it.each([
    ['a full stop, a space and a capital end a sentence', 'It helped. We saw no harm.', 2],
    ['"vs." and "e.g." do not', 'Drug vs. Placebo (e.g. Saline) was given.', 1],
    ['a decimal point does not', 'We gave 0.5 mg/kg over 40 min.', 1],
    ['"i.v." before a small letter does not', 'It was given i.v. over an hour.', 1],
    ['an initial does not', 'Reported by J. Smith and others.', 1],
    ['a letter that names a group does', 'Pain was lower in group B. The rest was equal.', 2],
  ])('%s', (_rule, text, count) => {
    expect(analyse(paper('', text)).sentences).toHaveLength(count);
  });

  it('reads the role of a sentence from its heading', () => {
    const input = paper(
      'T',
      ['BACKGROUND', 'Pain is common. This study aimed to test the drug.'],
      ['METHODS', 'Forty adults were recruited. They received 5 mg or placebo. The primary outcome was pain.'],
      ['RESULTS', 'Pain fell.'],
      ['CONCLUSIONS', 'It works. Further studies are needed.'],
    );
    expect(roles(input)).toEqual([
      'title',
      'background',
      'aim',
      'population',
      'intervention',
      'outcomes',
      'results',
      'conclusion',
      'future',
    ]);
  });

  it('reads criteria of a registry record as who was taken in and who was left out', () => {
    const text = 'Depression. Inclusion Criteria: Adults aged 18 or more. Exclusion Criteria: Bipolar disorder.';
    const { sentences } = analyse(paper('T', text));
    expect(sentences.find((sentence) => sentence.text.startsWith('Adults'))?.role).toBe('population');
    expect(sentences.find((sentence) => sentence.text.startsWith('Bipolar'))?.role).toBe('exclusion');
  });

  it('keeps the words of a registry heading: they tell that there is no paper yet', () => {
    const { sentences } = analyse(paper('T', 'CONDITION: Depression. PRIMARY OUTCOME: Change in score.'));
    expect(sentences.map(({ role, text }) => [role, text])).toEqual([
      ['title', 'T'],
      ['population', 'CONDITION: Depression.'],
      ['outcomes', 'PRIMARY OUTCOME: Change in score.'],
    ]);
  });

  it('takes the sentences that lead in as background where a text names neither aim nor methods', () => {
    const text =
      'The drug has been known for long. However, little is known of its use. It relieves pain. It may be useful.';
    expect(roles(paper('T', text)).slice(0, 3)).toEqual(['title', 'background', 'background']);
  });

  it('finds an aim behind "Here, we …"', () => {
    const text = 'Pain is a common disorder. Here, we examine the drug in adults. Pain fell. It may be useful.';
    expect(roles(paper('T', text))[2]).toBe('aim');
  });

  it.each([
    ['the parts of a stereodescriptor belong together', '(R, S)-ketamine', [false, false, false]],
    ['other letters behind a comma do not', 'groups A, B', [false, false, true]],
  ])('%s', (_rule, title, breaks) => {
    expect(analyse(paper(title)).sentences[0]?.tokens.map(({ breakBefore }) => breakBefore)).toEqual(breaks);
  });

  it('finds the same parts in an abstract without headings', () => {
    const text =
      'Migraine is a common disorder. We aimed to evaluate the drug in adults with migraine. ' +
      'Thirty patients were enrolled. They received 10 mg or placebo. The primary outcome was pain at two hours. ' +
      'Pain was significantly lower with the drug. No serious adverse event was seen. ' +
      'These findings suggest that the drug relieves migraine. Larger trials are warranted.';
    expect(roles(paper('T', text))).toEqual([
      'title',
      'background',
      'aim',
      'population',
      'intervention',
      'outcomes',
      'results',
      'results',
      'conclusion',
      'future',
    ]);
  });

  it.each([
    '(PsycInfo Database Record (c) 2020 APA, all rights reserved)',
    'Copyright © 2012 S. Karger AG.',
    '© 2021 The Authors.',
    '2014 Elsevier Ireland Ltd. All rights reserved.',
  ])('does not take "%s" for a conclusion', (notice) => {
    const { sentences } = analyse(paper('A title', `Ten patients received ketamine. Scores fell by half. ${notice}`));
    expect(sentences.map(({ text }) => text)).toEqual([
      'A title',
      'Ten patients received ketamine.',
      'Scores fell by half.',
    ]);
  });

  it('honours headings printed inside the text', () => {
    const input = paper('T', [
      'RESULTS',
      'Scores fell ( CONCLUSION: The drug is safe. TRIAL REGISTRATION: NCT00000000.',
    ]);
    expect(roles(input)).toEqual(['title', 'results', 'conclusion', 'future']);
  });

  it('finds abbreviations that the text defines, and only with their own long form', () => {
    const input = paper(
      'T',
      'Adults with treatment-resistant depression (TRD) or chronic pain (see below) took part (N = 20).',
    );
    const { abbreviations, sentences } = analyse(input);
    expect(abbreviations.map(({ short }) => short)).toEqual(['TRD']);
    const [first] = abbreviations;
    expect(sentences[first?.sentence ?? 0]?.tokens.slice(first?.from, first?.to).map(({ text }) => text)).toEqual([
      'treatment',
      'resistant',
      'depression',
    ]);
  });

  it('does not take a possessive s for a word of its own', () => {
    const tokens = analyse(paper("The patients' and the patient’s drug's S-form")).sentences[0]?.tokens ?? [];
    expect(tokens.map(({ text }) => text)).toEqual(['The', 'patients', 'and', 'the', 'patient', 'drug', 'S', 'form']);
  });

  it.each([
    ['nothing', ''],
    ['only symbols', '∑∆≈(((]]]~~ ..;;::!!'.repeat(50_000)],
    ['a megabyte of one word', 'x'.repeat(1_000_000)],
    ['a megabyte of brackets', '(A'.repeat(500_000)],
    ['a megabyte of cue words', 'we aimed to further '.repeat(50_000)],
    ['a megabyte of capitals and colons', 'RESULTS: '.repeat(110_000)],
  ])('takes bounded time on %s', (_name, text) => {
    const before = performance.now();
    analyse(paper(text, text, ['RESULTS', text]));
    expect(performance.now() - before).toBeLessThan(3_000);
  });

  it('keeps every offset true for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        for (const { start, end, text: part, tokens } of analyse(paper('', text)).sentences) {
          expect(text.slice(start, end)).toBe(part);
          for (const token of tokens) expect(text.slice(token.start, token.end)).toBe(token.text);
        }
      }),
    );
  });
});
