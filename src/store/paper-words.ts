import { hash } from 'node:crypto';
import type { Author, Paper } from '../model/paper.js';
import { eachWord, foldValue, makeRoom, type CountedWord } from './analyse.js';

/** What `q` looks into, by weight: title · keywords and MeSH · abstract · authors and journal. */
export const TEXT_FIELDS = ['title', 'keywords', 'abstract', 'names'] as const;
export type TextFieldName = (typeof TEXT_FIELDS)[number];

/** PostgreSQL keeps positions up to 16,383 and 256 of one word: longer texts are cut alike on both databases. */
const LONGEST: Record<TextFieldName, number> = { title: 500, keywords: 2500, abstract: 8000, names: 5000 };
const MOST_REPEATS = 250;

/** Stands where one item of a field ends, so that no phrase crosses it. No text has it. */
export const GAP = '§';

/** What is compared whole. The letter keeps a journal apart from an author of the same name. */
export const EXACT_KINDS = {
  pmid: 'i',
  doi: 'd',
  pmcid: 'c',
  trial: 't',
  journal: 'j',
  author: 'a',
  language: 'l',
  publicationType: 'p',
  mesh: 'm',
} as const;
export type ExactKind = keyof typeof EXACT_KINDS;

/** One token for a whole value: no word can be equal to it. */
export const exactToken = (kind: ExactKind, value: string): string =>
  `${GAP}${EXACT_KINDS[kind]}${hash('sha256', value, 'hex').slice(0, 16)}`;

/** How a value of a kind is made comparable; query and record go through it. */
export const foldExact = (kind: ExactKind, value: string): string =>
  kind === 'doi' || kind === 'trial' || kind === 'pmcid' || kind === 'pmid'
    ? value.trim().toLowerCase()
    : kind === 'author'
      ? foldAuthor(value)
      : foldValue(value);

/** `Smith J.A.` and `smith ja` are one; so is a name of several words. */
const foldAuthor = (name: string): string => foldValue(name).replace(/(?<= \p{L}) (?=\p{L}( |$))/gu, '');

/** Everything by which a paper is found, as tokens. */
export interface PaperWords {
  /** As written, in order, with gaps; for phrases and prefixes. */
  raw: Record<TextFieldName, string[]>;
  /** Stems, each once. */
  stems: Record<TextFieldName, string[]>;
  exact: string[];
  /** How many words are beyond the limits and are not looked at. */
  cut: number;
}

/** Papers and fields read so far: by these numbers a word's counts are told to be of this one. */
let papersRead = 0;
let fieldsRead = 0;

/** Reads a record's words. */
export function paperWords(paper: Paper): PaperWords {
  makeRoom();
  const number = ++papersRead;
  let cut = 0;
  const read = (field: TextFieldName, items: readonly (string | null)[]) => {
    const fieldNumber = ++fieldsRead;
    const longest = LONGEST[field];
    const raw: string[] = [];
    const stems: string[] = [];
    const take = (word: CountedWord) => {
      if (raw.length >= longest) {
        cut++;
        return;
      }
      if (word.paper !== number) {
        word.paper = number;
        word.seen = 0;
      }
      word.seen++;
      if (word.seen > MOST_REPEATS) cut++;
      raw.push(word.seen > MOST_REPEATS ? GAP : word.raw);
      const { root } = word;
      if (root === null || root.field === fieldNumber) return;
      root.field = fieldNumber;
      stems.push(root.text);
    };
    for (const item of items) {
      if (!item) continue;
      if (raw.length > 0) raw.push(GAP);
      eachWord(item, take);
    }
    return { raw, stems };
  };
  const { journal } = paper;
  const fields: Record<TextFieldName, { raw: string[]; stems: string[] }> = {
    title: read('title', [paper.title, paper.vernacularTitle]),
    keywords: read('keywords', [...paper.keywords.map(({ text }) => text), ...paper.mesh.map(({ name }) => name)]),
    abstract: read(
      'abstract',
      paper.abstract.map(({ text }) => text),
    ),
    names: read('names', [journal.title, journal.iso, ...validAuthors(paper).map(({ name }) => name)]),
  };
  const pick = <K extends 'raw' | 'stems'>(part: K) =>
    Object.fromEntries(TEXT_FIELDS.map((field) => [field, fields[field][part]])) as Record<TextFieldName, string[]>;
  return { raw: pick('raw'), stems: pick('stems'), exact: exactTokens(paper), cut };
}

const validAuthors = (paper: Paper) => paper.authors.filter((author) => author.valid);

/** `Smith JA` is found by its family name and by every beginning of the initials; a group by its whole name. */
function authorKeys({ name, family, initials, collective }: Author): string[] {
  if (collective || family === null) return [foldAuthor(name)];
  const base = foldValue(family);
  const letters = foldValue(initials ?? '').replaceAll(' ', '');
  return [base, ...Array.from(letters, (_, index) => `${base} ${letters.slice(0, index + 1)}`)];
}

function exactTokens(paper: Paper): string[] {
  const { journal } = paper;
  const values: [ExactKind, (string | null)[]][] = [
    ['pmid', [paper.pmid]],
    ['doi', [paper.doi]],
    ['pmcid', [paper.pmcid]],
    ['trial', paper.trials],
    ['journal', [journal.title, journal.iso, journal.medline, journal.issn, journal.issnLinking]],
    ['language', paper.language],
    ['publicationType', paper.publicationTypes.map(({ name }) => name)],
    ['mesh', paper.mesh.flatMap(({ ui, name }) => [ui, name])],
  ];
  const tokens = new Set<string>();
  for (const [kind, list] of values)
    for (const value of list) {
      const token = value ? tokenOf(kind, value) : null;
      if (token !== null) tokens.add(token);
    }
  for (const key of validAuthors(paper).flatMap(authorKeys)) if (key !== '') tokens.add(exactToken('author', key));
  return [...tokens];
}

/** Of what papers have in common. */
const commonTokens = new Map<string, string | null>();
const KEPT_TOKENS = 20_000;
const IS_COMMON: ReadonlySet<ExactKind> = new Set(['journal', 'language', 'publicationType', 'mesh']);

/** The token of a value as it stands in a record; null when nothing of it can be compared. */
function tokenOf(kind: ExactKind, value: string): string | null {
  if (!IS_COMMON.has(kind)) return makeToken(kind, value);
  const key = EXACT_KINDS[kind] + value;
  let token = commonTokens.get(key);
  if (token === undefined) {
    token = makeToken(kind, value);
    if (commonTokens.size >= KEPT_TOKENS) commonTokens.clear();
    commonTokens.set(key, token);
  }
  return token;
}

function makeToken(kind: ExactKind, value: string): string | null {
  const folded = foldExact(kind, value);
  return folded === '' ? null : exactToken(kind, folded);
}
