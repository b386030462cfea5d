/**
 * A PubMed record as this program keeps it: everything that EFetch gave, in plain data.
 * What clients see is `PaperView` (paper-view.ts); what the tagger reads is `Taggable` (taggable.ts).
 */

/** One `AbstractText`. `label` is the printed heading, `category` NLM's `NlmCategory` (BACKGROUND, METHODS, …). */
export interface AbstractSection {
  label: string | null;
  text: string;
  category: string | null;
}

/** One section of an `OtherAbstract`: a translation, a plain-language summary, a second agency's abstract. */
export interface OtherAbstractSection {
  /** As in PubMed: `spa`, `fre` … */
  language: string | null;
  /** `Publisher`, `plain-language-summary`, `AIDS`, `NASA` … */
  type: string;
  label: string | null;
  text: string;
}

export interface Author {
  /** Display name: `Family Given Suffix`, or the collective name. */
  name: string;
  given: string | null;
  family: string | null;
  initials: string | null;
  suffix: string | null;
  /** Bare form `0000-0001-2345-6789`, whatever the spelling in the record; null when absent or not an ORCID. */
  orcid: string | null;
  /** True for a group that signs as author (`CollectiveName`). */
  collective: boolean;
  /** False when NLM marks the name as invalid (`ValidYN="N"`: superseded by a correction). */
  valid: boolean;
  equalContribution: boolean;
  affiliations: string[];
}

export interface Journal {
  title: string;
  iso: string | null;
  /** MEDLINE's own abbreviation (`MedlineTA`). */
  medline: string | null;
  issn: string | null;
  issnLinking: string | null;
  nlmId: string | null;
  country: string | null;
  volume: string | null;
  issue: string | null;
  /** Text, never a number: `4002.e26`, `e1-12`. */
  pages: string | null;
}

/**
 * A date of which PubMed may know only the year or a season.
 * `text` is what the record says; `date` is `2024`, `2024-07` or `2024-07-15`, null when no year can be read.
 */
export interface PartialDate {
  text: string;
  date: string | null;
}

/** A `PubMedPubDate`. `status` as in the DTD: entrez, pubmed, medline, received, accepted, … `at` is `2024-07-15` or `2024-07-15T06:00`. */
export interface HistoryDate {
  status: string;
  at: string;
}

export interface MeshHeading {
  ui: string;
  name: string;
  major: boolean;
  qualifiers: { ui: string | null; name: string; major: boolean }[];
}

export interface Chemical {
  ui: string | null;
  name: string;
  registryNumber: string | null;
}

export interface Keyword {
  text: string;
  major: boolean;
  /** NOTNLM (authors), NLM, NASA, PIP, KIE, HHS. */
  owner: string;
}

export interface Grant {
  id: string | null;
  acronym: string | null;
  agency: string | null;
  country: string | null;
}

/** A `CommentsCorrections` entry. `type` is its RefType (`RetractionIn`, `ErratumFor`, `CommentOn`, `UpdateOf`, …). */
export interface RelatedRecord {
  type: string;
  /** May be absent even for a retraction. */
  pmid: string | null;
  /** The reference as printed (`RefSource`). */
  text: string;
}

/** Correction states; each is its own, none is derived from the word "retract" in a text. */
export interface PaperStatus {
  /** Publication type D016441 or a RetractionIn reference. The notice itself is not retracted. */
  retracted: boolean;
  /** ExpressionOfConcernIn. */
  concern: boolean;
  /** ErratumIn, CorrectedandRepublishedIn. */
  corrected: boolean;
  /** UpdateIn: a newer version or the journal version of a preprint exists. */
  updated: boolean;
  preprint: boolean;
  /** No longer in PubMed; kept here. */
  gone: boolean;
}

export interface Paper {
  pmid: string;
  /** `PMID/@Version`. */
  version: number;
  title: string;
  vernacularTitle: string | null;
  abstract: AbstractSection[];
  abstractCopyright: string | null;
  otherAbstracts: OtherAbstractSection[];
  authors: Author[];
  /** False when the record says that the list is cut (`AuthorList CompleteYN="N"`). */
  authorsComplete: boolean;
  /** Members of collective authors and other investigators. */
  investigators: Author[];
  journal: Journal;
  published: PartialDate;
  /** The electronic date (`ArticleDate`), `2024-07-15`. */
  electronicOn: string | null;
  /** The day the record was added to PubMed: `[crdt]`, PubStatus entrez, else pubmed, else DateCompleted. `YYYY-MM-DD`. */
  added: string;
  /** DateRevised, `YYYY-MM-DD`. */
  revisedOn: string | null;
  completedOn: string | null;
  history: HistoryDate[];
  doi: string | null;
  pmcid: string | null;
  /** Every other ArticleId and ELocationID: pii, mid, … */
  otherIds: { type: string; value: string }[];
  language: string[];
  publicationTypes: { ui: string | null; name: string }[];
  publicationModel: string | null;
  chemicals: Chemical[];
  mesh: MeshHeading[];
  /** SupplMeshList names (protocols, diseases, organisms). */
  supplementaryMesh: { ui: string; name: string; type: string }[];
  keywords: Keyword[];
  geneSymbols: string[];
  /** Trial numbers found in DataBankList and in the texts, upper case, distinct: `NCT01234567`, `ISRCTN12345678`, … */
  trials: string[];
  dataBanks: { name: string; accessions: string[] }[];
  grants: Grant[];
  related: RelatedRecord[];
  generalNotes: string[];
  /** MedlineCitation/@Status: MEDLINE, PubMed-not-MEDLINE, Publisher, … */
  citationStatus: string | null;
  /** MedlineCitation/@IndexingMethod: Curated, Automated; null = manual or none. */
  indexingMethod: string | null;
  /** PublicationStatus: ppublish, epublish, aheadofprint. */
  publicationStatus: string | null;
  conflictOfInterest: string | null;
  referenceCount: number;
  status: Omit<PaperStatus, 'gone'>;
}
