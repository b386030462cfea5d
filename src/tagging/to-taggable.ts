import type { Paper } from '../model/paper.js';
import type { Taggable } from '../model/taggable.js';

/** What the tagger reads of a stored record. Places (`index`) are those of the paper's own lists. */
export function toTaggable(paper: Paper): Taggable {
  return {
    pmid: paper.pmid,
    title: paper.title,
    vernacularTitle: paper.vernacularTitle,
    abstract: paper.abstract.map(({ label, text }) => ({ label, text })),
    otherAbstracts: paper.otherAbstracts.map(({ label, text }) => ({ label, text })),
    keywords: paper.keywords.map(({ text }) => text),
    mesh: paper.mesh.map(({ ui, name, major }) => ({ ui, name, major })),
    publicationTypes: paper.publicationTypes.map(({ name }) => name),
    substances: paper.chemicals.map(({ name }) => name),
    trials: paper.trials,
  };
}
