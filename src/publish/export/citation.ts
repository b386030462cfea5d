import { oneLine } from '../../escape.js';
import type { PaperView } from '../../model/paper-view.js';

/** What every format of reference managers says of a paper, read from its view once. */
export interface Citation {
  preprint: boolean;
  title: string;
  authors: CitedAuthor[];
  /** Year, month and day as far as they are known; empty when not even the year is. */
  date: number[];
  /** First and last page, the last written out in full (`101-9` → 101, 109); null = pages that are no plain range. */
  pages: { first: string; last: string | null } | null;
  abstract: string;
  /** Keywords of the authors and MeSH headings, each once. */
  keywords: string[];
  /** Corrections that whoever cites the paper has to know; empty = none. */
  notes: string[];
  url: string | null;
}

export type CitedAuthor =
  | { collective: true; name: string }
  | { collective: false; family: string; given: string; suffix: string; initials: string; orcid: string | null };

/** A title, whatever the record has of one. */
export const titleOf = (paper: PaperView): string =>
  oneLine(paper.title) || oneLine(paper.vernacularTitle ?? '') || `[No title: PMID ${paper.pmid}]`;

function authorOf(author: PaperView['authors'][number]): CitedAuthor {
  const name = oneLine(author.name);
  const family = oneLine(author.family ?? '');
  if (author.collective || family === '') return { collective: true, name };
  const given = oneLine(author.given ?? author.initials ?? '');
  // the display name is "Family Given Suffix", and nothing else tells the suffix
  const plain = [family, given].filter(Boolean).join(' ');
  const suffix = name.startsWith(`${plain} `) ? name.slice(plain.length + 1) : '';
  return {
    collective: false,
    family,
    given,
    suffix,
    initials: oneLine(author.initials ?? ''),
    orcid: author.orcid,
  };
}

/** `101-9` → 101 and 109, `S12-5` → S12 and S15; `4002.e26` and lists of ranges stay one text. */
export function readPages(text: string | null): Citation['pages'] {
  const pages = oneLine(text ?? '');
  if (pages === '') return null;
  const range = /^([^\s,;-]+)\s*[-–]\s*([^\s,;-]+)$/.exec(pages);
  if (!range?.[1] || !range[2]) return { first: pages, last: null };
  const [, first, end] = range;
  const [, letters = '', digits = ''] = /^([A-Za-z]*)(\d+)$/.exec(first) ?? [];
  if (digits === '' || !/^\d+$/.test(end)) return { first, last: end };
  return {
    first,
    last: letters + (end.length < digits.length ? digits.slice(0, digits.length - end.length) : '') + end,
  };
}

const NOTES: readonly (readonly [keyof PaperView['status'], string, string])[] = [
  ['retracted', 'Retracted publication', 'RetractionIn'],
  ['concern', 'Expression of concern', 'ExpressionOfConcernIn'],
  ['corrected', 'Erratum published', 'ErratumIn'],
  ['updated', 'A newer version exists', 'UpdateIn'],
  ['gone', 'No longer in PubMed', ''],
];

function notesOf({ status, related }: PaperView): string[] {
  return NOTES.filter(([state]) => status[state]).map(([, words, type]) => {
    const notices = related
      .filter((record) => record.type === type)
      .map(({ text, pmid }) => [oneLine(text), pmid ? `PMID ${pmid}` : ''].filter(Boolean).join(' '))
      .filter(Boolean);
    return notices.length > 0 ? `${words}: ${notices.join('; ')}` : words;
  });
}

export const abstractOf = (paper: PaperView): string =>
  paper.abstract
    .map(({ label, text }) => (label ? `${oneLine(label)}: ${oneLine(text)}` : oneLine(text)))
    .filter(Boolean)
    .join(' ');

export function citationOf(paper: PaperView): Citation {
  const keywords = [...paper.keywords, ...paper.mesh.map(({ name }) => name)].map(oneLine).filter(Boolean);
  const known = new Set<string>();
  return {
    preprint: paper.status.preprint,
    title: titleOf(paper),
    authors: paper.authors.map(authorOf).filter((author) => !author.collective || author.name !== ''),
    date: (paper.published.date ?? '').split('-').filter(Boolean).map(Number),
    pages: readPages(paper.journal.pages),
    abstract: abstractOf(paper),
    keywords: keywords.filter((word) => !known.has(word.toLowerCase()) && known.add(word.toLowerCase())),
    notes: notesOf(paper),
    url: paper.links.doi ?? paper.links.pubmed,
  };
}
