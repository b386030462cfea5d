import type { PaperView } from '../../src/model/paper-view.js';
import { noFacts, noTags, type Facts, type Tags } from '../../src/model/tag.js';
import type { PaperStatus } from '../../src/model/paper.js';

type Given = Partial<Omit<PaperView, 'tags' | 'facts' | 'status'>> & {
  tags?: Partial<Tags>;
  facts?: Partial<Facts>;
  status?: Partial<PaperStatus>;
};

const FAMILIES = [
  'Abara',
  'Bellweather',
  'Cruz-Lindqvist',
  'Dormer',
  'Eskildsen',
  'Fontanari',
  'Grünwald',
  'Hatakeyama',
];

/** Fictional authors, as many as asked for. */
export const authors = (count: number, from = 0): PaperView['authors'] =>
  Array.from({ length: count }, (_, index) => {
    const family = FAMILIES[(from + index) % FAMILIES.length]!;
    const initials = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[(from * 3 + index) % 26]!;
    return {
      name: `${family} ${initials}.`,
      given: `${initials}.`,
      family,
      initials,
      orcid: null,
      collective: false,
      affiliations: [],
    };
  });

/** A complete fictional paper, tagged core; everything can be chosen. */
export function aView(given: Given = {}): PaperView {
  const pmid = given.pmid ?? '90000001';
  return {
    version: 1,
    title: `A fictional paper ${pmid}`,
    vernacularTitle: null,
    abstract: [{ label: null, text: 'An abstract that no digest carries.' }],
    otherAbstracts: [],
    authors: authors(3),
    journal: { title: 'Journal of Fictional Psychiatry', iso: 'J Fict Psychiatry', issn: null, volume: '12', issue: '3', pages: '101-9' },
    published: { text: '2026 Nov', date: '2026-11' },
    added: '2026-11-18',
    listedAt: '2026-11-18T08:20:00.000Z',
    late: false,
    doi: null,
    pmcid: null,
    language: ['eng'],
    publicationTypes: ['Journal Article'],
    substances: [],
    mesh: [],
    keywords: [],
    related: [],
    ...given,
    pmid,
    tags: { ...noTags(), relevance: 'core', ...given.tags },
    facts: { ...noFacts(), ...given.facts },
    status: {
      retracted: false,
      concern: false,
      corrected: false,
      updated: false,
      preprint: false,
      gone: false,
      ...given.status,
    },
    links: given.links ?? {
      pubmed: `https://pubmed.ncbi.nlm.nih.gov/${pmid}/`,
      doi: given.doi ? `https://doi.org/${given.doi}` : null,
      fullText: null,
    },
  }; // prettier-ignore
}
