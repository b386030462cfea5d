import type { TextField, Taggable } from '../model/taggable.js';
import { findAbbreviations } from './abbreviations.js';
import { findCues, roleOfHeading, rolesWithoutHeadings, roleUnderHeading, type Role } from './sentence-roles.js';
import { signsIn } from './word-signs.js';
import { tokenise, type Token, type TokenisedSentence } from './tokenise.js';

/** A sentence of the title or the abstract. `text` is `value.slice(start, end)` of its field's value. */
export interface Sentence {
  /** Its place among the sentences of the paper. */
  number: number;
  field: Extract<TextField, 'title' | 'abstract'>;
  /** Place in the abstract's array of sections; 0 for the title. */
  index: number;
  start: number;
  end: number;
  text: string;
  role: Role;
  /** The heading it stands under, printed as a label or inside the text; null without one. */
  label: string | null;
  /** Token offsets count from the beginning of the field's value, like `start` and `end`. */
  tokens: Token[];
  /** What its words tell by themselves (word-signs.ts), together. */
  signs: number;
}

/** A short form and where its long form stands. */
export interface DefinedAbbreviation {
  short: string;
  /** Index into `sentences`. */
  sentence: number;
  /** Words of the long form, `to` exclusive. */
  from: number;
  to: number;
}

/** A text outside the sentences: one keyword, one MeSH heading … */
export interface Label {
  field: Exclude<TextField, 'title' | 'abstract'>;
  index: number;
  text: string;
  tokens: Token[];
  /** A MeSH heading marked as a major topic; false elsewhere. */
  major: boolean;
  /** Descriptor UI of a MeSH heading, null where unknown. */
  ui: string | null;
}

/** A paper as the tagger reads it. Built once, read by the tag rules and by the extraction of facts. */
export interface AnalysedText {
  /** Title first, then the abstract, in reading order. */
  sentences: Sentence[];
  labels: Label[];
  abbreviations: DefinedAbbreviation[];
}

/** What stands behind so many UTF-16 units of one field is not read: abstracts end long before. */
export const LONGEST_TEXT = 60_000;

/** Splits a paper into sentences with roles, words with true offsets, and the abbreviations that it defines. */
export function analyse(paper: Taggable): AnalysedText {
  const sentences: Sentence[] = [];
  for (const sentence of tokenise(paper.title.slice(0, LONGEST_TEXT))) {
    sentences.push(toSentence('title', 0, paper.title, sentence, 'title', null));
  }
  let left = LONGEST_TEXT;
  const sections: Section[] = [];
  for (const [index, { label, text }] of paper.abstract.entries()) {
    const value = text.length > left ? text.slice(0, left) : text;
    left -= value.length;
    for (const section of splitAtHeadings(value, withoutNotice(tokenise(value), value), label))
      sections.push({ ...section, index });
    if (left <= 0) break;
  }
  sentences.push(...sentencesOf(paper, sections));
  const abbreviations: DefinedAbbreviation[] = [];
  for (const [at, sentence] of sentences.entries()) {
    sentence.number = at;
    for (const found of findAbbreviations(valueOf(paper, sentence), sentence.tokens)) {
      abbreviations.push({ ...found, sentence: at });
    }
  }
  return { sentences, labels: labelsOf(paper), abbreviations };
}

/** "(PsycInfo Database Record (c) 2020 APA, all rights reserved)", "Copyright © 2012 S. Karger AG." */
const NOTICE =
  /rights reserved\b|^\W*(?:copyright\b|©|\(?c\) *\d{4}\b|\d{4} (?:Elsevier|Wiley|Published by|The Authors?)\b)/i;

/** The sentences without what a publisher or a database printed behind them, which would pass for a conclusion. */
function withoutNotice(sentences: TokenisedSentence[], value: string): TokenisedSentence[] {
  let end = sentences.length;
  for (; end > 0; end -= 1) {
    const last = sentences[end - 1];
    if (!last || !NOTICE.test(value.slice(last.start, last.end))) break;
  }
  return end === sentences.length ? sentences : sentences.slice(0, end);
}

interface Section {
  index: number;
  label: string | null;
  sentences: TokenisedSentence[];
}

/** Labelled parts get their roles from the headings, a run of unlabelled ones from the order of its sentences. */
function sentencesOf(paper: Taggable, sections: readonly Section[]): Sentence[] {
  const out: Sentence[] = [];
  let run: { section: Section; sentence: TokenisedSentence }[] = [];
  const closeRun = (): void => {
    const roles = rolesWithoutHeadings(run.map(({ sentence }) => findCues(sentence.tokens)));
    for (const [at, { section, sentence }] of run.entries()) {
      const value = paper.abstract[section.index]?.text ?? '';
      out.push(toSentence('abstract', section.index, value, sentence, roles[at] ?? 'background', section.label));
    }
    run = [];
  };
  for (const section of sections) {
    const role = section.label === null ? null : roleOfHeading(section.label);
    if (role === null) {
      for (const sentence of section.sentences) run.push({ section, sentence });
      continue;
    }
    closeRun();
    const value = paper.abstract[section.index]?.text ?? '';
    const last = section.sentences.length - 1;
    for (const [at, sentence] of section.sentences.entries()) {
      const cues = findCues(sentence.tokens);
      const own = roleUnderHeading(role, cues, at === last, last === 0 && sections.length > 1);
      out.push(toSentence('abstract', section.index, value, sentence, own, section.label));
    }
  }
  closeRun();
  return out;
}

function toSentence(
  field: 'title' | 'abstract',
  index: number,
  value: string,
  { start, end, tokens }: TokenisedSentence,
  role: Role,
  label: string | null,
): Sentence {
  const text = value.slice(start, end);
  return { number: -1, field, index, start, end, text, role, label, tokens, signs: signsIn(text, tokens) };
}

function valueOf(paper: Taggable, sentence: Sentence): string {
  return sentence.field === 'title' ? paper.title : (paper.abstract[sentence.index]?.text ?? '');
}

/** Headings printed inside the text ("… CONCLUSION: The drug …") begin a new part. */
function splitAtHeadings(
  value: string,
  sentences: readonly TokenisedSentence[],
  label: string | null,
): Omit<Section, 'index'>[] {
  // Most texts have none: one look at the whole is cheaper than one at every word.
  if (!/[A-Z]{2}:|clusion Criteria ?:/.test(value))
    return sentences.length > 0 ? [{ label, sentences: [...sentences] }] : [];
  const sections: Omit<Section, 'index'>[] = [];
  let current: Omit<Section, 'index'> = { label, sentences: [] };
  for (const sentence of sentences) {
    let rest = sentence;
    for (let at = 0; at < rest.tokens.length; at += 1) {
      const heading = headingAt(value, rest.tokens, at);
      if (heading === null) continue;
      const tokens = rest.tokens.slice(0, at);
      const cut = rest.tokens[at];
      const next = rest.tokens[heading.to];
      if (tokens.length > 0 && cut) current.sentences.push({ start: rest.start, end: cut.start, tokens });
      if (current.sentences.length > 0) sections.push(current);
      current = { label: heading.label, sentences: [] };
      // What a registry prints above its entries tells that there is no paper yet: those words stay readable.
      const kept = REGISTRY_HEADING.test(heading.label);
      const start = kept ? cut?.start : next?.start;
      rest = { start: start ?? rest.end, end: rest.end, tokens: rest.tokens.slice(kept ? at : heading.to) };
      at = kept ? heading.to - at - 1 : -1;
    }
    if (rest.tokens.length > 0) current.sentences.push(rest);
  }
  if (current.sentences.length > 0) sections.push(current);
  return sections;
}

const REGISTRY_HEADING = /^(HEALTH )?CONDITION|OUTCOMES?$|CRITERIA$|^INTERVENTIONS?$|^METHOD OF MEASUREMENT$/;

/** One to four words in capitals, then a colon, that together are a known heading. */
function headingAt(value: string, tokens: readonly Token[], at: number): { label: string; to: number } | null {
  for (let to = at; to < tokens.length && to < at + 4; to += 1) {
    const token = tokens[to];
    const first = tokens[at];
    if (!token || !first || token.text.length < 2) return null;
    // Records of trial registries print these two in small letters.
    if (!/^[A-Z]+$|^(In|Ex)clusion$|^Criteria$/.test(token.text)) return null;
    if (value.charCodeAt(token.end) !== 0x3a) continue;
    const label = value.slice(first.start, token.end);
    return label.length > 3 && roleOfHeading(label) !== null ? { label, to: to + 1 } : null;
  }
  return null;
}

function labelsOf(paper: Taggable): Label[] {
  const labels: Label[] = [];
  const add = (field: Label['field'], index: number, text: string, major = false, ui: string | null = null): void => {
    labels.push({ field, index, text, tokens: tokensOfLabel(text), major, ui });
  };
  paper.keywords.forEach((keyword, index) => add('keywords', index, keyword));
  paper.mesh.forEach(({ name, major, ui }, index) => add('mesh', index, name, major, ui));
  paper.publicationTypes.forEach((type, index) => add('publicationTypes', index, type));
  paper.substances.forEach((substance, index) => add('substances', index, substance));
  return labels;
}

/** Headings, types and keywords come again and again: their words are cut once. Past so many the table starts anew. */
const MOST_LABELS = 20_000;
let labelTokens = new Map<string, Token[]>();

function tokensOfLabel(text: string): Token[] {
  const value = text.slice(0, 2_000);
  const known = labelTokens.get(value);
  if (known) return known;
  const tokens = tokenise(value).flatMap((sentence) => sentence.tokens);
  if (labelTokens.size >= MOST_LABELS) labelTokens = new Map();
  labelTokens.set(value, tokens);
  return tokens;
}
