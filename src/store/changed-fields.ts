import { isDeepStrictEqual } from 'node:util';
import type { Paper } from '../model/paper.js';

/** Names that clients know, where the record's own differ. */
const PUBLIC_NAME: Partial<Record<keyof Paper, string>> = { chemicals: 'substances' };

/** Fields that the tagger reads: a change in one of them means that the paper is tagged again. */
export const TAGGED_FIELDS: ReadonlySet<string> = new Set([
  'title',
  'vernacularTitle',
  'abstract',
  'otherAbstracts',
  'keywords',
  'mesh',
  'publicationTypes',
  'substances',
  'trials',
]);

/** What differs between two versions of a record: field names, the correction states as `status.retracted` and so on. */
export function changedFields(before: Paper, after: Paper): string[] {
  const changed: string[] = [];
  for (const field of Object.keys(after) as (keyof Paper)[]) {
    if (field === 'status') continue;
    if (!isDeepStrictEqual(before[field], after[field])) changed.push(PUBLIC_NAME[field] ?? field);
  }
  for (const state of Object.keys(after.status) as (keyof Paper['status'])[]) {
    if (before.status[state] !== after.status[state]) changed.push(`status.${state}`);
  }
  return changed;
}
