import { oneLine } from '../../escape.js';
import type { PaperView } from '../../model/paper-view.js';
import { citationOf, type CitedAuthor } from './citation.js';

/**
 * `Family, Given, Suffix`. RIS splits names at commas: one within the name of a group would make a first name of its
 * second half, so it becomes a dash.
 */
function nameOf(author: CitedAuthor): string {
  if (author.collective) return author.name.replace(/\s*,\s*/g, ' – ');
  const parts = [author.family.replace(/\s*,\s*/g, ' '), author.given, author.suffix];
  return author.suffix ? parts.join(', ') : parts.filter(Boolean).join(', ');
}

const pad = (part: number | undefined) => (part === undefined ? '' : String(part).padStart(2, '0'));

/** One paper as a RIS record, for EndNote, Zotero, Mendeley, RefWorks … */
export function renderRis(paper: PaperView): string {
  const citation = citationOf(paper);
  const { journal } = paper;
  const [year, month, day] = citation.date;
  const lines: [string, string | null | undefined][] = [
    ['TY', citation.preprint ? 'UNPB' : 'JOUR'],
    ['TI', citation.title],
    ...citation.authors.map((author): [string, string] => ['AU', nameOf(author)]),
    ['PY', year === undefined ? null : String(year)],
    ['DA', year === undefined ? null : [year, pad(month), pad(day), ''].join('/')],
    ['T2', journal.title],
    ['JO', journal.title],
    ['JA', journal.iso],
    ['VL', journal.volume],
    ['IS', journal.issue],
    ['SP', citation.pages?.first],
    ['EP', citation.pages?.last],
    ['SN', journal.issn],
    ['DO', paper.doi],
    ['AN', paper.pmid],
    ['C2', paper.pmcid],
    ['DB', 'PubMed'],
    ['LA', paper.language.join(', ')],
    ['AB', citation.abstract],
    ...citation.keywords.map((word): [string, string] => ['KW', word]),
    ...citation.notes.map((note): [string, string] => ['N1', note]),
    ['UR', citation.url],
  ];
  const written = lines
    .map(([tag, value]) => [tag, oneLine(value ?? '')] as const)
    .filter(([, value]) => value !== '')
    .map(([tag, value]) => `${tag}  - ${value}\r\n`);
  return `${written.join('')}ER  - \r\n\r\n`;
}
