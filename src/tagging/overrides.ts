import { FACETS, type Evidence, type Facet, type Tagging } from '../model/tag.js';
import type { Taggable } from '../model/taggable.js';
import type { FacetDefinition } from '../model/taxonomy.js';
import { AppError } from '../problem.js';
import { YamlReader, type Entry } from '../taxonomy/yaml-reader.js';
import { describeMistakes } from '../taxonomy/describe-mistakes.js';

/** What a person decided about one paper. */
export interface Override {
  pmid: string;
  add: { facet: Facet; tag: string }[];
  remove: { facet: Facet; tag: string }[];
  /** True: about the drug (`core`). False: not (`incidental`, nothing else). Null: as the tagger says. */
  include: boolean | null;
  who: string;
  why: string;
}

/**
 * Reads data/overrides.yaml: PMID → `add`, `remove` (lists of `facet/tag`), `include`, `who`, `why`.
 * @throws AppError `invalid-taxonomy` with every mistake and its line
 */
export function loadOverrides(
  text: string,
  fileName: string,
  facets: readonly FacetDefinition[],
): Map<string, Override> {
  const reader = new YamlReader(text, fileName);
  const known = facets.flatMap(({ facet, tags }) => tags.map(({ value }) => `${facet}/${value}`));
  const overrides = new Map<string, Override>();
  for (const entry of reader.root === null ? [] : reader.entries(reader.root, 'the file')) {
    if (!/^\d{1,9}$/.test(entry.key)) reader.note(entry.at, `"${entry.key}" is not a PMID`);
    const what = `override of ${entry.key}`;
    const parts = reader.record(entry.value, what, ['who', 'why'], ['add', 'remove', 'include'], entry.at);
    const list = (part: Entry | undefined, name: string): Override['add'] =>
      reader.texts(part, `${what} ${name}`).flatMap(({ text: key, at }) => {
        if (!known.includes(key)) reader.note(at, `${what}: "${key}" is not a tag written as facet/tag`, known);
        const [facet, tag] = key.split('/');
        return tag !== undefined && isFacet(facet) ? [{ facet, tag }] : [];
      });
    overrides.set(entry.key, {
      pmid: entry.key,
      add: list(parts.add, 'add'),
      remove: list(parts.remove, 'remove'),
      include: parts.include ? reader.flag(parts.include, `${what} include`) : null,
      who: reader.text(parts.who, `${what} who`),
      why: reader.text(parts.why, `${what} why`),
    });
  }
  if (reader.mistakes.length > 0) {
    throw new AppError('invalid-taxonomy', describeMistakes(reader.mistakes, fileName), { items: reader.mistakes });
  }
  return overrides;
}

function isFacet(value: string | undefined): value is Facet {
  return (FACETS as readonly (string | undefined)[]).includes(value);
}

/** Applies a person's decision last: it wins over every rule and shows as rule `editor`. */
export function applyOverride(
  tagging: Pick<Tagging, 'tags' | 'evidence'>,
  override: Override,
  paper: Taggable,
  facets: readonly FacetDefinition[],
): Pick<Tagging, 'tags' | 'evidence'> {
  const tags = structuredClone(tagging.tags);
  let evidence = [...tagging.evidence];
  const drop = (facet: Facet, tag: string): void => {
    if (facet === 'relevance' || facet === 'study') {
      if (tags[facet] === tag) tags[facet] = null;
    } else tags[facet] = tags[facet].filter((value) => value !== tag);
    evidence = evidence.filter((entry) => entry.facet !== facet || entry.tag !== tag);
  };
  const give = (facet: Facet, tag: string): void => {
    if (facet === 'relevance' || facet === 'study') {
      const former = tags[facet];
      if (former !== null) drop(facet, former);
      tags[facet] = tag;
    } else {
      const order = facets.find((definition) => definition.facet === facet)?.tags.map(({ value }) => value) ?? [];
      const values = new Set([...tags[facet], tag]);
      tags[facet] = order.filter((value) => values.has(value));
    }
    evidence = evidence.filter((entry) => entry.facet !== facet || entry.tag !== tag);
    evidence.push(editorEvidence(facet, tag, paper));
  };
  if (override.include === false) {
    // Out of the tracker's sight: what only mentions or uses the drug is not listed by default.
    for (const { facet, tag } of [...evidence]) drop(facet, tag);
    give('relevance', 'incidental');
  }
  if (override.include === true) give('relevance', 'core');
  for (const { facet, tag } of override.remove) {
    const tagsOfFacet = facets.find((one) => one.facet === facet)?.tags ?? [];
    // a child never stands without its parent
    for (const { value, parent } of tagsOfFacet) if (parent === tag) drop(facet, value);
    drop(facet, tag);
  }
  for (const { facet, tag } of override.add) {
    const definition = facets.find((one) => one.facet === facet)?.tags.find(({ value }) => value === tag);
    if (definition?.parent) give(facet, definition.parent);
    give(facet, tag);
  }
  return { tags, evidence };
}

/** The editor's word is about the whole paper: the span is its title. */
function editorEvidence(facet: Facet, tag: string, paper: Taggable): Evidence {
  const span = {
    field: 'title' as const,
    index: 0,
    start: 0,
    end: paper.title.length,
    text: paper.title,
    rule: 'editor',
  };
  return { facet, tag, confidence: 1, spans: [span] };
}
