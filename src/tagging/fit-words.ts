import { descend } from './descend.js';
import { FigureColumns, type FitOptions, type Row, type Sample } from './fit-logit.js';
import { phraseName, type TagWords, type WordWeights } from './words.js';

/** One tag of one labelled paper, with the words around it. */
export interface WordSample extends Sample {
  /** Numbers of the words of the sentences that name the tag, each once. */
  near: readonly number[];
  /** Numbers of the words of the paper. */
  paper: readonly number[];
  /** The phrases that name it, as `phrasesIn` numbers them. */
  phrases: readonly number[];
}

/** What the numbers of a sample stand for. */
export interface WordNames {
  words: readonly string[];
  /** A tag's phrases by their number. */
  phrasesOf: (tag: string) => ReadonlyMap<number, string>;
}

/** A word or phrase in fewer samples teaches nothing. */
const FEWEST = 8;
/** So many words and phrases at most are weighed: those that the first fit gives most weight. */
const MOST_WORDS = 5000;
const FIRST_ROUNDS = 30;
const ROUNDS = 60;
/** How strongly weights are held near zero: there are many words, and each says little. */
const HOLD = { near: 7, nearTag: 7, paper: 40, phrase: 1 };
/** A title or a heading has few words, which say more. */
const HOLD_TELLING = 25;

type Kind = keyof typeof HOLD;
const KINDS: readonly Kind[] = ['near', 'nearTag', 'paper', 'phrase'];

/** A column of the fit beyond the figures. */
interface Column {
  kind: Kind;
  tag: string;
  /** Of the word or the phrase. */
  number: number;
  hold: number;
}

/** Fits figures and words together by penalised maximum likelihood. */
export function fitWords(
  samples: readonly WordSample[],
  names: readonly string[],
  slopeNames: readonly string[],
  { words, phrasesOf }: WordNames,
  hold: FitOptions['hold'],
): WordWeights {
  const figures = new FigureColumns(samples, names, slopeNames);
  const penalty = figures.penalty(hold);
  const rows = samples.map((sample) => figures.toRow(sample));
  const tagNumbers = new Map<string, number>();
  for (const { tag } of samples) if (!tagNumbers.has(tag)) tagNumbers.set(tag, tagNumbers.size);
  const keys = samples.map((sample) => keysOf(sample, tagNumbers.get(sample.tag) ?? 0));
  const tagNames = [...tagNumbers.keys()];
  const columnOf = (key: number): Column => {
    const { kind, tag, number } = readKey(key);
    const isTelling = kind === 'paper' && (words[number] ?? '').includes(': ');
    return { kind, tag: tagNames[tag] ?? '', number, hold: isTelling ? HOLD_TELLING : HOLD[kind] };
  };
  const common = countKeys(keys);
  const few = solve(rows, penalty, keys, [...common.keys()], columnOf, FIRST_ROUNDS);
  const kept = [...few.byKey]
    .map(([key, weight]) => ({ key, force: Math.abs(weight) * Math.sqrt(common.get(key) ?? 0) }))
    .sort((one, other) => other.force - one.force || one.key - other.key)
    .slice(0, MOST_WORDS)
    .map(({ key }) => key);
  const { weights, byKey } = solve(rows, penalty, keys, kept, columnOf, ROUNDS);
  const fitted: WordWeights = { figures: figures.toWeights(weights.subarray(0, figures.size)), near: {}, tags: {} };
  for (const tag of tagNames) fitted.tags[tag] = { near: {}, paper: {}, phrases: {} };
  for (const [key, weight] of byKey) {
    const { kind, tag, number } = columnOf(key);
    const rounded = Math.round(weight * 1000) / 1000;
    const own = fitted.tags[tag] as TagWords;
    if (rounded === 0) continue;
    if (kind === 'phrase') own.phrases[phraseName(number, phrasesOf(tag))] = rounded;
    else (kind === 'near' ? fitted.near : kind === 'nearTag' ? own.near : own.paper)[words[number] ?? ''] = rounded;
  }
  return fitted;
}

const MOST_NUMBERS = 1 << 24;

/** Kind, tag and number of a column as one number. */
function toKey(kind: Kind, tag: number, number: number): number {
  return (tag * KINDS.length + KINDS.indexOf(kind)) * MOST_NUMBERS + number;
}

function readKey(key: number): { kind: Kind; tag: number; number: number } {
  const front = Math.floor(key / MOST_NUMBERS);
  return {
    kind: KINDS[front % KINDS.length] ?? 'near',
    tag: Math.floor(front / KINDS.length),
    number: key % MOST_NUMBERS,
  };
}

function keysOf({ near, paper, phrases }: WordSample, tag: number): number[] {
  return [
    ...near.map((word) => toKey('near', 0, word)),
    ...near.map((word) => toKey('nearTag', tag, word)),
    ...paper.map((word) => toKey('paper', tag, word)),
    ...phrases.map((phrase) => toKey('phrase', tag, phrase)),
  ];
}

/** The keys of enough samples, and of how many. */
function countKeys(keys: readonly (readonly number[])[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const own of keys) for (const key of own) counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const [key, count] of counts) if (count < FEWEST) counts.delete(key);
  return counts;
}

/** Weights of the figures' columns, followed by those of the given keys. */
function solve(
  rows: readonly Row[],
  figurePenalty: Float64Array,
  keys: readonly (readonly number[])[],
  chosen: readonly number[],
  columnOf: (key: number) => Column,
  rounds: number,
): { weights: Float64Array; byKey: Map<number, number> } {
  const first = figurePenalty.length;
  const places = new Map(chosen.map((key, number) => [key, first + number]));
  const penalty = new Float64Array(first + chosen.length);
  penalty.set(figurePenalty);
  for (const [key, place] of places) penalty[place] = columnOf(key).hold;
  // The unknowns are measured so that all are held alike, which shortens the way.
  const scale = penalty.map((hold) => 1 / Math.sqrt(hold));
  const table = toTable(rows, keys, places, scale);
  const weights = descend((at, slope) => lossOf(table, at, slope), penalty.length, rounds);
  for (let at = 0; at < weights.length; at += 1) weights[at] = (weights[at] as number) * (scale[at] as number);
  return { weights, byKey: new Map([...places].map(([key, place]) => [key, weights[place] as number])) };
}

/** All rows one behind the other: row n is from `ends[n - 1]` to `ends[n]`. */
interface Table {
  places: Uint32Array;
  values: Float32Array;
  ends: Uint32Array;
  given: Uint8Array;
}

function toTable(
  rows: readonly Row[],
  keys: readonly (readonly number[])[],
  placeOf: ReadonlyMap<number, number>,
  scale: Float64Array,
): Table {
  const places: number[] = [];
  const ends = new Uint32Array(rows.length);
  const values: number[] = [];
  for (const [at, row] of rows.entries()) {
    for (const [number, place] of row.places.entries()) {
      places.push(place);
      values.push((row.values[number] as number) * (scale[place] as number));
    }
    for (const key of keys[at] ?? []) {
      const place = placeOf.get(key);
      if (place === undefined) continue;
      places.push(place);
      values.push(scale[place] as number);
    }
    ends[at] = places.length;
  }
  return {
    places: Uint32Array.from(places),
    values: Float32Array.from(values),
    ends,
    given: Uint8Array.from(rows, (row) => row.given),
  };
}

function lossOf({ places, values, ends, given }: Table, weights: Float64Array, slope: Float64Array): number {
  let loss = 0;
  for (let at = 0; at < weights.length; at += 1) {
    const weight = weights[at] as number;
    loss += weight ** 2 / 2;
    slope[at] = weight;
  }
  for (let row = 0, from = 0; row < ends.length; row += 1) {
    const to = ends[row] as number;
    let sum = 0;
    for (let at = from; at < to; at += 1) sum += (weights[places[at] as number] as number) * (values[at] as number);
    const truth = given[row] as number;
    loss += Math.max(sum, 0) - sum * truth + Math.log1p(Math.exp(-Math.abs(sum)));
    const off = 1 / (1 + Math.exp(-sum)) - truth;
    for (let at = from; at < to; at += 1) {
      const place = places[at] as number;
      slope[place] = (slope[place] as number) + off * (values[at] as number);
    }
    from = to;
  }
  return loss;
}
