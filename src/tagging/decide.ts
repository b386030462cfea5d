import { noTags, SINGLE_FACETS, type Facet, type Tags } from '../model/tag.js';
import { WINS_FROM } from './judge-paper.js';
import type { Chances, PlacedTag, TagTable } from './tag-table.js';

/** Facets that a paper in which the drug is only mentioned may have. */
const MENTION_FACETS: ReadonlySet<Facet> = new Set(['relevance', 'study', 'species', 'condition', 'direction']);

/** From this chance on a paper counts as one about the drug. */
const SURELY = 0.5;

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
export function decide({ facets, core }: TagTable, chances: Chances, has: (tag: PlacedTag) => boolean): Decision[] {
  const decisions: Decision[] = [];
  const relevance = best(facets.get('relevance') ?? [], chances, has);
  const aboutDrug = core === -1 ? 1 : (chances[core] ?? 0);
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
    } else {
      // Tags of these facets are judged as if the paper were about the drug.
      const share = aboutDrug > SURELY || MENTION_FACETS.has(facet) ? 1 : aboutDrug;
      several(tags, chances, { has, share }, decisions);
    }
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

/** Adds the tags of a facet that are likely enough, in their order, and the parents that come with them. */
function several(
  tags: readonly PlacedTag[],
  chances: Chances,
  { has, share }: { has: (tag: PlacedTag) => boolean; share: number },
  decisions: Decision[],
): void {
  const given: Decision[] = [];
  for (let place = 0; place < tags.length; place += 1) {
    const tag = tags[place] as PlacedTag;
    const chance = chances[tag.at] ?? 0;
    if (chance * share > tag.threshold && has(tag)) given.push({ tag, chance, child: null });
  }
  if (given.length === 0) return;
  const own = given.length;
  for (let number = 0; number < own; number += 1) {
    const { tag, chance } = given[number] as Decision;
    if (tag.parent === null) continue;
    const known = given.find((other) => other.tag.at === tag.parentAt);
    if (known) {
      if (known.chance < chance) known.chance = chance;
      continue;
    }
    const parent = tags.find(({ at }) => at === tag.parentAt);
    if (parent) given.push({ tag: parent, chance, child: tag });
  }
  if (given.length > own) given.sort((one, other) => one.tag.at - other.tag.at);
  decisions.push(...given);
}

/** Given tags by facet; within a facet they keep their order, which is the taxonomy's. */
export function toTags(given: readonly { facet: Facet; tag: string }[]): Tags {
  const tags = noTags();
  for (const { facet, tag } of given) {
    if (facet === 'relevance' || facet === 'study') tags[facet] ??= tag;
    else tags[facet].push(tag);
  }
  return tags;
}
