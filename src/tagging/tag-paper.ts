import { createHash } from 'node:crypto';
import type { Evidence, Facet, Rejection, Tagging } from '../model/tag.js';
import { FACETS } from '../model/tag.js';
import type { Taggable } from '../model/taggable.js';
import type { Taxonomy } from '../model/taxonomy.js';
import type { Recognition } from '../taxonomy/recognition.js';
import { VERSION } from '../version.js';
import { analyse, type AnalysedText } from './analyse-text.js';
import { confidenceOf, type CalibrationStep } from './calibrate.js';
import { evidenceOf, hasEvidence, rejectionsOf } from './collect-evidence.js';
import { createFactFinder } from './facts/extract-facts.js';
import { decide, toTags, type Decision } from './decide.js';
import { MentionFinder, type Mentions } from './find-mentions.js';
import { judgePaper, type Looks, type FittedFacet, type FittedFacets } from './judge-paper.js';
import { FIGURES, makeRoom } from './tag-figures.js';
import { placeOf, placeTags, type Chances, type PlacedTag } from './tag-table.js';
import { Lexicon } from './lexicon.js';
import { Judge, type FacetWeights } from './logit.js';
import { applyOverride, type Override } from './overrides.js';
import { SecondLook, wordsOfLooks } from './second-look.js';
import { WEIGHTS, WEIGHTS_DIGEST } from './weights.js';

/** What was learnt from labelled papers; weights.ts holds the fitted ones. */
export interface TaggerWeights {
  /** For each look at a facet. */
  facets: FittedFacets;
  calibration: CalibrationStep[];
}

/** @param options.explain also tells what was seen and did not count (`rejected`); that costs as much again */
export type TagPaper = (paper: Taggable, options?: { explain?: boolean }) => Tagging;

/** Many papers, each step for all of them before the next: so that a step's code is at hand, which saves a quarter. */
export type TagPapers = (papers: readonly Taggable[], options?: { explain?: boolean }) => Tagging[];

export interface Tagger extends TagPaper {
  readonly many: TagPapers;
  /**
   * Changes with the taxonomy, the overrides, the weights and the program: a paper tagged under another version is
   * tagged again.
   */
  readonly version: string;
}

const NO_WEIGHTS: FacetWeights = { shared: {}, tags: {} };
const NOTHING: Pick<FittedFacet, 'first' | 'second'> = {
  first: NO_WEIGHTS,
  second: { words: { figures: NO_WEIGHTS, near: {}, tags: {} }, forest: null, forestShare: 0 },
};

/**
 * The tagger of a taxonomy, with the weights in weights.ts where none are given: a pure function from a paper to its tags, facts and evidence. It is built when the first
 * paper comes, which takes a fraction of a second; tagging takes well under a millisecond.
 */
export function createTagger(
  taxonomy: Taxonomy<Recognition>,
  overrides: ReadonlyMap<string, Override> = new Map(),
  weights?: TaggerWeights,
): Tagger {
  let built: TagPapers | null = null;
  const build = () => buildTagger(taxonomy, overrides, weights ?? (JSON.parse(WEIGHTS) as TaggerWeights));
  const many: TagPapers = (papers, options) => (built ??= build())(papers, options);
  const tag: TagPaper = (paper, options) => many([paper], options)[0] as Tagging;
  const digest = createHash('sha256')
    .update(JSON.stringify([VERSION, weights ?? WEIGHTS_DIGEST, [...overrides]]))
    .digest('hex')
    .slice(0, 8);
  return Object.assign(tag, { many, version: `${taxonomy.version}-${digest}` });
}

function buildTagger(
  taxonomy: Taxonomy<Recognition>,
  overrides: ReadonlyMap<string, Override>,
  weights: TaggerWeights,
): TagPapers {
  const finder = new MentionFinder(taxonomy.recognition);
  const table = placeTags(taxonomy.recognition, weights.facets);
  const findFacts = createFactFinder(taxonomy.recognition);
  const { all } = table;
  const room = makeRoom(table);
  const lexicon = new Lexicon(wordsOfLooks(Object.values(weights.facets).map(({ second }) => second)));
  const looks = new Map<Facet, Looks>();
  for (const facet of FACETS) {
    const { first, second } = weights.facets[facet] ?? NOTHING;
    const phrasesOf = (tag: string): ReadonlyMap<number, string> => finder.phrasesOf(placeOf(table, facet, tag));
    looks.set(facet, {
      first: new Judge(first, FIGURES),
      second: new SecondLook(second, FIGURES, lexicon, phrasesOf),
    });
  }
  const judge = (paper: Taggable, { text, mentions }: Read): Judged => {
    const chances = judgePaper(table, looks, text, mentions, lexicon.read(text), room);
    const decisions = decide(table, chances, (one) => hasEvidence(one, mentions, chances, all));
    const evidence: Evidence[] = decisions
      .map((decision) => evidenceOf(decision, mentions, chances, all))
      .filter(({ spans }) => spans.length > 0)
      .map((entry) => ({ ...entry, confidence: confidenceOf(entry.confidence, weights.calibration) }));
    const override = paper.pmid === null ? undefined : overrides.get(paper.pmid);
    const given = { tags: toTags(evidence), evidence };
    return { chances, decisions, given: override ? applyOverride(given, override, paper, taxonomy.facets) : given };
  };
  return (papers, options) => {
    const texts = papers.map((paper) => analyse(paper));
    const read = texts.map((text): Read => ({ text, mentions: finder.find(text) }));
    const judged = papers.map((paper, at) => judge(paper, read[at] as Read));
    return papers.map((paper, at) => {
      const { text, mentions } = read[at] as Read;
      const { chances, decisions, given } = judged[at] as Judged;
      return {
        ...given,
        ...findFacts(paper, text, mentions, given.tags),
        rejected: options?.explain === true ? rejected(all, decisions, mentions, chances) : [],
      };
    });
  };
}

/** A paper as it was read, and what was found in it. */
interface Read {
  text: AnalysedText;
  mentions: Mentions;
}

/** What was made of it. */
interface Judged {
  chances: Chances;
  decisions: readonly Decision[];
  given: Pick<Tagging, 'tags' | 'evidence'>;
}

function rejected(
  tags: readonly PlacedTag[],
  decisions: readonly Decision[],
  mentions: Mentions,
  chances: Chances,
): Rejection[] {
  const given = new Set(decisions.map(({ tag }) => tag.key));
  return tags.flatMap((tag) => {
    const found = mentions.byTag[tag.at];
    if (!found || found.length === 0) return [];
    return rejectionsOf(tag, given.has(tag.key), found, chances[tag.at] ?? 0);
  });
}
