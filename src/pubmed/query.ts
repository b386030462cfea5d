import type { TaxonomyQuery } from '../model/taxonomy.js';
import { AppError } from '../problem.js';

/**
 * One bound of a search. Days are PubMed's calendar days (US Eastern), `YYYY-MM-DD`, both inclusive; PMIDs for `uid`.
 * `to` null leaves the end open.
 *
 * The fields, and what they are in a record (the names mislead):
 * `crdt` = `PubMedPubDate[@PubStatus='entrez']`, the day the record was added; `edat` = `'pubmed'`, which is the day of
 * publication for late records; `mhda` = `'medline'`; `lr` = `DateRevised`; `dp` = `PubDate`.
 */
export interface Constraint {
  field: 'crdt' | 'lr' | 'mhda' | 'edat' | 'dp' | 'uid';
  from: string;
  to: string | null;
}

/** PubMed's own way to write an open end: a year that no record reaches. Today's date here is not today's date there. */
const OPEN_YEAR = '3000';
/** PMIDs have eight digits; ten leave room. */
const OPEN_PMID = '9999999999';
/** PubMed ignores the asterisk of a shorter root and looks for the root alone. */
const SHORTEST_ROOT = 4;

/**
 * The PubMed search term for a taxonomy's query within bounds, for instance
 * `(dormido*[tiab] OR "Dormidol"[mh]) AND 2024/01/01:3000[crdt]`.
 *
 * Exclusions are taken only from the text words: a record that NLM indexed with the drug's heading or substance is
 * found whatever else its text says. `pmids` narrows the search to these records; `query` null leaves only that and
 * the bounds. Date bounds stand in the term, because `datetype=crdt` as a parameter is not documented.
 *
 * PMID ranges (`1:20000[uid]`): NLM documents `[uid]` as the tag of PMIDs, and `:` as Entrez's range operator, but not
 * the two together for PubMed. Public programs page beyond 10,000 hits with exactly `… AND 1:7500[UID]`
 * (github.com/shivam221098/pubmed-api-v1, published as `pubmed-api` on PyPI); EDirect leaves it to its program
 * `ecollect`, whose source was not at hand. So whoever slices by PMID checks that the parts' counts add up to the
 * whole's, and slices by another date where they do not.
 *
 * @throws AppError `invalid-taxonomy` for a word that cannot be searched for, `invalid-date` and `unknown-value` for bounds.
 */
export function buildTerm(query: TaxonomyQuery | null, constraints: readonly Constraint[], pmids?: readonly string[]) {
  const parts: string[] = [];
  if (query) parts.push(drugTerm(query));
  for (const constraint of constraints) parts.push(rangeTerm(constraint));
  if (pmids) parts.push(pmidTerm(pmids));
  if (parts.length === 0) throw new AppError('unknown-value', 'A search needs words, a range or PMIDs.');
  return parts.join(' AND ');
}

function drugTerm(query: TaxonomyQuery): string {
  const words = query.words.map((word) => tagged(word, 'tiab'));
  const indexed = [
    ...query.mesh.map((name) => tagged(name, 'mh')),
    ...query.substances.map((name) => tagged(name, 'nm')),
  ];
  if (words.length + indexed.length === 0)
    throw new AppError('invalid-taxonomy', 'The query names no words, no MeSH heading and no substance to search for.');
  const excluded = query.exclude.map((word) => tagged(word, 'tiab'));
  if (words.length === 0 || excluded.length === 0) return `(${[...words, ...indexed].join(' OR ')})`;
  const fromWords = `((${words.join(' OR ')}) NOT (${excluded.join(' OR ')}))`;
  return indexed.length === 0 ? fromWords : `(${[fromWords, ...indexed].join(' OR ')})`;
}

/**
 * Why PubMed cannot be asked for this word, or null. Quotes and square brackets would end the phrase or bring a field
 * tag of their own; other signs are none of PubMed's index and would silently change the search.
 */
export function refuseWord(word: string): string | null {
  const clean = word.normalize('NFC').trim();
  if (clean === '') return 'is empty';
  if (clean.length > 200) return 'is longer than 200 characters';
  const root = clean.endsWith('*') ? clean.slice(0, -1) : clean;
  if (!/^[\p{L}\p{N}\p{M} ,.'’/()+-]+$/u.test(root))
    return "may hold only letters, digits, spaces and , . ' / ( ) + -, and one * at its end";
  if (!/[\p{L}\p{N}]/u.test(root)) return 'holds no letter or digit';
  if (root !== clean && root.trim().length < SHORTEST_ROOT)
    return `is too short to be truncated: at least ${SHORTEST_ROOT} characters before the *`;
  return null;
}

function tagged(word: string, field: 'tiab' | 'mh' | 'nm'): string {
  const refusal = refuseWord(word);
  if (refusal !== null) throw new AppError('invalid-taxonomy', `The search word ${JSON.stringify(word)} ${refusal}.`);
  const clean = word.normalize('NFC').trim().replace(/\s+/g, ' ');
  // A truncated single word is written bare, the form that PubMed documents; everything else is a quoted phrase.
  return /^[\p{L}\p{N}]+\*$/u.test(clean) ? `${clean}[${field}]` : `"${clean}"[${field}]`;
}

function rangeTerm({ field, from, to }: Constraint): string {
  if (field === 'uid') {
    const [low, high] = [from, to ?? OPEN_PMID].map(pmidOf) as [string, string];
    if (BigInt(low) > BigInt(high)) throw new AppError('unknown-value', `The PMID range ${low}–${high} is empty.`);
    return `${low}:${high}[uid]`;
  }
  const low = dayOf(from);
  const high = to === null ? OPEN_YEAR : dayOf(to);
  if (low > high) throw new AppError('invalid-date', `The range ${from} to ${to} ends before it begins.`);
  return `${low}:${high}[${field}]`;
}

function dayOf(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day)
    throw new AppError('invalid-date', `${JSON.stringify(day)} is not a day written as YYYY-MM-DD.`);
  return day.replaceAll('-', '/');
}

function pmidTerm(pmids: readonly string[]): string {
  if (pmids.length === 0) throw new AppError('unknown-value', 'A search for PMIDs needs at least one.');
  return `(${pmids.map((pmid) => `${pmidOf(pmid)}[uid]`).join(' OR ')})`;
}

function pmidOf(pmid: string): string {
  if (!isPmid(pmid)) throw new AppError('unknown-value', `${JSON.stringify(pmid)} is not a PMID.`);
  return pmid;
}

/** PMIDs are text: digits without a leading zero. */
export function isPmid(text: string): boolean {
  return /^[1-9]\d{0,9}$/.test(text);
}
