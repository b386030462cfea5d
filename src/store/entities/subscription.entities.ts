import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** One row an address. */
@Entity('subscription')
@Index('subscription_address', ['addressKey'], { unique: true })
@Index('subscription_due', ['state', 'frequency', 'dueAt'])
export class SubscriptionEntity {
  @PrimaryGeneratedColumn() id: number;
  @Column('text') email: string;
  /** The address in lower case. */
  @Column('text', { name: 'address_key' }) addressKey: string;
  @Column('text') state: string;
  /** JSON of Wish. */
  @Column('text') wish: string;
  @Column('text', { nullable: true }) requested: string | null;
  @Column('bigint', { name: 'created_at' }) createdAt: number;
  @Column('bigint', { name: 'confirmed_at', nullable: true }) confirmedAt: number | null;
  /** JSON of FilterVersion[]. */
  @Column('text') history: string;
  /** Of the wish, to find what is due. */
  @Column('text') frequency: string;
  /** When the mail of the next period is due. */
  @Column('bigint', { name: 'due_at' }) dueAt: number;
  /** Key with which posts to its webhook are signed. */
  @Column('text', { name: 'webhook_key', nullable: true }) webhookKey: string | null;
}

/** Links in mails. Only hashes are kept. */
@Entity('subscription_token')
@Index('subscription_token_owner', ['subscriptionId', 'purpose'])
@Index('subscription_token_end', ['expiresAt'])
export class SubscriptionTokenEntity {
  @PrimaryColumn('text') hash: string;
  @Column('integer', { name: 'subscription_id' }) subscriptionId: number;
  /** `confirm`, which works once, or `manage`. */
  @Column('text') purpose: string;
  @Column('bigint', { name: 'created_at' }) createdAt: number;
  @Column('bigint', { name: 'expires_at' }) expiresAt: number;
}

/** What somebody typed into the form, before anything is looked up: the answer cannot tell who is known. */
@Entity('sign_up')
export class SignUpEntity {
  @PrimaryGeneratedColumn() id: number;
  @Column('text') email: string;
  @Column('text') wish: string;
  @Column('bigint') at: number;
}

/** Something to be sent: a period's digest, or a request to confirm. One row a subscription and period. */
@Entity('delivery')
@Index('delivery_once', ['subscriptionId', 'period'], { unique: true })
@Index('delivery_next', ['status', 'nextAt'])
@Index('delivery_period', ['period', 'status'])
export class DeliveryEntity {
  @PrimaryColumn('text') id: string;
  @Column('integer', { name: 'subscription_id' }) subscriptionId: number;
  /** `digest`, `confirmation` or `verification`. */
  @Column('text') kind: string;
  /** Of a digest its period; else something that makes it one of its kind. */
  @Column('text') period: string;
  @Column('text') status: string;
  @Column('integer') attempts: number;
  @Column('bigint', { name: 'next_at' }) nextAt: number;
  /** Until then its claim holds, by the database's clock. */
  @Column('bigint', { name: 'lease_until' }) leaseUntil: number;
  /** Rises with every claim: who stalled sees that theirs is no longer the last. */
  @Column('integer') claim: number;
  @Column('bigint', { name: 'created_at' }) createdAt: number;
  @Column('bigint', { name: 'ended_at', nullable: true }) endedAt: number | null;
  @Column('integer') papers: number;
  @Column('integer') corrections: number;
  @Column('text', { name: 'error_code', nullable: true }) errorCode: string | null;
  @Column('text', { name: 'error_detail', nullable: true }) errorDetail: string | null;
}

/** What was sent to whom: a paper goes to a subscription once, and the key says so. */
@Entity('delivery_paper')
@Index('delivery_paper_delivery', ['deliveryId'])
@Index('delivery_paper_pmid', ['pmid'])
export class DeliveryPaperEntity {
  @PrimaryColumn('integer', { name: 'subscription_id' }) subscriptionId: number;
  @PrimaryColumn('integer') pmid: number;
  @Column('text', { name: 'delivery_id' }) deliveryId: string;
  @Column('bigint') at: number;
}

/** Which corrections a subscription was told of. */
@Entity('delivery_correction')
@Index('delivery_correction_delivery', ['deliveryId'])
export class DeliveryCorrectionEntity {
  @PrimaryColumn('integer', { name: 'subscription_id' }) subscriptionId: number;
  @PrimaryColumn('integer', { name: 'correction_id' }) correctionId: number;
  @Column('text', { name: 'delivery_id' }) deliveryId: string;
}
