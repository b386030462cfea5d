import {
  ANY_RELEVANCE,
  DATE_TYPES,
  NO_FILTER,
  RETRACTED_CHOICES,
  SORTS,
  type FacetChoice,
  type Filter,
} from '../model/filter.js';
import { FACETS, type Facet } from '../model/tag.js';
import type { Taxonomy } from '../model/taxonomy.js';
import { AppError, type ProblemCode, type ProblemItem } from '../problem.js';
import { LONGEST_QUERY, parseQuery } from './parse-query.js';
import { guess } from './guess.js';

export type RawFilter = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Every filter parameter, in the order of the canonical query string. */
export const FILTER_PARAMETERS = [
  ...FACETS,
  'q',
  'from',
  'to',
  'dateType',
  'pmid',
  'trial',
  'journal',
  'author',
  'language',
  'publicationType',
  'mesh',
  'minParticipants',
  'freeFullText',
  'retracted',
] as const;

/** `sort` is no filter, but goes wherever filters go. */
const ALSO_KNOWN = ['sort'];
const KNOWN: ReadonlySet<string> = new Set([...FILTER_PARAMETERS, ...ALSO_KNOWN]);
const LONGEST_VALUE = 300;
const MOST_VALUES = 1000;

type Note = (code: ProblemCode, item: ProblemItem) => null;

/**
 * Reads filters from a query string's parameters. Empty values count as absent.
 * @param options.lenient unknown parameters and values are left out instead of refused: pages and feeds, whose
 *   addresses people keep and pass on
 * @param options.kept the query was read once and kept: what this taxonomy does not know stays as a value that no paper
 *   has, so that a subscription to a tag that is gone brings nothing rather than everything
 * @param options.also names of further parameters of the caller, which it reads itself
 * @throws AppError `unknown-parameter`, `unknown-value`, `invalid-date` or `query-too-long`, with everything that is
 *   wrong, what is allowed and what was probably meant
 */
export function parseFilter(
  query: RawFilter,
  taxonomy: Pick<Taxonomy, 'facets'>,
  options: { lenient?: boolean; kept?: boolean; also?: readonly string[] } = {},
): Filter {
  const problems: { code: ProblemCode; item: ProblemItem }[] = [];
  const note: Note = (code, item) => {
    problems.push({ code, item });
    return null;
  };
  const also = options.also ?? [];
  for (const name of Object.keys(query))
    if (!KNOWN.has(name) && !also.includes(name))
      note('unknown-parameter', unknown(name, [...KNOWN, ...also], 'is not a parameter here'));

  const one = (parameter: string): string | null => {
    const given = values(query[parameter]);
    if (given.length > 1) return note('unknown-value', { parameter, message: 'is given more than once' });
    return given[0] ?? null;
  };
  const choice = <T extends string>(parameter: string, allowed: readonly T[], fallback: T): T => {
    const given = one(parameter);
    if (given === null) return fallback;
    if ((allowed as readonly string[]).includes(given)) return given as T;
    note('unknown-value', unknownValue(parameter, given, allowed));
    return fallback;
  };
  const texts = (parameter: string): string[] =>
    values(query[parameter]).flatMap((value) => checkText(parameter, value, note));

  const facets: Partial<Record<Facet, FacetChoice>> = {};
  for (const { facet, tags } of taxonomy.facets) {
    if (query[facet] === undefined) continue;
    const known = tags.map((tag) => tag.value);
    const chosen = readFacet(facet, listed(query[facet]), known, note, options.kept ?? false);
    if (chosen) facets[facet] = chosen;
  }
  const from = readDay('from', one('from'), note);
  const to = readDay('to', one('to'), note);
  if (from !== null && to !== null && from > to)
    note('invalid-date', { parameter: 'from', value: from, message: `is after to (${to})` });
  const filter: Filter = {
    facets,
    q: readQuery(one('q'), note, options.kept ?? false),
    from,
    to,
    dateType: choice('dateType', DATE_TYPES, 'added'),
    pmids: listed(query['pmid']).flatMap((value) => {
      if (/^[1-9]\d{0,8}$/.test(value)) return [value];
      note('unknown-value', { parameter: 'pmid', value: shown(value), message: 'must be PMIDs: numbers of at most nine figures, with commas between' }); // prettier-ignore
      return [];
    }),
    trials: listed(query['trial']).flatMap((value) => checkText('trial', value.toUpperCase(), note)),
    journals: texts('journal'),
    authors: texts('author'),
    languages: listed(query['language']).flatMap((value) => {
      if (/^[a-z]{3}$/i.test(value)) return [value.toLowerCase()];
      note('unknown-value', { parameter: 'language', value: shown(value), message: 'must be the three letters that PubMed uses, such as eng, ger, spa, chi' }); // prettier-ignore
      return [];
    }),
    publicationTypes: texts('publicationType'),
    mesh: texts('mesh'),
    minParticipants: readCount('minParticipants', one('minParticipants'), note),
    freeFullText: choice('freeFullText', ['true', 'false'], 'false') === 'true',
    retracted: choice('retracted', RETRACTED_CHOICES, 'include'),
  };
  choice('sort', SORTS, 'added');
  for (const [parameter, list] of [
    ['pmid', filter.pmids],
    ['trial', filter.trials],
    ['journal', filter.journals],
    ['author', filter.authors],
    ['mesh', filter.mesh],
  ] as const)
    // prettier-ignore
    if (list.length > MOST_VALUES)
      note('unknown-value', { parameter, message: `has ${list.length} values; at most ${MOST_VALUES} are read` });
  if (problems.length > 0 && !options.lenient && !options.kept) throw refusal(problems);
  return normalise(
    options.lenient && from !== null && to !== null && from > to ? { ...filter, from: null, to: null } : filter,
  );
}

/** The sort that a query asks for; `added` when it names none or one that does not exist (parseFilter has said so). */
export const parseSort = (query: RawFilter): (typeof SORTS)[number] => {
  const [given] = values(query['sort']);
  return SORTS.find((sort) => sort === given) ?? 'added';
};

/** Most parameters are absent from most queries. */
const NONE: readonly string[] = [];

const values = (given: string | readonly string[] | undefined): readonly string[] =>
  given === undefined
    ? NONE
    : [given]
        .flat()
        .map((value) => value.trim())
        .filter((value) => value !== '');

/** Values of a list: repeated, or with commas between. */
const listed = (given: string | readonly string[] | undefined): readonly string[] =>
  given === undefined ? NONE : values(values(given).flatMap((value) => value.split(',')));

const shown = (value: string) => value.slice(0, 100);

function unknown(parameter: string, known: readonly string[], message: string): ProblemItem {
  const meant = guess(parameter, known);
  return {
    parameter: parameter.slice(0, 64),
    message: meant ? `${message}; did you mean ${meant}?` : message,
    allowed: known,
  };
}

function unknownValue(parameter: string, value: string, allowed: readonly string[]): ProblemItem {
  const meant = guess(value, allowed);
  return {
    parameter,
    value: shown(value),
    message: `must be one of ${allowed.join(', ')}${meant ? `; did you mean ${meant}?` : ''}`,
    allowed,
  };
}

function readFacet(
  facet: Facet,
  given: readonly string[],
  tags: readonly string[],
  note: Note,
  kept: boolean,
): FacetChoice | null {
  const wanted = new Set<string>();
  const unwanted = new Set<string>();
  const allowed = facet === 'relevance' ? [...tags, ANY_RELEVANCE] : tags;
  for (const value of given) {
    const not = value.startsWith('-');
    const name = (not ? value.slice(1) : value).toLowerCase();
    const isKept = kept && /^[a-z0-9-]{1,64}$/.test(name);
    if ((!allowed.includes(name) && !isKept) || (not && name === ANY_RELEVANCE))
      note('unknown-value', unknownValue(facet, name, allowed));
    else (not ? unwanted : wanted).add(name);
  }
  if (wanted.size === 0 && unwanted.size === 0) return null;
  const inOrder = (set: ReadonlySet<string>) => [
    ...allowed.filter((value) => set.has(value)),
    ...[...set].filter((value) => !allowed.includes(value)).sort(),
  ];
  // `any` says it all
  return { wanted: wanted.has(ANY_RELEVANCE) ? [ANY_RELEVANCE] : inOrder(wanted), unwanted: inOrder(unwanted) };
}

function readQuery(given: string | null, note: Note, kept: boolean): string | null {
  if (given === null || kept) return given;
  if (given.length > LONGEST_QUERY)
    return note('query-too-long', {
      parameter: 'q',
      value: shown(given),
      message: `has ${given.length} characters; at most ${LONGEST_QUERY} are read`,
    });
  const { problem } = parseQuery(given);
  if (problem !== null) return note('unknown-value', { parameter: 'q', value: shown(given), message: problem });
  return given.normalize('NFC').replace(/\s+/gu, ' ');
}

/** A day; a month or a year stands for its first day in `from` and its last in `to`. */
function readDay(parameter: 'from' | 'to', given: string | null, note: Note): string | null {
  if (given === null) return null;
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(given);
  if (match) {
    const [, year, month, day] = match;
    const last = (y: string, m: string) => new Date(Date.UTC(Number(y), Number(m), 0)).getUTCDate();
    const m = month ?? (parameter === 'from' ? '01' : '12');
    const d =
      day ??
      (parameter === 'from' ? '01' : String(Number(m) >= 1 && Number(m) <= 12 ? last(year!, m) : 0).padStart(2, '0'));
    const date = `${year}-${m}-${d}`;
    const at = Date.parse(`${date}T00:00:00Z`);
    if (Number(year) >= 1000 && !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === date) return date;
  }
  return note('invalid-date', { parameter, value: shown(given), message: 'must be a day that exists, such as 2024-07-15 (2024-07 and 2024 are read too)' }); // prettier-ignore
}

function readCount(parameter: string, given: string | null, note: Note): number | null {
  if (given === null) return null;
  if (/^\d{1,9}$/.test(given)) return Number(given);
  return note('unknown-value', {
    parameter,
    value: shown(given),
    message: 'must be a whole number of at most nine figures',
  });
}

function checkText(parameter: string, value: string, note: Note): string[] {
  if (value.length <= LONGEST_VALUE && !/[\u0000-\u001f\u007f\ufffd]|\p{Surrogate}/u.test(value)) return [value];
  note('unknown-value', {
    parameter,
    value: shown(value),
    message:
      value.length > LONGEST_VALUE
        ? `has ${value.length} characters; at most ${LONGEST_VALUE} are read`
        : 'holds control characters or bytes that are not UTF-8',
  });
  return [];
}

/** One form for what means the same: defaults are left out, every value stands once. */
function normalise(filter: Filter): Filter {
  const facets = { ...filter.facets };
  const { relevance } = facets;
  if (relevance?.unwanted.length === 0 && relevance.wanted.length === 1 && relevance.wanted[0] === 'core')
    delete facets.relevance;
  const once = (list: readonly string[]) => (list.length < 2 ? list : [...new Set(list)].sort());
  return {
    ...filter,
    facets,
    dateType: filter.from === null && filter.to === null ? NO_FILTER.dateType : filter.dateType,
    pmids: filter.pmids.length < 2 ? filter.pmids : [...new Set(filter.pmids)].sort((a, b) => Number(a) - Number(b)),
    trials: once(filter.trials),
    journals: once(filter.journals),
    authors: once(filter.authors),
    languages: once(filter.languages),
    publicationTypes: once(filter.publicationTypes),
    mesh: once(filter.mesh),
    minParticipants: filter.minParticipants === 0 ? null : filter.minParticipants,
  };
}

function refusal(problems: readonly { code: ProblemCode; item: ProblemItem }[]): AppError {
  const code = problems[0]?.code ?? 'unknown-value';
  const items = problems.map(({ item }) => item);
  // a caller who mistyped a hundred names needs no hundred lists
  return new AppError(code, items.slice(0, 5).map((item) => `${item.parameter}${item.value === undefined ? '' : ` "${item.value}"`} ${item.message}`).join('; '), { items: items.slice(0, 20) }); // prettier-ignore
}
