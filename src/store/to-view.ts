import type { Paper } from '../model/paper.js';
import type { PaperView } from '../model/paper-view.js';
import type { Facts, Tags } from '../model/tag.js';

/** What is stored ready-made: everything but `links`, which depend on where the paper is shown. */
export type StoredView = Omit<PaperView, 'links'>;

/** Projects a record to the shape of the API, with the tags and facts it has now. */
export function toView(
  paper: Paper,
  here: { listedAt: number; late: boolean; gone: boolean; tags: Tags; facts: Facts },
): StoredView {
  return {
    pmid: paper.pmid,
    version: paper.version,
    title: paper.title,
    vernacularTitle: paper.vernacularTitle,
    abstract: paper.abstract.map(({ label, text }) => ({ label, text })),
    otherAbstracts: paper.otherAbstracts,
    authors: paper.authors
      .filter((author) => author.valid)
      .map(({ name, given, family, initials, orcid, collective, affiliations }) => ({
        name,
        given,
        family,
        initials,
        orcid,
        collective,
        affiliations,
      })),
    journal: {
      title: paper.journal.title,
      iso: paper.journal.iso,
      issn: paper.journal.issn,
      volume: paper.journal.volume,
      issue: paper.journal.issue,
      pages: paper.journal.pages,
    },
    published: paper.published,
    added: paper.added,
    listedAt: new Date(here.listedAt).toISOString(),
    late: here.late,
    doi: paper.doi,
    pmcid: paper.pmcid,
    language: paper.language,
    publicationTypes: paper.publicationTypes.map((type) => type.name),
    substances: paper.chemicals.map((chemical) => chemical.name),
    mesh: paper.mesh.map(({ ui, name, major, qualifiers }) => ({
      ui,
      name,
      major,
      qualifiers: qualifiers.map((q) => q.name),
    })),
    keywords: paper.keywords.map((keyword) => keyword.text),
    tags: here.tags,
    facts: here.facts,
    status: { ...paper.status, gone: here.gone },
    related: paper.related,
  };
}

/** First day of a partial date: `2024` → `2024-01-01`, `2024-07` → `2024-07-01`. */
export const firstDay = (date: string | null): string | null =>
  date === null
    ? null
    : `${date}-01-01`.slice(0, 4) +
      (date.length > 4 ? date.slice(4, 7) : '-01') +
      (date.length > 7 ? date.slice(7) : '-01');
