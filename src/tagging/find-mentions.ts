import type { Facet } from '../model/tag.js';
import type { Recognition, TagRecognition } from '../taxonomy/recognition.js';
import type { AnalysedText, Label, Sentence } from './analyse-text.js';
import { findContext, type Context } from './context.js';
import { foldLetters } from './fold-token.js';
import { PhraseMatcher, type Hit } from './phrase-matcher.js';
import type { Role } from './sentence-roles.js';
import { isSetAside } from './set-aside.js';
import type { Token } from './tokenise.js';

/**
 * How much a phrase says on its own; `itself`: the paper says so of itself; `heading`: a MeSH descriptor of the tag, or
 * in a sentence what is printed above it.
 */
export type Grade = 'itself' | 'strong' | 'phrase' | 'weak' | 'heading';
export type Place = Role | Label['field'];

/** A phrase of a tag where a paper says it. */
export interface Mention {
  grade: Grade;
  place: Place;
  /** The sentence; null for a keyword, a heading or another label. */
  sentence: Sentence | null;
  label: Label | null;
  /** Words, `to` exclusive. */
  from: number;
  to: number;
  /** True when the sentence also names the drug. */
  withDrug: boolean;
  /** The construction it stands in, when that takes its force away. */
  context: Context | null;
  /** True when the words are a short form that the paper defines by a phrase of the tag. */
  abbreviated: boolean;
  /** The phrase, as `phrasesOf` numbers them; -1 for a heading or a publication type. */
  phrase: number;
}

/** What a paper says about each tag, in the order of `recognition.tags`. */
export interface Mentions {
  byTag: Mention[][];
  /** Sentences that name the drug. */
  drugSentences: Set<Sentence>;
  /** Whether a keyword, a heading or a substance names it. */
  drugInLabels: boolean;
  /** Tags that a publication type names. */
  byType: number[];
}

interface Entry {
  tag: number;
  grade: Exclude<Grade, 'heading'> | 'not' | 'drug';
}

/** Finds the phrases of every tag in analysed papers. Built once per taxonomy. */
export class MentionFinder {
  private readonly matcher: PhraseMatcher;
  private readonly entries: Entry[] = [];
  private readonly headings = new Map<string, number[]>();
  private readonly types = new Map<string, number>();
  private readonly sections = new Map<string, number>();
  private readonly tags: readonly TagRecognition[];
  /** By tag: which constructions are looked for around its phrases. */
  private readonly asked: readonly number[];
  /** By the words of a label, which labels of the same text share. */
  private readonly readings = new WeakMap<readonly Token[], LabelReading>();

  constructor(recognition: Recognition) {
    this.tags = recognition.tags;
    this.asked = recognition.tags.map(({ facet }) => QUESTIONS[facet] ?? SET_ASIDE);
    this.matcher = new PhraseMatcher(recognition.vocabulary);
    if (Object.hasOwn(recognition.vocabulary, 'drug')) this.add('{drug}', { tag: -1, grade: 'drug' });
    for (const [tag, words] of recognition.tags.entries()) {
      for (const phrase of words.itself) this.add(phrase, { tag, grade: 'itself' });
      for (const phrase of words.strong) this.add(phrase, { tag, grade: 'strong' });
      for (const phrase of words.phrases) this.add(phrase, { tag, grade: 'phrase' });
      for (const phrase of words.weak) this.add(phrase, { tag, grade: 'weak' });
      for (const phrase of words.not) this.add(phrase, { tag, grade: 'not' });
      for (const type of words.types) this.types.set(foldLetters(type), tag);
      for (const section of words.sections) this.sections.set(foldLetters(section), tag);
      for (const ui of words.mesh) this.addHeading(ui, tag);
      for (const name of words.headings) this.addHeading(foldLetters(name), tag);
    }
  }

  find(text: AnalysedText): Mentions {
    const mentions: Mentions = {
      byTag: new Array<Mention[]>(this.tags.length).fill(NO_MENTIONS),
      drugSentences: new Set(),
      drugInLabels: false,
      byType: [],
    };
    const hits = text.sentences.map((sentence) => this.matcher.search(sentence.tokens));
    const shortForms = text.abbreviations.length === 0 ? NO_FORMS : this.shortForms(text, hits);
    let section: string | null = null;
    for (let at = 0; at < hits.length; at += 1) {
      const sentence = text.sentences[at] as Sentence;
      if (sentence.label !== section) {
        section = sentence.label;
        this.readSection(sentence, mentions);
      }
      this.readSentence(sentence, hits[at] ?? NO_HITS, shortForms, mentions);
    }
    for (const label of text.labels) this.readLabel(label, mentions);
    return mentions;
  }

  /** The numbers of a tag's phrases, with their texts as the taxonomy has them. */
  phrasesOf(tag: number): Map<number, string> {
    const phrases = new Map<number, string>();
    for (const [number, entry] of this.entries.entries()) {
      if (entry.tag === tag && entry.grade !== 'not') phrases.set(number, this.matcher.phrases[number] ?? '');
    }
    return phrases;
  }

  private add(phrase: string, entry: Entry): void {
    this.entries[this.matcher.add(phrase)] = entry;
  }

  private addHeading(key: string, tag: number): void {
    const tags = this.headings.get(key);
    if (tags) tags.push(tag);
    else this.headings.set(key, [tag]);
  }

  /** The entries that each defined short form stands for: those found at the end of its long form. */
  private shortForms(text: AnalysedText, hits: readonly Hit[][]): Map<string, number[]> {
    const forms = new Map<string, number[]>();
    for (const { short, sentence, from, to } of text.abbreviations) {
      const entries = forms.get(short) ?? [];
      const blocked = this.blockedWords(hits[sentence] ?? []);
      for (const hit of hits[sentence] ?? []) {
        if (hit.from < from || hit.to > to) continue;
        const tag = this.entries[hit.entry]?.tag ?? -1;
        if (isBlocked(blocked, tag, hit.from, hit.to) && this.entries[hit.entry]?.grade !== 'not') continue;
        // "major depressive disorder" for MDD, "suicidal" for "suicidal ideation (SI)"; not "disorder" alone.
        const atEnd = hit.to === to && hit.from <= from + 2;
        const mostOfIt = hit.from <= from + 1 && (hit.to - hit.from) * 2 >= to - from;
        if (atEnd || mostOfIt) entries.push(hit.entry);
      }
      forms.set(short, entries);
    }
    return forms;
  }

  /** Some headings are printed only in papers of one kind: the first sentence below stands for them. */
  private readSection(sentence: Sentence, mentions: Mentions): void {
    const tag = sentence.label === null ? undefined : this.sections.get(foldLetters(sentence.label));
    if (tag === undefined) return;
    addTo(mentions, tag, {
      grade: 'heading',
      place: sentence.role,
      sentence,
      label: null,
      from: 0,
      to: sentence.tokens.length,
      withDrug: false,
      context: null,
      abbreviated: false,
      phrase: -1,
    });
  }

  private readSentence(
    sentence: Sentence,
    hits: readonly Hit[],
    shortForms: ReadonlyMap<string, number[]>,
    mentions: Mentions,
  ): void {
    const own =
      shortForms.size === 0
        ? hits
        : hits.filter((hit) => hit.to - hit.from > 1 || !shortForms.has(wordAt(sentence, hit)));
    const short = shortForms.size === 0 ? NO_HITS : findShortForms(sentence, shortForms);
    if (own.length === 0 && short.length === 0) return;
    const withDrug = this.nameDrug(own) || this.nameDrug(short);
    if (withDrug) mentions.drugSentences.add(sentence);
    const around: Around = { sentence, blocked: this.blockedWords(own), withDrug };
    for (let at = 0; at < own.length; at += 1) this.readHit(own[at] as Hit, around, false, mentions);
    for (let at = 0; at < short.length; at += 1) this.readHit(short[at] as Hit, around, true, mentions);
  }

  private nameDrug(hits: readonly Hit[]): boolean {
    for (const { entry } of hits) if (this.entries[entry]?.grade === 'drug') return true;
    return false;
  }

  private readHit(
    { entry, from, to }: Hit,
    { sentence, blocked, withDrug }: Around,
    abbreviated: boolean,
    mentions: Mentions,
  ): void {
    const found = this.entries[entry];
    if (!found || found.grade === 'drug' || found.grade === 'not') return;
    const known = mentions.byTag[found.tag];
    if (!known || saysNothingNew(known, sentence, found.grade)) return;
    if (isBlocked(blocked, found.tag, from, to)) return;
    const asked = this.asked[found.tag];
    let context: Context | null = null;
    if (asked === CONTEXT) context = findContext(sentence, from, to);
    else if (asked === SET_ASIDE && isSetAside(sentence, from, to)) context = 'left out by the paper';
    addTo(mentions, found.tag, {
      grade: found.grade,
      place: sentence.role,
      sentence,
      label: null,
      from,
      to,
      withDrug,
      context,
      abbreviated,
      phrase: entry,
    });
  }

  private blockedWords(hits: readonly Hit[]): Blocked | null {
    let blocked: Blocked | null = null;
    for (const { entry, from, to } of hits) {
      const found = this.entries[entry];
      if (found?.grade === 'not') (blocked ??= []).push({ tag: found.tag, from, to });
    }
    return blocked;
  }

  private readingOf(label: Label): LabelReading {
    let reading = this.readings.get(label.tokens);
    if (!reading) {
      const hits = this.matcher.search(label.tokens);
      reading = { folded: foldLetters(label.text), hits, blocked: this.blockedWords(hits) };
      this.readings.set(label.tokens, reading);
    }
    return reading;
  }

  private readLabel(label: Label, mentions: Mentions): void {
    const { folded, hits, blocked } = this.readingOf(label);
    if (label.field === 'publicationTypes') {
      // A controlled vocabulary: only the types that the taxonomy names mean anything.
      const tag = this.types.get(folded);
      if (tag === undefined) return;
      addTo(mentions, tag, mentionOf(label, 'strong', 0, label.tokens.length, -1));
      mentions.byType.push(tag);
      return;
    }
    const headings = label.field === 'mesh' ? this.tagsOfHeading(label.ui, folded) : NO_TAGS;
    for (const tag of headings) addTo(mentions, tag, mentionOf(label, 'heading', 0, label.tokens.length, -1));
    for (const { entry, from, to } of hits) {
      const found = this.entries[entry];
      if (found?.grade === 'drug') mentions.drugInLabels = true;
      if (!found || found.grade === 'drug' || found.grade === 'not') continue;
      // A heading that the taxonomy does not list for the tag is not a heading of the tag.
      if (label.field === 'mesh' && !headings.includes(found.tag)) continue;
      if (isBlocked(blocked, found.tag, from, to)) continue;
      addTo(mentions, found.tag, mentionOf(label, found.grade, from, to, entry));
    }
  }

  private tagsOfHeading(ui: string | null, folded: string): readonly number[] {
    const byUi = ui === null ? undefined : this.headings.get(ui);
    const byName = this.headings.get(folded);
    if (!byUi || !byName) return byUi ?? byName ?? NO_TAGS;
    return [...new Set([...byUi, ...byName])];
  }
}

const NOTHING = 0;
const SET_ASIDE = 1;
const CONTEXT = 2;
/** What is asked of a facet's phrases; of most only whether the paper left out what they name. */
const QUESTIONS: Partial<Record<Facet, number>> = {
  condition: CONTEXT,
  population: CONTEXT,
  // What a paper itself is.
  relevance: NOTHING,
  study: NOTHING,
  species: NOTHING,
};

/** What the phrases of a sentence have in common. */
interface Around {
  sentence: Sentence;
  blocked: Blocked | null;
  withDrug: boolean;
}

/** Most tags of a paper have no mention: they share an empty list. */
const NO_MENTIONS: Mention[] = [];
const NO_FORMS: ReadonlyMap<string, number[]> = new Map();

function addTo({ byTag }: Mentions, tag: number, mention: Mention): void {
  const known = byTag[tag];
  if (known === NO_MENTIONS) byTag[tag] = [mention];
  else known?.push(mention);
}

function mentionOf(label: Label, grade: Grade, from: number, to: number, phrase: number): Mention {
  const place = label.field;
  return { grade, place, sentence: null, label, from, to, withDrug: false, context: null, abbreviated: false, phrase };
}

/** What a label says to the finder, whichever paper it stands in. */
interface LabelReading {
  folded: string;
  hits: readonly Hit[];
  blocked: Blocked | null;
}

const NO_TAGS: readonly number[] = [];

/** A sentence counts once for a tag, by its best phrase: further ones of the same force need no record. */
function saysNothingNew(known: readonly Mention[], sentence: Sentence, grade: Grade): boolean {
  for (let at = known.length - 1; at >= 0; at -= 1) {
    const mention = known[at] as Mention;
    if (mention.sentence !== sentence) return false;
    if (!mention.context && FORCE[mention.grade] >= FORCE[grade]) return true;
  }
  return false;
}

/** A mention makes those of no more force in its sentence needless. */
const FORCE: Record<Grade, number> = { itself: 4, strong: 3, heading: 3, phrase: 2, weak: 1 };

/** Words that a "not" phrase of a tag covers. */
type Blocked = { tag: number; from: number; to: number }[];
const NO_HITS: readonly Hit[] = [];

/** Whether a "not" phrase covers the hit or begins with its last word: "ketamine or intravenous" before morphine. */
function isBlocked(blocked: Blocked | null, tag: number, from: number, to: number): boolean {
  if (!blocked) return false;
  for (const range of blocked) {
    if (range.tag !== tag || to > range.to) continue;
    if (range.from <= from || (range.from === to - 1 && to < range.to)) return true;
  }
  return false;
}

function wordAt(sentence: Sentence, hit: Hit): string {
  return sentence.tokens[hit.from]?.text ?? '';
}

const LONGEST_SHORT = 11;

/** Every use of a defined short form, also in the plural, stands for the phrases of its long form. */
function findShortForms(sentence: Sentence, shortForms: ReadonlyMap<string, number[]>): Hit[] {
  const hits: Hit[] = [];
  for (let at = 0; at < sentence.tokens.length; at += 1) {
    const text = sentence.tokens[at]?.text ?? '';
    // A short form begins with a capital or a figure.
    if (text.length > LONGEST_SHORT || text.charCodeAt(0) > 90) continue;
    const entries = shortForms.get(text) ?? (text.endsWith('s') ? shortForms.get(text.slice(0, -1)) : undefined);
    for (const entry of entries ?? []) hits.push({ entry, from: at, to: at + 1 });
  }
  return hits;
}
