import type { Paper } from '../model/paper.js';
import { AppError } from '../problem.js';
import type { Refusal } from './classify-answer.js';
import type { ParsedSet, RecordProblem } from './parse-papers.js';
import { isPmid } from './query.js';

/** What became of the PMIDs of a fetch; each stands in exactly one of the lists. */
export interface FetchResult extends ParsedSet {
  /** Asked for and not in the answer: PubMed drops unknown and deleted PMIDs silently. */
  notReturned: string[];
  /** PubMed would not give these, whatever was tried; the others of the batch are here. */
  failed: { pmid: string; code: Refusal['code']; detail: string }[];
  /** Of all answers, decompressed. */
  bytes: number;
}

interface Part {
  ids: string[];
  /** Asked for before, as part of a larger batch. */
  isHalf: boolean;
}

type AskPart = (
  ids: readonly string[],
  part: { isHalf: boolean },
) => Promise<{ ok: true; value: { set: ParsedSet; bytes: number } } | { ok: false; refusal: Refusal }>;

/** So many smallest parts that fail in a row are an outage, not bad records. */
const FAILURES_OF_AN_OUTAGE = 3;

/**
 * Fetches PMIDs in one batch, and in ever smaller ones where that fails: a service that is overloaded manages a
 * smaller batch, and a record that it cannot give is found and does not take the others with it.
 *
 * @param ask asks for a part until it is answered or given up
 * @param deadline the error with which `ask` ends when the time is over: what has been fetched by then is kept
 * @throws AppError when nothing was fetched, and what `ask` throws
 */
export async function fetchInParts(pmids: readonly string[], ask: AskPart, deadline: AppError): Promise<FetchResult> {
  const result: FetchResult = {
    papers: [],
    excluded: [],
    unreadable: [],
    deleted: [],
    replaced: { nul: 0, invalidUtf8: 0 },
    notReturned: [],
    failed: [],
    bytes: 0,
  };
  for (const pmid of pmids)
    if (!isPmid(pmid)) throw new AppError('unknown-value', `${JSON.stringify(pmid)} is not a PMID.`);
  const parts: Part[] = pmids.length === 0 ? [] : [{ ids: [...new Set(pmids)], isHalf: false }];
  let answers = 0;
  let failuresInARow = 0;

  const giveUp = (error: AppError, unasked: readonly string[]): FetchResult => {
    if (answers === 0) throw error;
    const rest = [...unasked, ...parts.flatMap((part) => part.ids)];
    result.failed.push(...rest.map((pmid) => ({ pmid, code: error.code as Refusal['code'], detail: error.message })));
    return result;
  };

  for (let part = parts.shift(); part; part = parts.shift()) {
    const { ids } = part;
    const outcome = await ask(ids, part).catch((error: unknown) => {
      if (error === deadline) return null;
      throw error;
    });
    if (outcome === null) return giveUp(deadline, ids);
    if (outcome.ok) {
      answers++;
      failuresInARow = 0;
      add(result, ids, outcome.value.set, outcome.value.bytes);
      continue;
    }
    const { refusal } = outcome;
    const error = new AppError(refusal.code, refusal.message);
    if (refusal.halve === 'no') return giveUp(error, ids);
    if (ids.length > 1) {
      const middle = Math.ceil(ids.length / 2);
      parts.unshift({ ids: ids.slice(0, middle), isHalf: true }, { ids: ids.slice(middle), isHalf: true });
      continue;
    }
    failuresInARow++;
    const isOutage = failuresInARow >= (answers === 0 ? 2 : FAILURES_OF_AN_OUTAGE);
    if (isOutage || pmids.length === 1) return giveUp(error, ids);
    result.failed.push({ pmid: ids[0]!, code: refusal.code, detail: refusal.message });
  }
  return result;
}

/** Takes what was asked for out of an answer, and accounts for what is not in it. */
function add(result: FetchResult, asked: readonly string[], set: ParsedSet, bytes: number): void {
  const open = new Set(asked);
  const take = (pmid: string) => open.delete(pmid);
  result.bytes += bytes;
  result.replaced.nul += set.replaced.nul;
  result.replaced.invalidUtf8 += set.replaced.invalidUtf8;
  const newest = new Map<string, Paper>();
  for (const paper of set.papers)
    if (paper.version >= (newest.get(paper.pmid)?.version ?? 0)) newest.set(paper.pmid, paper);
  for (const paper of newest.values()) if (take(paper.pmid)) result.papers.push(paper);
  for (const record of set.excluded) if (record.pmid !== null && take(record.pmid)) result.excluded.push(record);
  const nameless: RecordProblem[] = [];
  for (const record of set.unreadable) {
    if (record.pmid === null) nameless.push(record);
    else if (take(record.pmid)) result.unreadable.push(record);
  }
  for (const pmid of set.deleted) if (take(pmid)) result.deleted.push(pmid);
  // A record whose own number cannot be read is the one that is left, when only one is; else its number stays unknown.
  for (const record of nameless) {
    const [only] = open.size === 1 ? open : [];
    if (only !== undefined) open.delete(only);
    result.unreadable.push({ ...record, pmid: only ?? null });
  }
  result.notReturned.push(...open);
}
