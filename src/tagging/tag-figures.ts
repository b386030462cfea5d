import type { Facet } from '../model/tag.js';
import type { AnalysedText } from './analyse-text.js';
import { callsItself, FEATURES, measure, type DrugFigures, type PaperFigures, type StyleFigures } from './features.js';
import type { Mention, Mentions } from './find-mentions.js';
import { measureStyle } from './measure-style.js';
import { SETTINGS, type Chances, type PlacedTag, type TagTable } from './tag-table.js';

/** What the facets before say of a paper. */
const PAPER_FIGURES: readonly string[] = [
  'derived',
  'derived and own',
  'for',
  'against',
  'animal',
  'review',
  'about drug',
  'source in the title',
  'source in the aim',
  'source with the drug',
  ...SETTINGS,
];
/**
 * What the first look at a facet says of the tags around one: its parent, its children, those it gives way to, the
 * likeliest other. Not of the tag itself: held-out judgements of rare tags tell which fold a paper is in, and with
 * that a little of the answer.
 */
const SECOND_LOOK = ['parent', 'child', 'gives way', 'rival', 'parent and own'] as const;
/** The figures of a tag: those of its mentions, of the paper, and on the second look of the tags around it. */
export const FIGURES: readonly string[] = [...FEATURES, ...PAPER_FIGURES, ...SECOND_LOOK];
/** The figures whose weight may differ from tag to tag. */
export const SLOPES: readonly string[] = ['title', 'aim', 'title or aim', 'results', 'conclusion', 'background', 'strong anywhere', 'strong finding', 'sentences', 'derived', 'derived and own', 'for', 'against', 'animal', 'review', 'parent', 'parent and own', 'calls itself', 'another calls itself', 'a winner calls itself', 'strong title', 'best place', 'statistics', 'plans', 'gives way', 'drug in the title', 'share of drug sentences', 'with figures', 'assessed', 'beside the parent', 'source in the title', 'source in the aim', 'source with the drug', ...SETTINGS]; // prettier-ignore

const BEST_PLACE = FIGURES.indexOf('best place');
const BEST_ANYWHERE = FIGURES.indexOf('strong anywhere');
/** Where the figures of PAPER_FIGURES and of SECOND_LOOK begin. */
const DERIVED = FEATURES.length;
const SOURCE = FIGURES.indexOf('source in the title');
const FIRST_SETTING = DERIVED + PAPER_FIGURES.indexOf(SETTINGS[0]);
const AROUND = DERIVED + PAPER_FIGURES.length;

/** A paper while it is judged. */
export interface Judged {
  text: AnalysedText;
  mentions: Mentions;
  drug: DrugFigures;
  style: StyleFigures;
  chances: Chances;
  /** Room for figures that is used again for the next paper; null keeps every paper's figures apart. */
  room: readonly Float64Array[] | null;
}

export function startJudging(
  table: TagTable,
  text: AnalysedText,
  mentions: Mentions,
  room: readonly Float64Array[] | null = null,
): Judged {
  const drug = {
    inTitle: false,
    inConclusion: false,
    inLabels: mentions.drugInLabels,
    share: text.sentences.length > 0 ? mentions.drugSentences.size / text.sentences.length : 0,
  };
  for (const { role } of mentions.drugSentences) {
    if (role === 'title') drug.inTitle = true;
    else if (role === 'conclusion') drug.inConclusion = true;
  }
  return { text, mentions, drug, style: measureStyle(text), chances: new Float64Array(table.all.length), room };
}

/** A tag that a paper has something to show for, with its figures. */
export interface Candidate {
  readonly tag: PlacedTag;
  readonly figures: Float64Array;
}

/** The candidates of a facet, in the order of its tags, with their figures on the first look. */
export function firstFigures(table: TagTable, facet: Facet, judged: Judged): Candidate[] {
  const { mentions, chances } = judged;
  const { byTag } = mentions;
  const ats = table.ats.get(facet) ?? NO_PLACES;
  const tags = table.facets.get(facet) ?? [];
  const candidates: Candidate[] = [];
  let seen: Seen | null = null;
  for (let place = 0; place < ats.length; place += 1) {
    const at = ats[place] as number;
    const own = byTag[at] ?? NO_MENTIONS;
    if (own.length === 0 && table.rests[at] === 0) continue;
    const tag = tags[place] as PlacedTag;
    const derived = largest(chances, tag.sources);
    if (derived < LEAST && !counts(own)) continue;
    seen ??= lookAtFacet(table, facet, tags, judged);
    const { paper, named } = seen;
    const figures = clear(judged.room?.[at]);
    const others = {
      inTitle: false,
      inAim: false,
      callsItself: false,
      winnerCallsItself: false,
      named: seen.bySentence,
      parent: tag.parentAt === -1 ? NO_MENTIONS : (byTag[tag.parentAt] ?? NO_MENTIONS),
    };
    for (let number = 0; number < named.length; number += 1) {
      const { at: other, inTitle, inAim, saysSo } = named[number] as Named;
      const rival = tags[other];
      if (other === place || !rival || !areRivals(tag, rival)) continue;
      others.inTitle ||= inTitle;
      others.inAim ||= inAim;
      others.callsItself ||= saysSo;
      others.winnerCallsItself ||= saysSo && tag.winners.includes(rival.at);
    }
    measure(own, paper, others, figures);
    figures[DERIVED] = derived;
    figures[DERIVED + 1] = derived * (figures[BEST_ANYWHERE] ?? 0);
    figures[DERIVED + 2] = largest(chances, tag.supporters);
    figures[DERIVED + 3] = largest(chances, tag.opponents);
    figures[DERIVED + 4] = chances[table.animal] ?? 0;
    figures[DERIVED + 5] = paper.review;
    figures[DERIVED + 6] = paper.aboutDrug;
    if (derived >= LEAST) measureSources(tag, mentions, chances, figures);
    for (let number = 0; number < SETTINGS.length; number += 1) {
      figures[FIRST_SETTING + number] = seen.settings[number] as number;
    }
    candidates.push({ tag, figures });
  }
  return candidates;
}

/** What the tags of a facet have in common in a paper. */
interface Seen {
  paper: PaperFigures;
  named: readonly Named[];
  bySentence: readonly number[];
  /** The chances of SETTINGS. */
  settings: readonly number[];
}

function lookAtFacet(table: TagTable, facet: Facet, tags: readonly PlacedTag[], judged: Judged): Seen {
  const { text, chances, drug, style } = judged;
  let review = 0;
  for (const at of table.reviews) review += chances[at] ?? 0;
  const paper: PaperFigures = {
    sentences: text.sentences.length,
    hasAbstract: text.sentences.length > 1,
    aboutDrug: facet === 'relevance' ? 1 : (chances[table.core] ?? 0),
    review: Math.min(1, review),
    drug,
    style,
  };
  const settings: number[] = [];
  for (let number = 0; number < SETTINGS.length; number += 1) {
    settings.push(chances[table.settings[number] as number] ?? 0);
  }
  return { paper, settings, ...nameTags(table.ats.get(facet) ?? NO_PLACES, tags, judged) };
}

function largest(chances: Chances, places: readonly number[]): number {
  let most = 0;
  for (let place = 0; place < places.length; place += 1) {
    const chance = chances[places[place] as number] ?? 0;
    if (chance > most) most = chance;
  }
  return most;
}

/** Where the tags that a tag may rest on stand: in the title, in the aim, and with the drug in one of the two. */
function measureSources(tag: PlacedTag, { byTag }: Mentions, chances: Chances, figures: Float64Array): void {
  for (const source of tag.sources) {
    const chance = chances[source] ?? 0;
    if (chance < LEAST) continue;
    for (const { place, context, grade, withDrug } of byTag[source] ?? NO_MENTIONS) {
      if (context || grade === 'weak' || (place !== 'title' && place !== 'aim')) continue;
      raise(figures, place === 'title' ? SOURCE : SOURCE + 1, chance);
      if (withDrug) raise(figures, SOURCE + 2, chance);
    }
  }
}

function raise(figures: Float64Array, at: number, value: number): void {
  if ((figures[at] ?? 0) < value) figures[at] = value;
}

/** Room for the figures of one tag: new, or what is there made empty. */
function clear(figures: Float64Array | undefined): Float64Array {
  if (!figures) return new Float64Array(FIGURES.length);
  for (let at = 0; at < figures.length; at += 1) figures[at] = 0;
  return figures;
}

const NO_MENTIONS: readonly Mention[] = [];

/** Whether any of the mentions stands for itself. */
function counts(mentions: readonly Mention[]): boolean {
  for (let at = 0; at < mentions.length; at += 1) if (!(mentions[at] as Mention).context) return true;
  return false;
}

/** A source below this is not worth deriving from. */
const LEAST = 0.05;

/**
 * Adds what the first look gave to the figures of a facet.
 * @param again writes into the given figures instead of a copy
 */
export function secondFigures(candidates: readonly Candidate[], firstLook: Chances, again = false): Candidate[] {
  const seen = again ? [...candidates] : candidates.map(({ tag, figures }) => ({ tag, figures: figures.slice() }));
  for (let number = 0; number < seen.length; number += 1) lookAround(seen[number] as Candidate, seen, firstLook);
  return seen;
}

/** Writes what is around a tag. A child needs both: what its parent asks, and words of its own. */
function lookAround({ tag, figures }: Candidate, others: readonly Candidate[], firstLook: Chances): void {
  let child = 0;
  let rival = 0;
  for (let number = 0; number < others.length; number += 1) {
    const other = (others[number] as Candidate).tag;
    if (other.at === tag.at || other.at === tag.parentAt) continue;
    const chance = firstLook[other.at] ?? 0;
    if (other.parentAt === tag.at) {
      if (chance > child) child = chance;
    } else if (chance > rival) rival = chance;
  }
  const parent = firstLook[tag.parentAt] ?? 0;
  figures[AROUND] = parent;
  figures[AROUND + 1] = child;
  figures[AROUND + 2] = largest(firstLook, tag.winners);
  figures[AROUND + 3] = rival;
  figures[AROUND + 4] = parent * (figures[BEST_PLACE] ?? 0);
}

/** Room for the figures of one paper. */
export function makeRoom(table: TagTable): Float64Array[] {
  return table.all.map(() => new Float64Array(FIGURES.length));
}

interface Named {
  at: number;
  inTitle: boolean;
  inAim: boolean;
  /** Whether the paper says of itself that it is of the tag. */
  saysSo: boolean;
}

/**
 * The tags that the title or the aim names or that the paper says it is, by their place in the facet: few of many. And
 * how many tags each sentence names in so many words; a child does not count beside its parent.
 */
function nameTags(
  ats: Int32Array,
  tags: readonly PlacedTag[],
  { text, mentions: { byTag } }: Judged,
): { named: Named[]; bySentence: number[] } {
  const named: Named[] = [];
  const bySentence: number[] = [];
  for (let number = 0; number < text.sentences.length; number += 1) bySentence.push(0);
  for (let place = 0; place < ats.length; place += 1) {
    const own = byTag[ats[place] as number] ?? NO_MENTIONS;
    if (own.length === 0) continue;
    const isChild = (tags[place] as PlacedTag).parentAt !== -1;
    let inTitle = false;
    let inAim = false;
    let saysSo = false;
    let last: object | null = null;
    for (let number = 0; number < own.length; number += 1) {
      const mention = own[number] as Mention;
      const { context, grade, sentence } = mention;
      if (context || grade === 'weak') continue;
      if (mention.place === 'title') inTitle = true;
      else if (mention.place === 'aim') inAim = true;
      if (callsItself(mention)) saysSo = true;
      if (isChild || !sentence || sentence === last || (grade !== 'strong' && grade !== 'itself')) continue;
      bySentence[sentence.number] = (bySentence[sentence.number] as number) + 1;
      last = sentence;
    }
    if (inTitle || inAim || saysSo) named.push({ at: place, inTitle, inAim, saysSo });
  }
  return { named, bySentence };
}

const NO_PLACES = new Int32Array();

function areRivals(tag: PlacedTag, other: PlacedTag | undefined): boolean {
  return other !== undefined && other.parentAt !== tag.at && tag.parentAt !== other.at;
}
