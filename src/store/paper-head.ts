import { hash } from 'node:crypto';
import type { Paper } from '../model/paper.js';
import { firstDay } from './to-view.js';

/** The columns of a paper that are its record's own: in texts, which go from a thread to another at little cost. */
export interface PaperHead {
  pmid: string;
  version: number;
  added: string;
  /** First day of the publication date. */
  publishedOn: string | null;
  revisedOn: string | null;
  doi: string | null;
  pmcid: string | null;
  status: Paper['status'];
  /** JSON of the `Paper`. */
  record: string;
  digest: string;
}

const digestOf = (record: string) => hash('sha256', record, 'base64url').slice(0, 27);

export function paperHead(paper: Paper): PaperHead {
  const record = JSON.stringify(paper);
  return {
    pmid: paper.pmid,
    version: paper.version,
    added: paper.added,
    publishedOn: firstDay(paper.published.date),
    revisedOn: paper.revisedOn,
    doi: paper.doi?.toLowerCase() ?? null,
    pmcid: paper.pmcid,
    status: paper.status,
    record,
    digest: digestOf(record),
  };
}
