import { createHash } from 'node:crypto';
import type { Node } from 'yaml';
import { FACETS, SINGLE_FACETS, type Facet } from '../model/tag.js';
import type { FacetDefinition, TagDefinition, Taxonomy, TaxonomyQuery } from '../model/taxonomy.js';
import { AppError } from '../problem.js';
import { findPhraseMistake } from './phrase.js';
import type { Recognition, TagRecognition } from './recognition.js';
import { YamlReader, type Entry } from './yaml-reader.js';
import { describeMistakes } from './describe-mistakes.js';

const PHRASE_LISTS = ['itself', 'strong', 'phrases', 'weak', 'not'] as const;
const TAG_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const MESH_ENTRY = /^([DC]\d{6,9}) (\S.*)$/;

/** A tag that another one rests on, and where the file says so. */
interface Source {
  text: string;
  at: Node;
}

/**
 * Reads a taxonomy file (data/taxonomy.yaml explains its own format).
 * @param fileName how mistakes name the file: `data/taxonomy.yaml:12`
 * @throws AppError `invalid-taxonomy` with one item per mistake: its line, what is wrong, what is allowed
 */
export function loadTaxonomy(text: string, fileName: string): Taxonomy<Recognition> {
  const reader = new YamlReader(text, fileName);
  const top = reader.record(reader.root, 'the file', ['name', 'noun', 'version', 'query', 'facets'], ['vocabulary']);
  const name = reader.text(top.name, 'name');
  const noun = reader.text(top.noun, 'noun');
  const version = reader.text(top.version, 'version');
  const query = readQuery(reader, top.query);
  const vocabulary = readVocabulary(reader, top.vocabulary);
  const facets: FacetDefinition[] = [];
  const tags: TagRecognition[] = [];
  const sources: Source[] = [];
  for (const entry of top.facets ? reader.entries(top.facets.value, 'facets', top.facets.at) : []) {
    if (!isFacet(entry.key)) reader.note(entry.at, `unknown facet "${entry.key}"`, FACETS);
    else facets.push(readFacet(reader, entry, entry.key, vocabulary, { tags, sources }));
  }
  for (const facet of FACETS) {
    if (top.facets && !facets.some((found) => found.facet === facet)) {
      reader.note(top.facets.at, `facets: "${facet}" is missing`, FACETS);
    }
  }
  const known = tags.map(({ facet, tag }) => `${facet}/${tag}`);
  for (const { text: source, at } of sources) {
    if (!known.includes(source)) reader.note(at, `"${source}" is no tag of this file`, known);
  }
  if (reader.mistakes.length > 0) {
    throw new AppError('invalid-taxonomy', describeMistakes(reader.mistakes, fileName), { items: reader.mistakes });
  }
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return { version: `${version}-${digest}`, name, noun, query, facets, recognition: { vocabulary, tags } };
}

function isFacet(key: string): key is Facet {
  return (FACETS as readonly string[]).includes(key);
}

function readQuery(reader: YamlReader, entry: Entry | undefined): TaxonomyQuery {
  if (!entry) return { words: [], mesh: [], substances: [], exclude: [] };
  const parts = reader.record(entry.value, 'query', ['words'], ['mesh', 'substances', 'exclude'], entry.at);
  const list = (part: Entry | undefined, what: string): string[] => reader.texts(part, what).map(({ text }) => text);
  const words = list(parts.words, 'query words');
  if (parts.words && words.length === 0) reader.note(parts.words.at, 'query: at least one word is needed');
  return {
    words,
    mesh: list(parts.mesh, 'query mesh'),
    substances: list(parts.substances, 'query substances'),
    exclude: list(parts.exclude, 'query exclude'),
  };
}

function readVocabulary(reader: YamlReader, entry: Entry | undefined): Record<string, string[]> {
  const vocabulary: Record<string, string[]> = {};
  const lists = entry ? reader.entries(entry.value, 'vocabulary', entry.at) : [];
  const texts = lists.map((list) => ({ list, words: reader.texts(list, `vocabulary ${list.key}`) }));
  for (const { list, words } of texts) {
    if (!TAG_NAME.test(list.key)) reader.note(list.at, `vocabulary: "${list.key}" must be small letters and hyphens`);
    vocabulary[list.key] = words.map(({ text }) => text);
  }
  // A list may name only lists above it, so no list can contain itself.
  const above: Record<string, string[]> = {};
  for (const { list, words } of texts) {
    for (const { text, at } of words) notePhrase(reader, at, text, above);
    above[list.key] = vocabulary[list.key] ?? [];
  }
  return vocabulary;
}

function notePhrase(reader: YamlReader, at: Node, phrase: string, vocabulary: Record<string, string[]>): void {
  const mistake = findPhraseMistake(phrase, vocabulary);
  if (mistake) reader.note(at, `"${phrase}": ${mistake.message}`, mistake.allowed);
}

function readFacet(
  reader: YamlReader,
  entry: Entry,
  facet: Facet,
  vocabulary: Record<string, string[]>,
  out: { tags: TagRecognition[]; sources: Source[] },
): FacetDefinition {
  const parts = reader.record(entry.value, facet, ['label', 'definition', 'multiple', 'tags'], [], entry.at);
  const multiple = reader.flag(parts.multiple, `${facet} multiple`);
  const single = (SINGLE_FACETS as readonly string[]).includes(facet);
  if (parts.multiple && multiple === single) {
    reader.note(parts.multiple.at, `${facet} has ${single ? 'one value' : 'many values'}`, [String(!single)]);
  }
  const tags: TagDefinition[] = [];
  for (const tag of parts.tags ? reader.entries(parts.tags.value, `${facet} tags`, parts.tags.at) : []) {
    if (!TAG_NAME.test(tag.key)) reader.note(tag.at, `tag "${tag.key}" must be small letters, figures and hyphens`);
    tags.push(readTag(reader, tag, facet, tags, vocabulary, out));
  }
  return {
    facet,
    label: reader.text(parts.label, `${facet} label`),
    definition: reader.text(parts.definition, `${facet} definition`),
    multiple,
    tags,
  };
}

function readTag(
  reader: YamlReader,
  entry: Entry,
  facet: Facet,
  earlier: readonly TagDefinition[],
  vocabulary: Record<string, string[]>,
  { tags: recognitions, sources }: { tags: TagRecognition[]; sources: Source[] },
): TagDefinition {
  const what = `${facet} ${entry.key}`;
  const optional = [
    'parent',
    'mesh',
    'from',
    'for',
    'against',
    'yields',
    'types',
    'sections',
    ...PHRASE_LISTS,
  ] as const;
  const parts = reader.record(entry.value, what, ['label', 'definition'], optional, entry.at);
  const parent = parts.parent ? reader.text(parts.parent, `${what} parent`) : null;
  const parents = earlier.filter((tag) => tag.parent === null).map((tag) => tag.value);
  if (parts.parent && parent && !parents.includes(parent)) {
    reader.note(parts.parent.at, `${what}: parent "${parent}" is not a tag without parent above it`, parents);
  }
  const mesh: { ui: string; name: string }[] = [];
  const headings: string[] = [];
  for (const { text, at } of reader.texts(parts.mesh, `${what} mesh`)) {
    const [, ui, name] = MESH_ENTRY.exec(text) ?? [];
    if (ui && name) mesh.push({ ui, name });
    headings.push(name ?? text);
    if (!name && /^[DC]?\d/.test(text)) {
      reader.note(at, `${what} mesh: "${text}" must be a UI and a name, or a name`, [
        'D013313 Stress Disorders, Post-Traumatic',
        'Emergence Delirium',
      ]);
    }
  }
  const references = (part: Entry | undefined, name: string): string[] =>
    reader.texts(part, `${what} ${name}`).map(({ text, at }) => {
      sources.push({ text, at });
      return text;
    });
  const from = references(parts.from, 'from');
  const speakFor = references(parts.for, 'for');
  const against = references(parts.against, 'against');
  const types = reader.texts(parts.types, `${what} types`).map(({ text }) => text);
  const sections = reader.texts(parts.sections, `${what} sections`).map(({ text }) => text);
  const yields = reader.texts(parts.yields, `${what} yields`).map(({ text, at }) => {
    sources.push({ text: `${facet}/${text}`, at });
    return text;
  });
  const lists: Record<(typeof PHRASE_LISTS)[number], string[]> = {
    itself: [],
    strong: [],
    phrases: [],
    weak: [],
    not: [],
  };
  for (const list of PHRASE_LISTS) {
    for (const { text, at } of reader.texts(parts[list], `${what} ${list}`)) {
      notePhrase(reader, at, text, vocabulary);
      lists[list].push(text);
    }
  }
  recognitions.push({
    facet,
    tag: entry.key,
    parent,
    ...lists,
    mesh: mesh.map(({ ui }) => ui),
    headings,
    from,
    for: speakFor,
    against,
    yields,
    types,
    sections,
  });
  return {
    value: entry.key,
    label: reader.text(parts.label, `${what} label`),
    definition: reader.text(parts.definition, `${what} definition`),
    parent,
    mesh,
  };
}
