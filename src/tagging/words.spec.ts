import { aPaper } from '../../test/support/a-taggable.js';
import { aTag } from '../../test/support/a-tag.js';
import type { TagRecognition } from '../taxonomy/recognition.js';
import { analyse } from './analyse-text.js';
import { MentionFinder } from './find-mentions.js';
import { fitWords, type WordSample } from './fit-words.js';
import { Lexicon } from './lexicon.js';
import { eachNear, phrasesIn, WordJudge, wordsOf } from './words.js';

const text = (title: string, abstract: string, label: string | null = null) =>
  analyse(aPaper({ title, abstract: [{ label, text: abstract }] }));

describe('a lexicon', () => {
  it('numbers the stems of what a paper says of itself, those of its title once more', () => {
    const lexicon = new Lexicon();
    const { paper } = lexicon.read(text('Randomised trials', 'We randomized 30 patients. Placebo was given.'));
    const words = lexicon.list().filter((_, at) => paper.includes(at));
    expect(words).toEqual(expect.arrayContaining(['trial', 'title: trial', 'patient', 'placebo']));
    expect(words).not.toContain('title: placebo');
    expect(new Set(paper).size).toBe(paper.length);
  });

  it('reads the headings of a paper', () => {
    const mesh = [{ ui: 'D003866', name: 'Depressive Disorder', major: true, qualifiers: [] }];
    const lexicon = new Lexicon(['heading: Depressive Disorder']);
    expect(lexicon.read(analyse(aPaper({ title: 'A trial', mesh }))).paper).toEqual([0]);
  });

  it('tells the words of each sentence, also of one on others', () => {
    const lexicon = new Lexicon(['placebo']);
    const analysed = text('A trial', 'Placebo is known to work. We aimed to study sleep.', 'BACKGROUND');
    const { paper, of } = lexicon.read(analysed);
    expect(paper).toEqual([]);
    expect(analysed.sentences.map((sentence) => [...of(sentence)])).toEqual([[], [0], []]);
  });

  it('with words of its own gives no number to others', () => {
    const lexicon = new Lexicon(['placebo']);
    expect(lexicon.read(text('A trial', 'Placebo was given to patients.')).paper).toEqual([0]);
    expect(lexicon.numberOf('trial')).toBe(-1);
  });
});

describe('the words around a tag', () => {
  const tags: TagRecognition[] = [aTag({ facet: 'care', tag: 'relapse', strong: ['relapse', 'recurrence'] })];
  const finder = new MentionFinder({ vocabulary: {}, tags });
  const lexicon = new Lexicon();
  const NAMES = ['bias'];
  const phrasesOf = () => finder.phrasesOf(0);
  const read = (abstract: string) => {
    const analysed = text('A paper', abstract, 'RESULTS');
    const words = lexicon.read(analysed);
    const mentions = finder.find(analysed).byTag[0] ?? [];
    const near = new Set<number>();
    eachNear(mentions, words, (numbers) => {
      for (const number of numbers) near.add(number);
    });
    return { mentions, words, near: [...near], paper: words.paper, phrases: phrasesIn(mentions) };
  };
  const sample = (abstract: string, given: boolean): WordSample => ({ tag: 'relapse', figures: Float64Array.of(1), given, ...read(abstract) }); // prettier-ignore
  const samples = Array.from({ length: 40 }, (_, at) => [
    sample('Patients were followed for relapse. Mice slept.', true),
    sample('Diagnosis of relapse by history. Mice slept.', false),
    sample(`Patients were followed. Diagnosis of ${at % 2 ? 'recurrence' : 'relapse'} by history.`, false),
  ]).flat();
  const weights = () =>
    fitWords(samples, NAMES, [], { words: lexicon.list(), phrasesOf }, { shared: 1, bias: 1, slope: 1 });
  const sum = (judge: WordJudge, abstract: string): number => {
    const { mentions, words } = read(abstract);
    return judge.sum('relapse', Float64Array.of(1), mentions, words);
  };

  it('are those of the sentences that name it, not of others', () => {
    const judge = new WordJudge(weights(), NAMES, lexicon, phrasesOf);
    expect(sum(judge, 'They were followed for relapse. Nothing else.')).toBeGreaterThan(0);
    expect(sum(judge, 'They were followed. Diagnosis of relapse by history.')).toBeLessThan(-1);
  });

  it('count once, however often they stand there', () => {
    const judge = new WordJudge(weights(), NAMES, lexicon, phrasesOf);
    const once = sum(judge, 'Diagnosis of relapse.');
    expect(sum(judge, 'Diagnosis of relapse, diagnosis of relapse. Diagnosis of relapse.')).toBeCloseTo(once, 5);
  });

  it('and the phrase itself: not all of a grade prove the same', () => {
    const own = weights().tags.relapse?.phrases ?? {};
    expect(own['own: recurrence']).toBeLessThan(own['own: relapse'] ?? -9);
  });

  it('are named by the weights, and only these need numbers', () => {
    const fitted = weights();
    const small = new Lexicon(wordsOf(fitted));
    const { mentions } = read('They were followed for relapse.');
    const words = small.read(text('A paper', 'They were followed for relapse.', 'RESULTS'));
    const judge = new WordJudge(fitted, NAMES, small, phrasesOf);
    expect(judge.sum('relapse', Float64Array.of(1), [], words)).toBeLessThan(
      sum(new WordJudge(fitted, NAMES, lexicon, phrasesOf), 'They were followed for relapse.'),
    );
    expect(mentions).toHaveLength(1);
    expect(small.size).toBeLessThanOrEqual(lexicon.size);
  });
});
