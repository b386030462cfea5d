import { AppError } from '../problem.js';
import type { Paper } from '../model/paper.js';
import type { Settlement } from '../store/runs.store.js';
import type { PubmedCall, PubmedPort } from './pubmed-port.js';

/** What became of the PMIDs of one batch: each is in exactly one of the three. */
export interface FetchedBatch {
  papers: Paper[];
  excluded: { pmid: string; code: string; detail: string }[];
  /** Missing and failed ones. */
  lost: Settlement[];
}

/** A PMID counts as missing only after this many requests for it alone were answered without it. */
const SINGLE_REQUESTS = 2;

/**
 * Fetches a batch and accounts for every PMID of it. What PubMed leaves out silently is asked for again one by one.
 * @throws AppError when PubMed cannot be used at all; a problem of single records is in the answer
 */
export async function fetchBatch(
  pubmed: PubmedPort,
  pmids: readonly string[],
  call: PubmedCall,
): Promise<FetchedBatch> {
  const batch: FetchedBatch = { papers: [], excluded: [], lost: [] };
  const open = new Set(pmids);
  await take(pubmed, pmids, open, batch, call);
  // an answer without a single record is more often a hiccup than two hundred deletions
  if (open.size === pmids.length && open.size > 1) await take(pubmed, pmids, open, batch, call);
  for (const pmid of [...open]) {
    for (let request = 1; open.has(pmid) && request <= SINGLE_REQUESTS; request++)
      await take(pubmed, [pmid], open, batch, call);
    if (open.has(pmid))
      batch.lost.push({
        pmid,
        outcome: 'missing',
        code: 'not-returned',
        detail: 'PubMed lists this PMID but does not return its record; it is asked for again in each sync',
      });
  }
  return batch;
}

async function take(
  pubmed: PubmedPort,
  pmids: readonly string[],
  open: Set<string>,
  batch: FetchedBatch,
  call: PubmedCall,
): Promise<void> {
  const answer = await pubmed.fetch(pmids, call);
  for (const paper of answer.papers) if (open.delete(paper.pmid)) batch.papers.push(paper);
  for (const { pmid, code, detail } of answer.excluded)
    if (pmid !== null && open.delete(pmid)) batch.excluded.push({ pmid, code, detail });
  for (const { pmid, code, detail } of answer.unreadable) {
    if (pmid !== null && open.delete(pmid)) batch.lost.push({ pmid, outcome: 'failed', code, detail });
    // a record whose PMID cannot be read can only be the one that was asked for alone
    else if (pmid === null && pmids.length === 1 && pmids[0] !== undefined && open.delete(pmids[0]))
      batch.lost.push({ pmid: pmids[0], outcome: 'failed', code, detail });
  }
}

/** True when going on with other batches is pointless. */
export const stopsTheRun = (error: unknown): boolean =>
  !(error instanceof AppError) ||
  !['ncbi-outage', 'ncbi-timeout', 'ncbi-cut-short', 'ncbi-unreadable', 'record-unreadable'].includes(error.code);
