import { companyKey, LEAST_LIKELY, logOdds, PLACES, type CompanyWeights } from './company.js';
import type { Mention } from './find-mentions.js';
import { minimise, type Row } from './fit-logit.js';

/** One tag of one labelled paper, with what stands beside it. */
export interface CompanySample {
  given: boolean;
  /** What the second look gave; held out. */
  chance: number;
  mentions: readonly Mention[];
  /** Numbers in the lexicon. */
  words: readonly number[];
  /** Chances of every tag of the facets before, by place; held out. */
  chances: Float64Array;
}

/** What the numbers of a sample stand for. */
export interface CompanyNames {
  phrases: ReadonlyMap<number, string>;
  words: readonly string[];
  /** The tags that may count as company, by place. */
  tags: readonly { at: number; key: string }[];
}

/** So many words at most go with a tag: those that tell its papers best from the others. */
const MOST_WORDS = 80;
/** A word or phrase in fewer papers teaches nothing. */
const FEWEST_PAPERS = 5;
/** How strongly weights are held near zero. */
const HOLD = { bias: 1, look: 8, phrase: 2, tag: 3, word: 2 };
/** Weights below this are noise. */
const LEAST_WEIGHT = 0.08;

/** Fits what stands beside a tag by penalised maximum likelihood, as a correction of the second look. */
export function fitCompany(samples: readonly CompanySample[], names: CompanyNames): CompanyWeights | null {
  const right = samples.filter(({ given }) => given).length;
  if (samples.length < FEWEST_SAMPLES || right === 0 || right === samples.length) return null;
  const columns = new Columns();
  columns.add('bias', HOLD.bias);
  columns.add('look', HOLD.look);
  const words = tellingWords(samples, right);
  for (const word of words) columns.add(`word ${word}`, HOLD.word);
  for (const { at } of names.tags) columns.add(`tag ${at}`, HOLD.tag);
  for (const key of commonPhrases(samples)) columns.add(`phrase ${key}`, HOLD.phrase);
  const rows = samples.map((sample) => toRow(sample, columns, names));
  const weights = minimise(rows, Float64Array.from(columns.hold), 8);
  const weightOf = (name: string): number => Math.round((weights[columns.at(name)] ?? 0) * 100) / 100;
  const heavy = <T>(entries: readonly T[], name: (entry: T) => string, key: (entry: T) => string) =>
    Object.fromEntries(
      entries
        .map((entry): [string, number] => [key(entry), weightOf(name(entry))])
        .filter(([, weight]) => Math.abs(weight) >= LEAST_WEIGHT),
    );
  return {
    bias: weightOf('bias'),
    look: weightOf('look'),
    phrases: heavy(
      commonPhrases(samples),
      (key) => `phrase ${key}`,
      (key) => `${PLACES[key % PLACES.length]}: ${names.phrases.get(Math.floor(key / PLACES.length)) ?? ''}`,
    ),
    tags: heavy(
      names.tags,
      ({ at }) => `tag ${at}`,
      ({ key }) => key,
    ),
    words: heavy(
      words,
      (word) => `word ${word}`,
      (word) => names.words[word] ?? '',
    ),
  };
}

const FEWEST_SAMPLES = 20;

/** The columns of the fit by name, with how strongly each is held. */
class Columns {
  readonly hold: number[] = [];
  private readonly places = new Map<string, number>();

  add(name: string, hold: number): void {
    if (this.places.has(name)) return;
    this.places.set(name, this.hold.length);
    this.hold.push(hold);
  }

  at(name: string): number {
    return this.places.get(name) ?? -1;
  }
}

function toRow({ given, chance, mentions, words, chances }: CompanySample, columns: Columns, names: CompanyNames): Row {
  const values = new Map<number, number>([
    [columns.at('bias'), 1],
    [columns.at('look'), logOdds(chance)],
  ]);
  const put = (name: string, value: number): void => {
    const at = columns.at(name);
    if (at !== -1) values.set(at, value);
  };
  for (const word of words) put(`word ${word}`, 1);
  for (const { at } of names.tags) if ((chances[at] ?? 0) > LEAST_LIKELY) put(`tag ${at}`, chances[at] ?? 0);
  for (const mention of mentions)
    if (!mention.context && mention.phrase !== -1) put(`phrase ${companyKey(mention)}`, 1);
  const sorted = [...values].sort(([one], [other]) => one - other);
  return {
    places: sorted.map(([place]) => place),
    values: sorted.map(([, value]) => value),
    given: given ? 1 : 0,
    start: logOdds(chance),
  };
}

/** The words whose papers have the tag more or less often than they would by chance, the most telling first (χ²). */
function tellingWords(samples: readonly CompanySample[], right: number): number[] {
  const papers = new Map<number, number>();
  const withTag = new Map<number, number>();
  for (const { words, given } of samples) {
    for (const word of words) {
      papers.set(word, (papers.get(word) ?? 0) + 1);
      if (given) withTag.set(word, (withTag.get(word) ?? 0) + 1);
    }
  }
  const share = right / samples.length;
  const telling: { word: number; chi: number }[] = [];
  for (const [word, count] of papers) {
    if (count < FEWEST_PAPERS) continue;
    const expected = count * share;
    const away = (withTag.get(word) ?? 0) - expected;
    telling.push({ word, chi: away ** 2 / (expected * (1 - share) * (1 - count / samples.length) + 0.1) });
  }
  telling.sort((one, other) => other.chi - one.chi || one.word - other.word);
  return telling.slice(0, MOST_WORDS).map(({ word }) => word);
}

function commonPhrases(samples: readonly CompanySample[]): number[] {
  const papers = new Map<number, number>();
  for (const { mentions } of samples) {
    const own = mentions.filter(({ context, phrase }) => !context && phrase !== -1).map(companyKey);
    for (const key of new Set(own)) papers.set(key, (papers.get(key) ?? 0) + 1);
  }
  return [...papers].filter(([, count]) => count >= FEWEST_PAPERS).map(([key]) => key);
}
