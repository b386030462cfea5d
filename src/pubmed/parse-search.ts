import { AppError } from '../problem.js';
import { classifyAnswer, decodeEntities } from './classify-answer.js';
import { isPmid } from './query.js';

/** PubMed lists only this many records of a search, whatever it counts. */
export const SEARCH_CEILING = 9_999;

/** What was asked for, to know whether the page is whole. */
export interface SearchAsked {
  /** Place of the first wanted record, from 0. */
  retstart: number;
  /** How many are wanted. */
  retmax: number;
}

export interface SearchPage {
  /** Records that match, which may be more than can be listed (`SEARCH_CEILING`). */
  count: number;
  /** Distinct PMIDs in PubMed's order. */
  pmids: string[];
  /** PubMed listed fewer than it should have: search again before anything is built on the list. */
  short: boolean;
  /** What PubMed remarks about the words, for the log: a phrase it does not know, words it ignored. */
  warnings: string[];
  history: { webEnv: string; queryKey: string } | null;
}

/**
 * Reads an answer of ESearch, JSON (as asked for) or XML (as some errors and proxies give).
 *
 * A search without hits is an answer like any other, also with an `ErrorList`. What states no count is never taken for
 * one: it throws. A search field that PubMed does not know throws too, because PubMed then searches all fields instead.
 *
 * @throws AppError `ncbi-field-unknown`, `ncbi-unreadable`, `ncbi-cut-short`, or what `classifyAnswer` makes of an error.
 */
export function parseSearch(body: string | Uint8Array, asked: SearchAsked): SearchPage {
  const verdict = classifyAnswer('esearch', 200, {}, body, 0);
  if (!verdict.ok) throw new AppError(verdict.refusal.code, verdict.refusal.message);
  const text = (typeof body === 'string' ? body : Buffer.from(body).toString('utf8')).replace(/^\uFEFF/, '');
  const read = text.trimStart().startsWith('{') ? readJson(text) : readXml(text);

  if (read.fieldsNotFound.length > 0)
    throw new AppError(
      'ncbi-field-unknown',
      `PubMed does not know the search field ${read.fieldsNotFound.map((field) => JSON.stringify(field)).join(', ')}.`,
    );
  if (read.count === null || !/^\d{1,12}$/.test(read.count))
    throw new AppError('ncbi-unreadable', 'An answer of PubMed to a search states no count.');
  if (!read.ids.every(isPmid))
    throw new AppError('ncbi-unreadable', 'An answer of PubMed to a search lists what is no PMID.');

  const count = Number(read.count);
  const pmids = [...new Set(read.ids)];
  const due = Math.max(0, Math.min(count, SEARCH_CEILING) - asked.retstart);
  return {
    count,
    pmids,
    short: pmids.length < Math.min(due, asked.retmax),
    warnings: read.warnings,
    history: read.webEnv && read.queryKey ? { webEnv: read.webEnv, queryKey: read.queryKey } : null,
  };
}

interface Read {
  count: string | null;
  ids: string[];
  fieldsNotFound: string[];
  warnings: string[];
  webEnv: string | null;
  queryKey: string | null;
}

type Node = Record<string, unknown>;

function readJson(text: string): Read {
  const result = nodeOf(nodeOf(parseLeniently(text))['esearchresult']);
  const errors = nodeOf(result['errorlist']);
  const warnings = nodeOf(result['warninglist']);
  return {
    count: scalarOf(result['count']),
    ids: listOf(result['idlist']),
    fieldsNotFound: listOf(errors['fieldsnotfound']),
    warnings: [
      ...listOf(errors['phrasesnotfound']).map((phrase) => `PubMed finds nothing for ${phrase}`),
      ...listOf(warnings['quotedphrasesnotfound']).map((phrase) => `PubMed does not know the phrase ${phrase}`),
      ...listOf(warnings['phrasesignored']).map((phrase) => `PubMed ignores ${phrase}`),
      ...listOf(warnings['outputmessages']),
    ],
    webEnv: scalarOf(result['webenv']),
    queryKey: scalarOf(result['querykey']),
  };
}

/** JSON as ESearch writes it: with raw line breaks inside strings, which `JSON.parse` refuses. */
function parseLeniently(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const escaped = text.replace(/"(?:[^"\\]|\\[\s\S])*"/g, (string) =>
      string.replace(/[\u0000-\u001f]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`),
    );
    try {
      return JSON.parse(escaped);
    } catch {
      throw new AppError('ncbi-unreadable', 'An answer of PubMed to a search is no JSON.');
    }
  }
}

/**
 * The XML of ESearch is flat and small: read by its tags, nothing is expanded or nested. The first `Count` is the
 * answer's; others belong to its `TranslationStack`.
 */
function readXml(text: string): Read {
  const all = (tag: string, within = text) =>
    [...within.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, 'g'))].map(([, inner]) =>
      decodeEntities(inner ?? '').trim(),
    );
  const block = (tag: string) => new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(text)?.[1] ?? '';
  const errors = block('ErrorList');
  const warnings = block('WarningList');
  return {
    count: all('Count')[0] ?? null,
    ids: all('Id', block('IdList')),
    fieldsNotFound: all('FieldNotFound', errors),
    warnings: [
      ...all('PhraseNotFound', errors).map((phrase) => `PubMed finds nothing for ${phrase}`),
      ...all('QuotedPhraseNotFound', warnings).map((phrase) => `PubMed does not know the phrase ${phrase}`),
      ...all('PhraseIgnored', warnings).map((phrase) => `PubMed ignores ${phrase}`),
      ...all('OutputMessage', warnings),
    ],
    webEnv: all('WebEnv')[0] ?? null,
    queryKey: all('QueryKey')[0] ?? null,
  };
}

function nodeOf(value: unknown): Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {};
}

function scalarOf(value: unknown): string | null {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
}

/** Lists of one item may come as the item alone. */
function listOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map((item) => scalarOf(item) ?? '').filter((item) => item !== '');
  const single = scalarOf(value);
  return single === null || single === '' ? [] : [single];
}
