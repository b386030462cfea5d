import { SINGLE_FACETS, type Facet, type Tags } from '../model/tag.js';
import { WINS_FROM, type Chances, type PlacedTag, type TagTable } from './judge-paper.js';

/** Facets that a paper in which the drug is only mentioned may have. */
const MENTION_FACETS: ReadonlySet<Facet> = new Set(['relevance', 'study', 'species', 'condition', 'direction']);

/** A tag that is given, with the probability that decided. */
export interface Decision {
  tag: PlacedTag;
  chance: number;
  /** The child that brought its parent along; null when the tag stands on its own evidence. */
  child: PlacedTag | null;
}

/**
 * Which tags a paper gets. `has` tells whether a tag has anything to show for itself: none is given without evidence.
 * A single facet takes its best tag; parents come with their children; papers about something else get no tags but
 * those the guidelines keep for them.
 */
export function decide({ facets }: TagTable, chances: Chances, has: (tag: PlacedTag) => boolean): Decision[] {
  const decisions: Decision[] = [];
  const relevance = best(facets.get('relevance') ?? [], chances, has);
  for (const [facet, tags] of facets) {
    if (facet === 'relevance') {
      if (relevance) decisions.push(relevance);
      continue;
    }
    if (relevance?.tag.tag === 'incidental') continue;
    if (relevance?.tag.tag === 'mention' && !MENTION_FACETS.has(facet)) continue;
    if ((SINGLE_FACETS as readonly string[]).includes(facet)) {
      const only = best(tags, chances, has);
      if (only) decisions.push(only);
    } else decisions.push(...several(tags, chances, has));
  }
  return decisions;
}

function best(tags: readonly PlacedTag[], chances: Chances, has: (tag: PlacedTag) => boolean): Decision | null {
  let found: Decision | null = null;
  for (const tag of tags) {
    const chance = chances[tag.at] ?? 0;
    if ((!found || chance > found.chance) && has(tag)) found = { tag, chance, child: null };
  }
  const winner = found && tags.find((tag) => found.tag.winners.includes(tag.at) && (chances[tag.at] ?? 0) > WINS_FROM);
  return winner && has(winner) ? { tag: winner, chance: chances[winner.at] ?? 0, child: null } : found;
}

function several(tags: readonly PlacedTag[], chances: Chances, has: (tag: PlacedTag) => boolean): Decision[] {
  let given: Map<string, Decision> | null = null;
  for (const tag of tags) {
    const chance = chances[tag.at] ?? 0;
    if (chance > tag.threshold && has(tag)) (given ??= new Map()).set(tag.tag, { tag, chance, child: null });
  }
  if (!given) return [];
  const all = given;
  for (const { tag, chance } of [...all.values()]) {
    const parent = tags.find((other) => other.tag === tag.parent);
    if (!parent) continue;
    const known = all.get(parent.tag);
    if (!known) all.set(parent.tag, { tag: parent, chance, child: tag });
    else if (known.chance < chance) all.set(parent.tag, { ...known, chance });
  }
  return tags.flatMap((tag) => all.get(tag.tag) ?? []);
}

/** Given tags by facet; within a facet they keep their order, which is the taxonomy's. */
export function toTags(given: readonly { facet: Facet; tag: string }[]): Tags {
  const of = (facet: Facet): string[] => given.filter((entry) => entry.facet === facet).map(({ tag }) => tag);
  return {
    relevance: of('relevance')[0] ?? null,
    study: of('study')[0] ?? null,
    condition: of('condition'),
    direction: of('direction'),
    route: of('route'),
    compound: of('compound'),
    mechanism: of('mechanism'),
    safety: of('safety'),
    care: of('care'),
    population: of('population'),
    species: of('species'),
  };
}
