import { availableParallelism } from 'node:os';
import type { FactEvidence, Facts, Tags } from '../model/tag.js';
import type { Taxonomy } from '../model/taxonomy.js';
import type { Recognition } from '../taxonomy/recognition.js';
import { fitTagger } from './fit-tagger.js';
import type { LabelledPaper } from './labelled.js';
import { createTagger } from './tag-paper.js';
import { Thread } from '../thread.js';

/** A paper judged by a tagger that has not seen it. */
export interface HeldOut {
  labelled: LabelledPaper;
  tags: Tags;
  /** Raw probability of each given tag, and whether the reader gave it too. */
  given: { chance: number; right: boolean }[];
  facts: Facts;
  factEvidence: FactEvidence[];
}

/** Fewer than for the tagger itself: many fits are needed, and each sees four fifths of the papers anyway. */
const INNER_FOLDS = 4;
export const OUTER_FOLDS = 5;

/** A fold of a deal; `offset` deals the papers differently: repeated splits. */
export interface Fold {
  fold: number;
  offset: number;
}

/** A held-out paper by its place in the list of labelled ones. */
export type HeldOutAt = Omit<HeldOut, 'labelled'> & { at: number };

/**
 * Judges the papers of a fold by a tagger whose whole fitting, inner folds included, did without them: what a paper
 * from outside would get.
 */
export function judgeFold({ taxonomy, labelled, taught }: FoldSource, { fold, offset }: Fold): HeldOutAt[] {
  const isHeldOut = (at: number): boolean =>
    (Math.imul(at + 17 + offset * 7919, 2654435761) >>> 9) % OUTER_FOLDS === fold;
  const others = labelled.filter((_, at) => !isHeldOut(at));
  const facets = fitTagger(taxonomy, [...others, ...taught], { folds: INNER_FOLDS });
  // Without a calibration table, confidence is the raw probability.
  const tagger = createTagger(taxonomy, new Map(), { facets, calibration: [] });
  return labelled.flatMap(({ paper, labels }, at): HeldOutAt[] => {
    if (!isHeldOut(at)) return [];
    const { tags, evidence, facts, factEvidence } = tagger(paper);
    const given = evidence.flatMap(({ facet, tag, confidence }) => {
      const own = labels[facet];
      return own ? [{ chance: confidence, right: own.includes(tag) }] : [];
    });
    return [{ at, tags, given, facts, factEvidence }];
  });
}

/**
 * Judges every labelled paper by a tagger that has not seen it, the folds side by side in threads.
 * @param deals so often, the papers dealt differently each time
 */
export async function crossValidate(source: FoldSource, deals: number): Promise<HeldOut[][]> {
  const { labelled } = source;
  const file = new URL('./cross-validate-worker.js', import.meta.url);
  const out = Array.from({ length: deals }, (): HeldOut[] => []);
  const folds = out.flatMap((_, offset) => Array.from({ length: OUTER_FOLDS }, (__, fold) => ({ fold, offset })));
  const work = async (): Promise<void> => {
    const thread = new Thread<Fold, HeldOutAt[]>(file, HEAP, source);
    for (let next = folds.shift(); next; next = folds.shift()) {
      const judged = await thread.ask(next);
      for (const { at, ...rest } of judged)
        out[next.offset]?.push({ labelled: labelled[at] as LabelledPaper, ...rest });
    }
    await thread.close();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return out;
}

/** What a thread judges its folds with. */
export interface FoldSource {
  taxonomy: Taxonomy<Recognition>;
  labelled: readonly LabelledPaper[];
  /** Papers that every fold learns from and none judges. */
  taught: readonly LabelledPaper[];
}

/** MB. The figures of some thousand papers. */
const HEAP = { maxOldGenerationSizeMb: 2048 };
