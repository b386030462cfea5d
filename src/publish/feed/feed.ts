import { createHash } from 'node:crypto';

/** A feed, whatever the format. Instants are ISO 8601, addresses absolute. */
export interface Feed {
  /** The same wherever the program is served: readers know a feed by it. */
  id: string;
  title: string;
  subtitle: string;
  /** Credit and disclaimer. */
  rights: string;
  /** What is shown to people under the same choice. */
  homeUrl: string;
  /** This very document. */
  selfUrl: string;
  updated: string;
  paging: Paging;
  entries: FeedEntry[];
}

/** RFC 5005: pages from the newest on, and an archive of months that no longer change. */
export interface Paging {
  first: string | null;
  next: string | null;
  /** Of an archive document: where the feed itself is. */
  current: string | null;
  prevArchive: string | null;
  /** This document is a month that has ended. */
  isArchive: boolean;
}

export interface FeedEntry {
  id: string;
  title: string;
  url: string;
  /** Where it comes from: PubMed, DOI. */
  sources: string[];
  /** When it became visible here. Readers sort by it. */
  published: string;
  updated: string;
  authors: string[];
  categories: { term: string; scheme: string; label: string }[];
  /** One or two plain sentences. */
  summary: string;
  /** Markup in which every text is escaped. */
  html: string;
  /** Dublin Core: the journal's date as far as it is known, the journal, the DOI. */
  dc: { date: string | null; source: string | null; identifier: string | null };
}

/** A UUID (version 5) made of a name: the same name gives the same id on every installation. */
export function nameUuid(name: string): string {
  const hash = createHash('sha1').update('6ba7b811-9dad-11d1-80b4-00c04fd430c8').update(name).digest('hex');
  const variant = ((parseInt(hash.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `urn:uuid:${hash.slice(0, 8)}-${hash.slice(8, 12)}-5${hash.slice(13, 16)}-${variant}${hash.slice(18, 20)}-${hash.slice(20, 32)}`;
}

/** The latest of some instants; `otherwise` when there are none. */
export const latest = (instants: readonly string[], otherwise: string): string =>
  instants.reduce((a, b) => (a > b ? a : b), instants[0] ?? otherwise);
