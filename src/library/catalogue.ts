import type { Facet } from '../model/tag.js';
import type { Taxonomy } from '../model/taxonomy.js';
import type { CatalogueRow } from '../store/catalogue.store.js';
import { addBits, noBits, setBit, type Bits } from './bits.js';

/** Days since 1970 of `YYYY-MM-DD`; -2^31 for none. */
export const NO_DAY = -0x80000000;
export const dayNumber = (day: string): number => Math.floor(Date.parse(`${day.slice(0, 10)}T00:00:00Z`) / 86_400_000);
export const dayText = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

export interface CatalogueTag {
  facet: Facet;
  value: string;
  label: string;
  parent: string | null;
}

/** The taxonomy's tags, numbered in display order. */
export interface TagTable {
  tags: readonly CatalogueTag[];
  /** `facet/value` → number. */
  numbers: ReadonlyMap<string, number>;
  /** A tag's number and those of its ancestors. */
  lines: readonly (readonly number[])[];
  /** Numbers of a facet's tags: from, and the first that is not its own. */
  spans: Readonly<Partial<Record<Facet, { from: number; to: number }>>>;
}

export function tagTable(taxonomy: Pick<Taxonomy, 'facets'>): TagTable {
  const tags: CatalogueTag[] = [];
  const spans: Partial<Record<Facet, { from: number; to: number }>> = {};
  for (const { facet, tags: own } of taxonomy.facets) {
    spans[facet] = { from: tags.length, to: tags.length + own.length };
    for (const { value, label, parent } of own) tags.push({ facet, value, label, parent });
  }
  const numbers = new Map(tags.map((tag, number) => [`${tag.facet}/${tag.value}`, number]));
  const lines = tags.map((tag, number) => {
    const line = [number];
    for (let at: CatalogueTag | undefined = tag; at?.parent;) {
      const parent = numbers.get(`${at.facet}/${at.parent}`);
      if (parent === undefined || line.includes(parent)) break;
      line.push(parent);
      at = tags[parent];
    }
    return line;
  });
  return { tags, numbers, lines, spans };
}

/**
 * What filters and counts need of every paper, in memory: columns and bits in the order of (added, pmid). It never
 * changes; when the store has changed, the next one is made of it and of the papers that changed. About 60 bytes a
 * paper, so that a million papers take 60 MB.
 */
export interface Catalogue {
  /** Id of the last revision that it knows. */
  version: number;
  size: number;
  pmids: Int32Array;
  added: Int32Array;
  published: Int32Array;
  listedAt: Float64Array;
  participants: Int32Array;
  retracted: Bits;
  fullText: Bits;
  /** Papers that the tagger has not seen yet. */
  untagged: Bits;
  /** Places in `tagNumbers` at which a paper's tags begin; one more than papers. */
  tagStarts: Uint32Array;
  /** Numbers of a paper's tags with their ancestors, ascending. */
  tagNumbers: Uint8Array | Uint16Array;
  /** Papers of each tag of the table. */
  tagged: readonly Bits[];
  table: TagTable;
  /** Places in order of PMID. */
  byPmid: Uint32Array;
  /** Orders and sets that are made when they are first asked for. */
  made: Map<string, unknown>;
}

/** Something made of a catalogue once. */
export function once<T>(catalogue: Catalogue, name: string, make: () => T): T {
  if (!catalogue.made.has(name)) catalogue.made.set(name, make());
  return catalogue.made.get(name) as T;
}

/** Order in which papers stand: by the day added, then by PMID. */
const before = (aAdded: number, aPmid: number, bAdded: number, bPmid: number) =>
  aAdded < bAdded || (aAdded === bAdded && aPmid < bPmid);

interface Entry {
  pmid: number;
  added: number;
  published: number;
  listedAt: number;
  participants: number;
  flags: number;
  tags: readonly number[];
}

const RETRACTED = 1;
const FULL_TEXT = 2;
const UNTAGGED = 4;

/** Builds a catalogue step by step, in order. */
class Builder {
  private readonly pmids: Int32Array;
  private readonly added: Int32Array;
  private readonly published: Int32Array;
  private readonly listedAt: Float64Array;
  private readonly participants: Int32Array;
  private readonly flags: Uint8Array;
  private readonly tagStarts: Uint32Array;
  private tagNumbers: Uint8Array | Uint16Array;
  private size = 0;

  constructor(
    private readonly table: TagTable,
    capacity: number,
    tagCapacity: number,
  ) {
    this.pmids = new Int32Array(capacity);
    this.added = new Int32Array(capacity);
    this.published = new Int32Array(capacity);
    this.listedAt = new Float64Array(capacity);
    this.participants = new Int32Array(capacity);
    this.flags = new Uint8Array(capacity);
    this.tagStarts = new Uint32Array(capacity + 1);
    this.tagNumbers = table.tags.length <= 256 ? new Uint8Array(tagCapacity) : new Uint16Array(tagCapacity);
  }

  put(entry: Entry): void {
    const at = this.size++;
    this.pmids[at] = entry.pmid;
    this.added[at] = entry.added;
    this.published[at] = entry.published;
    this.listedAt[at] = entry.listedAt;
    this.participants[at] = entry.participants;
    this.flags[at] = entry.flags;
    const start = this.tagStarts[at]!;
    this.tagNumbers.set(entry.tags, start);
    this.tagStarts[at + 1] = start + entry.tags.length;
  }

  /** Takes over a row of papers that have not changed. */
  copy(from: Catalogue, flags: Uint8Array, start: number, end: number): void {
    if (start >= end) return;
    const at = this.size;
    this.pmids.set(from.pmids.subarray(start, end), at);
    this.added.set(from.added.subarray(start, end), at);
    this.published.set(from.published.subarray(start, end), at);
    this.listedAt.set(from.listedAt.subarray(start, end), at);
    this.participants.set(from.participants.subarray(start, end), at);
    this.flags.set(flags.subarray(start, end), at);
    const tagsFrom = from.tagStarts[start]!;
    const shift = this.tagStarts[at]! - tagsFrom;
    this.tagNumbers.set(from.tagNumbers.subarray(tagsFrom, from.tagStarts[end]), this.tagStarts[at]);
    for (let i = start; i < end; i++) this.tagStarts[at + 1 + i - start] = from.tagStarts[i + 1]! + shift;
    this.size += end - start;
  }

  finish(version: number): Catalogue {
    const { size, table } = this;
    const retracted = noBits(size);
    const fullText = noBits(size);
    const untagged = noBits(size);
    const tagged = table.tags.map(() => noBits(size));
    for (let at = 0; at < size; at++) {
      const flags = this.flags[at]!;
      if (flags & RETRACTED) setBit(retracted, at);
      if (flags & FULL_TEXT) setBit(fullText, at);
      if (flags & UNTAGGED) setBit(untagged, at);
      for (let i = this.tagStarts[at]!; i < this.tagStarts[at + 1]!; i++) setBit(tagged[this.tagNumbers[i]!]!, at);
    }
    const byPmid = new Uint32Array(size);
    // sorted as one number each: PMID in front, place behind
    const keys = new Float64Array(size);
    for (let at = 0; at < size; at++) keys[at] = this.pmids[at]! * 0x400_0000 + at;
    keys.sort();
    for (let i = 0; i < size; i++) byPmid[i] = keys[i]! % 0x400_0000;
    return {
      version,
      size,
      pmids: this.pmids.subarray(0, size),
      added: this.added.subarray(0, size),
      published: this.published.subarray(0, size),
      listedAt: this.listedAt.subarray(0, size),
      participants: this.participants.subarray(0, size),
      retracted,
      fullText,
      untagged,
      tagStarts: this.tagStarts.subarray(0, size + 1),
      tagNumbers: this.tagNumbers,
      tagged,
      table,
      byPmid,
      made: new Map(),
    };
  }
}

/** Numbers of the table for each character that the store uses for a tag. */
export type TagAlphabet = ReadonlyMap<number, readonly number[]>;

/** @param names the store's numbers and names (`facet/value`); tags that the taxonomy no longer has are left out */
export const tagAlphabet = (names: ReadonlyMap<number, string>, table: TagTable): TagAlphabet =>
  new Map(
    [...names].flatMap(([character, name]): [number, readonly number[]][] => {
      const number = table.numbers.get(name);
      return number === undefined ? [] : [[character, table.lines[number] ?? []]];
    }),
  );

function toEntry(row: CatalogueRow, alphabet: TagAlphabet): Entry {
  const numbers: number[] = [];
  const text = row.tags ?? '';
  for (let i = 0; i < text.length; i++)
    for (const number of alphabet.get(text.charCodeAt(i)) ?? []) if (!numbers.includes(number)) numbers.push(number);
  return {
    pmid: row.pmid,
    added: dayNumber(row.added),
    published: row.publishedOn === null ? NO_DAY : dayNumber(row.publishedOn),
    listedAt: row.listedAt,
    participants: row.participants ?? -1,
    flags: (row.retracted ? RETRACTED : 0) | (row.fullText ? FULL_TEXT : 0) | (row.relevance === null ? UNTAGGED : 0),
    tags: numbers.sort((a, b) => a - b),
  };
}

export const emptyCatalogue = (table: TagTable): Catalogue => new Builder(table, 0, 0).finish(0);

/**
 * The next catalogue: of the last one and of the papers that are new or have changed since.
 * @param rows each paper once
 */
export function nextCatalogue(
  last: Catalogue,
  rows: readonly CatalogueRow[],
  alphabet: TagAlphabet,
  version: number,
): Catalogue {
  const entries = rows
    .map((row) => toEntry(row, alphabet))
    .sort((a, b) => (before(a.added, a.pmid, b.added, b.pmid) ? -1 : 1));
  const replaced = entries.map(({ pmid }) => placeOf(last, pmid)).filter((at) => at >= 0).sort((a, b) => a - b); // prettier-ignore
  const tags = entries.reduce((sum, entry) => sum + entry.tags.length, 0);
  const builder = new Builder(last.table, last.size + entries.length, (last.tagStarts[last.size] ?? 0) + tags);
  const flags = flagsOf(last);
  let from = 0;
  let gone = 0;
  const copyTo = (end: number) => {
    while (gone < replaced.length && replaced[gone]! < end) {
      builder.copy(last, flags, from, replaced[gone]!);
      from = replaced[gone++]! + 1;
    }
    builder.copy(last, flags, from, end);
    from = Math.max(from, end);
  };
  for (const entry of entries) {
    copyTo(firstNotBefore(last, entry.added, entry.pmid));
    builder.put(entry);
  }
  copyTo(last.size);
  return builder.finish(version);
}

function flagsOf(catalogue: Catalogue): Uint8Array {
  const flags = new Uint8Array(catalogue.size);
  for (const [bits, flag] of [
    [catalogue.retracted, RETRACTED],
    [catalogue.fullText, FULL_TEXT],
    [catalogue.untagged, UNTAGGED],
  ] as const)
    // prettier-ignore
    for (let at = 0; at < catalogue.size; at++) if ((bits[at >>> 5]! >>> (at & 31)) & 1) flags[at]! |= flag;
  return flags;
}

/** First place whose paper does not stand before (added, pmid). */
export function firstNotBefore(catalogue: Catalogue, added: number, pmid: number): number {
  let low = 0;
  let high = catalogue.size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (before(catalogue.added[middle]!, catalogue.pmids[middle]!, added, pmid)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where a paper stands; -1 when it is not there. */
export function placeOf(catalogue: Catalogue, pmid: number): number {
  const { byPmid, pmids, size } = catalogue;
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (pmids[byPmid[middle]!]! < pmid) low = middle + 1;
    else high = middle;
  }
  return low < size && pmids[byPmid[low]!] === pmid ? byPmid[low]! : -1;
}

/** The set of these PMIDs, which must ascend; those that are not there are left out. */
export function placesOf(catalogue: Catalogue, pmids: readonly number[]): Bits {
  const { byPmid, size } = catalogue;
  const bits = noBits(size);
  // many: both lists once through; few: each looked up
  if (pmids.length * 16 < size) {
    for (const pmid of pmids) {
      const at = placeOf(catalogue, pmid);
      if (at >= 0) setBit(bits, at);
    }
    return bits;
  }
  const sorted = once(catalogue, 'sorted pmids', () => {
    const list = new Int32Array(size);
    for (let i = 0; i < size; i++) list[i] = catalogue.pmids[byPmid[i]!]!;
    return list;
  });
  let i = 0;
  for (const pmid of pmids) {
    while (i < size && sorted[i]! < pmid) i++;
    if (i < size && sorted[i] === pmid) setBit(bits, byPmid[i]!);
  }
  return bits;
}

/** Papers with any of these tags, parents with their children. */
export function anyTag(catalogue: Catalogue, facet: Facet, values: readonly string[]): Bits {
  const bits = noBits(catalogue.size);
  for (const value of values) {
    const number = catalogue.table.numbers.get(`${facet}/${value}`);
    if (number !== undefined) addBits(bits, catalogue.tagged[number]!);
  }
  return bits;
}
