import type { Paper } from '../model/paper.js';
import type { Bound } from './window.js';

export interface RequestCounters {
  sent: number;
  retried: number;
}

export interface PubmedCall {
  signal: AbortSignal;
  counters: RequestCounters;
}

/** A record that cannot be a paper here, or that could not be read. */
export interface RecordProblem {
  pmid: string | null;
  code: string;
  detail: string;
}

export interface FetchedRecords {
  papers: Paper[];
  excluded: RecordProblem[];
  unreadable: RecordProblem[];
  /** Asked for and not in the answer: PubMed drops unknown and deleted PMIDs silently. */
  notReturned: string[];
}

/** What ingest wants of PubMed. */
export interface PubmedPort {
  /** Identifies the tracked query: another query means that the literature is listed anew. */
  readonly queryDigest: string;
  /** Counts the tracked query within the bounds and lists its PMIDs, at most 9,999 or `limit`; `pmids` narrows it to these. */
  list(
    bounds: readonly Bound[],
    call: PubmedCall,
    options?: { pmids?: readonly string[]; limit?: number },
  ): Promise<{ count: number; pmids: string[] }>;
  fetch(pmids: readonly string[], call: PubmedCall): Promise<FetchedRecords>;
}
