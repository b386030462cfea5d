import type { Paper } from '../model/paper.js';
import type { Facts, Tagging, Tags } from '../model/tag.js';
import type { Tagger, TagPaper } from './tag-paper.js';
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
    return toRecord(tag(read(record)));
  } catch {
    return null;
  }
}

/** A batch at once, which is faster. Where one of them cannot be read, each for itself. */
export function tagBatch(tagger: Tagger, records: readonly string[]): (TaggedRecord | null)[] {
  try {
    return tagger.many(records.map(read)).map(toRecord);
  } catch {
    return records.map((record) => tagRecord(tagger, record));
  }
}

const read = (record: string) => toTaggable(JSON.parse(record) as Paper);

const toRecord = ({ tags, facts, evidence, factEvidence }: Tagging): TaggedRecord => ({
  tags,
  facts,
  evidence: JSON.stringify({ evidence, factEvidence }),
});
