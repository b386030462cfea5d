import { hash } from 'node:crypto';
import type { Paper } from '../model/paper.js';
import type { Dialect } from './database.js';
import { textsOf, type IndexedTexts } from './paper-index.js';
import { noFacts, noTags } from '../model/tag.js';
import { firstDay, toView } from './to-view.js';

/** The columns of a paper that are its record's own. */
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

/** What is written of a paper that is new or changed. */
export interface PaperTexts {
  /** JSON of the `StoredView` of a paper that nobody has tagged, listed at no time: `listView` sets it. */
  view: string;
  index: IndexedTexts;
}

/** A record with all that follows from it alone, in texts: they go from a thread to another at little cost. */
export interface PreparedPaper extends PaperHead {
  texts: PaperTexts;
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

/** @param dialect of the database that it is for */
export const paperTexts = (paper: Paper, dialect: Dialect): PaperTexts => ({
  view: JSON.stringify(
    toView(paper, { listedAt: NO_TIME, late: false, gone: false, tags: noTags(), facts: noFacts() }),
  ),
  index: textsOf(paper, dialect),
});

export const preparePaper = (paper: Paper, dialect: Dialect): PreparedPaper => ({
  ...paperHead(paper),
  texts: paperTexts(paper, dialect),
});

const NO_TIME = 0;
const listed = (at: number) => `"listedAt":"${new Date(at).toISOString()}"`;
const UNLISTED = listed(NO_TIME);

/** A prepared view, listed at an instant. Unescaped quotes stand only around keys and values, and the key comes once. */
export const listView = (view: string, at: number): string => view.replace(UNLISTED, listed(at));
