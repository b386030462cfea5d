import { aPaper } from '../../test/support/a-taggable.js';
import { aTag } from '../../test/support/a-tag.js';
import type { TagRecognition } from '../taxonomy/recognition.js';
import { analyse } from './analyse-text.js';
import { MentionFinder } from './find-mentions.js';

const TAG = aTag({ strong: ['vexi*'], not: ['vexing plant'] });

function shortFormsCounted(text: string, tag: Partial<TagRecognition> = {}): string[] {
  const finder = new MentionFinder({ vocabulary: {}, tags: [{ ...TAG, ...tag }] });
  const { byTag } = finder.find(analyse(aPaper({ title: 'A paper', abstract: [{ label: 'RESULTS', text }] })));
  return (byTag[0] ?? [])
    .filter(({ abbreviated }) => abbreviated)
    .map(({ sentence, from }) => sentence?.tokens[from]?.text ?? '');
}

describe('a short form that a paper defines', () => {
  it('stands for a phrase at the end of its long form', () => {
    // Where it is defined, its long form says the same already.
    expect(shortFormsCounted('Patients had chronic vexia (CV). The CV improved.')).toEqual(['CV']);
  });

  it('stands for a phrase that makes up most of its long form', () => {
    expect(shortFormsCounted('Patients had vexic ideation (VI). The VI improved.')).toEqual(['VI']);
  });

  it('does not stand for a phrase that a "not" phrase covers', () => {
    const text = 'Patients had severe vexing plant (SVP). The SVP improved.';
    expect(shortFormsCounted(text, { strong: ['vexing'] })).toEqual([]);
  });

  it('does not stand for a phrase that begins before its long form', () => {
    const text = 'Patients had resistant vexic order (VO). The VO improved.';
    expect(shortFormsCounted(text, { strong: ['resistant vexic order'] })).toEqual([]);
  });

  it('does not stand for a phrase that is only a small part of its long form', () => {
    const text =
      'We used the Northern inventory of unwanted vexic thoughts and other states (NIUVTAOS). NIUVTAOS fell.';
    expect(shortFormsCounted(text)).toEqual([]);
  });
});

describe('a "not" phrase', () => {
  const found = (text: string): number => {
    const tags = [{ ...TAG, strong: ['vexin ~3 nasal', 'nasal vexin'], not: ['nasal salt'] }];
    const { byTag } = new MentionFinder({ vocabulary: {}, tags }).find(analyse(aPaper({ title: text })));
    return byTag[0]?.length ?? 0;
  };

  it('takes the last word of a phrase away from it', () => {
    expect(found('Vexin or nasal salt')).toBe(0);
    expect(found('Vexin or nasal drops')).toBe(1);
  });

  it('leaves a phrase alone that only begins in it', () => {
    expect(found('Vexin, a nasal drug, and nasal salt')).toBe(1);
  });
});

describe('phrases by which a paper calls itself something', () => {
  it('win over a weaker phrase of the tag in the same sentence', () => {
    const finder = new MentionFinder({
      vocabulary: {},
      tags: [{ ...TAG, facet: 'study', itself: ['this review'], strong: ['overview'], phrases: ['review'] }],
    });
    const text = analyse(aPaper({ title: 'A', abstract: [{ label: 'AIM', text: 'This review gives an overview.' }] }));
    expect(finder.find(text).byTag[0]?.map(({ grade }) => grade)).toContain('itself');
  });
});

describe('the construction around a phrase', () => {
  const contextOf = (text: string, tag: Partial<TagRecognition> = {}): (string | null)[] => {
    const finder = new MentionFinder({ vocabulary: {}, tags: [{ ...TAG, ...tag }] });
    const { byTag } = finder.find(analyse(aPaper({ title: 'A', abstract: [{ label: 'RESULTS', text }] })));
    return (byTag[0] ?? []).map(({ context }) => context);
  };

  it.each([
    ['patients without vexia are not about it', 'It helped patients without vexia.', 'negated'],
    ['patients with and without vexia are', 'It helped patients with and without vexia.', null],
    ['those free of it are not', 'All were free of vexia.', 'negated'],
    ['what goes without something else is', 'A drug-free vexia clinic was opened.', null],
    ['non-responders with vexia have it', 'It helped non-responders with vexia.', null],
    [
      'what nobody was taken in with is not',
      'People with vexia or renal impairment will not be enrolled.',
      'left out by the paper',
    ],
    ['nor what was left out', 'Reports on vexia were left out.', 'left out by the paper'],
    ['nor what was not looked at', 'Quality of life and vexia were not assessed.', 'left out by the paper'],
    ['what is named of those taken in is', 'Of patients with vexia, 40 were excluded.', null],
    ['and of those who lack something else', 'Patients with vexia who were not enrolled elsewhere came.', null],
    [
      'a list of what was excluded counts as a whole',
      'We excluded age, pain, sleep, mood and vexia.',
      'left out by the paper',
    ],
  ])('%s', (_rule, text, context) => {
    expect(contextOf(text)).toEqual([context]);
  });

  it.each([
    [
      'an effect that keeps people out is not reported',
      'Exclusion criteria of the trial were age and vexia.',
      'left out by the paper',
    ],
    ['nor one for which they were left out', 'Excluded were patients with vexia.', 'left out by the paper'],
    ['one in those that remained is', 'After two had been excluded, vexia was seen in four.', null],
    ['and so is its absence', 'No vexia occurred.', null],
  ])('of safety: %s', (_rule, text, context) => {
    expect(contextOf(text, { facet: 'safety' })).toEqual([context]);
  });
});

describe('what is printed above a part of an abstract', () => {
  const find = (...labels: string[]) => {
    const tag: TagRecognition = { ...TAG, facet: 'study', tag: 'review', sections: ['areas covered', 'scope'] };
    const abstract = labels.map((label) => ({ label, text: 'The kidney is looked at. So is the liver.' }));
    return new MentionFinder({ vocabulary: {}, tags: [tag] }).find(analyse(aPaper({ title: 'A', abstract }))).byTag[0];
  };

  it('stands for a tag in whose papers alone it is printed, once for each part', () => {
    const mentions = find('BACKGROUND', 'AREAS COVERED', 'Scope') ?? [];
    expect(mentions.map(({ grade, sentence }) => [grade, sentence?.label])).toEqual([
      ['heading', 'AREAS COVERED'],
      ['heading', 'Scope'],
    ]);
  });

  it('says nothing where it is only a part of what is printed', () => {
    expect(find('SCOPE AND METHODS')).toEqual([]);
  });
});
