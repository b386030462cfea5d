import type { Span, Evidence } from '../../model/tag.js';
import type { TextField } from '../../model/taggable.js';
import { html, type Fragment, type Html } from '../html.js';

/** Words of one field that carry the tag with this number on the page. */
interface Mark {
  start: number;
  end: number;
  tag: number;
}

/** A stretch of text under the same tags; `begins` = tags whose first words on the page these are. */
export interface Segment {
  text: string;
  tags: number[];
  begins: number[];
}

/** Cuts a text where marks begin and end, so that marks which overlap can each be shown. Marks outside it are cut off. */
export function cutText(text: string, marks: readonly Mark[]): Omit<Segment, 'begins'>[] {
  const kept = marks
    .map((mark) => ({ ...mark, start: Math.max(0, mark.start), end: Math.min(text.length, mark.end) }))
    .filter(({ start, end }) => start < end);
  const edges = [...new Set([0, text.length, ...kept.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  return edges.slice(0, -1).map((from, index) => {
    const to = edges[index + 1] ?? text.length;
    const tags = kept.filter(({ start, end }) => start <= from && to <= end).map(({ tag }) => tag);
    return { text: text.slice(from, to), tags: [...new Set(tags)].sort((a, b) => a - b) };
  });
}

/**
 * Shows the texts of one page with the words behind its tags. Each stretch of words carries the class `eN` of every tag
 * that it gave; the first words of a tag carry the id `eN` too, to which the tag links. A stylesheet does the rest, so
 * that it works without JavaScript.
 */
export class EvidenceMarker {
  private readonly begun = new Set<number>();
  private readonly marks = new Map<string, Mark[]>();

  constructor(evidence: readonly Pick<Evidence, 'spans'>[]) {
    evidence.forEach(({ spans }, index) => {
      for (const span of spans) this.add(span, index + 1);
    });
  }

  private add({ field, index, start, end }: Span, tag: number): void {
    const key = `${field} ${index}`;
    const marks = this.marks.get(key);
    if (marks) marks.push({ start, end, tag });
    else this.marks.set(key, [{ start, end, tag }]);
  }

  show(field: TextField, index: number, text: string): Html {
    const marks = this.marks.get(`${field} ${index}`);
    if (!marks) return html`${text}`;
    return html`${cutText(text, marks).map((part) => this.showPart(part.text, part.tags))}`;
  }

  private showPart(text: string, tags: readonly number[]): Fragment {
    if (tags.length === 0) return text;
    const begins = tags.filter((tag) => !this.begun.has(tag));
    for (const tag of begins) this.begun.add(tag);
    // an element has one id: further tags that begin here get an empty anchor of their own
    const [id, ...others] = begins;
    return html`${others.map((tag) => html`<a id="e${tag}"></a>`)}<span class="ev${tags.map((tag) => ` e${tag}`)}"${
      id !== undefined && html` id="e${id}"`
    }>${text}</span>`;
  }

  /** Whether the page showed words of this tag, so that there is something to lead to. */
  hasShown(tag: number): boolean {
    return this.begun.has(tag);
  }
}

/** Tags whose words can be pointed at on one page; a paper has a third as many at most. */
const MOST_TAGS = 90;

/** The stylesheet by which pointing at a tag, its focus or its address shows its words. */
export const evidenceCss = (): string =>
  Array.from({ length: MOST_TAGS }, (_, index) => index + 1)
    .map((n) => `.record:has(#t${n}:hover,#t${n}:focus-visible,#e${n}:target) .e${n},.record:has(.e${n}:hover) #t${n}`)
    .join(',')
    .concat('{background:var(--mark);color:var(--mark-ink);box-shadow:0 0 0 2px var(--mark)}\n');
