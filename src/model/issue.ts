import type { PaperView } from './paper-view.js';

export type DigestState = 'open' | 'issued' | 'retrospective';

/** A paper in a digest: texts that would weigh it down are left out. */
export type DigestPaper = Omit<PaperView, 'abstract' | 'mesh'>;

export const CORRECTION_KINDS = ['retraction', 'concern', 'gone', 'update', 'erratum'] as const;
export type CorrectionKind = (typeof CORRECTION_KINDS)[number];

/** Something that happened to a paper after it was listed. */
export interface Correction {
  /** `update` = a newer version, or the journal version of a preprint; `gone` = no longer in PubMed. */
  kind: CorrectionKind;
  pmid: string;
  title: string;
  /** The notice, the erratum or the newer version, when PubMed names it. */
  noticePmid: string | null;
  seenAt: string;
  /** The week in which the paper was news; null = it never was. */
  issue: string | null;
}

export interface DigestGroup {
  /** A direction of the taxonomy; null = none. */
  direction: string | null;
  /** Strongest first; comments and replies follow the paper that they are about. */
  pmids: string[];
}

export interface DigestSection {
  /** `other` gathers the papers that have neither a condition nor a direction. */
  facet: 'condition' | 'direction' | 'other';
  value: string;
  label: string;
  groups: DigestGroup[];
  /** Papers that belong here too and stand in another section. */
  seeAlso: string[];
}

export interface Usual {
  median: number;
  /** Over how many weeks. */
  weeks: number;
}

/** The digest of a period under some filters: the shape of `GET /api/v1/digests/{week}`, and what every rendering is made of. */
export interface Digest {
  /** Key of the period: a week's, or a day's or month's in mails of another frequency. */
  week: string;
  from: string;
  to: string;
  timeZone: string;
  state: DigestState;
  issuedAt: string | null;
  /** False: issued, or read, before PubMed was known to be listed through the period's last day. */
  complete: boolean;
  /** Last PubMed day (US Eastern) that is known to be listed whole. */
  completeThrough: string | null;
  taxonomyVersion: string;
  summary: string;
  counts: {
    papers: number;
    late: number;
    corrections: number;
    usual: Usual | null;
    byStudy: Record<string, number>;
  };
  highlights: string[];
  sections: DigestSection[];
  /** In reading order, each once. */
  papers: DigestPaper[];
  corrections: Correction[];
  disclaimer: string;
}
