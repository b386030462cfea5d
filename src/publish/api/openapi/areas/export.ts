import { FILTERS, SORT } from '../parameters.js';
import { needed, type Area } from '../route.js';
import { oneOf, text } from '../schema.js';

/** Whole results for reference managers and spreadsheets. */
export const exports: Area = {
  name: 'Export',
  description: 'Whole results for reference managers and spreadsheets',
  routes: [
    {
      path: '/api/v1/export',
      id: 'exportPapers',
      summary: 'All papers under the filters as one file',
      description:
        'Streams without paging. `csv` is UTF-8 with a byte order mark, lists joined by "; ", cells safe for spreadsheets; `ndjson` has one whole paper (schema Paper) a line.',
      parameters: [
        needed('format', 'What the file is for', oneOf(['ris', 'bibtex', 'csl', 'nbib', 'csv', 'ndjson'])),
        ...FILTERS,
        SORT,
      ],
      answer: {
        media: {
          'application/x-research-info-systems': text,
          'application/x-bibtex': text,
          'application/vnd.citationstyles.csl+json': { type: 'array', items: { type: 'object' } },
          'application/nbib': text,
          'text/csv': text,
          'application/x-ndjson': text,
        },
      },
      problems: [400],
    },
  ],
  schemas: {},
};
