import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** An issued week: what it was issued with stays, whatever becomes of its papers. */
@Entity('issue')
export class IssueEntity {
  /** `2026-W47`. */
  @PrimaryColumn('text') week: string;
  @Column('text', { name: 'from_day' }) from: string;
  @Column('text', { name: 'to_day' }) to: string;
  @Column('text', { name: 'time_zone' }) timeZone: string;
  @Column('bigint', { name: 'issued_at' }) issuedAt: number;
  @Column('integer') complete: number;
  @Column('text', { name: 'complete_through', nullable: true }) completeThrough: string | null;
  @Column('text', { name: 'taxonomy_version' }) taxonomyVersion: string;
  /** The digest without filters, as JSON. */
  @Column('text') digest: string;
}

/** A paper's one place among the news: it is in one issue and no other. */
@Entity('issue_paper')
@Index('issue_paper_week', ['week', 'position'])
export class IssuePaperEntity {
  @PrimaryColumn('integer') pmid: number;
  @Column('text') week: string;
  /** In the order of the issue without filters; after the last for those that its default filters leave out. */
  @Column('integer') position: number;
  @Column('integer') late: number;
  /** The paper as it was issued, without abstract, as JSON. */
  @Column('text') view: string;
}

/** A correction of a paper, once it has been seen. */
@Entity('correction')
@Index('correction_once', ['pmid', 'kind', 'noticePmid'], { unique: true })
@Index('correction_seen', ['seenAt', 'id'])
@Index('correction_week', ['week'])
export class CorrectionEntity {
  @PrimaryGeneratedColumn() id: number;
  @Column('integer') pmid: number;
  @Column('text') kind: string;
  /** 0 = PubMed names none, or it does not matter which. */
  @Column('integer', { name: 'notice_pmid' }) noticePmid: number;
  @Column('text') title: string;
  @Column('bigint', { name: 'seen_at' }) seenAt: number;
  /** The issue that reported it; null = the next one will. */
  @Column('text', { nullable: true }) week: string | null;
}
