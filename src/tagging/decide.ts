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
    } else several(tags, chances, has, decisions);
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

/** Adds the tags of a facet that are likely enough, in their order. */
function several(
  tags: readonly PlacedTag[],
  chances: Chances,
  has: (tag: PlacedTag) => boolean,
  decisions: Decision[],
): void {
  let given: Map<string, Decision> | null = null;
  for (const tag of tags) {
    const chance = chances[tag.at] ?? 0;
    if (chance > tag.threshold && has(tag)) (given ??= new Map()).set(tag.tag, { tag, chance, child: null });
  }
  if (!given) return;
  for (const { tag, chance } of [...given.values()]) {
    if (tag.parent === null) continue;
    const parent = tags.find((other) => other.tag === tag.parent);
    if (!parent) continue;
    const known = given.get(parent.tag);
    if (!known) given.set(parent.tag, { tag: parent, chance, child: tag });
    else if (known.chance < chance) given.set(parent.tag, { ...known, chance });
  }
  for (const { tag } of tags) {
    const decision = given.get(tag);
    if (decision) decisions.push(decision);
  }
}

/** Given tags by facet; within a facet they keep their order, which is the taxonomy's. */
export function toTags(given: readonly { facet: Facet; tag: string }[]): Tags {
  const tags: Tags = {
    relevance: null,
    study: null,
    condition: [],
    direction: [],
    route: [],
    compound: [],
    mechanism: [],
    safety: [],
    care: [],
    population: [],
    species: [],
  };
  for (const { facet, tag } of given) {
    if (facet === 'relevance' || facet === 'study') tags[facet] ??= tag;
    else tags[facet].push(tag);
  }
  return tags;
}
