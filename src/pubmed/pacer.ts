/** Monotonic milliseconds and timers, passed in so that tests can choose them. */
export interface Timing {
  now(): number;
  /** Calls back once after `ms`; the result cancels. */
  after(ms: number, then: () => void): () => void;
}

export const realTiming: Timing = {
  now: () => performance.now(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

export interface Pace {
  /** Requests that the service takes within one second: 3, with an API key 10. */
  perSecond: number;
  /** Least time between two sends. A third of a second exactly still trips the limit of 3. */
  gapMs: number;
}

export const PACE = { withoutKey: { perSecond: 3, gapMs: 350 }, withKey: { perSecond: 10, gapMs: 110 } } as const;

/**
 * The service's second. A few milliseconds longer, because it counts in whole ones and clocks drift.
 */
const SECOND_MS = 1_005;
/** How late after its sending a request may arrive and still be counted right, when no answer says that it has. */
const TRANSIT_MS = 250;
/** Pauses after a refusal without `Retry-After`. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** Leave to send one request. Every turn must be ended, also when nothing was sent. */
export interface Turn {
  /** The request is on its way: the connection stands and its bytes are written. The next gap counts from here. */
  sent(): void;
  /** The service has the request: the head of its answer is here. */
  answered(): void;
  /** The service refused for its rate: nobody sends until the pause is over. Returns its length. */
  refused(retryAfterMs: number | null): number;
  ended(): void;
}

interface Sent {
  at: number;
  /** Latest instant at which the service can have received it; null while only the sending is known. */
  receivedBy: number | null;
}

interface Waiting {
  grant: () => void;
}

/**
 * Lets requests out one after the other, first come first served, so that the service never sees more than
 * `perSecond` in any second. All requests of the process go through one pacer (`pacerFor`), retries too.
 *
 * A gap between sends alone does not keep that promise: a request that travels slowly (a new connection, a stalled
 * peer) arrives closer to its successors than it was sent, and four then fall into one second. So a request also waits
 * until one second after its `perSecond`-th predecessor is known to have arrived: when the head of its answer is here,
 * or, while the answer is being made, `TRANSIT_MS` after its sending.
 */
export class Pacer {
  private readonly queue: Waiting[] = [];
  /** The last `perSecond` sends, oldest first. */
  private readonly past: Sent[] = [];
  /** Somebody has the turn and has not sent yet. */
  private held = false;
  private pausedUntil = -Infinity;
  private pausedSince = -Infinity;
  private refusals = 0;
  private cancelTimer: (() => void) | null = null;

  constructor(
    private readonly pace: Pace,
    private readonly timing: Timing = realTiming,
    private readonly random: () => number = Math.random,
  ) {}

  /** Waits for leave to send. An abort gives the place in the queue up and rejects with the signal's reason. */
  turn(signal?: AbortSignal): Promise<Turn> {
    return new Promise<Turn>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const waiting: Waiting = {
        grant: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve(this.open());
        },
      };
      const onAbort = () => {
        this.queue.splice(this.queue.indexOf(waiting), 1);
        reject(signal?.reason as Error);
        this.advance();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.queue.push(waiting);
      this.advance();
    });
  }

  /** How long nobody may send, because the service asked for it; 0 = not paused. */
  pausedMs(): number {
    return Math.max(0, this.pausedUntil - this.timing.now());
  }

  private open(): Turn {
    this.held = true;
    let sent: Sent | null = null;
    let wasRefused = false;
    let isEnded = false;
    const received = () => {
      if (sent && sent.receivedBy === null) sent.receivedBy = this.timing.now();
      this.advance();
    };
    const markSent = () => {
      if (sent || isEnded) return;
      sent = { at: this.timing.now(), receivedBy: null };
      this.past.push(sent);
      if (this.past.length > this.pace.perSecond) this.past.shift();
      this.held = false;
      this.advance();
    };
    return {
      sent: markSent,
      answered: () => {
        markSent();
        received();
      },
      refused: (retryAfterMs) => {
        markSent();
        wasRefused = true;
        return this.pause(sent?.at ?? this.timing.now(), retryAfterMs);
      },
      ended: () => {
        if (isEnded) return;
        // What was never sent still keeps its gap: a peer that refuses connections is not hammered either.
        markSent();
        isEnded = true;
        if (!wasRefused && sent && sent.at >= this.pausedUntil) this.refusals = 0;
        received();
      },
    };
  }

  /** Requests that were on their way when a pause began are part of the same storm and do not lengthen the next one. */
  private pause(sentAt: number, retryAfterMs: number | null): number {
    const now = this.timing.now();
    if (sentAt >= this.pausedSince) {
      this.refusals++;
      this.pausedSince = now;
    }
    const own = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.refusals - 1)) * (1 + this.random() / 4);
    this.pausedUntil = Math.max(this.pausedUntil, now + (retryAfterMs ?? own));
    this.advance();
    return this.pausedUntil - now;
  }

  /** Grants the next turn if it is time, else sees to it that this is tried again when it is. */
  private advance(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
    if (this.held || this.queue.length === 0) return;
    const waitMs = this.earliest() - this.timing.now();
    if (waitMs <= 0) this.queue.shift()?.grant();
    else this.cancelTimer = this.timing.after(Math.ceil(waitMs), () => this.advance());
  }

  private earliest(): number {
    const last = this.past.at(-1);
    const afterGap = last ? last.at + this.pace.gapMs : -Infinity;
    const full = this.past.length === this.pace.perSecond ? this.past[0] : undefined;
    const afterSecond = full ? Math.min(full.receivedBy ?? Infinity, full.at + TRANSIT_MS) + SECOND_MS : -Infinity;
    return Math.max(afterGap, afterSecond, this.pausedUntil);
  }
}

const pacers = new Map<string, Pacer>();

/** The process's pacer for a service: all clients of one origin share it, because the service counts them together. */
export function pacerFor(baseUrl: string, hasKey: boolean): Pacer {
  const name = `${new URL(baseUrl).origin} ${hasKey}`;
  let pacer = pacers.get(name);
  if (!pacer) pacers.set(name, (pacer = new Pacer(hasKey ? PACE.withKey : PACE.withoutKey)));
  return pacer;
}
