import type { Tags } from '../model/tag.js';
import type { Taxonomy } from '../model/taxonomy.js';
import type { Recognition } from '../taxonomy/recognition.js';
import { fitTagger } from './fit-tagger.js';
import type { LabelledPaper } from './labelled.js';
import { createTagger } from './tag-paper.js';

/** A paper judged by a tagger that has not seen it. */
export interface HeldOut {
  labelled: LabelledPaper;
  tags: Tags;
  /** Raw probability of each given tag, and whether the reader gave it too. */
  given: { chance: number; right: boolean }[];
}

/** Fewer than for the tagger itself: many fits are needed, and each sees four fifths of the papers anyway. */
const INNER_FOLDS = 4;

/**
 * Judges every labelled paper by a tagger whose whole fitting, inner folds included, did without it: what a paper
 * from outside would get.
 * @param offset deals the papers differently: repeated splits
 */
export function crossValidate(
  taxonomy: Taxonomy<Recognition>,
  labelled: readonly LabelledPaper[],
  { folds = 5, offset = 0 }: { folds?: number; offset?: number } = {},
): HeldOut[] {
  const foldOf = labelled.map((_, at) => (Math.imul(at + 17 + offset * 7919, 2654435761) >>> 9) % folds);
  const out: HeldOut[] = [];
  for (let fold = 0; fold < folds; fold += 1) {
    const others = labelled.filter((_, at) => foldOf[at] !== fold);
    const facets = fitTagger(taxonomy, others, { folds: INNER_FOLDS });
    // Without a calibration table, confidence is the raw probability.
    const tagger = createTagger(taxonomy, new Map(), { facets, calibration: [] });
    for (const [at, entry] of labelled.entries()) {
      if (foldOf[at] !== fold) continue;
      const { tags, evidence } = tagger(entry.paper);
      const given = evidence.flatMap(({ facet, tag, confidence }) => {
        const labels = entry.labels[facet];
        return labels ? [{ chance: confidence, right: labels.includes(tag) }] : [];
      });
      out.push({ labelled: entry, tags, given });
    }
  }
  return out;
}
