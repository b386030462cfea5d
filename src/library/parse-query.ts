import { tokenise } from '../store/analyse.js';
import { foldExact, type ExactKind } from '../store/paper-words.js';

/** Longer ones are refused: no reader types them, and each part costs a look-up. */
export const LONGEST_QUERY = 1000;
export const MOST_TERMS = 32;
/** A shorter beginning stands for half of all words. */
export const SHORTEST_PREFIX = 3;

/** One thing that a paper has, or must not have. */
export type Term = { not: boolean } & (
  | { kind: 'word'; stem: string; /** Also found as this. */ exact: { kind: ExactKind; value: string } | null }
  | { kind: 'prefix'; prefix: string }
  /** Raw tokens in a row; the last may be a beginning. */
  | { kind: 'phrase'; tokens: string[] }
  | { kind: 'exact'; exact: { kind: ExactKind; value: string } }
);

export interface ParsedQuery {
  terms: Term[];
  /** Why it cannot be searched for, in words for the reader; null = it can. */
  problem: string | null;
}

const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]|\p{Surrogate}/u;
const PART = /(-?)"([^"]*)"(?!\S)|(\S+)/gu;
const DOI = /^(?:https?:\/\/(?:dx\.)?doi\.org\/|doi:)?(10\.\d{4,9}\/\S+)$/iu;
const PMID_LINK = /^(?:https?:\/\/pubmed\.ncbi\.nlm\.nih\.gov\/|pmid:)(\d{1,9})\/?$/iu;
const TRIAL =
  /^(?:NCT\d{8}|ISRCTN\d{6,9}|ACTRN\d{14}p?|ChiCTR[-\w]*\d{6,}|EUCTR[-\d]+|DRKS\d{8}|jRCT\w*\d{6,}|UMIN\d{6,9}|CTRI\/\d{4}\/\d{2,3}\/\d{4,})$/iu;
const PMCID = /^PMC\d{4,9}$/iu;

/** The one identifier that a word is, which no text has to hold. */
function readIdentifier(part: string): { kind: ExactKind; value: string } | null {
  const doi = DOI.exec(part)?.[1];
  if (doi) return { kind: 'doi', value: foldExact('doi', doi.replace(/[.,;)]+$/, '')) };
  const pmid = PMID_LINK.exec(part)?.[1];
  if (pmid) return { kind: 'pmid', value: String(Number(pmid)) };
  if (PMCID.test(part)) return { kind: 'pmcid', value: foldExact('pmcid', part) };
  if (TRIAL.test(part)) return { kind: 'trial', value: foldExact('trial', part) };
  return null;
}

/** Reads one part that is not in quotes. */
function readPart(text: string, problems: string[]): Term[] {
  // a lone minus, or one within a word, is no "not"
  const not = /^-[^-\s]/u.test(text);
  const part = not ? text.slice(1) : text;
  if (part === 'AND') return [];
  const identifier = readIdentifier(part);
  if (identifier) return [{ kind: 'exact', exact: identifier, not }];
  const tokens = tokenise(part);
  const [first] = tokens;
  if (!first) return [];
  if (/\*+$/u.test(part) && tokens.length === 1) {
    if ([...first.raw].length < SHORTEST_PREFIX) {
      problems.push(
        `"${first.raw}*" stands for too many words: write at least ${SHORTEST_PREFIX} letters before the *`,
      );
      return [];
    }
    return [{ kind: 'prefix', prefix: first.raw, not }];
  }
  if (tokens.length > 1) return [{ kind: 'phrase', tokens: tokens.map(({ raw }) => raw), not }];
  if (first.stem === null) return [];
  const exact = /^[1-9]\d{0,8}$/.test(part) ? { kind: 'pmid' as const, value: part } : null;
  return [{ kind: 'word', stem: first.stem, exact, not }];
}

/**
 * Reads `q`. Nothing in it is an operator of a database: words, "phrases", -not, prefix*; everything else separates
 * words. A quotation mark without its other half is none; words of several parts (IL-6) are looked for as they stand.
 */
export function parseQuery(text: string): ParsedQuery {
  if (CONTROL.test(text))
    return { terms: [], problem: 'holds control characters or bytes that are not UTF-8; write plain text' };
  const problems: string[] = [];
  const terms: Term[] = [];
  for (const [, minus, phrase, word] of text.normalize('NFC').matchAll(PART)) {
    if (phrase === undefined) terms.push(...readPart((word ?? '').replaceAll('"', ' ').trim(), problems));
    else {
      const tokens = tokenise(phrase).map(({ raw }) => raw);
      if (tokens.length > 0) terms.push({ kind: 'phrase', tokens, not: minus === '-' });
    }
  }
  if (problems.length === 0 && terms.length === 0)
    problems.push(
      tokenise(text).length > 0
        ? 'has only words that stand in nearly every abstract; put them in "quotation marks" to look for them as a phrase'
        : 'has no words to look for',
    );
  if (terms.length > MOST_TERMS) problems.push(`has ${terms.length} words; at most ${MOST_TERMS} can be looked for`);
  return { terms, problem: problems[0] ?? null };
}

/** A PMID, DOI, PMC or trial number alone: who asks for one paper wants it whatever it is about. */
export const isIdentifier = (terms: readonly Term[]): boolean => {
  const [term, ...more] = terms;
  return (
    more.length === 0 &&
    !!term &&
    !term.not &&
    (term.kind === 'exact' || (term.kind === 'word' && term.exact !== null && term.exact.value.length >= 5))
  );
};
