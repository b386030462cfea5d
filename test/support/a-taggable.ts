import type { Taggable } from '../../src/model/taggable.js';

/** A paper for specs: nothing but what the spec is about. */
export function aPaper(parts: Partial<Taggable>): Taggable {
  return {
    pmid: null,
    title: '',
    vernacularTitle: null,
    abstract: [],
    otherAbstracts: [],
    keywords: [],
    mesh: [],
    publicationTypes: ['Journal Article'],
    substances: [],
    trials: [],
    ...parts,
  };
}
