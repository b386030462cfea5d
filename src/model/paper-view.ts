import type { Evidence, FactEvidence, Facts, Tags } from './tag.js';
import type { PaperStatus } from './paper.js';

/** A paper as every outlet shows it: the shape of `GET /api/v1/papers`. */
export interface PaperView {
  pmid: string;
  version: number;
  title: string;
  vernacularTitle: string | null;
  abstract: { label: string | null; text: string }[];
  otherAbstracts: { language: string | null; type: string; label: string | null; text: string }[];
  authors: {
    name: string;
    given: string | null;
    family: string | null;
    initials: string | null;
    orcid: string | null;
    collective: boolean;
    affiliations: string[];
  }[];
  journal: {
    title: string;
    iso: string | null;
    issn: string | null;
    volume: string | null;
    issue: string | null;
    pages: string | null;
  };
  published: { text: string; date: string | null };
  /** Create date, `YYYY-MM-DD`. */
  added: string;
  /** Instant at which the paper became visible here; back-filled papers: their `added`. */
  listedAt: string;
  late: boolean;
  doi: string | null;
  pmcid: string | null;
  language: string[];
  publicationTypes: string[];
  substances: string[];
  mesh: { ui: string; name: string; major: boolean; qualifiers: string[] }[];
  keywords: string[];
  tags: Tags;
  facts: Facts;
  status: PaperStatus;
  related: { type: string; pmid: string | null; text: string }[];
  links: { pubmed: string | null; doi: string | null; fullText: string | null };
}

export interface Revision {
  at: string;
  source: 'sync' | 'sweep' | 'import' | 'tagging';
  /** What changed: names of fields, `tags.FACET` and `status.NAME`. */
  changed: string[];
}

/** One paper alone also shows why. */
export interface PaperDetail extends PaperView {
  evidence: Evidence[];
  factEvidence: FactEvidence[];
  revisions: Revision[];
}
