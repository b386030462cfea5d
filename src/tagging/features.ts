import type { Sentence } from './analyse-text.js';
import { ROLES, type Role } from './sentence-roles.js';
import type { Grade, Mention, Place } from './find-mentions.js';
import { SIGNS } from './word-signs.js';

/**
 * A tag's mentions in a paper as figures between 0 and about 3: where its phrases stand, how often, and what the
 * second witnesses say. The same figures for every tag of a facet; weights.ts says what they are worth.
 */
export const FEATURES = [
  'bias',
  ...ROLES,
  'keywords',
  'mesh',
  'mesh major',
  'publication type',
  'strong anywhere',
  'sentences',
  'strong sentences',
  'strong finding',
  'strong topic',
  'review body',
  'share of sentences',
  'with the drug',
  'strong with the drug',
  'only labels',
  'another tag in the title',
  'another tag in the aim',
  'another calls itself',
  'a winner calls itself',
  'no abstract',
  'mention paper',
  'title or aim',
  'calls itself',
  'strong title',
  'best place',
  'places',
  'strong places',
  'text and labels',
  'drug in a main place',
  'title of a bare record',
  'title and conclusion',
  'results twice',
  'drug in the title',
  'drug in the conclusion',
  'drug in labels',
  'share of drug sentences',
  'statistics',
  'plans',
  'enumerated',
  'enumerated in a review',
  'mention paper with the drug',
  'with figures',
  'assessed',
  'beside the parent',
] as const;
export type Feature = (typeof FEATURES)[number];

const AT = Object.fromEntries(FEATURES.map((name, at) => [name, at])) as Record<Feature, number>;
const WORTH: Record<Grade, number> = { itself: 1, strong: 1, phrase: 0.6, weak: 0.2, heading: 1 };
/** Where a paper speaks of itself; the background speaks of others, the outlook of what nobody has done yet. */
const MAIN: readonly Role[] = ['title', 'aim', 'population', 'intervention', 'outcomes', 'results', 'conclusion'];
const MAIN_AT = MAIN.map((role) => AT[role]);
/** Where a paper speaks of other papers. */
const OTHERS: ReadonlySet<Place> = new Set<Place>(['background', 'future']);

/** What the role of a sentence makes of a phrase in it. */
interface RoleFigures {
  /** Its own figure. */
  at: number;
  /** A bit for each of MAIN; 0 for the others. */
  main: number;
  finding: boolean;
  topic: boolean;
  /** Where an enumeration lists what was found, not what is known of old. */
  lists: boolean;
}
const OF_ROLE = Object.fromEntries(
  ROLES.map((role): [Role, RoleFigures] => [
    role,
    {
      at: AT[role],
      main: MAIN.includes(role) ? 1 << MAIN.indexOf(role) : 0,
      finding: ['outcomes', 'results', 'conclusion'].includes(role),
      topic: ['title', 'aim', 'population', 'intervention'].includes(role),
      lists: ['population', 'methods', 'outcomes', 'results', 'conclusion'].includes(role),
    },
  ]),
) as Record<Role, RoleFigures>;

/** What a paper is, beside the mentions of one tag. */
export interface PaperFigures {
  sentences: number;
  hasAbstract: boolean;
  /** How far the paper is about the drug: 1 core, 0 not at all. */
  aboutDrug: number;
  /** How likely it is a review: 1 certain. */
  review: number;
  drug: DrugFigures;
  style: StyleFigures;
}

/** How a paper is written, whatever it is about. */
export interface StyleFigures {
  /** Sentences with statistics of its own ("P < 0.05", "n = 30", "95% CI"), as log(1 + n). */
  statistics: number;
  /** Share of sentences in the future tense: a study that is only planned. */
  plans: number;
}

/** Where a paper names the drug. */
export interface DrugFigures {
  inTitle: boolean;
  inConclusion: boolean;
  inLabels: boolean;
  /** Share of sentences. */
  share: number;
}

/** What other tags of the facet have to do with one. */
export interface Siblings {
  /** Whether the title and the aim name others. */
  inTitle: boolean;
  inAim: boolean;
  /** Whether the paper calls itself one of the other tags, and one that this tag gives way to. */
  callsItself: boolean;
  winnerCallsItself: boolean;
  /** How many tags each sentence names, by its number. */
  named: readonly number[];
  /** Mentions of the tag's parent. */
  parent: readonly Mention[];
}

/** Whether a paper says of itself that it is of the tag. */
export function callsItself({ grade, place, sentence }: Mention): boolean {
  return (grade === 'itself' || grade === 'heading') && sentence !== null && !OTHERS.has(place);
}

/** Signs of a sentence that reports figures. */
const REPORTS = SIGNS.statistic | SIGNS.share;

/** Whether a sentence is among those of the mentions, weak ones aside. */
function isNamedIn(sentence: Sentence, mentions: readonly Mention[]): boolean {
  for (let at = 0; at < mentions.length; at += 1) {
    const mention = mentions[at] as Mention;
    if (mention.sentence === sentence && mention.grade !== 'weak') return true;
  }
  return false;
}

/** A sentence that names so many tags of a facet enumerates. */
const ENUMERATION = 3;

/**
 * @param mentions in the order of the text
 * @param figures where the figures go; longer than FEATURES where the caller adds its own
 */
export function measure(
  mentions: readonly Mention[],
  paper: PaperFigures,
  siblings: Siblings,
  figures: Float64Array,
): void {
  figures[AT.bias] = 1;
  const sums = { sentences: 0, strong: 0, inResults: 0, labels: 0, strongRoles: 0 };
  let current: object | null = null;
  let worthHere = 0;
  let strongHere = false;
  for (const mention of mentions) {
    if (mention.context) continue;
    const worth = WORTH[mention.grade];
    const { sentence } = mention;
    if (!sentence) {
      sums.labels += 1;
      measureLabel(mention, worth, figures);
      continue;
    }
    if (sentence !== current) {
      current = sentence;
      worthHere = 0;
      strongHere = false;
    }
    const role = OF_ROLE[sentence.role];
    if (worth > worthHere) {
      // A sentence counts once, by its best phrase.
      sums.sentences += worth - worthHere;
      if (role.at === AT.results) sums.inResults += worth - worthHere;
      worthHere = worth;
      raise(figures, role.at, worth);
      if ((sentence.signs & REPORTS) !== 0) raise(figures, AT['with figures'], worth);
      if ((sentence.signs & SIGNS.assessment) !== 0) raise(figures, AT.assessed, worth);
      if (isNamedIn(sentence, siblings.parent)) raise(figures, AT['beside the parent'], worth);
      if (mention.withDrug) {
        raise(figures, AT['with the drug'], worth);
        if (role.main !== 0) raise(figures, AT['drug in a main place'], worth);
      }
    }
    if (callsItself(mention)) figures[AT['calls itself']] = 1;
    if (worth < 1 || strongHere) continue;
    strongHere = true;
    if (role.lists && (siblings.named[sentence.number] ?? 0) >= ENUMERATION) figures[AT.enumerated] = 1;
    sums.strong += 1;
    figures[AT['strong anywhere']] = 1;
    if (role.at === AT.title) figures[AT['strong title']] = 1;
    sums.strongRoles |= role.main;
    if (mention.withDrug) figures[AT['strong with the drug']] = 1;
    if (role.finding) figures[AT['strong finding']] = 1;
    if (role.topic) figures[AT['strong topic']] = 1;
  }
  const title = figures[AT.title] ?? 0;
  const aim = figures[AT.aim] ?? 0;
  const conclusion = figures[AT.conclusion] ?? 0;
  figures[AT.sentences] = Math.log1p(sums.sentences);
  figures[AT['strong sentences']] = Math.log1p(sums.strong);
  // A review speaks of its subject in every part, and has no results of its own.
  const body = Math.max(figures[AT.background] ?? 0, figures[AT.results] ?? 0, conclusion);
  figures[AT['review body']] = paper.review * body;
  figures[AT['share of sentences']] = paper.sentences > 0 ? sums.sentences / paper.sentences : 0;
  if (sums.sentences === 0 && sums.labels > 0) figures[AT['only labels']] = 1;
  if (siblings.inTitle && title < 0.5) figures[AT['another tag in the title']] = 1;
  if (siblings.inAim && aim < 0.5 && title < 0.5) figures[AT['another tag in the aim']] = 1;
  if (siblings.callsItself) figures[AT['another calls itself']] = 1;
  if (siblings.winnerCallsItself) figures[AT['a winner calls itself']] = 1;
  figures[AT['title or aim']] = Math.max(title, aim);
  measurePlaces(figures, sums.strongRoles);
  if (sums.sentences > 0.5 && sums.labels > 0) figures[AT['text and labels']] = 1;
  if (!paper.hasAbstract) figures[AT['title of a bare record']] = title;
  figures[AT['enumerated in a review']] = paper.review * (figures[AT.enumerated] ?? 0);
  figures[AT['mention paper with the drug']] = (1 - paper.aboutDrug) * (figures[AT['drug in a main place']] ?? 0);
  figures[AT['title and conclusion']] = Math.min(title, conclusion);
  if (sums.inResults > 1.1) figures[AT['results twice']] = 1;
  measurePaper(paper, figures);
}

/** In how many of its main places the paper names the tag. */
function measurePlaces(figures: Float64Array, strongRoles: number): void {
  let places = 0;
  let strong = 0;
  let best = 0;
  for (let at = 0; at < MAIN_AT.length; at += 1) {
    const worth = figures[MAIN_AT[at] ?? 0] ?? 0;
    if (worth > best) best = worth;
    if (worth >= WORTH.phrase) places += 1;
    if ((strongRoles >> at) & 1) strong += 1;
  }
  figures[AT['best place']] = best;
  figures[AT.places] = Math.log1p(places);
  figures[AT['strong places']] = Math.log1p(strong);
}

function measureLabel({ place, label }: Mention, worth: number, figures: Float64Array): void {
  if (place === 'keywords' || place === 'substances') raise(figures, AT.keywords, worth);
  else if (place === 'publicationTypes') raise(figures, AT['publication type'], worth);
  else {
    raise(figures, AT.mesh, worth);
    if (label?.major) raise(figures, AT['mesh major'], worth);
  }
}

function measurePaper({ hasAbstract, aboutDrug, drug, style }: PaperFigures, figures: Float64Array): void {
  if (!hasAbstract) figures[AT['no abstract']] = 1;
  figures[AT['mention paper']] = 1 - aboutDrug;
  if (drug.inTitle) figures[AT['drug in the title']] = 1;
  if (drug.inConclusion) figures[AT['drug in the conclusion']] = 1;
  if (drug.inLabels) figures[AT['drug in labels']] = 1;
  figures[AT['share of drug sentences']] = drug.share;
  figures[AT.statistics] = style.statistics;
  figures[AT.plans] = style.plans;
}

function raise(figures: Float64Array, at: number, value: number): void {
  if ((figures[at] ?? 0) < value) figures[at] = value;
}
