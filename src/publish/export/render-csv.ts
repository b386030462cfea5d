import { oneLine } from '../../escape.js';
import type { PaperView } from '../../model/paper-view.js';
import { titleOf } from './citation.js';

const joined = (values: readonly string[]) => values.join('; ');

const STATES = ['retracted', 'concern', 'corrected', 'updated', 'preprint', 'gone'] as const;

/** Columns in their order, and what stands in them. */
const COLUMNS: readonly (readonly [string, (paper: PaperView) => string | null])[] = [
  ['pmid', (paper) => paper.pmid],
  ['title', titleOf],
  ['authors', (paper) => joined(paper.authors.map(({ name }) => name))],
  ['journal', (paper) => paper.journal.title],
  ['published', (paper) => paper.published.date ?? paper.published.text],
  ['added', (paper) => paper.added],
  ['doi', (paper) => paper.doi],
  ['pmcid', (paper) => paper.pmcid],
  ['study', (paper) => paper.tags.study],
  ['relevance', (paper) => paper.tags.relevance],
  ['condition', (paper) => joined(paper.tags.condition)],
  ['direction', (paper) => joined(paper.tags.direction)],
  ['route', (paper) => joined(paper.tags.route)],
  ['compound', (paper) => joined(paper.tags.compound)],
  ['mechanism', (paper) => joined(paper.tags.mechanism)],
  ['safety', (paper) => joined(paper.tags.safety)],
  ['care', (paper) => joined(paper.tags.care)],
  ['species', (paper) => joined(paper.tags.species)],
  ['population', (paper) => joined(paper.tags.population)],
  ['participants', (paper) => (paper.facts.participants === null ? null : String(paper.facts.participants.value))],
  ['finding', (paper) => paper.facts.finding],
  ['status', (paper) => joined(STATES.filter((state) => paper.status[state]))],
  ['url', (paper) => paper.links.pubmed],
];

/**
 * A cell that a spreadsheet shows as it is. A text that begins like a formula would be run when the file is opened, so
 * an apostrophe goes before it (OWASP, CSV injection).
 */
function cell(value: string | null): string {
  const text = oneLine(value ?? '');
  const safe = /^[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) || safe !== text ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** UTF-8 with a byte order mark: spreadsheets take it for an older encoding otherwise. */
export const CSV_HEAD = `\uFEFF${COLUMNS.map(([name]) => name).join(',')}\r\n`;

export const renderCsvRow = (paper: PaperView): string =>
  `${COLUMNS.map(([, read]) => cell(read(paper))).join(',')}\r\n`;
