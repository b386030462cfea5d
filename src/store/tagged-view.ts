import type { Facts, Tags } from '../model/tag.js';

/**
 * The stored view of a paper is JSON text of 5 kB and more, of which tagging changes two members. They stand side by
 * side, so they are exchanged in the text: unescaped quotes stand only around keys and values, and neither
 * `,"tags":{` nor `,"status":{` is the beginning of any other member.
 */
const TAGS = ',"tags":{';
const STATUS = ',"status":{';

export interface Exchange {
  /** The text with the new tags and facts; the given one when nothing changed. */
  view: string;
  /** `tags.FACET`, `facts.NAME` of what differs; empty when nothing does. */
  changed: string[];
}

export function exchangeTags(view: string, tags: Tags, facts: Facts): Exchange {
  const from = view.indexOf(TAGS);
  const to = view.indexOf(STATUS, from);
  if (from === -1 || to === -1) throw new Error('a stored view without tags');
  const now = `,"tags":${JSON.stringify(tags)},"facts":${JSON.stringify(facts)}`;
  const before = view.slice(from, to);
  if (before === now) return { view, changed: [] };
  const old = JSON.parse(`{${before.slice(1)}}`) as { tags: Tags; facts: Facts };
  const changed = [...differences('tags', old.tags, tags), ...differences('facts', old.facts, facts)];
  return { view: view.slice(0, from) + now + view.slice(to), changed };
}

function differences<T extends object>(name: string, old: T, now: T): string[] {
  return (Object.keys(now) as (keyof T & string)[])
    .filter((key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]))
    .map((key) => `${name}.${key}`);
}
