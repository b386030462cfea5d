import type { Paper } from '../model/paper.js';
import type { Facts, Tags } from '../model/tag.js';
import type { TagPaper } from './tag-paper.js';
import { toTaggable } from './to-taggable.js';

/** What the store keeps of a tagging. */
export interface TaggedRecord {
  tags: Tags;
  facts: Facts;
  /** `{evidence, factEvidence}` as JSON. */
  evidence: string;
}

/** Tags stored records (JSON of `Paper`). Null = the tagger cannot read this one; it does not hold up the others. */
export type TagRecords = (records: readonly string[]) => Promise<(TaggedRecord | null)[]>;

export function tagRecord(tag: TagPaper, record: string): TaggedRecord | null {
  try {
    const { tags, facts, evidence, factEvidence } = tag(toTaggable(JSON.parse(record) as Paper));
    return { tags, facts, evidence: JSON.stringify({ evidence, factEvidence }) };
  } catch {
    return null;
  }
}
