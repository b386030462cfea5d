import { createRequire } from 'node:module';

/** A CSL item as the parsers of citation.js give it. */
export interface CslItem {
  type: string;
  id?: string;
  title?: string;
  author?: { family?: string; given?: string; suffix?: string; literal?: string; 'non-dropping-particle'?: string; 'dropping-particle'?: string }[]; // prettier-ignore
  issued?: { 'date-parts'?: number[][] };
  'container-title'?: string;
  'citation-key'?: string;
  DOI?: string;
  URL?: string;
  page?: string;
  volume?: string;
  issue?: string;
  abstract?: string;
  note?: string;
  keyword?: string;
}

const require = createRequire(import.meta.url);
// citation.js brings no types
const { Cite } = require('@citation-js/core') as {
  Cite: new (data: unknown, options: { forceType: string }) => { data: CslItem[] };
};
require('@citation-js/plugin-bibtex');
require('@citation-js/plugin-ris');

/** Reads a file of a reference manager with citation.js, independent of this program's writers. */
export const readCitations = (text: string, type: '@bibtex/text' | '@ris/file'): CslItem[] =>
  new Cite(text, { forceType: type }).data;

/** A MEDLINE file as PubMed's users read it: tags and values, wrapped lines joined. */
export function readNbib(text: string): Map<string, string[]>[] {
  return text
    .split(/\n\n+/)
    .filter((block) => block.trim() !== '')
    .map((block) => {
      const record = new Map<string, string[]>();
      let last: string[] | null = null;
      for (const line of block.split('\n')) {
        const field = /^([A-Z]{2,4}) {0,2}- (.*)$/.exec(line);
        if (field && line[4] === '-') {
          last = record.get(field[1]!) ?? [];
          record.set(field[1]!, last);
          last.push(field[2]!);
        } else if (line.startsWith('      ') && last) last.push(`${last.pop()} ${line.trim()}`);
        else throw new Error(`not a MEDLINE line: ${line}`);
      }
      return record;
    });
}
