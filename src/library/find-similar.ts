import type { Facet } from '../model/tag.js';
import { tokenise } from '../store/analyse.js';
import { foldExact } from '../store/paper-words.js';
import type { StoredView } from '../store/to-view.js';
import { countBits, eachBit, hasBit, type Bits } from './bits.js';
import { once, type Catalogue } from './catalogue.js';
import type { FindPapers } from './select-papers.js';

/** Why a paper is like another. */
export interface Similarity {
  /** 1 = has everything by which the other was looked for. */
  score: number;
  tags: { facet: Facet; value: string; label: string }[];
  mesh: string[];
  words: string[];
}

/** How much a shared value of a facet says; what nearly all papers share says nothing by itself. */
const FACET_WEIGHT: Record<Facet, number> = { condition: 1.5, direction: 1.2, mechanism: 1, care: 0.8, population: 0.8, safety: 0.6, study: 0.5, route: 0.4, compound: 0.4, species: 0.2, relevance: 0 }; // prettier-ignore
const MESH_WEIGHT = 0.7;
const WORD_WEIGHT = 0.6;
const MOST_MESH = 25;
const MOST_WORDS = 16;
/** Words and headings of more than this share of all papers say nothing. */
const COMMON = 0.3;

type Feature = { papers: Bits; weight: number } & (
  { kind: 'tag'; tag: Similarity['tags'][number] } | { kind: 'mesh'; name: string } | { kind: 'word'; word: string }
);

/** The rarer, the more it says. */
const rarity = (count: number, size: number) => Math.log((size + 1) / (count + 1));

async function features(catalogue: Catalogue, at: number, view: StoredView, find: FindPapers): Promise<Feature[]> {
  const { size, tagStarts, tagNumbers, table } = catalogue;
  const found: Feature[] = [];
  for (let i = tagStarts[at]!; i < tagStarts[at + 1]!; i++) {
    const number = tagNumbers[i]!;
    const { facet, value, label } = table.tags[number]!;
    const weight = tagWeights(catalogue)[number]!;
    if (weight > 0)
      found.push({ kind: 'tag', tag: { facet, value, label }, papers: catalogue.tagged[number]!, weight });
  }
  for (const { name, major } of view.mesh.slice(0, MOST_MESH)) {
    const papers = await find({ kind: 'exact', exact: 'mesh', value: foldExact('mesh', name) }, null);
    const count = countBits(papers);
    if (count <= size * COMMON)
      found.push({ kind: 'mesh', name, papers, weight: rarity(count, size) * MESH_WEIGHT * (major ? 1.3 : 1) });
  }
  const words = new Map<string, string>();
  for (const text of [view.title, ...view.keywords])
    for (const { raw, stem } of tokenise(text))
      if (stem !== null && raw.length > 2 && !/^\d+$/.test(raw) && !words.has(stem)) words.set(stem, raw);
  for (const [stem, word] of [...words].slice(0, MOST_WORDS)) {
    const papers = await find({ kind: 'word', stem }, null);
    const count = countBits(papers);
    if (count <= size * COMMON) found.push({ kind: 'word', word, papers, weight: rarity(count, size) * WORD_WEIGHT });
  }
  return found;
}

const tagWeights = (catalogue: Catalogue): Float64Array =>
  once(catalogue, 'tag weights', () =>
    Float64Array.from(
      catalogue.tagged,
      (papers, number) => rarity(countBits(papers), catalogue.size) * FACET_WEIGHT[catalogue.table.tags[number]!.facet],
    ),
  );

/** Weight of all tags of each paper: a paper on everything is not like everything. */
const tagNorms = (catalogue: Catalogue): Float64Array =>
  once(catalogue, 'tag norms', () => {
    const weights = tagWeights(catalogue);
    const norms = new Float64Array(catalogue.size);
    for (let at = 0; at < catalogue.size; at++)
      for (let i = catalogue.tagStarts[at]!; i < catalogue.tagStarts[at + 1]!; i++)
        norms[at]! += weights[catalogue.tagNumbers[i]!]!;
    return norms;
  });

/** Papers most like one, by shared tags, MeSH headings and words of title and keywords; best first. */
export async function findSimilar(
  catalogue: Catalogue,
  at: number,
  view: StoredView,
  among: Bits,
  find: FindPapers,
  limit: number,
): Promise<{ at: number; similarity: Similarity }[]> {
  const all = await features(catalogue, at, view, find);
  const norms = tagNorms(catalogue);
  const own = norms[at]!;
  const tagScore = new Float64Array(catalogue.size);
  const restScore = new Float64Array(catalogue.size);
  for (const { kind, papers, weight } of all) {
    const score = kind === 'tag' ? tagScore : restScore;
    eachBit(papers, (place) => {
      score[place]! += weight;
    });
  }
  const tagsOf = (place: number) => (own > 0 ? tagScore[place]! * Math.sqrt(own / Math.max(own, norms[place]!)) : 0);
  const scoreOf = (place: number) => tagsOf(place) + restScore[place]!;
  const best: { at: number; score: number }[] = [];
  eachBit(among, (place) => {
    if (place === at) return;
    const score = scoreOf(place);
    if (score <= 0 || (best.length === limit && score <= best[limit - 1]!.score)) return;
    let i = best.length;
    // of equal ones the newer stands first: places ascend
    while (i > 0 && best[i - 1]!.score <= score) i--;
    best.splice(i, 0, { at: place, score });
    if (best.length > limit) best.pop();
  });
  const most = all.reduce((sum, { weight }) => sum + weight, 0);
  return best.map((found) => {
    const shared = all.filter(({ papers }) => hasBit(papers, found.at)).sort((a, b) => b.weight - a.weight);
    return {
      at: found.at,
      similarity: {
        score: Math.round((found.score / most) * 1000) / 1000,
        tags: shared.flatMap((feature) => (feature.kind === 'tag' ? [feature.tag] : [])),
        mesh: shared.flatMap((feature) => (feature.kind === 'mesh' ? [feature.name] : [])),
        words: shared.flatMap((feature) => (feature.kind === 'word' ? [feature.word] : [])),
      },
    };
  });
}
