import type { Rendering } from '../digest/outline.js';
import type { Digest } from '../model/issue.js';
import type { MailFormat, Wish } from '../model/subscription.js';

/**
 * What is to be said, before it is put into the words of a channel. Readers who get the same share one letter: couriers
 * may keep what they made of it.
 */
export type Letter =
  | { kind: 'digest'; digest: Digest; rendering: Pick<Rendering, 'filters' | 'asOf' | 'pageUrl'> }
  | { kind: 'confirmation'; wish: Wish; filters: string | null; change: boolean }
  | { kind: 'verification' };

/** A letter with an address on it. */
export interface Parcel {
  /** Of the delivery: the same whenever it is tried again. */
  id: string;
  letter: Letter;
  email: string;
  format: MailFormat;
  webhook: Wish['webhook'];
  /** Signs posts to the webhook. */
  webhookKey: string | null;
  /** The reader's secret: into the links of a mail, and nowhere else. */
  token: string;
  /**
   * To be asked right before what cannot be undone. False = another process has taken the delivery over: send nothing.
   */
  mayGo: () => Promise<boolean>;
}

/** What became of a parcel. `detail` never holds an address or a token. */
export type Outcome =
  | { kind: 'sent' }
  /** Another process has it. */
  | { kind: 'lost' }
  /** Worth another try. */
  | { kind: 'later'; code: string; detail: string }
  /** The channel itself does not work: nothing else needs to be tried now. */
  | { kind: 'unreachable'; code: string; detail: string }
  /** This message will not be taken, whoever it is for. */
  | { kind: 'rejected'; code: string; detail: string }
  /** The address is no good, for good. */
  | { kind: 'refused'; code: string; detail: string }
  /** The receiver wants no more. */
  | { kind: 'ended'; code: string; detail: string };

/** Brings parcels to people. */
export interface Courier {
  deliver(parcel: Parcel): Promise<Outcome>;
  /** Ends connections that wait for more. */
  rest(): Promise<void>;
}
