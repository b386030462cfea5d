import { FACETS, SINGLE_FACETS } from '../../../../model/tag.js';
import { CURSOR, FILTERS, LIMIT, SORT } from '../parameters.js';
import { inPath, query, type Area } from '../route.js';
import {
  count,
  day,
  instant,
  listOf,
  object,
  oneOf,
  orNull,
  pmid,
  ref,
  text,
  textOrNull,
  truth,
  type JsonSchema,
} from '../schema.js';

const tags = object(
  Object.fromEntries(
    FACETS.map((facet) => [facet, (SINGLE_FACETS as readonly string[]).includes(facet) ? textOrNull : listOf(text)]),
  ),
  'Tags by facet; relevance null = not yet tagged',
);

const span = object({
  field: oneOf([
    'title',
    'vernacularTitle',
    'abstract',
    'otherAbstracts',
    'keywords',
    'mesh',
    'publicationTypes',
    'substances',
  ]),
  index: { type: 'integer', minimum: 0, description: 'Place in that array; 0 for titles' },
  start: { type: 'integer', minimum: 0, description: 'UTF-16 offset' },
  end: { type: 'integer', minimum: 0 },
  text,
  rule: text,
});

const facts = object({
  participants: orNull(object({ value: count, unit: oneOf(['participants', 'animals']) })),
  doses: listOf(object({ text, value: { type: 'number' }, unit: text, route: textOrNull })),
  comparator: textOrNull,
  trials: listOf(text),
  finding: textOrNull,
});

/** Members of a paper wherever one is shown whole. */
export const paperMembers = {
  pmid,
  version: { type: 'integer', minimum: 1 },
  title: text,
  vernacularTitle: textOrNull,
  abstract: listOf(object({ label: textOrNull, text })),
  otherAbstracts: listOf(object({ language: textOrNull, type: text, label: textOrNull, text })),
  authors: listOf(
    object({
      name: text,
      given: textOrNull,
      family: textOrNull,
      initials: textOrNull,
      orcid: textOrNull,
      collective: truth,
      affiliations: listOf(text),
    }),
  ),
  journal: object({
    title: text,
    iso: textOrNull,
    issn: textOrNull,
    volume: textOrNull,
    issue: textOrNull,
    pages: textOrNull,
  }),
  published: object({ text, date: { type: ['string', 'null'], description: '2024, 2024-07 or 2024-07-15' } }),
  added: { ...day, description: 'Create date in PubMed ([crdt])' },
  listedAt: { ...instant, description: 'When it became visible here' },
  late: truth,
  doi: textOrNull,
  pmcid: textOrNull,
  language: listOf(text),
  publicationTypes: listOf(text),
  substances: listOf(text),
  mesh: listOf(object({ ui: text, name: text, major: truth, qualifiers: listOf(text) })),
  keywords: listOf(text),
  tags: ref('Tags'),
  facts: ref('Facts'),
  status: object({ retracted: truth, concern: truth, corrected: truth, updated: truth, preprint: truth, gone: truth }),
  related: listOf(object({ type: text, pmid: textOrNull, text })),
  links: object({ pubmed: textOrNull, doi: textOrNull, fullText: textOrNull }),
} satisfies Record<string, JsonSchema>;

/** Papers, their evidence, and what is like them. */
export const papers: Area = {
  name: 'Papers',
  description: 'Papers with their tags, facts and links; one alone also with its evidence and revisions',
  routes: [
    {
      path: '/api/v1/papers',
      id: 'listPapers',
      summary: 'Papers, newest first',
      parameters: [...FILTERS, SORT, LIMIT, CURSOR],
      answer: { data: ref('ListedPaper'), list: true, filters: true },
      problems: [400],
    },
    {
      path: '/api/v1/papers/{pmid}',
      id: 'getPaper',
      summary: 'One paper with evidence and revisions',
      parameters: [inPath('pmid', 'PubMed identifier', text)],
      answer: { data: ref('PaperDetail') },
      problems: [400, 404],
    },
    {
      path: '/api/v1/papers/{pmid}/similar',
      id: 'listSimilarPapers',
      summary: 'Papers most like one, best first',
      description: 'By shared tags, MeSH headings and words of title and keywords; `similarity` says which.',
      parameters: [
        inPath('pmid', 'PubMed identifier', text),
        query('limit', 'How many, 1–50', { type: 'integer', minimum: 1, maximum: 50, default: 10 }),
      ],
      answer: { data: listOf(ref('SimilarPaper')) },
      problems: [400, 404],
    },
  ],
  schemas: {
    Tags: tags,
    Span: span,
    Facts: facts,
    Paper: object(paperMembers),
    ListedPaper: {
      ...object({
        ...paperMembers,
        highlights: {
          ...listOf(
            object({
              field: oneOf(['title', 'vernacularTitle', 'abstract', 'keywords', 'mesh']),
              index: { type: 'integer', minimum: 0 },
              start: { type: 'integer', minimum: 0 },
              end: { type: 'integer', minimum: 0 },
              text,
            }),
          ),
          description: 'Where the paper has the words of `q`, in the way of evidence; only with `q`',
        },
      }),
      required: Object.keys(paperMembers),
    },
    SimilarPaper: object({
      ...paperMembers,
      similarity: object({
        score: { type: 'number', minimum: 0 },
        tags: listOf(object({ facet: oneOf(FACETS), value: text, label: text })),
        mesh: listOf(text),
        words: listOf(text),
      }),
    }),
    PaperDetail: object({
      ...paperMembers,
      evidence: listOf(
        object({
          facet: oneOf(FACETS),
          tag: text,
          confidence: { type: 'number', minimum: 0, maximum: 1 },
          spans: listOf(ref('Span')),
        }),
      ),
      factEvidence: listOf(object({ fact: text, spans: listOf(ref('Span')) })),
      revisions: listOf(
        object({ at: instant, source: oneOf(['sync', 'sweep', 'import', 'tagging']), changed: listOf(text) }),
      ),
    }),
  },
};
