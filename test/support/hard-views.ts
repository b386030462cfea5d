import type { PaperView } from '../../src/model/paper-view.js';
import { aView, authors } from './a-view.js';

const author = (given: Partial<PaperView['authors'][number]> & { name: string }): PaperView['authors'][number] => ({
  given: null,
  family: null,
  initials: null,
  orcid: null,
  collective: false,
  affiliations: [],
  ...given,
});

/** Fictional papers that break careless exports and feeds, by what is hard about them. */
export const HARD_VIEWS: Readonly<Record<string, PaperView>> = {
  plain: aView({ pmid: '90000001', doi: '10.5555/plain.1', keywords: ['ketamine', 'mood'] }),
  specialCharacters: aView({
    pmid: '90000002',
    title: 'Costs of 50% & more: $5_000 #1 {braces} ~tilde~ ^caret^ back\\slash <i>tags</i> "quotes"',
    abstract: [{ label: 'RESULTS', text: 'p < 0.05 & n = 3_000; 100% of {all} \\alpha.' }],
    doi: '10.1002/(SICI)1097-0142<1::AID_{x}>3.0.CO;2-#',
  }),
  accents: aView({
    pmid: '90000003',
    title: 'Über Kétamin, β-Rezeptoren und Ω: naïve Überprüfung 抗うつ',
    authors: [author({ name: 'Øverås Åse Þóra', family: 'Øverås', given: 'Åse Þóra', initials: 'ÅÞ' })],
  }),
  particles: aView({
    pmid: '90000004',
    authors: [
      author({ name: 'van der Berg Jan Q Jr', family: 'van der Berg', given: 'Jan Q', initials: 'JQ' }),
      author({ name: "D'Angelo Maria-José", family: "D'Angelo", given: 'Maria-José', initials: 'MJ', orcid: '0000-0001-2345-6789' }),
      author({ name: 'de la Cruz y Soto P', family: 'de la Cruz y Soto', initials: 'P' }),
    ], // prettier-ignore
  }),
  collective: aView({
    pmid: '90000005',
    authors: [...authors(1), author({ name: 'Ketamine and Mood Study Group, North and South', collective: true })],
  }),
  singleName: aView({ pmid: '90000006', authors: [author({ name: 'Suharto', family: 'Suharto' })] }),
  noAuthors: aView({ pmid: '90000007', authors: [] }),
  noDate: aView({ pmid: '90000008', published: { text: '', date: null } }),
  season: aView({ pmid: '90000009', published: { text: '2000 Spring', date: '2000' } }),
  wholeDate: aView({ pmid: '90000010', published: { text: '2024 Jul 15', date: '2024-07-15' } }),
  noTitle: aView({ pmid: '90000011', title: '', vernacularTitle: 'Кетамин при депрессии' }),
  noAbstract: aView({ pmid: '90000012', abstract: [], keywords: [], journal: { title: 'J', iso: null, issn: null, volume: null, issue: null, pages: null } }), // prettier-ignore
  formula: aView({ pmid: '90000013', title: '=HYPERLINK("http://evil.example","click")' }),
  atSign: aView({ pmid: '90000014', title: '@SUM(1+1)*cmd|\' /C calc\'!A0', facts: { finding: '-2+3 was found, "quoted", over\nlines' } }), // prettier-ignore
  markup: aView({
    pmid: '90000015',
    title: '<script>alert(1)</script> ]]> &amp; <![CDATA[x]]> \u0000\u0008\u202Egnitrever \uD800 end',
    abstract: [{ label: '<b>LABEL</b>', text: '</content></entry><img src=x onerror=alert(1)> ]]>' }],
    keywords: ['"><svg onload=alert(1)>'],
  }),
  preprint: aView({
    pmid: '90000016',
    publicationTypes: ['Preprint', 'Journal Article'],
    status: { preprint: true, updated: true },
    journal: { title: 'fictRxiv : the preprint server', iso: 'fictRxiv', issn: null, volume: null, issue: null, pages: '2026.01.02.123456' },
    related: [{ type: 'UpdateIn', pmid: '90000001', text: 'J Fict Psychiatry. 2026 Nov' }],
  }), // prettier-ignore
  retracted: aView({
    pmid: '90000017',
    status: { retracted: true },
    related: [{ type: 'RetractionIn', pmid: '90000099', text: 'J Fict Psychiatry. 2026;12(4):9' }],
    mesh: [
      { ui: 'D007649', name: 'Ketamine', major: true, qualifiers: ['therapeutic use', 'adverse effects'] },
      { ui: 'D061218', name: 'Depressive Disorder, Treatment-Resistant', major: false, qualifiers: [] },
    ],
    tags: { study: 'rct', condition: ['depression', 'treatment-resistant-depression'], species: ['human'] },
    facts: { participants: { value: 48, unit: 'participants' } },
  }),
  longWords: aView({
    pmid: '90000018',
    title: `A title with ${'x'.repeat(200)} in it`,
    abstract: [{ label: null, text: 'word '.repeat(400).trim() }],
    late: true,
  }),
  manyAuthors: aView({ pmid: '90000019', authors: authors(120) }),
  pages: aView({ pmid: '90000020', journal: { title: 'J', iso: 'J', issn: '1234-567X', volume: '402', issue: '1 Suppl', pages: '4002.e26' } }), // prettier-ignore
};
