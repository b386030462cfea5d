import { oneLine } from '../../escape.js';
import type { PaperView } from '../../model/paper-view.js';
import { citationOf, type CitedAuthor } from './citation.js';

const COMMANDS: Record<string, string> = {
  '\\': '{\\textbackslash}',
  '{': '{\\textbraceleft}',
  '}': '{\\textbraceright}',
  '~': '{\\textasciitilde}',
  '^': '{\\textasciicircum}',
  '<': '{\\textless}',
  '>': '{\\textgreater}',
};

/** Everything that TeX would take as a command. Braces become commands: `\{` still counts when BibTeX matches braces. */
const escapeTex = (text: string): string =>
  oneLine(text)
    .replace(/[\\{}~^<>]/g, (character) => COMMANDS[character] ?? character)
    .replace(/[#$%&_]/g, '\\$&');

/** Keeps capitals that styles would lower: abbreviations and names such as PTSD, NMDA, mTOR. */
const escapeTitle = (text: string): string =>
  oneLine(text)
    .split(' ')
    .map((word) => (/\p{L}.*\p{Lu}|^\P{L}*\p{Lu}\P{L}*\d/u.test(word) ? `{${escapeTex(word)}}` : escapeTex(word)))
    .join(' ');

/** Group names stand in braces of their own, so that an "and" in them does not make two authors. */
function nameOf(author: CitedAuthor): string {
  if (author.collective) return `{${escapeTex(author.name)}}`;
  const family = /,|\band\b/.test(author.family) ? `{${escapeTex(author.family)}}` : escapeTex(author.family);
  const given = /\band\b/.test(author.given) ? `{${escapeTex(author.given)}}` : escapeTex(author.given);
  if (author.suffix) return `${family}, ${escapeTex(author.suffix)}, ${given}`;
  // a single name without a given one would be read as words of one
  return given === '' ? `{${escapeTex(author.family)}}` : `${family}, ${given}`;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** ASCII, and unique by its PMID, so that the key of a paper is the same in every export. */
function keyOf(paper: PaperView, author: CitedAuthor | undefined, year: number | undefined): string {
  const name = author === undefined ? '' : author.collective ? author.name : author.family;
  const plain = name
    .normalize('NFKD')
    .replace(/[^A-Za-z]/g, '')
    .slice(0, 24);
  return `${plain || 'anonymous'}${year ?? ''}_${paper.pmid}`;
}

/** Addresses are read verbatim; only braces would end the field. */
const verbatim = (text: string) => oneLine(text).replace(/[{}\\]/g, (character) => encodeURIComponent(character));

/** One paper as a BibTeX entry in UTF-8. */
export function renderBibtex(paper: PaperView): string {
  const citation = citationOf(paper);
  const { journal } = paper;
  const [year, month] = citation.date;
  const pages = citation.pages && (citation.pages.last ? `${citation.pages.first}--${citation.pages.last}` : citation.pages.first); // prettier-ignore
  const fields: [string, string | null | undefined][] = [
    ['author', citation.authors.map(nameOf).join(' and ')],
    ['title', escapeTitle(citation.title)],
    [citation.preprint ? 'howpublished' : 'journal', escapeTex(journal.title)],
    ['year', year === undefined ? null : String(year)],
    ['volume', escapeTex(journal.volume ?? '')],
    ['number', escapeTex(journal.issue ?? '')],
    ['pages', pages && escapeTex(pages)],
    ['issn', journal.issn],
    ['doi', paper.doi && verbatim(paper.doi)],
    ['pmid', paper.pmid],
    ['pmcid', paper.pmcid],
    ['url', citation.url && verbatim(citation.url)],
    ['language', paper.language.join(', ')],
    // commas part keywords: one within a MeSH heading goes
    ['keywords', citation.keywords.map((word) => escapeTex(word.replace(/\s*,\s*/g, ' '))).join(', ')],
    ['note', escapeTex([...(citation.preprint ? ['Preprint'] : []), ...citation.notes].join('. '))],
    ['abstract', escapeTex(citation.abstract)],
  ];
  const written = fields.filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}},\n`);
  const name = month === undefined ? undefined : MONTHS[month - 1];
  if (name) written.splice(4, 0, `  month = ${name},\n`);
  return `@${citation.preprint ? 'misc' : 'article'}{${keyOf(paper, citation.authors[0], year)},\n${written.join('')}}\n\n`;
}
