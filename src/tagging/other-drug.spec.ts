import { FACETS } from '../model/tag.js';
import { loadTaxonomy } from '../taxonomy/load-taxonomy.js';
import { aPaper } from '../../test/support/a-taggable.js';
import { createTagger } from './tag-paper.js';

/** A drug that does not exist, for a disease that does not exist: whatever is tagged comes from this text. */
const WORDS: Partial<Record<(typeof FACETS)[number], string>> = {
  relevance:
    'core:\n        label: Core\n        definition: about it\n        strong: ["{drug} (treatment|effect)", "effect of {drug}"]\n        phrases: ["{drug}"]',
  condition:
    'vexia:\n        label: Vexia\n        definition: the vexing disease\n        strong: [vexia, VXA]\n        not: [vexia plant]',
  study:
    'rct:\n        label: Trial\n        definition: randomised\n        strong: ["randomized (trial|controlled trial)"]',
  species: 'human:\n        label: Human\n        definition: people\n        strong: [patient]',
};
const FACETS_YAML = FACETS.map((facet) => {
  const single = facet === 'relevance' || facet === 'study';
  const tag = WORDS[facet] ?? 'none:\n        label: None\n        definition: nothing';
  return `  ${facet}:\n    label: ${facet}\n    definition: d\n    multiple: ${String(!single)}\n    tags:\n      ${tag}\n`;
}).join('');
const YAML = `name: Fictamol\nnoun: fictamol\nversion: "1"\nquery:\n  words: [fictamol]\nvocabulary:\n  drug: [fictamol, Fictasan]\nfacets:\n${FACETS_YAML}`;

describe('the tagger with the taxonomy of another drug', () => {
  const tagger = createTagger(loadTaxonomy(YAML, 'other.yaml'));
  const paper = aPaper({
    title: 'Fictamol for vexia: a randomised trial',
    abstract: [
      { label: 'AIM', text: 'To evaluate the effect of fictamol in patients with vexia (VXA).' },
      { label: 'RESULTS', text: 'VXA improved with Fictasan. Patients were satisfied.' },
      { label: 'CONCLUSION', text: 'Fictamol helps patients with VXA.' },
    ],
  });

  it('knows only what that file says', () => {
    const { tags } = tagger(paper);
    expect(tags).toMatchObject({ relevance: 'core', study: 'rct', condition: ['vexia'], species: ['human'] });
    expect(tags.compound).toEqual([]);
    expect(tags.direction).toEqual([]);
  });

  it('honours that file’s exclusions', () => {
    const other = aPaper({
      title: 'Fictamol and the vexia plant',
      abstract: [{ label: null, text: 'The vexia plants grew. Fictamol did not.' }],
    });
    expect(tagger(other).tags.condition).toEqual([]);
  });

  it('finds its doses, its comparator and its finding', () => {
    const trial = aPaper({
      title: 'Fictamol for vexia: a randomised trial',
      abstract: [
        {
          label: 'METHODS',
          text: 'We randomised 40 patients to Fictasan (12 mg over 30 min) or placebo; ketamine 0.5 mg/kg was not given.',
        },
        { label: 'CONCLUSION', text: 'Fictamol reduced the symptoms of patients with vexia.' },
      ],
    });
    expect(tagger(trial).facts).toEqual({
      participants: { value: 40, unit: 'participants' },
      doses: [{ text: '12 mg over 30 min', value: 12, unit: 'mg', route: null }],
      comparator: 'placebo',
      trials: [],
      finding: 'Fictamol reduced the symptoms of patients with vexia.',
    });
  });

  it('knows nothing about the bundled drug', () => {
    const bundled = aPaper({
      title: 'Ketamine for depression',
      abstract: [{ label: null, text: 'Ketamine helps depression.' }],
    });
    expect(tagger(bundled).tags.condition).toEqual([]);
    expect(tagger(bundled).tags.relevance).toBeNull();
  });
});
