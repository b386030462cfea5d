import { stemmer } from 'stemmer';
import type { Paper } from '../../src/model/paper.js';
import { FACETS, type Facet, type Facts, type Tags } from '../../src/model/tag.js';
import type { Taxonomy } from '../../src/model/taxonomy.js';

/** A paper as the reference knows it. */
export interface Known {
  paper: Paper;
  /** null = not yet tagged. */
  tags: Tags | null;
  facts: Facts | null;
  listedAt: number;
}

export type Query = Readonly<Record<string, string | readonly string[]>>;

/* Folding and splitting, written anew: one character after the other. */

const LETTERS: Record<string, string> = { ø: 'o', ł: 'l', đ: 'd', ð: 'd', ħ: 'h', ı: 'i', æ: 'ae', œ: 'oe', ß: 'ss', þ: 'th' }; // prettier-ignore
const isWordly = (c: string) => /[\p{L}\p{N}\p{M}]/u.test(c);
const APOSTROPHES = ["'", '’', 'ʼ'];

export function words(text: string): string[] {
  const found: string[] = [];
  const characters = [...text];
  let word = '';
  const end = () => {
    let plain = word.normalize('NFKC').toLowerCase();
    for (const apostrophe of APOSTROPHES) if (plain.endsWith(`${apostrophe}s`)) plain = plain.slice(0, -2);
    const folded = [...plain.normalize('NFD')]
      .filter((c) => /[\p{L}\p{N}]/u.test(c))
      .map((c) => LETTERS[c] ?? c)
      .join('')
      .normalize('NFC');
    if (folded !== '') found.push([...folded].slice(0, 60).join(''));
    word = '';
  };
  characters.forEach((c, i) => {
    const joins = APOSTROPHES.includes(c) && word !== '' && isWordly(characters[i - 1] ?? '') && isWordly(characters[i + 1] ?? ''); // prettier-ignore
    if (isWordly(c) || joins) word += c;
    else if (word !== '') end();
  });
  if (word !== '') end();
  return found;
}

const COMMON = new Set('a an and are as at be been but by can did do does for from had has have in into is it its may nor not of on or our such than that the their them then there these they this those to was we were which while who will with'.split(' ')); // prettier-ignore
const stem = (word: string) => (/^[a-z]{3,}$/.test(word) ? stemmer(word) : word);
const squash = (text: string) => words(text).join(' ');
const author = (text: string) => {
  const parts = words(text);
  const tail: string[] = [];
  while (parts.length > 1 && [...(parts[parts.length - 1] ?? '')].length === 1) tail.unshift(parts.pop() ?? '');
  return [...parts, ...(tail.length > 0 ? [tail.join('')] : [])].join(' ');
};

interface Read {
  known: Known;
  /** Items of each field: no phrase goes from one item into the next. */
  fields: { weight: number; items: string[]; distinct: Set<string>; stems: Set<string> }[];
  authors: Set<string>;
  journals: Set<string>;
  types: Set<string>;
  mesh: Set<string>;
}

/** The filter language over a list, with nothing of the library's: slow and plain. */
export class ReferenceLibrary {
  private readonly read: Read[];
  private readonly children = new Map<string, string[]>();
  private readonly termsOf = new Map<string, readonly RefTerm[]>();

  constructor(known: readonly Known[], taxonomy: Pick<Taxonomy, 'facets'>) {
    this.read = known.map((one) => {
      const { paper } = one;
      const authors = paper.authors.filter(({ valid }) => valid);
      const field = (weight: number, texts: readonly (string | null)[]) => {
        const items = texts.map((text) => words(text ?? ''));
        const distinct = new Set(items.flat());
        return {
          weight,
          items: items.map((item) => ` ${item.join(' ')} `),
          distinct,
          stems: new Set([...distinct].map(stem)),
        };
      };
      const { journal } = paper;
      const set = (texts: readonly (string | null)[]) => new Set(texts.map((text) => squash(text ?? '')));
      return {
        known: one,
        journals: set([journal.title, journal.iso, journal.medline, journal.issn, journal.issnLinking]),
        types: set(paper.publicationTypes.map(({ name }) => name)),
        mesh: set(paper.mesh.flatMap(({ ui, name }) => [ui, name])),
        fields: [
          field(8, [paper.title, paper.vernacularTitle]),
          field(4, [...paper.keywords.map(({ text }) => text), ...paper.mesh.map(({ name }) => name)]),
          field(2, paper.abstract.map(({ text }) => text)),
          field(1, [paper.journal.title, paper.journal.iso, ...authors.map(({ name }) => name)]),
        ], // prettier-ignore
        authors: new Set(
          authors.flatMap(({ name, family, initials, collective }) => {
            if (collective || family === null) return [author(name)];
            const letters = words(initials ?? '').join('');
            return [squash(family), ...[...letters].map((_, i) => `${squash(family)} ${letters.slice(0, i + 1)}`)];
          }),
        ),
      };
    });
    for (const { facet, tags } of taxonomy.facets)
      for (const { value, parent } of tags) {
        const up = `${facet}/${parent ?? value}`;
        this.children.set(up, [...(this.children.get(up) ?? []), value]);
        if (parent !== null) this.children.set(`${facet}/${value}`, [value]);
      }
  }

  find(query: Query): Known[] {
    return this.read.filter((one) => this.matches(one, query)).map(({ known }) => known);
  }

  /** As `find`, in the order of a sort. */
  sorted(query: Query, sort: 'added' | 'published' | 'match'): string[] {
    const day = ({ known }: Read) => {
      const { date } = known.paper.published;
      return date === null ? '' : `${date}${'-01-01'.slice(date.length === 4 ? 0 : date.length === 7 ? 3 : 6)}`;
    };
    const key = (one: Read) => (sort === 'published' ? day(one) : sort === 'match' ? this.score(one, query) : 0);
    const compare = (a: Read, b: Read) => {
      const [x, y] = [key(a), key(b)];
      if (x !== y) return x < y ? 1 : -1;
      if (a.known.paper.added !== b.known.paper.added) return a.known.paper.added < b.known.paper.added ? 1 : -1;
      return Number(b.known.paper.pmid) - Number(a.known.paper.pmid);
    };
    return this.read.filter((one) => this.matches(one, query)).sort(compare).map(({ known }) => known.paper.pmid); // prettier-ignore
  }

  /** Papers that have a value, or one of its children. */
  has(known: Known, facet: Facet, value: string): boolean {
    const own = [known.tags?.[facet] ?? []].flat();
    if (facet === 'relevance' && value === 'core' && own.length === 0) return true;
    return (this.children.get(`${facet}/${value}`) ?? [value]).some((one) => own.includes(one));
  }

  matches({ known, fields, authors, journals, types, mesh }: Read, query: Query): boolean {
    const { paper, facts } = known;
    // an empty value is no value
    const all = (name: string) => [query[name] ?? []].flat().filter((value) => value.trim() !== '');
    const list = (name: string) => all(name).flatMap((value) => value.split(',')).filter((value) => value !== ''); // prettier-ignore
    const q = all('q')[0];
    const terms = q === undefined ? [] : this.terms(q);
    for (const facet of FACETS) {
      let values = list(facet);
      if (facet === 'relevance' && values.length === 0 && !isNumberAlone(terms)) values = ['core'];
      const wanted = values.filter((value) => !value.startsWith('-'));
      const unwanted = values.filter((value) => value.startsWith('-')).map((value) => value.slice(1));
      if (wanted.length > 0 && !wanted.includes('any') && !wanted.some((value) => this.has(known, facet, value))) return false; // prettier-ignore
      if (unwanted.some((value) => this.has(known, facet, value))) return false;
    }
    if (terms.some((term) => this.hasTerm({ known, fields }, term) === term.not)) return false;
    const { date } = paper.published;
    const first = date === null ? null : `${date}${'-01-01'.slice(date.length === 4 ? 0 : date.length === 7 ? 3 : 6)}`;
    const day = all('dateType')[0] === 'published' ? first : paper.added;
    const [from] = all('from');
    const [to] = all('to');
    if ((from !== undefined || to !== undefined) && day === null) return false;
    if (day !== null && ((from !== undefined && day < from) || (to !== undefined && day > to))) return false;
    const any = (values: readonly string[], holds: (value: string) => boolean) => values.length === 0 || values.some(holds); // prettier-ignore
    const participants = facts?.participants?.unit === 'participants' ? facts.participants.value : -1;
    const [least] = all('minParticipants');
    const [retracted] = all('retracted');
    return (
      any(list('pmid'), (value) => value === paper.pmid) &&
      any(list('trial'), (value) => paper.trials.some((trial) => trial.toUpperCase() === value.toUpperCase())) &&
      any(all('journal'), (value) => journals.has(squash(value))) &&
      any(all('author'), (value) => authors.has(author(value))) &&
      any(list('language'), (value) => paper.language.includes(value)) &&
      any(all('publicationType'), (value) => types.has(squash(value))) &&
      any(all('mesh'), (value) => mesh.has(squash(value))) &&
      (least === undefined || Number(least) === 0 || participants >= Number(least)) &&
      (all('freeFullText')[0] !== 'true' || paper.pmcid !== null) &&
      (retracted === undefined || retracted === 'include' || (retracted === 'only') === paper.status.retracted)
    ); // prettier-ignore
  }

  /** Read once, not once a paper. */
  private terms(q: string): readonly RefTerm[] {
    const terms = this.termsOf.get(q) ?? readTerms(q);
    this.termsOf.set(q, terms);
    return terms;
  }

  private hasTerm({ known: { paper }, fields }: Pick<Read, 'known' | 'fields'>, term: RefTerm): boolean {
    if (term.doi !== undefined) return paper.doi?.toLowerCase() === term.doi;
    if (term.trial !== undefined) return paper.trials.some((trial) => trial.toLowerCase() === term.trial);
    if (term.tokens.length === 1 && term.pmid === paper.pmid) return true;
    return fields.some((field) => hasTokens(field, term));
  }

  private score({ known: { paper }, fields }: Read, query: Query): number {
    let score = 0;
    for (const term of this.terms([query['q'] ?? ''].flat()[0] ?? '')) {
      if (term.not) continue;
      if (term.doi !== undefined || term.trial !== undefined) {
        score += 15;
        continue;
      }
      for (const field of fields) if (hasTokens(field, term)) score += field.weight;
      if (term.pmid === paper.pmid) score += 15;
    }
    return score;
  }
}

function hasTokens({ items, distinct, stems }: Read['fields'][0], { tokens, kind, stemmed }: RefTerm): boolean {
  const [first = ''] = tokens;
  if (kind === 'word') return stems.has(stemmed);
  if (kind === 'prefix') return [...distinct].some((word) => word.startsWith(first));
  return distinct.has(first) && items.some((item) => item.includes(` ${tokens.join(' ')} `));
}

interface RefTerm {
  not: boolean;
  kind: 'word' | 'prefix' | 'phrase';
  tokens: string[];
  /** Of the first token. */
  stemmed: string;
  pmid?: string;
  doi?: string;
  trial?: string;
}

const readTerms = (q: string): RefTerm[] =>
  splitTerms(q).map((term) => ({ ...term, stemmed: stem(term.tokens[0] ?? '') }));

function splitTerms(q: string): Omit<RefTerm, 'stemmed'>[] {
  const terms: Omit<RefTerm, 'stemmed'>[] = [];
  let rest = q.trim();
  while (rest !== '') {
    const quoted = /^(-?)"([^"]*)"(?=\s|$)/.exec(rest);
    const part = quoted ? quoted[0] : (/^\S+/.exec(rest)?.[0] ?? '');
    rest = rest.slice(part.length).trim();
    if (quoted) {
      const tokens = words(quoted[2] ?? '');
      if (tokens.length > 0) terms.push({ not: quoted[1] === '-', kind: 'phrase', tokens });
      continue;
    }
    const not = part.startsWith('-') && part.length > 1;
    const text = not ? part.slice(1) : part;
    if (/^10\.\d{4,9}\/\S+$/.test(text)) {
      terms.push({ not, kind: 'word', tokens: [], doi: text.toLowerCase() });
      continue;
    }
    if (/^NCT\d{8}$/i.test(text)) {
      terms.push({ not, kind: 'word', tokens: [], trial: text.toLowerCase() });
      continue;
    }
    const tokens = words(text);
    if (tokens.length === 0) continue;
    if (text.endsWith('*') && tokens.length === 1) terms.push({ not, kind: 'prefix', tokens });
    else if (tokens.length > 1) terms.push({ not, kind: 'phrase', tokens });
    else if (!COMMON.has(tokens[0] ?? ''))
      terms.push({ not, kind: 'word', tokens, ...(/^[1-9]\d{0,8}$/.test(text) ? { pmid: text } : {}) });
  }
  return terms;
}

const isNumberAlone = (terms: readonly RefTerm[]) => {
  const [term] = terms;
  return (
    terms.length === 1 &&
    term?.not === false &&
    (term.doi !== undefined || term.trial !== undefined || (term.pmid !== undefined && term.pmid.length >= 5))
  );
};
