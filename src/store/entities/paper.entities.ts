import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/**
 * What is filtered and sorted on, and nothing long: a scan of all papers stays small. The texts are in
 * `paper_record` and `paper_view`. Instants are epoch milliseconds, dates `YYYY-MM-DD`, truths 0 or 1, so that both
 * databases hold and order the same values.
 */
@Entity('paper')
@Index('paper_added', ['added', 'pmid'])
@Index('paper_published', ['publishedOn', 'pmid'])
@Index('paper_listed', ['listedAt', 'pmid'])
@Index('paper_taxonomy', ['taxonomyVersion', 'pmid'])
@Index('paper_doi', ['doi'])
@Index('paper_indexed', ['indexedAs', 'pmid'])
export class PaperEntity {
  /** A number here only: it orders and packs well. Everywhere else a PMID is text. */
  @PrimaryColumn('integer') pmid: number;
  @Column('integer') version: number;
  /** Create date. */
  @Column('text') added: string;
  /** First day of the publication date. */
  @Column('text', { name: 'published_on', nullable: true }) publishedOn: string | null;
  /** DateRevised. */
  @Column('text', { name: 'revised_on', nullable: true }) revisedOn: string | null;
  /** When it became visible here. */
  @Column('bigint', { name: 'listed_at' }) listedAt: number;
  @Column('integer') late: number;
  @Column('bigint', { name: 'fetched_at' }) fetchedAt: number;
  /** US Eastern day of the last EFetch that returned it; null when it came from a file. */
  @Column('text', { name: 'fetched_on', nullable: true }) fetchedOn: string | null;
  /** Digest of the parsed record: equal = nothing changed. */
  @Column('text', { name: 'content_digest' }) contentDigest: string;
  /** Taxonomy version of its tags; null = to be tagged. */
  @Column('text', { name: 'taxonomy_version', nullable: true }) taxonomyVersion: string | null;
  @Column('text', { nullable: true }) relevance: string | null;
  @Column('text', { nullable: true }) study: string | null;
  @Column('integer', { nullable: true }) participants: number | null;
  @Column('integer') retracted: number;
  @Column('integer') concern: number;
  @Column('integer') corrected: number;
  @Column('integer') updated: number;
  @Column('integer') preprint: number;
  @Column('integer') gone: number;
  @Column('text', { nullable: true }) doi: string | null;
  @Column('text', { nullable: true }) pmcid: string | null;
  /** Its tags, one character each by the numbers of `tag_name`; null = not yet tagged. */
  @Column('text', { nullable: true }) tags: string | null;
  /** Version of the analyser that read its words; null = none has. */
  @Column('integer', { name: 'indexed_as', nullable: true }) indexedAs: number | null;
  /** How many of its words are beyond the limits of the index. */
  @Column('integer', { name: 'words_cut', nullable: true }) wordsCut: number | null;
}

/** The alphabet of `paper.tags`: `facet/value` and its number. */
@Entity('tag_name')
@Index('tag_name_once', ['name'], { unique: true })
export class TagNameEntity {
  @PrimaryGeneratedColumn() id: number;
  @Column('text') name: string;
}

/** The whole parsed record as JSON (`Paper`). */
@Entity('paper_record')
export class PaperRecordEntity {
  @PrimaryColumn('integer') pmid: number;
  @Column('text') record: string;
}

/** The ready-made JSON text of a paper (`PaperView` without `links`, which depend on where it is shown). */
@Entity('paper_view')
export class PaperViewEntity {
  @PrimaryColumn('integer') pmid: number;
  @Column('text') view: string;
  /** `{evidence, factEvidence}` as JSON; null until tagged. */
  @Column('text', { nullable: true }) evidence: string | null;
}

/** Every change of a paper: what, when and from where. */
@Entity('revision')
@Index('revision_pmid', ['pmid', 'id'])
export class RevisionEntity {
  @PrimaryGeneratedColumn() id: number;
  @Column('integer') pmid: number;
  @Column('bigint') at: number;
  @Column('text') source: string;
  /** JSON array of field names. */
  @Column('text') changed: string;
  @Column('integer') version: number;
  @Column('text', { name: 'run_id', nullable: true }) runId: string | null;
}

/** Records that PubMed lists and that cannot be papers, so that they are not fetched again each time. */
@Entity('excluded_record')
export class ExcludedRecordEntity {
  @PrimaryColumn('integer') pmid: number;
  @Column('text') code: string;
  @Column('text') detail: string;
  @Column('text', { name: 'fetched_on', nullable: true }) fetchedOn: string | null;
}

/** Records that PubMed listed and did not return; every sync asks for them again. */
@Entity('retry_record')
export class RetryRecordEntity {
  @PrimaryColumn('integer') pmid: number;
  @Column('bigint', { name: 'first_missed_at' }) firstMissedAt: number;
  @Column('bigint', { name: 'last_missed_at' }) lastMissedAt: number;
}
