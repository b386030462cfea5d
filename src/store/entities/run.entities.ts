import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The ledger: one row a run of a job. */
@Entity('job_run')
@Index('job_run_job', ['job', 'id'])
@Index('job_run_status', ['status', 'id'])
export class JobRunEntity {
  /** Sorts by start. */
  @PrimaryColumn('text') id: string;
  @Column('text') job: string;
  @Column('text', { name: 'triggered_by' }) trigger: string;
  @Column('text') holder: string;
  @Column('bigint', { name: 'started_at' }) startedAt: number;
  @Column('bigint', { name: 'finished_at', nullable: true }) finishedAt: number | null;
  @Column('text') status: string;
  /** JSON array of RunWindow. */
  @Column('text') windows: string;
  @Column('integer') counted: number;
  @Column('integer') stored: number;
  @Column('integer') updated: number;
  @Column('integer') unchanged: number;
  @Column('integer') excluded: number;
  @Column('integer') missing: number;
  @Column('integer') failed: number;
  @Column('integer', { name: 'requests_sent' }) requestsSent: number;
  @Column('integer', { name: 'requests_retried' }) requestsRetried: number;
  /** JSON object of further figures. */
  @Column('text') counts: string;
  @Column('text', { name: 'error_code', nullable: true }) errorCode: string | null;
  @Column('text', { name: 'error_detail', nullable: true }) errorDetail: string | null;
}

/** PMIDs of a run that are still to be accounted for (`pending`) or that ended excluded, missing or failed. */
@Entity('run_record')
export class RunRecordEntity {
  @PrimaryColumn('text', { name: 'run_id' }) runId: string;
  @PrimaryColumn('integer') pmid: number;
  @Column('text') outcome: string;
  @Column('text', { nullable: true }) code: string | null;
  @Column('text', { nullable: true }) detail: string | null;
}

/** Who may do a thing now. One row a thing; taken, renewed and released by single statements. */
@Entity('claim')
export class ClaimEntity {
  @PrimaryColumn('text') name: string;
  /** Host, process and a random part, for people. */
  @Column('text') holder: string;
  /** Rises with every change of holder: a stalled holder sees that its number is no longer the current one. */
  @Column('bigint') token: number;
  @Column('bigint', { name: 'acquired_at' }) acquiredAt: number;
  @Column('bigint', { name: 'expires_at' }) expiresAt: number;
}

/** The last logical slot (job, time) of each schedule and what became of it. */
@Entity('job_slot')
export class JobSlotEntity {
  @PrimaryColumn('text') job: string;
  @Column('bigint', { name: 'slot_at' }) slotAt: number;
  @Column('integer') done: number;
  @Column('integer') attempts: number;
  @Column('bigint', { name: 'retry_at', nullable: true }) retryAt: number | null;
}

/** Small things that are kept between runs: cursors, NEWS_FROM. JSON values. */
@Entity('kept')
export class KeptEntity {
  @PrimaryColumn('text') name: string;
  @Column('text') value: string;
}
