import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { FACETS } from '../model/tag.js';
import type { Taggable } from '../model/taggable.js';
import { loadTaxonomy } from '../taxonomy/load-taxonomy.js';
import { aPaper } from '../../test/support/a-taggable.js';
import { loadOverrides } from './overrides.js';
import { createTagger } from './tag-paper.js';

const taxonomy = loadTaxonomy(readFileSync('data/taxonomy.yaml', 'utf8'), 'data/taxonomy.yaml');
const tagger = createTagger(taxonomy);

const TRIAL = aPaper({
  title: 'Intravenous ketamine for post-traumatic stress disorder: a randomised controlled trial',
  abstract: [
    {
      label: 'BACKGROUND',
      text: 'Ketamine relieves depression. We aimed to test it in post-traumatic stress disorder (PTSD).',
    },
    {
      label: 'METHODS',
      text: 'Forty patients with PTSD were randomly assigned to receive a ketamine infusion (0.5 mg/kg) or midazolam. The primary outcome was the CAPS-5 score at 24 h.',
    },
    {
      label: 'RESULTS',
      text: 'PTSD symptoms fell significantly more with ketamine. Dissociative symptoms and nausea were transient. No serious adverse event occurred.',
    },
    { label: 'CONCLUSION', text: 'Ketamine infusion reduces PTSD symptoms within a day and is well tolerated.' },
  ],
});

function valueAt(paper: Taggable, field: string, index: number): string {
  if (field === 'title') return paper.title;
  if (field === 'abstract') return paper.abstract[index]?.text ?? '';
  if (field === 'keywords') return paper.keywords[index] ?? '';
  if (field === 'mesh') return paper.mesh[index]?.name ?? '';
  if (field === 'publicationTypes') return paper.publicationTypes[index] ?? '';
  return paper.substances[index] ?? '';
}

describe('createTagger', () => {
  it('tags what a paper is about', () => {
    const { tags } = tagger(TRIAL);
    expect(tags.relevance).toBe('core');
    expect(tags.study).toBe('rct');
    expect(tags.condition).toContain('ptsd');
    expect(tags.direction).toContain('new-conditions');
    expect(tags.route).toEqual(['iv']);
    expect(tags.compound).toEqual(['racemic']);
    expect(tags.species).toEqual(['human']);
    expect(tags.safety).toEqual(expect.arrayContaining(['safety', 'dissociation', 'nausea-vomiting']));
  });

  it('gives no tag for a background sentence', () => {
    expect(tagger(TRIAL).tags.condition).not.toContain('depression');
  });

  it('reads a study in volunteers that speaks of schizophrenia as a model of it', () => {
    const { tags } = tagger(
      aPaper({
        title: 'Effects of ketamine on mismatch negativity in healthy volunteers',
        abstract: [
          {
            label: null,
            text: 'Twenty healthy volunteers received ketamine or placebo in a double-blind crossover study. Mismatch negativity was reduced by ketamine. Perceptual changes were mild. The findings resemble those in schizophrenia.',
          },
        ],
      }),
    );
    expect(tags.condition).toContain('schizophrenia-psychosis');
    expect(tags.population).toEqual(['healthy-volunteers']);
  });

  it('takes imaging of a model of psychosis for a mechanism, not for a marker of response', () => {
    const { tags } = tagger(
      aPaper({
        title: 'Ketamine and frontal activity as a model of schizophrenia: an fMRI study',
        abstract: [
          {
            label: null,
            text: 'Ketamine models schizophrenia. Twelve healthy men received ketamine or placebo in random order during functional magnetic resonance imaging. Prefrontal activation fell with ketamine. The neural correlates resemble those of patients with schizophrenia.',
          },
        ],
      }),
    );
    expect(tags.direction).not.toContain('biomarkers');
    expect(tags.mechanism).toContain('circuits-connectivity');
  });

  it('reads an enumeration in the results of a review as what the review is about', () => {
    const { tags } = tagger(
      aPaper({
        title: 'Ketamine for mental disorders: a systematic review',
        abstract: [
          { label: 'METHODS', text: 'We searched PubMed and Embase. Sixty studies were included.' },
          {
            label: 'RESULTS',
            text: 'Ketamine was effective in post-traumatic stress disorder, obsessive-compulsive disorder, substance use disorder and eating disorders.',
          },
          { label: 'CONCLUSION', text: 'Ketamine has broad therapeutic potential in psychiatry.' },
        ],
      }),
    );
    expect(tags.condition).toEqual(
      expect.arrayContaining(['ptsd', 'ocd', 'substance-use-disorder', 'eating-disorder']),
    );
  });

  it('shows for every tag at least one span, and every span is the text that it points to', () => {
    const { tags, evidence } = tagger(TRIAL);
    const given = FACETS.flatMap((facet) => [tags[facet] ?? []].flat().map((tag) => `${facet}/${tag}`));
    expect(evidence.map(({ facet, tag }) => `${facet}/${tag}`).sort()).toEqual(given.sort());
    for (const { spans, confidence } of evidence) {
      expect(spans.length).toBeGreaterThan(0);
      expect(confidence).toBeGreaterThan(0);
      expect(confidence).toBeLessThanOrEqual(1);
      for (const { field, index, start, end, text } of spans) {
        expect(valueAt(TRIAL, field, index).slice(start, end)).toBe(text);
        expect(text.length).toBeGreaterThan(0);
      }
    }
  });

  it('lets derived tags point at the words they derive from', () => {
    const derived = tagger(TRIAL).evidence.find(({ tag }) => tag === 'new-conditions');
    expect(derived?.spans.some(({ rule }) => rule.startsWith('derived from condition/'))).toBe(true);
  });

  it('sets the parent with its child', () => {
    const paper = aPaper({
      title: 'Ketamine for treatment-resistant depression',
      abstract: [
        {
          label: null,
          text: 'We studied ketamine infusions in adults with treatment-resistant depression (TRD). TRD improved.',
        },
      ],
    });
    expect(tagger(paper).tags.condition).toEqual(
      expect.arrayContaining(['depression', 'treatment-resistant-depression']),
    );
  });

  it('says on request what it saw and did not count, with the reason', () => {
    expect(tagger(TRIAL).rejected).toEqual([]);
    const { rejected } = tagger(TRIAL, { explain: true });
    const depression = rejected.find(({ facet, tag }) => facet === 'condition' && tag === 'depression');
    expect(depression?.reason).toMatch(/background|enough|drug|own/);
    expect(depression?.span.text.toLowerCase()).toContain('depress');
  });

  it.each([
    ['Randomized Controlled Trial', 'rct'],
    ['Meta-Analysis', 'meta-analysis'],
    ['Systematic Review', 'systematic-review'],
    ['Case Reports', 'case-report'],
    ['Published Erratum', 'correction'],
    ['Practice Guideline', 'guideline'],
    ['Editorial', 'commentary'],
    ['Observational Study', 'observational'],
  ])('believes the publication type %s first', (type, study) => {
    const paper = aPaper({
      title: 'Ketamine for depression in adults',
      abstract: [
        { label: null, text: 'Ketamine was given to adults with depression. Scores fell. Ketamine may help.' },
      ],
      publicationTypes: ['Journal Article', type],
    });
    expect(tagger(paper).tags.study).toBe(study);
  });

  it('leaves every other facet empty when the drug only keeps an animal still', () => {
    const paper = aPaper({
      title: 'Healing of a tibial defect in sheep with a ceramic graft',
      abstract: [
        {
          label: null,
          text: 'Twelve ewes were anaesthetised with ketamine and xylazine and a defect was filled. Bone grew in by week eight. The graft heals defects.',
        },
      ],
    });
    const { tags } = tagger(paper);
    expect(tags.relevance).toBe('incidental');
    for (const facet of FACETS) if (facet !== 'relevance') expect([tags[facet] ?? []].flat()).toEqual([]);
  });

  it('applies an editor last, and says so', () => {
    const overrides = loadOverrides(
      '"123":\n  add: [condition/treatment-resistant-depression]\n  remove: [condition/ptsd]\n  who: A\n  why: because\n',
      'o.yaml',
      taxonomy.facets,
    );
    const { tags, evidence } = createTagger(taxonomy, overrides)({ ...TRIAL, pmid: '123' });
    expect(tags.condition).toEqual(['depression', 'treatment-resistant-depression']);
    expect(evidence.find(({ tag }) => tag === 'depression')?.spans[0]?.rule).toBe('editor');
    expect(evidence.some(({ facet, tag }) => facet === 'condition' && tag === 'ptsd')).toBe(false);
  });

  it('has another version when the overrides change', () => {
    const overrides = loadOverrides('"1":\n  include: false\n  who: A\n  why: b\n', 'o.yaml', taxonomy.facets);
    expect(createTagger(taxonomy, overrides).version).not.toBe(tagger.version);
    expect(createTagger(taxonomy, overrides)({ ...TRIAL, pmid: '1' }).tags.relevance).toBe('incidental');
  });

  it.each([
    ['nothing', ''],
    ['symbols', '(((~~~]]]{{{***'.repeat(60_000)],
    ['the drug a hundred thousand times', 'ketamine with midazolam '.repeat(45_000)],
    ['letters without end', 'k'.repeat(1_000_000)],
  ])('takes bounded time on %s', (_name, text) => {
    const before = performance.now();
    tagger(aPaper({ title: text.slice(0, 1_000), abstract: [{ label: null, text }] }), { explain: true });
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  it('never points outside the text, whatever the text', () => {
    const word = fc.constantFrom(
      'ketamine',
      'S(+)-ketamine',
      'depression',
      'PTSD',
      '(TRD)',
      'β',
      'i.v.',
      'rats',
      '.',
      ',',
      'İ',
      'é',
      '\u2011',
      '💊',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), fc.array(word, { maxLength: 8 }), (body, title) => {
        const paper = aPaper({ title: title.join(' '), abstract: [{ label: null, text: body.join(' ') }] });
        for (const { spans } of tagger(paper).evidence) {
          for (const { field, index, start, end, text } of spans)
            expect(valueAt(paper, field, index).slice(start, end)).toBe(text);
        }
      }),
      { numRuns: 200 },
    );
  });
});
