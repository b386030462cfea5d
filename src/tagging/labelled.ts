import type { Facet } from '../model/tag.js';
import { FACETS } from '../model/tag.js';
import type { Taggable } from '../model/taggable.js';
import { AppError } from '../problem.js';
import type { FactLabels } from './facts/score-facts.js';

/** A paper with the tags that a reader gave. */
export interface LabelledPaper {
  paper: Taggable;
  /** Tags by facet; single facets have one or none. A facet that nobody labelled is absent. */
  labels: Partial<Record<Facet, string[]>>;
  /** Null where nobody noted any. */
  facts: FactLabels | null;
}

/**
 * Reads a labelled record: the fields of `tag --input` plus `labels` (facet → value or list of values) and, where a
 * reader noted them, `facts` (`FactLabels`).
 * @param line one line of JSON
 * @throws AppError `record-unreadable`
 */
export function parseLabelled(line: string): LabelledPaper {
  const record = asRecord(parseJson(line), 'record');
  const labels: LabelledPaper['labels'] = {};
  const given = asRecord(record.labels ?? {}, 'labels');
  for (const facet of FACETS) {
    const value = given[facet];
    if (value === undefined) continue;
    const values = (Array.isArray(value) ? value : [value]) as unknown[];
    labels[facet] = values.filter((tag): tag is string => typeof tag === 'string' && tag !== '');
  }
  return { paper: readTaggable(record), labels, facts: record.facts === undefined ? null : readFacts(record.facts) };
}

function readFacts(value: unknown): FactLabels {
  const given = asRecord(value, 'facts');
  const facts: FactLabels = {};
  if (given.participants !== undefined)
    facts.participants = readTexts(given.participants, 'facts participants').map(Number);
  for (const name of ['comparator', 'doses', 'finding'] as const)
    if (given[name] !== undefined) facts[name] = readTexts(given[name], `facts ${name}`);
  return facts;
}

/**
 * Reads one record of `tag --input`: `{pmid?, title, abstract, keywords?, mesh?, publicationTypes?, substances?}`;
 * `abstract` is a text or a list of `{label, text}`, a MeSH heading a name or `{ui, name, major}`.
 * @throws AppError `record-unreadable`
 */
export function parseTaggable(line: string): Taggable {
  return readTaggable(asRecord(parseJson(line), 'record'));
}

/** The same with the record as it was given, which goes out again with its tags. @throws AppError `record-unreadable` */
export function parseRecord(line: string): { record: Record<string, unknown>; paper: Taggable } {
  const record = asRecord(parseJson(line), 'record');
  return { record, paper: readTaggable(record) };
}

function readTaggable(record: Record<string, unknown>): Taggable {
  if (typeof record.title !== 'string') throw unreadable('title must be a text');
  return {
    pmid: record.pmid === undefined || record.pmid === null ? null : asText(record.pmid, 'pmid'),
    title: record.title,
    vernacularTitle: typeof record.vernacularTitle === 'string' ? record.vernacularTitle : null,
    abstract: readSections(record.abstract, 'abstract'),
    otherAbstracts: readSections(record.otherAbstracts, 'otherAbstracts'),
    keywords: readTexts(record.keywords, 'keywords'),
    mesh: readList(record.mesh, 'mesh').map(readHeading),
    publicationTypes: readTexts(record.publicationTypes, 'publicationTypes'),
    substances: readTexts(record.substances, 'substances'),
    trials: readTexts(record.trials, 'trials'),
  };
}

function readHeading(value: unknown): Taggable['mesh'][number] {
  if (typeof value === 'string') return { ui: null, name: value.replace(/\*$/u, ''), major: value.endsWith('*') };
  const heading = asRecord(value, 'mesh');
  return {
    ui: typeof heading.ui === 'string' && heading.ui !== '' ? heading.ui : null,
    name: asText(heading.name, 'mesh name'),
    major: heading.major === true,
  };
}

function readSections(value: unknown, what: string): Taggable['abstract'] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return value === '' ? [] : [{ label: null, text: value }];
  return readList(value, what).map((part) => {
    if (typeof part === 'string') return { label: null, text: part };
    const section = asRecord(part, what);
    return {
      label: typeof section.label === 'string' ? section.label : null,
      text: asText(section.text, `${what} text`),
    };
  });
}

function readTexts(value: unknown, what: string): string[] {
  return readList(value, what).map((entry) => {
    if (typeof entry === 'object' && entry !== null && 'name' in entry) return asText(entry.name, what);
    return asText(entry, what);
  });
}

function readList(value: unknown, what: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw unreadable(`${what} must be a list`);
  return value as unknown[];
}

function asText(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw unreadable(`${what} must be a text`);
}

function asRecord(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw unreadable(`${what} must be an object`);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (cause) {
    throw new AppError('record-unreadable', 'not a line of JSON', { cause });
  }
}

function unreadable(detail: string): AppError {
  return new AppError('record-unreadable', detail);
}
