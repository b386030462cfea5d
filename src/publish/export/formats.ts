import type { PaperView } from '../../model/paper-view.js';
import { renderBibtex } from './render-bibtex.js';
import { renderCsl } from './render-csl.js';
import { CSV_HEAD, renderCsvRow } from './render-csv.js';
import { renderNbib } from './render-nbib.js';
import { renderRis } from './render-ris.js';

export const EXPORT_FORMATS = ['ris', 'bibtex', 'csl', 'nbib', 'csv', 'ndjson'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** How papers become a file: what stands before, between and after them, and each of them. */
export interface Rendering {
  mediaType: string;
  extension: string;
  before: string;
  between: string;
  after: string;
  render: (paper: PaperView) => string;
}

const rendering = (
  mediaType: string,
  extension: string,
  render: Rendering['render'],
  around: Partial<Pick<Rendering, 'before' | 'between' | 'after'>> = {},
): Rendering => ({ mediaType, extension, render, before: '', between: '', after: '', ...around });

export const RENDERINGS: Readonly<Record<ExportFormat, Rendering>> = {
  ris: rendering('application/x-research-info-systems; charset=utf-8', 'ris', renderRis),
  bibtex: rendering('application/x-bibtex; charset=utf-8', 'bib', renderBibtex),
  csl: rendering('application/vnd.citationstyles.csl+json; charset=utf-8', 'json', renderCsl, {
    before: '[\n',
    between: ',\n',
    after: '\n]\n',
  }),
  nbib: rendering('application/nbib; charset=utf-8', 'nbib', renderNbib),
  csv: rendering('text/csv; charset=utf-8; header=present', 'csv', renderCsvRow, { before: CSV_HEAD }),
  ndjson: rendering('application/x-ndjson; charset=utf-8', 'ndjson', (paper) => `${JSON.stringify(paper)}\n`),
};
