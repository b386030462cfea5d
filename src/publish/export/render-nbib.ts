import { oneLine } from '../../escape.js';
import type { PaperView } from '../../model/paper-view.js';
import { citationOf, type CitedAuthor } from './citation.js';

/** PubMed breaks lines here; what follows is indented by six. */
const WIDTH = 87;

/** Tags of related records in NLM's MEDLINE format. */
const RELATED: Record<string, string> = {
  AssociatedDataset: 'ADIN', AssociatedPublication: 'APIN', CommentIn: 'CIN', CommentOn: 'CON',
  CorrectedandRepublishedIn: 'CRI', CorrectedandRepublishedFrom: 'CRF', ErratumIn: 'EIN', ErratumFor: 'EFR',
  ExpressionOfConcernIn: 'ECI', ExpressionOfConcernFor: 'ECF', RepublishedIn: 'RPI', RepublishedFrom: 'RPF',
  RetractionIn: 'RIN', RetractionOf: 'ROF', RetractedandRepublishedIn: 'RRI', RetractedandRepublishedFrom: 'RRF',
  UpdateIn: 'UIN', UpdateOf: 'UOF', SummaryForPatientsIn: 'SPIN', OriginalReportIn: 'ORI',
}; // prettier-ignore

/** `TAG - value` of one line, wrapped between words; a word longer than a line stays whole. */
function line(tag: string, value: string): string {
  const lines: string[] = [];
  let current = `${tag.padEnd(4)}- `;
  let empty = true;
  for (const word of value.split(' ')) {
    if (!empty && current.length + 1 + word.length > WIDTH) {
      lines.push(current);
      current = '      ';
      empty = true;
    }
    current += empty ? word : ` ${word}`;
    empty = false;
  }
  return `${[...lines, current].join('\n')}\n`;
}

/** `Bellweather JQ 3rd`, as PubMed abbreviates names. */
const shortName = (author: Extract<CitedAuthor, { collective: false }>) =>
  [author.family, author.initials, author.suffix].filter(Boolean).join(' ');

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** PubMed writes `2026 Nov 5` even where the record has `2026 11 05`; all other texts stand as they are. */
const dateText = (text: string): string =>
  oneLine(text).replace(/^(\d{4}) (0[1-9]|1[0-2])(?: 0?(\d{1,2}))?$/, (_, year: string, month: string, day?: string) =>
    [year, MONTHS[Number(month) - 1], day].filter(Boolean).join(' '),
  );

/** `J Fict Psychiatry. 2026 Nov;12(3):101-9. doi: 10.5555/x.` */
function source({ journal, published, doi }: PaperView): string {
  const issue = `${journal.volume ?? ''}${journal.issue ? `(${journal.issue})` : ''}`;
  return [
    `${journal.iso ?? journal.title}.`,
    `${dateText(published.text)}${issue ? `;${issue}` : ''}${journal.pages ? `:${journal.pages}` : ''}.`,
    ...(doi ? [`doi: ${doi}.`] : []),
  ].join(' ');
}

/** One paper in NLM's MEDLINE format, as PubMed itself saves it (`.nbib`). */
export function renderNbib(paper: PaperView): string {
  const citation = citationOf(paper);
  const { journal } = paper;
  const of = (tag: string, value: string | null | undefined): [string, string] => [tag, value ?? ''];
  const authors = paper.authors.flatMap((author, index): [string, string][] => {
    const cited = citation.authors[index];
    if (!cited) return [];
    if (cited.collective) return [['CN', cited.name]];
    return [
      of('FAU', [cited.family, [cited.given, cited.suffix].filter(Boolean).join(' ')].filter(Boolean).join(', ')),
      of('AU', shortName(cited)),
      ...(cited.orcid ? [of('AUID', `ORCID: ${cited.orcid}`)] : []),
      ...author.affiliations.map((affiliation) => of('AD', affiliation)),
    ];
  });
  const mesh = paper.mesh.map(({ name, major, qualifiers }) =>
    of('MH', `${major ? '*' : ''}${[name, ...qualifiers].join('/')}`),
  );
  const fields: [string, string][] = [
    of('PMID', paper.pmid),
    of('OWN', 'NLM'),
    of('IS', journal.issn),
    of('VI', journal.volume),
    of('IP', journal.issue),
    of('DP', dateText(paper.published.text)),
    of('TI', citation.title),
    of('PG', journal.pages),
    of('LID', paper.doi && `${paper.doi} [doi]`),
    of('AB', citation.abstract),
    ...authors,
    ...paper.language.map((code) => of('LA', code)),
    ...paper.publicationTypes.map((type) => of('PT', type)),
    of('TA', journal.iso),
    of('JT', journal.title),
    of('TT', paper.title === '' ? null : paper.vernacularTitle),
    ...paper.related.flatMap(({ type, pmid, text }) => {
      const tag = RELATED[type];
      return tag ? [of(tag, [text, pmid ? `PMID: ${pmid}` : ''].filter(Boolean).join(' '))] : [];
    }),
    ...mesh,
    ...paper.keywords.map((keyword) => of('OT', keyword)),
    of('CRDT', `${paper.added.replaceAll('-', '/')} 00:00`),
    of('AID', paper.doi && `${paper.doi} [doi]`),
    of('PMC', paper.pmcid),
    of('SO', source(paper)),
  ];
  const written = fields
    .map(([tag, value]) => [tag, oneLine(value)] as const)
    .filter(([, value]) => value !== '')
    .map(([tag, value]) => line(tag, value));
  return `${written.join('')}\n`;
}
