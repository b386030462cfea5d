import type { DigestSection } from '../model/issue.js';
import type { PaperView } from '../model/paper-view.js';
import type { Facet } from '../model/tag.js';
import type { FacetDefinition, TagDefinition } from '../model/taxonomy.js';
import { compareStrength } from './rank.js';

/** Values that the reader asked for, by facet: a paper stands where its reader looks for it. */
export type Wanted = Partial<Record<Facet, readonly string[]>>;

type Placed = Pick<PaperView, 'pmid' | 'added' | 'title' | 'tags' | 'facts' | 'mesh'>;

export const OTHER_LABEL = 'Mechanisms, pharmacology and other';

/** One facet of the taxonomy as a tree, in display order. */
class Tree {
  private readonly order = new Map<string, number>();
  private readonly definitions = new Map<string, TagDefinition>();

  constructor(facet: FacetDefinition | undefined) {
    facet?.tags.forEach((tag, index) => {
      this.order.set(tag.value, index);
      this.definitions.set(tag.value, tag);
    });
  }

  get values(): Iterable<string> {
    return this.definitions.keys();
  }
  label(value: string): string {
    return this.definitions.get(value)?.label ?? value;
  }
  rank(value: string): number {
    return this.order.get(value) ?? Infinity;
  }
  definition(value: string): TagDefinition | undefined {
    return this.definitions.get(value);
  }
  top(value: string): string {
    const parent = this.definitions.get(value)?.parent;
    return parent ? this.top(parent) : value;
  }
  /** Whether `value` is `ancestor` or below it. */
  isWithin(value: string, ancestor: string): boolean {
    if (value === ancestor) return true;
    const parent = this.definitions.get(value)?.parent;
    return parent ? this.isWithin(parent, ancestor) : false;
  }
}

/** Words of a name, plurals folded, order forgotten: MeSH writes "Stress Disorders, Post-Traumatic". */
const words = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .map((word) => word.replace(/(?<=\p{L}{3})s$/u, ''));

/** How much a paper is about a value: asked for by the reader, a main heading of NLM's, or named in the title. */
function weight(paper: Placed, tag: TagDefinition, tree: Tree, wanted: readonly string[]): number {
  const major = new Set(paper.mesh.filter((heading) => heading.major).map((heading) => heading.ui));
  const title = new Set(words(paper.title));
  // a definition begins with the long name where the label is short: "Post-traumatic stress disorder, …"
  const longNames = tag.definition.split(/[,;.]/).filter((phrase) => words(phrase).length > 1);
  const names = [tag.label, tag.value, ...tag.mesh.map((heading) => heading.name), ...longNames];
  return (
    (wanted.some((value) => tree.isWithin(tag.value, value)) ? 4 : 0) +
    (tag.mesh.some((heading) => major.has(heading.ui)) ? 2 : 0) +
    (names.some((name) => words(name).every((word) => title.has(word))) ? 1 : 0)
  );
}

/** The one value under which a paper stands: the heaviest, the most specific, the first of the taxonomy. */
function bestValue(paper: Placed, values: readonly string[], tree: Tree, wanted: readonly string[]): string | null {
  const leaves = values.filter(
    (value) => tree.definition(value) && !values.some((other) => other !== value && tree.isWithin(other, value)),
  );
  let best: { value: string; weight: number } | null = null;
  for (const value of leaves.sort((a, b) => tree.rank(a) - tree.rank(b))) {
    const definition = tree.definition(value);
    if (!definition) continue;
    const candidate = { value, weight: weight(paper, definition, tree, wanted) };
    if (!best || candidate.weight > best.weight) best = candidate;
  }
  return best?.value ?? null;
}

/** The direction under which a paper is grouped: a top-level one, asked for if any was, else the first of the taxonomy. */
function bestDirection(values: readonly string[], tree: Tree, wanted: readonly string[]): string | null {
  const asked = values.filter((value) => wanted.some((want) => tree.isWithin(value, want)));
  const tops = (asked.length > 0 ? asked : values).filter((v) => tree.definition(v)).map((value) => tree.top(value));
  return tops.sort((a, b) => tree.rank(a) - tree.rank(b))[0] ?? null;
}

/**
 * Sections by condition, then by direction; each paper once, at its best place, and a cross-reference wherever else
 * it belongs. Papers without a condition stand under their direction, the rest under "other".
 * @param papers those that stand on their own; what belongs under another paper is not among them
 */
export function placePapers(
  papers: readonly Placed[],
  facets: readonly FacetDefinition[],
  wanted: Wanted,
): DigestSection[] {
  const conditions = new Tree(facets.find((facet) => facet.facet === 'condition'));
  const directions = new Tree(facets.find((facet) => facet.facet === 'direction'));
  const places = new Map<string, { facet: DigestSection['facet']; value: string; direction: string | null }>();
  for (const paper of papers) {
    const condition = bestValue(paper, paper.tags.condition, conditions, wanted.condition ?? []);
    const direction = bestDirection(paper.tags.direction, directions, wanted.direction ?? []);
    if (condition) places.set(paper.pmid, { facet: 'condition', value: condition, direction });
    else if (direction) places.set(paper.pmid, { facet: 'direction', value: direction, direction: null });
    else places.set(paper.pmid, { facet: 'other', value: 'other', direction: null });
  }
  const strongest = [...papers].sort(compareStrength);

  const section = (facet: DigestSection['facet'], value: string, label: string): DigestSection => {
    const groups = new Map<string | null, string[]>();
    for (const paper of strongest) {
      const place = places.get(paper.pmid);
      if (place?.facet !== facet || place.value !== value) continue;
      groups.set(place.direction, [...(groups.get(place.direction) ?? []), paper.pmid]);
    }
    const elsewhere = (paper: Placed) => {
      const place = places.get(paper.pmid);
      if (facet !== 'condition' || !paper.tags.condition.includes(value)) return false;
      return place?.facet !== 'condition' || !conditions.isWithin(place.value, value);
    };
    return {
      facet,
      value,
      label,
      groups: [...groups].map(([direction, pmids]) => ({ direction, pmids })),
      seeAlso: strongest.filter(elsewhere).map((paper) => paper.pmid),
    };
  };

  const sections = [
    ...[...conditions.values].map((value) => section('condition', value, conditions.label(value))),
    ...[...directions.values].map((value) => section('direction', value, directions.label(value))),
    section('other', 'other', OTHER_LABEL),
  ];
  // who asked for one condition does not want a list of all the others
  const filtered = (wanted.condition ?? []).length > 0;
  return sections.filter(({ groups, seeAlso }) => groups.length > 0 || (!filtered && seeAlso.length > 0));
}
