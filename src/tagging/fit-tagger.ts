import type { Facet, Tags } from '../model/tag.js';
import type { Taxonomy } from '../model/taxonomy.js';
import type { Recognition } from '../taxonomy/recognition.js';
import { analyse, type AnalysedText } from './analyse-text.js';
import { hasEvidence } from './collect-evidence.js';
import { decide, toTags, type Decision } from './decide.js';
import { MentionFinder, type Mentions } from './find-mentions.js';
import { fitLogit, type Sample } from './fit-logit.js';
import {
  FIGURES,
  figuresOf,
  JUDGING_ORDER,
  normalised,
  SLOPES,
  tagsByFacet,
  type Chances,
  type PlacedTag,
} from './judge-paper.js';
import { Judge, type FacetWeights } from './logit.js';
import type { LabelledPaper } from './labelled.js';

export interface Fitted {
  weights: Partial<Record<Facet, FacetWeights>>;
  /** What each paper gets from weights that were fitted without it; in the order of the papers. */
  heldOut: { tags: Tags; decisions: Decision[] }[];
}

interface Case {
  labelled: LabelledPaper;
  text: AnalysedText;
  mentions: Mentions;
  chances: Chances;
}

/**
 * Fits the tagger's weights to labelled papers and, in the same go, judges every paper by weights fitted without it:
 * the papers are dealt into folds, and what later facets see of earlier ones is always the held-out judgement.
 * @param offset deals the papers differently: repeated splits
 */
export function fitTagger(
  taxonomy: Taxonomy<Recognition>,
  labelled: readonly LabelledPaper[],
  { folds = 10, offset = 0 }: { folds?: number; offset?: number } = {},
): Fitted {
  const finder = new MentionFinder(taxonomy.recognition);
  const cases: Case[] = labelled.map((entry) => {
    const text = analyse(entry.paper);
    return { labelled: entry, text, mentions: finder.find(text), chances: new Map() };
  });
  const facets = tagsByFacet(taxonomy.recognition);
  const foldOf = cases.map((_, at) => (Math.imul(at + 1 + offset * 7919, 2654435761) >>> 8) % folds);
  const weights: Fitted['weights'] = {};
  for (const facet of JUDGING_ORDER) {
    const tags = labelledTags(facets.get(facet) ?? [], labelled);
    if (tags.length === 0) continue;
    const figures = cases.map((one) => figuresOf(tags, one.text, one.mentions, one.chances));
    const samples = cases.map((one, at) => samplesOf(one, facet, tags, figures[at] ?? []));
    const fit = (keep: (at: number) => boolean): FacetWeights =>
      fitLogit(samples.filter((_, at) => keep(at)).flat(), FIGURES, SLOPES);
    weights[facet] = fit(() => true);
    for (let fold = 0; fold < folds; fold += 1) {
      const judge = new Judge(
        fit((at) => foldOf[at] !== fold),
        FIGURES,
      );
      for (const [at, one] of cases.entries()) {
        if (foldOf[at] !== fold) continue;
        const judged = tags.map((tag, number) => judge.judge(tag.tag, figures[at]?.[number] ?? new Float64Array()));
        for (const [key, chance] of normalised(facet, tags, judged)) one.chances.set(key, chance);
      }
    }
  }
  const all = [...facets.values()].flat();
  const heldOut = cases.map(({ mentions, chances }) => {
    const decisions = decide(facets, chances, (tag) => hasEvidence(tag, mentions, chances, all));
    return { decisions, tags: toTags(decisions.map(({ tag }) => tag)) };
  });
  return { weights, heldOut };
}

/** Only what somebody labelled can be learnt; a tag that no paper has teaches nothing about itself. */
function labelledTags(tags: readonly PlacedTag[], labelled: readonly LabelledPaper[]): PlacedTag[] {
  return tags.filter((tag) => labelled.some(({ labels }) => labels[tag.facet]?.includes(tag.tag)));
}

/** Facets beyond these are labelled for papers about the drug only. */
const ALSO_FOR_MENTIONS: ReadonlySet<Facet> = new Set(['relevance', 'condition', 'direction', 'study', 'species']);

function samplesOf(
  { labelled }: Case,
  facet: Facet,
  tags: readonly PlacedTag[],
  figures: readonly Float64Array[],
): Sample[] {
  const given = labelled.labels[facet];
  const relevance = labelled.labels.relevance?.[0] ?? 'core';
  if (!given) return [];
  if (facet !== 'relevance' && relevance === 'incidental') return [];
  if (relevance === 'mention' && !ALSO_FOR_MENTIONS.has(facet)) return [];
  return tags.map((tag, at) => ({
    tag: tag.tag,
    figures: figures[at] ?? new Float64Array(),
    given: given.includes(tag.tag),
  }));
}
