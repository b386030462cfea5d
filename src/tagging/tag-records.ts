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

/** Papers that go through the tagger together: few enough that what is read of them is young when it is let go. */
export const TOGETHER = 20;

/** Some at once, which is faster. Where one of them cannot be read, each for itself. */
export function tagBatch(tagger: Tagger, records: readonly string[]): (TaggedRecord | null)[] {
  const tagged: (TaggedRecord | null)[] = [];
  for (let at = 0; at < records.length; at += TOGETHER) {
    const some = records.slice(at, at + TOGETHER);
    try {
      tagged.push(...tagger.many(some.map(read)).map(toRecord));
    } catch {
      tagged.push(...some.map((record) => tagRecord(tagger, record)));
    }
  }
  return tagged;
}

const read = (record: string) => toTaggable(JSON.parse(record) as Paper);

const toRecord = ({ tags, facts, evidence, factEvidence }: Tagging): TaggedRecord => ({
  tags,
  facts,
  evidence: JSON.stringify({ evidence, factEvidence }),
});
