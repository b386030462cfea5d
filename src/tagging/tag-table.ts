import { FACETS, type Facet } from '../model/tag.js';
import type { Recognition, TagRecognition } from '../taxonomy/recognition.js';

/**
 * What kind of paper a phrase stands in, for the facets judged later: "within 24 h" is an onset in a trial for
 * depression, a time point in a search for biomarkers, and the length of analgesia after surgery. A taxonomy without
 * one of these tags loses only the hint.
 */
export const SETTINGS = [
  'study/protocol',
  'study/rct',
  'study/case-report',
  'study/observational',
  'condition/depression',
  'condition/treatment-resistant-depression',
  'condition/suicidality',
  'condition/chronic-pain',
  'condition/acute-pain',
  'condition/anaesthesia-sedation',
  'condition/schizophrenia-psychosis',
  'condition/ketamine-misuse',
  'population/healthy-volunteers',
  'safety/safety',
  'direction/biomarkers',
  'direction/formulations',
  'direction/combinations',
  'direction/new-conditions',
] as const;

/** Values that the judgement itself refers to; a taxonomy without them loses only these hints. */
const REVIEWS = ['meta-analysis', 'systematic-review', 'review', 'guideline'].map((tag) => `study/${tag}`);
const CORE = 'relevance/core';
const ANIMAL = 'species/animal';

/** Probabilities by the tags' places in the recognition; 0 for a tag with nothing to show. */
export type Chances = Float64Array;

/**
 * A tag with its place in `recognition.tags` and those of the tags around it (-1: none). All are made alike, which is
 * what the engine reads fastest: they are looked at for every paper.
 */
export class PlacedTag {
  readonly facet: Facet;
  readonly tag: string;
  readonly parent: string | null;
  readonly types: readonly string[];
  readonly parentAt: number;
  readonly sources: readonly number[];
  readonly supporters: readonly number[];
  readonly opponents: readonly number[];
  readonly winners: readonly number[];

  /** @param threshold the tag is given from this probability on */
  constructor(
    { facet, tag, parent, types, from, for: supporters, against, yields }: TagRecognition,
    readonly key: string,
    readonly at: number,
    places: (keys: readonly string[]) => number[],
    readonly threshold: number,
  ) {
    this.facet = facet;
    this.tag = tag;
    this.parent = parent;
    this.types = types;
    this.parentAt = parent === null ? -1 : (places([`${facet}/${parent}`])[0] ?? -1);
    this.sources = places(from);
    this.supporters = places(supporters);
    this.opponents = places(against);
    this.winners = places(yields.map((other) => `${facet}/${other}`));
  }
}

/** The tags of a recognition, by place and by facet. */
export interface TagTable {
  all: readonly PlacedTag[];
  facets: ReadonlyMap<Facet, readonly PlacedTag[]>;
  /** The places of a facet's tags in `all`, and by these whether a tag may rest on others: what is asked of every tag. */
  ats: ReadonlyMap<Facet, Int32Array>;
  rests: Uint8Array;
  /** Facets whose tags have publication types. */
  typed: ReadonlySet<Facet>;
  core: number;
  animal: number;
  reviews: readonly number[];
  settings: readonly number[];
}

/** Where nothing was fitted, more likely than not. */
const EVEN = 0.5;

/** @param thresholds by facet, as fitted */
export function placeTags(
  recognition: Recognition,
  thresholds: Partial<Record<Facet, { threshold: number }>> = {},
): TagTable {
  const keys = recognition.tags.map(({ facet, tag }) => `${facet}/${tag}`);
  const places = (wanted: readonly string[]): number[] =>
    wanted.map((key) => keys.indexOf(key)).filter((at) => at !== -1);
  const all = recognition.tags.map(
    (tag, at) => new PlacedTag(tag, keys[at] ?? '', at, places, thresholds[tag.facet]?.threshold ?? EVEN),
  );
  return {
    all,
    facets: new Map(FACETS.map((facet) => [facet, all.filter((tag) => tag.facet === facet)])),
    ats: new Map(
      FACETS.map((facet) => [
        facet,
        Int32Array.from(
          all.filter((tag) => tag.facet === facet),
          ({ at }) => at,
        ),
      ]),
    ),
    rests: Uint8Array.from(all, ({ sources }) => (sources.length > 0 ? 1 : 0)),
    typed: new Set(all.filter(({ types }) => types.length > 0).map(({ facet }) => facet)),
    core: keys.indexOf(CORE),
    animal: keys.indexOf(ANIMAL),
    reviews: places(REVIEWS),
    settings: SETTINGS.map((key) => keys.indexOf(key)),
  };
}

/** Where a tag stands in `recognition.tags`; -1: nowhere. */
export function placeOf({ facets }: TagTable, facet: Facet, tag: string): number {
  return facets.get(facet)?.find((placed) => placed.tag === tag)?.at ?? -1;
}
