import type { Filter } from '../model/filter.js';
import { FACETS } from '../model/tag.js';
import type { RevisionRow } from '../store/changes.store.js';

export const CHANGE_KINDS = ['created', 'revised', 'retagged', 'corrected', 'gone'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface Change {
  pmid: string;
  change: ChangeKind;
  at: string;
  /** Whether the paper is under the filters now: if so, read it again; if not, drop it. */
  listed: boolean;
}

/** What a revision means for somebody who keeps a copy. */
export function changeKind({ source, changed, gone }: Pick<RevisionRow, 'source' | 'changed' | 'gone'>): ChangeKind {
  if (changed.includes('created')) return 'created';
  if (gone && changed.includes('status.gone')) return 'gone';
  if (changed.some((field) => field.startsWith('status.') && field !== 'status.gone')) return 'corrected';
  return source === 'tagging' ? 'retagged' : 'revised';
}

/** Fields by whose change a paper may begin or cease to match. */
export function fieldsOf(filter: Filter): Set<string> {
  const fields = new Set<string>(['tags.relevance']);
  for (const facet of FACETS) if (filter.facets[facet]) fields.add(`tags.${facet}`);
  const add = (chosen: boolean, ...names: string[]) => {
    if (chosen) for (const name of names) fields.add(name);
  };
  add(filter.q !== null, 'title', 'vernacularTitle', 'abstract', 'keywords', 'mesh', 'authors', 'journal', 'doi', 'pmcid', 'trials'); // prettier-ignore
  add(filter.from !== null || filter.to !== null, filter.dateType === 'added' ? 'added' : 'published');
  add(filter.trials.length > 0, 'trials');
  add(filter.journals.length > 0, 'journal');
  add(filter.authors.length > 0, 'authors');
  add(filter.languages.length > 0, 'language');
  add(filter.publicationTypes.length > 0, 'publicationTypes');
  add(filter.mesh.length > 0, 'mesh');
  add(filter.minParticipants !== null, 'facts.participants');
  add(filter.freeFullText, 'pmcid');
  add(filter.retracted !== 'include', 'status.retracted');
  return fields;
}

/** The change as a reader of these filters sees it; null = it is none of theirs. */
export function describeChange(row: RevisionRow, listed: boolean, fields: ReadonlySet<string>): Change | null {
  const kind = changeKind(row);
  const change = { pmid: String(row.pmid), at: new Date(row.at).toISOString(), listed };
  if (listed) return { ...change, change: kind };
  // it may have been in their copy until now
  return kind !== 'created' && row.changed.some((field) => fields.has(field)) ? { ...change, change: 'gone' } : null;
}
