import type { Facet } from './tag.js';

/** A tag as readers see it: what `GET /taxonomy` shows. How it is recognised is the tagger's business. */
export interface TagDefinition {
  value: string;
  label: string;
  definition: string;
  parent: string | null;
  mesh: { ui: string; name: string }[];
}

export interface FacetDefinition {
  facet: Facet;
  label: string;
  definition: string;
  /** False: one value at most. */
  multiple: boolean;
  /** Parents stand before their children; this is the display order. */
  tags: TagDefinition[];
}

/** What to ask PubMed for, and the words by which a bulk file is pre-selected. */
export interface TaxonomyQuery {
  /** Text words and phrases, `[tiab]`-like; a trailing `*` truncates. */
  words: string[];
  /** MeSH heading names, `[mh]`. */
  mesh: string[];
  /** Supplementary substance names, `[nm]`. */
  substances: string[];
  /** Papers that match these words and none of the others are not searched for: homonyms. */
  exclude: string[];
}

/** data/taxonomy.yaml, checked. `Recognition` is what the tagging stage reads; other parts of the program do not look into it. */
export interface Taxonomy<Recognition = unknown> {
  /** Changes with every change of the file that can change a tag: its `version` and a digest of its content. */
  version: string;
  /** The drug's name as titles, pages and mail subjects show it: "Ketamine". */
  name: string;
  /** In running text: "ketamine". */
  noun: string;
  query: TaxonomyQuery;
  facets: FacetDefinition[];
  recognition: Recognition;
}

/** Nest token of the taxonomy in use. */
export const TAXONOMY_TOKEN = Symbol('taxonomy');
