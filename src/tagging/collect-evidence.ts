import type { Evidence, Rejection, Span } from '../model/tag.js';
import type { Decision } from './decide.js';
import type { Grade, Mention, Mentions, Place } from './find-mentions.js';
import type { Chances, PlacedTag } from './tag-table.js';

const MOST_SPANS = 6;
/** The places that say most about what a paper is about come first. */
const PLACES: readonly Place[] = ['publicationTypes', 'title', 'aim', 'conclusion', 'population', 'results', 'intervention', 'outcomes', 'keywords', 'mesh', 'substances', 'methods', 'background', 'future', 'exclusion', 'vernacularTitle', 'otherAbstracts']; // prettier-ignore
const PLACE_RANK = Object.fromEntries(PLACES.map((place, rank) => [place, rank])) as Record<Place, number>;
const GRADE_RANK: Record<Grade, number> = { itself: 0, strong: 1, heading: 2, phrase: 3, weak: 4 };

/** How rules are named: the place that made the phrase count. */
const RULES: Partial<Record<Place, string>> = {
  mesh: 'MeSH heading',
  publicationTypes: 'publication type',
  keywords: 'keyword',
  substances: 'substance',
  background: 'background sentence',
  future: 'outlook or limitation',
  aim: 'aim',
};

/** The words for which a tag was given, the most telling first; empty only when the paper has none. */
export function spansOf(mentions: readonly Mention[]): Span[] {
  const spans: Span[] = [];
  for (const mention of byForce(mentions.filter(({ context }) => !context))) {
    const span = toSpan(mention, ruleOf(mention));
    if (!span || spans.some((known) => overlaps(known, span))) continue;
    spans.push(span);
    if (spans.length === MOST_SPANS) break;
  }
  return spans;
}

/** Whether a tag has anything to show: words of its own, or a tag that it may rest on. None is given without. */
export function hasEvidence(tag: PlacedTag, mentions: Mentions, chances: Chances, tags: readonly PlacedTag[]): boolean {
  for (const { context } of mentions.byTag[tag.at] ?? []) if (!context) return true;
  return tag.sources.length > 0 && sourceOf({ tag, child: null }, chances, tags) !== null;
}

/** Evidence of a decision. A derived tag points at the words of what it derives from. */
export function evidenceOf(
  decision: Decision,
  mentions: Mentions,
  chances: Chances,
  facets: readonly PlacedTag[],
): Evidence {
  const { tag, chance, child } = decision;
  const own = spansOf(mentions.byTag[tag.at] ?? []);
  // A tag that rests on another one shows it even when it has words of its own: they alone would not have carried it.
  const derived = child || own.length === 0 || tag.sources.length > 0;
  const others = derived ? derivedSpans(decision, mentions, chances, facets).slice(0, MOST_SPANS - 1) : [];
  const spans = others.length === 0 ? own : [...own.slice(0, Math.max(1, MOST_SPANS - others.length)), ...others];
  return { facet: tag.facet, tag: tag.tag, confidence: chance, spans: spans.slice(0, MOST_SPANS) };
}

/** What a tag rests on beside its own words: the child that brought it, or the likeliest tag that it may rest on. */
export function sourceOf(
  { tag, child }: Pick<Decision, 'tag' | 'child'>,
  chances: Chances,
  tags: readonly PlacedTag[],
): PlacedTag | null {
  if (child) return child;
  let source: PlacedTag | null = null;
  for (const at of tag.sources) {
    const candidate = tags[at];
    const chance = chances[at] ?? 0;
    if (candidate && chance > candidate.threshold && (!source || chance > (chances[source.at] ?? 0)))
      source = candidate;
  }
  return source;
}

function derivedSpans(decision: Decision, mentions: Mentions, chances: Chances, tags: readonly PlacedTag[]): Span[] {
  const source = sourceOf(decision, chances, tags);
  if (!source) return [];
  const spans = spansOf(mentions.byTag[source.at] ?? []);
  const further =
    spans.length > 0 ? spans : derivedSpans({ tag: source, chance: 0, child: null }, mentions, chances, tags);
  return further.map((span) => ({ ...span, rule: `derived from ${source.key}` }));
}

/** What was seen of a tag that was not given, and why it did not count. */
export function rejectionsOf(
  tag: PlacedTag,
  given: boolean,
  mentions: readonly Mention[],
  chance: number,
): Rejection[] {
  const rejections: Rejection[] = [];
  for (const mention of byForce(mentions)) {
    if (given && !mention.context) continue;
    const span = toSpan(mention, ruleOf(mention));
    if (!span || rejections.some((known) => overlaps(known.span, span))) continue;
    rejections.push({ facet: tag.facet, tag: tag.tag, span, reason: reasonOf(mention, chance, tag.threshold) });
    if (rejections.length === 3) break;
  }
  return rejections;
}

function reasonOf({ context, place, grade, sentence, withDrug }: Mention, chance: number, threshold: number): string {
  if (context) return context;
  const score = `${Math.round(chance * 100)} of 100, needs ${Math.round(threshold * 100)}`;
  if (place === 'background' || place === 'future') return `${RULES[place] ?? place} only (${score})`;
  if (grade === 'weak') return `says too little on its own (${score})`;
  if (sentence && !withDrug) return `not said of the drug (${score})`;
  return `not enough of it in the paper (${score})`;
}

function ruleOf({ place, grade, abbreviated, sentence }: Mention): string {
  if (grade === 'heading' && sentence?.label) return `heading ${sentence.label}`;
  if (abbreviated) return `abbreviation in ${place}`;
  const rule = RULES[place] ?? place;
  if (grade === 'itself') return `${rule}, says so of itself`;
  return grade === 'weak' ? `${rule}, weak` : rule;
}

/** The most telling first; of equals the longer, then the earlier. */
function byForce(mentions: readonly Mention[]): Mention[] {
  const ranked: Mention[] = [];
  const forces: number[] = [];
  for (let number = 0; number < mentions.length; number += 1) {
    const mention = mentions[number] as Mention;
    // what stands before it in the order is smaller: by place, then by grade, then by length
    const force = (PLACE_RANK[mention.place] * 8 + GRADE_RANK[mention.grade]) * LONGER_THAN_ANY - (mention.to - mention.from); // prettier-ignore
    let at = ranked.length;
    for (; at > 0 && (forces[at - 1] as number) > force; at -= 1) {
      ranked[at] = ranked[at - 1] as Mention;
      forces[at] = forces[at - 1] as number;
    }
    ranked[at] = mention;
    forces[at] = force;
  }
  return ranked;
}

/** Words; a mention has a dozen. */
const LONGER_THAN_ANY = 1_000_000;

function toSpan({ sentence, label, from, to }: Mention, rule: string): Span | null {
  const place = sentence ?? label;
  const first = place?.tokens[from];
  const last = place?.tokens[to - 1];
  if (!place || !first || !last) return null;
  const offset = sentence ? sentence.start : 0;
  const text = place.text.slice(first.start - offset, last.end - offset);
  return { field: place.field, index: place.index, start: first.start, end: last.end, text, rule };
}

function overlaps(one: Span, other: Span): boolean {
  return one.field === other.field && one.index === other.index && one.start < other.end && other.start < one.end;
}
