import type { Span } from '../../model/tag.js';
import type { Taggable } from '../../model/taggable.js';
import type { AnalysedText, Sentence } from '../analyse-text.js';
import { hasSign, SIGNS, signsIn } from '../word-signs.js';
import {
  ABOUT_ITSELF,
  ASIDE,
  ASKS,
  BARREN_HEADING,
  BARREN_LABEL,
  BEYOND,
  CONCLUDES,
  CONCLUSION_HEADING,
  DONE,
  EXPECTED,
  HEADING,
  IMPRINT,
  LEANS,
  NO_DIFFERENCE,
  OUTLOOK,
  STATES,
  STEM,
  stemOf,
  TO_DO,
} from './finding-words.js';
import type { Found } from './participants.js';

/** Papers that have no finding of their own to state. */
const WITHOUT: ReadonlySet<string | null> = new Set(['protocol', 'correction']);

/**
 * Points of a sentence. They were fitted to labelled papers, then rounded: half a point more makes a sentence 1.6
 * times as likely to be the one that a reader quotes.
 */
const POINTS = {
  place: {
    conclusion: 1.5,
    results: -1,
    future: 0,
    other: -1,
    /** Unlabelled texts: only the order tells. */
    unlabelled: { conclusion: 1, results: 0, future: -0.25, other: -1 },
    /** Among the last three. */
    end: 1.5,
    /** Among the last two of an unlabelled text. */
    unlabelledEnd: 0.5,
    /** A labelled conclusion begins with what matters; what follows from its third sentence on are remarks. */
    first: 1.25,
    third: -2.25,
  },
  drug: 1.5,
  /** All words of the title; a share of them in proportion. */
  title: 2.5,
  concludes: 1.5,
  concludesResults: 0.5,
  states: 1,
  plain: 0.75,
  result: 0.5,
  heading: 0.75,
  done: -0.25,
  asks: -0.25,
  leans: -0.5,
  aside: -0.75,
  beyond: -1,
  toDo: -1.25,
} as const;
/** What the words of a sentence can add at most. */
const MOST = POINTS.concludes + POINTS.concludesResults + POINTS.states + POINTS.plain + POINTS.result + POINTS.heading;

const SHORTEST = 25;
const LONGEST_IMPRINT = 250;
const LONGEST_TOGETHER = 520;
/** Fewer points than these are no finding. */
const ENOUGH = 2;
/** A second sentence that could stand for itself, and one that carries the first on ("This effect lasted …"). */
const ENOUGH_TO_CONTINUE = 5;
const ENOUGH_TO_LEAN = 3.5;
/** A title shorter than this says little about what the finding will be. */
const FEWEST_TITLE_WORDS = 4;

/** A sentence of the abstract and what its place promises. */
interface Candidate {
  at: number;
  sentence: Sentence;
  points: number;
}

/**
 * The one or two sentences that state the main result or conclusion, as printed: what a clinician would quote. The
 * best by its place (a conclusion, the end), by how much of the title it takes up, and by its words, which are read
 * only where they can still decide.
 */
export function findFinding(
  paper: Taggable,
  { sentences }: AnalysedText,
  { study, drugSentences }: { study: string | null; drugSentences: ReadonlySet<Sentence> },
): Found<string> | null {
  if (WITHOUT.has(study)) return null;
  const abstract = withoutImprint(sentences.filter(({ field }) => field === 'abstract'));
  const subject = new Subject(sentences);
  const candidates: Candidate[] = [];
  for (const [at, sentence] of abstract.entries()) {
    const late = abstract.length - at <= 3;
    if (sentence.text.length < SHORTEST || (kindOf(sentence) === 'other' && !late)) continue;
    const drug = drugSentences.has(sentence) ? POINTS.drug : 0;
    const points = weighPlace(abstract, at) + drug + POINTS.title * subject.shareIn(sentence);
    candidates.push({ at, sentence, points });
  }
  const main = findBest(candidates);
  if (!main) return null;
  const chosen = [main.sentence];
  const next = candidates.find(({ at }) => at === main.at + 1);
  if (next && isContinued(main.sentence, next)) chosen.push(next.sentence);
  const spans = chosen.map((sentence) => spanOfSentence(paper, sentence));
  return { value: spans.map(({ text }) => text).join(' '), spans };
}

function withoutImprint(abstract: readonly Sentence[]): readonly Sentence[] {
  let end = abstract.length;
  for (; end > 0; end -= 1) {
    const { text } = abstract[end - 1] as Sentence;
    if (text.length >= SHORTEST && (text.length >= LONGEST_IMPRINT || !IMPRINT.test(text))) break;
  }
  return abstract.slice(0, end);
}

/** One of 32 bits by how a word begins. */
const startOf = (word: string): number => 1 << (word.charCodeAt(0) ^ (word.charCodeAt(1) << 2));
/** Words of a title that are looked for, so that one number notes which were found. */
const MOST_TITLE_WORDS = 31;

/** What a title is about, and how much of that a sentence takes up. */
class Subject {
  private readonly places = new Map<string, number>();
  /** How its words begin: most others need not be looked up. */
  private starts = 0;

  constructor(sentences: readonly Sentence[]) {
    for (const sentence of sentences) {
      if (sentence.field !== 'title') continue;
      for (const { word } of sentence.tokens) {
        const stem = stemOf(word.lower);
        if (stem === null || this.places.has(stem) || this.places.size === MOST_TITLE_WORDS) continue;
        this.places.set(stem, 1 << this.places.size);
        this.starts |= startOf(stem);
      }
    }
  }

  /** @returns 0 … 1 */
  shareIn({ tokens }: Sentence): number {
    let found = 0;
    let shared = 0;
    for (const { word } of tokens) {
      const { lower } = word;
      if (lower.length < 3 || (this.starts & startOf(lower)) === 0) continue;
      const place = this.places.get(lower.slice(0, STEM));
      if (place === undefined || (found & place) !== 0) continue;
      found |= place;
      shared += 1;
    }
    return shared / Math.max(FEWEST_TITLE_WORDS, this.places.size);
  }
}

const isConclusion = (sentence: Sentence | undefined): boolean =>
  sentence?.role === 'conclusion' || sentence?.role === 'future';

const kindOf = ({ role }: Sentence): 'conclusion' | 'results' | 'future' | 'other' =>
  role === 'conclusion' || role === 'results' || role === 'future' ? role : 'other';

function weighPlace(abstract: readonly Sentence[], at: number): number {
  const sentence = abstract[at] as Sentence;
  const { place } = POINTS;
  const left = abstract.length - at;
  let points = left <= 3 ? place.end : 0;
  if (sentence.label === null)
    return points + place.unlabelled[kindOf(sentence)] + (left <= 2 ? place.unlabelledEnd : 0);
  points += place[kindOf(sentence)];
  if (!isConclusion(sentence)) return points;
  if (!isConclusion(abstract[at - 1])) return points + place.first;
  return isConclusion(abstract[at - 2]) ? points + place.third : points;
}

/**
 * The candidate with most points; of equals the earlier one. The words of what cannot win are not read, nor what
 * speaks against a sentence that has lost already.
 */
function findBest(candidates: readonly Candidate[]): Candidate | null {
  const promising = [...candidates].sort((a, b) => b.points - a.points || a.at - b.at);
  let best: Candidate | null = null;
  let most = ENOUGH;
  for (const candidate of promising) {
    if (candidate.points + MOST < most) break;
    const gained = candidate.points + weighFor(candidate.sentence);
    if (gained < most) continue;
    const points = gained + weighAgainst(candidate.sentence);
    if (points < most || (points === most && best !== null && best.at < candidate.at)) continue;
    best = candidate;
    most = points;
  }
  return best;
}

/** What the words say for it. @returns minus infinity for a sentence that can be no finding where it stands */
function weighFor(sentence: Sentence): number {
  const { text } = sentence;
  const kind = kindOf(sentence);
  const concludes = CONCLUDES.test(text);
  const noDifference = hasSign(sentence, 'context') && NO_DIFFERENCE.test(text);
  const outcome = noDifference || hasSign(sentence, 'outcome');
  if (kind === 'other' && !concludes && !outcome) return -Infinity;
  let points = 0;
  if (concludes) points += POINTS.concludes + (kind === 'results' ? POINTS.concludesResults : 0);
  if (STATES.test(text)) points += POINTS.states;
  if (noDifference || hasSign(sentence, 'plainOutcome')) points += POINTS.plain;
  if (outcome) points += POINTS.result;
  if (CONCLUSION_HEADING.test(text)) points += POINTS.heading;
  return points;
}

/** What the words say against it. @returns minus infinity for a sentence that can be no finding */
function weighAgainst(sentence: Sentence): number {
  const { text, label } = sentence;
  if (label !== null && BARREN_LABEL.test(label)) return -Infinity;
  if ([ABOUT_ITSELF, BARREN_HEADING, OUTLOOK, EXPECTED].some((words) => words.test(text))) return -Infinity;
  let points = 0;
  if (!hasSign(sentence, 'plainOutcome') && DONE.test(text)) points += POINTS.done;
  if (ASKS.test(text)) points += POINTS.asks;
  if (LEANS.test(text)) points += POINTS.leans;
  if (ASIDE.test(text)) points += POINTS.aside;
  if (BEYOND.test(text)) points += POINTS.beyond;
  if (isOnlyToDo(sentence)) points += POINTS.toDo;
  return points;
}

/** "… with a good profile; further trials are needed" says something first. */
function isOnlyToDo({ text, start, tokens }: Sentence): boolean {
  const at = text.search(TO_DO);
  if (at <= 60) return at !== -1;
  const before = tokens.filter((token) => token.end <= start + at);
  return (signsIn('', before) & SIGNS.outcome) === 0 || !/[;,]/.test(text.slice(40, at + 1));
}

/** A second sentence of the same conclusion, while both stay short; never an outlook, nor what it may be good for. */
function isContinued(main: Sentence, { sentence: next, points }: Candidate): boolean {
  if (next.index !== main.index || main.text.length + next.text.length > LONGEST_TOGETHER) return false;
  if (main.role !== 'conclusion' || !isConclusion(next) || TO_DO.test(next.text)) return false;
  const enough = LEANS.test(next.text) ? ENOUGH_TO_LEAN : ENOUGH_TO_CONTINUE;
  return points + weighFor(next) + weighAgainst(next) >= enough && !BEYOND.test(next.text);
}

function spanOfSentence(paper: Taggable, { field, index, start: from, end, text: whole, role }: Sentence): Span {
  const value = field === 'title' ? paper.title : (paper.abstract[index]?.text ?? '');
  let start = from + (HEADING.exec(whole)?.[0].length ?? 0);
  // a sentence is said to begin with its first word: "[123I]…", "(S)-…" begin before it
  while (start > 0 && '([{“"‘'.includes(value.charAt(start - 1))) start -= 1;
  const text = value.slice(start, end);
  const rule = role === 'conclusion' || role === 'future' ? 'conclusion' : role === 'results' ? 'main result' : 'stated result'; // prettier-ignore
  return { field, index, start, end, text, rule };
}
