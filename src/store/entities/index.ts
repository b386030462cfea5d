import {
  ExcludedRecordEntity,
  PaperEntity,
  PaperRecordEntity,
  PaperViewEntity,
  RetryRecordEntity,
  RevisionEntity,
  TagNameEntity,
} from './paper.entities.js';
import { CorrectionEntity, IssueEntity, IssuePaperEntity } from './digest.entities.js';
import { ClaimEntity, JobRunEntity, JobSlotEntity, KeptEntity, RunRecordEntity } from './run.entities.js';
import {
  DeliveryCorrectionEntity,
  DeliveryEntity,
  DeliveryPaperEntity,
  SignUpEntity,
  SubscriptionEntity,
  SubscriptionTokenEntity,
} from './subscription.entities.js';

/** Every table as TypeORM sees it; a test holds the migrations against them on both databases. */
export const ENTITIES = [
  PaperEntity,
  PaperRecordEntity,
  PaperViewEntity,
  TagNameEntity,
  RevisionEntity,
  ExcludedRecordEntity,
  RetryRecordEntity,
  JobRunEntity,
  RunRecordEntity,
  ClaimEntity,
  JobSlotEntity,
  KeptEntity,
  IssueEntity,
  IssuePaperEntity,
  CorrectionEntity,
  SubscriptionEntity,
  SubscriptionTokenEntity,
  SignUpEntity,
  DeliveryEntity,
  DeliveryPaperEntity,
  DeliveryCorrectionEntity,
];
