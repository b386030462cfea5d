import { ANY_RELEVANCE, type Filter } from '../model/filter.js';
import { FACETS, type Facet, type Tags } from '../model/tag.js';
import type { Lookup } from '../store/search.store.js';
import { foldExact, type ExactKind, type TextFieldName } from '../store/paper-words.js';
import { addBits, allBits, dropBits, keepBits, noBits, setBit, type Bits } from './bits.js';
import { anyTag, dayNumber, NO_DAY, placesOf, type Catalogue, type TagTable } from './catalogue.js';
import { isIdentifier, parseQuery, type Term } from './parse-query.js';

/** Looks words up in the store; for one catalogue, so that its sets fit. */
export type FindPapers = (lookup: Lookup, field: TextFieldName | null) => Promise<Bits>;

/** The relevance that a filter asks for, said or not. */
export function relevanceOf(
  filter: Filter,
  terms: readonly Term[],
): { wanted: readonly string[]; unwanted: readonly string[] } {
  const choice = filter.facets.relevance;
  if (choice) return { ...choice, wanted: choice.wanted.includes(ANY_RELEVANCE) ? [] : choice.wanted };
  return { wanted: isIdentifier(terms) ? [] : ['core'], unwanted: [] };
}

/** `core` takes in what nobody has judged yet. */
function withRelevance(catalogue: Catalogue, values: readonly string[]): Bits {
  const bits = anyTag(catalogue, 'relevance', values);
  if (values.includes('core')) addBits(bits, catalogue.untagged);
  return bits;
}

export const lookupsOf = (term: Term): Lookup[] => {
  switch (term.kind) {
    case 'word':
      return [
        { kind: 'word', stem: term.stem },
        ...(term.exact ? [{ kind: 'exact' as const, exact: term.exact.kind, value: term.exact.value }] : []),
      ];
    case 'prefix':
      return [{ kind: 'prefix', prefix: term.prefix }];
    case 'phrase':
      return [{ kind: 'phrase', tokens: term.tokens }];
    case 'exact':
      return [{ kind: 'exact', exact: term.exact.kind, value: term.exact.value }];
  }
};

/** What a filter chooses, part by part: facets apart, because counts leave one out at a time. */
export interface Selection {
  /** Everything but the facets. */
  rest: Bits;
  /** What each facet with a choice leaves: by its wanted values, and by its unwanted ones. */
  facets: ReadonlyMap<Facet, { wanted: Bits | null; unwanted: Bits | null }>;
  terms: readonly Term[];
}

/** Chooses papers. Words and whole values are asked of the store, everything else is in the catalogue. */
export async function select(catalogue: Catalogue, filter: Filter, find: FindPapers): Promise<Selection> {
  const terms = filter.q === null ? [] : parseQuery(filter.q).terms;
  const rest = await selectRest(catalogue, filter, terms, find);
  const facets = new Map<Facet, { wanted: Bits | null; unwanted: Bits | null }>();
  for (const facet of FACETS) {
    const choice = facet === 'relevance' ? relevanceOf(filter, terms) : filter.facets[facet];
    if (!choice) continue;
    const bits = (values: readonly string[]) =>
      values.length === 0
        ? null
        : facet === 'relevance'
          ? withRelevance(catalogue, values)
          : anyTag(catalogue, facet, values);
    const chosen = { wanted: bits(choice.wanted), unwanted: bits(choice.unwanted) };
    if (chosen.wanted || chosen.unwanted) facets.set(facet, chosen);
  }
  return { rest, facets, terms };
}

/** Papers under the whole filter. @param except a facet whose wanted values do not count */
export function selected(selection: Selection, except: Facet | null = null): Bits {
  const bits = selection.rest.slice();
  for (const [facet, { wanted, unwanted }] of selection.facets) {
    if (wanted && facet !== except) keepBits(bits, wanted);
    if (unwanted) dropBits(bits, unwanted);
  }
  return bits;
}

async function selectRest(
  catalogue: Catalogue,
  filter: Filter,
  terms: readonly Term[],
  find: FindPapers,
): Promise<Bits> {
  const { size } = catalogue;
  const bits = allBits(size);
  for (const term of terms) {
    const [first, ...more] = await Promise.all(lookupsOf(term).map((lookup) => find(lookup, null)));
    if (!first) continue;
    const having = more.length > 0 ? first.slice() : first;
    for (const other of more) addBits(having, other);
    if (term.not) dropBits(bits, having);
    else keepBits(bits, having);
  }
  const lists: [ExactKind, readonly string[]][] = [
    ['trial', filter.trials],
    ['journal', filter.journals],
    ['author', filter.authors],
    ['language', filter.languages],
    ['publicationType', filter.publicationTypes],
    ['mesh', filter.mesh],
  ];
  for (const [kind, values] of lists) {
    if (values.length === 0) continue;
    const any = noBits(size);
    for (const value of values) {
      const folded = foldExact(kind, value);
      if (folded !== '') addBits(any, await find({ kind: 'exact', exact: kind, value: folded }, null));
    }
    keepBits(bits, any);
  }
  if (filter.pmids.length > 0)
    keepBits(bits, placesOf(catalogue, filter.pmids.map(Number).sort((a, b) => a - b))); // prettier-ignore
  if (filter.freeFullText) keepBits(bits, catalogue.fullText);
  if (filter.retracted === 'only') keepBits(bits, catalogue.retracted);
  if (filter.retracted === 'exclude') dropBits(bits, catalogue.retracted);
  if (filter.from !== null || filter.to !== null) {
    const days = filter.dateType === 'added' ? catalogue.added : catalogue.published;
    const from = filter.from === null ? NO_DAY + 1 : dayNumber(filter.from);
    const to = filter.to === null ? 0x7fffffff : dayNumber(filter.to);
    keepBits(
      bits,
      where(size, (at) => days[at]! >= from && days[at]! <= to),
    );
  }
  const { minParticipants } = filter;
  if (minParticipants !== null)
    keepBits(
      bits,
      where(size, (at) => catalogue.participants[at]! >= minParticipants),
    );
  return bits;
}

function where(size: number, holds: (at: number) => boolean): Bits {
  const bits = noBits(size);
  for (let at = 0; at < size; at++) if (holds(at)) setBit(bits, at);
  return bits;
}

/** Whether tags (as they were at some time) are what a filter's facets ask for. */
export function tagsMatch(filter: Filter, terms: readonly Term[], tags: Tags, table: TagTable): boolean {
  return FACETS.every((facet) => {
    const choice = facet === 'relevance' ? relevanceOf(filter, terms) : filter.facets[facet];
    if (!choice) return true;
    const has = new Set(
      [tags[facet] ?? []].flat().flatMap((value) => {
        const number = table.numbers.get(`${facet}/${value}`);
        return number === undefined ? [value] : (table.lines[number] ?? []).map((one) => table.tags[one]!.value);
      }),
    );
    if (facet === 'relevance' && tags.relevance === null) has.add('core');
    return (
      (choice.wanted.length === 0 || choice.wanted.some((value) => has.has(value))) &&
      !choice.unwanted.some((value) => has.has(value))
    );
  });
}
