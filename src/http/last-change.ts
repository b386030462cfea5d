import { pathOf } from './surface.js';

/** Answers that say what the store holds about papers, and nothing that changes besides. */
const PAPERS = /^\/(api\/v1\/(papers|export|facets|changes|taxonomy)|feeds\/papers)\b/;

/** How long it is remembered when the store last changed. */
const REMEMBERED_MS = 1_000;
/** HTTP's dates have whole seconds: within this, a later change might bear the same date. */
const SETTLED_MS = 2_000;

export const showsPapers = (target: string): boolean => PAPERS.test(pathOf(target));

/**
 * When what is shown of papers last changed, as `Last-Modified` says it. It is read before the answer is made, so it
 * may be too early, which only costs a transfer, and never too late, which would hide a change.
 */
export class LastChange {
  private known: { text: string | null; until: number } | null = null;

  constructor(
    private readonly read: () => Promise<number | null>,
    private readonly now: () => number,
  ) {}

  /** As it is remembered; undefined when it has to be read. */
  get remembered(): string | null | undefined {
    return this.known && this.now() < this.known.until ? this.known.text : undefined;
  }

  async header(): Promise<string | null> {
    const { remembered } = this;
    if (remembered !== undefined) return remembered;
    const now = this.now();
    const at = await this.read();
    const text = at === null || now - at < SETTLED_MS ? null : new Date(at).toUTCString();
    this.known = { text, until: now + REMEMBERED_MS };
    return text;
  }
}
