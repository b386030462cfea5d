import type { Paper } from '../model/paper.js';
import { AppError } from '../problem.js';
import { parseRecord, type RecordProblem } from './parse-record.js';

/** A PubmedArticleSet, every record of it accounted for. */
export interface ParsedSet {
  papers: Paper[];
  excluded: RecordProblem[];
  unreadable: RecordProblem[];
  /** PMIDs of `DeleteCitation`. */
  deleted: string[];
  /** Characters that XML or PostgreSQL cannot hold and that were replaced. */
  replaced: { nul: number; invalidUtf8: number };
}

/**
 * EFetch's answer or a PubMed file as papers. Splitting at the records first costs next to nothing, bounds memory, and
 * keeps one bad record from losing the others.
 * @throws AppError `ncbi-cut-short` when the set has no end, `ncbi-unreadable` when it is no PubmedArticleSet
 */
export function parsePapers(input: string | Uint8Array): ParsedSet {
  const { xml, replaced } = toText(input);
  const root = /<PubmedArticleSet\b[^>]*?(\/?)>/.exec(xml);
  if (!root)
    throw new AppError(
      /^\s*(<\?xml[^>]*>)?\s*(<!DOCTYPE[^>]*>)?\s*$/.test(xml) ? 'ncbi-cut-short' : 'ncbi-unreadable',
      'PubMed answered with something else than records',
    );
  const prolog = xml.slice(0, root.index);
  // an internal subset can declare entities that grow without bound, or name files
  if (/<!ENTITY|<!DOCTYPE[^>]*\[/i.test(prolog))
    throw new AppError(
      'ncbi-unreadable',
      'The records declare entities of their own, which PubMed never does; refused',
    );
  const set: ParsedSet = { papers: [], excluded: [], unreadable: [], deleted: [], replaced };
  if (root[1] === '/') return set;
  const end = xml.lastIndexOf('</PubmedArticleSet>');
  if (end < 0) throw new AppError('ncbi-cut-short', 'The records were cut short: their end is missing');

  let at = root.index + root[0].length;
  for (;;) {
    const open = nextRecord(xml, at, end);
    if (!open) break;
    const close = xml.indexOf(`</${open.name}>`, open.at);
    if (close < 0 || close > end)
      throw new AppError('ncbi-cut-short', 'The records were cut short: the end of one is missing');
    at = close + open.name.length + 3;
    const record = xml.slice(open.at, at);
    if (open.name === 'DeleteCitation')
      set.deleted.push(...[...record.matchAll(/<PMID\b[^>]*>\s*(\d{1,9})\s*<\/PMID>/g)].map((match) => match[1] ?? ''));
    else {
      const parsed = parseRecord(record);
      if (parsed.kind === 'paper') set.papers.push(parsed.paper);
      else set[parsed.kind].push({ pmid: parsed.pmid, code: parsed.code, detail: parsed.detail });
    }
  }
  return set;
}

const RECORD_NAMES = ['PubmedArticle', 'PubmedBookArticle', 'DeleteCitation'] as const;

function nextRecord(
  xml: string,
  from: number,
  end: number,
): { name: (typeof RECORD_NAMES)[number]; at: number } | null {
  for (let at = xml.indexOf('<', from); at >= 0 && at < end; at = xml.indexOf('<', at + 1)) {
    for (const name of RECORD_NAMES) {
      if (xml.startsWith(name, at + 1) && /[\s>]/.test(xml.charAt(at + 1 + name.length))) return { name, at };
    }
  }
  return null;
}

/** UTF-8 bytes to text. NUL is in no XML and PostgreSQL refuses it; both it and broken bytes become U+FFFD and are counted. */
function toText(input: string | Uint8Array): { xml: string; replaced: ParsedSet['replaced'] } {
  const text = typeof input === 'string' ? input : new TextDecoder('utf-8').decode(input);
  const nul = text.includes('\0') ? text.split('\0').length - 1 : 0;
  // a U+FFFD that the record itself holds counts too: it was a broken byte somewhere
  const invalidUtf8 = text.includes('\ufffd') ? text.split('\ufffd').length - 1 : 0;
  return { xml: nul > 0 ? text.replaceAll('\0', '\ufffd') : text, replaced: { nul, invalidUtf8 } };
}

export type { RecordProblem };
