import type { DateField, HeadingField, IndexedRecord, RecordIndex, TextField } from './record-index.js';

export interface CompiledTerm {
  matches(record: IndexedRecord): boolean;
  /** Phrases that no record says. */
  phrasesNotFound: string[];
  /** Field tags that PubMed would not know; it searches all fields for them. */
  fieldsNotFound: string[];
}

type Predicate = (record: IndexedRecord) => boolean;
type Field = DateField | TextField | HeadingField | 'uid';

const FIELDS: readonly [RegExp, Field][] = [
  [/^(tiab|title\/abstract)$/, 'tiab'],
  [/^(ti|title)$/, 'ti'],
  [/^(mh|mesh|mesh terms)$/, 'mh'],
  [/^(nm|substance|substance name|supplementary concept)$/, 'nm'],
  [/^(uid|pmid)$/, 'uid'],
  [/^(crdt|create date|date - create)$/, 'crdt'],
  [/^(edat|entrez date|date - entrez)$/, 'edat'],
  [/^(mhda|mesh date|date - mesh)$/, 'mhda'],
  [/^(lr|mdat|modification date|date - modification)$/, 'lr'],
  [/^(dp|pdat|publication date|date - publication)$/, 'dp'],
  [/^(all|all fields|tw|text word)$/, 'all'],
];
const DATE_FIELDS: ReadonlySet<string> = new Set(['crdt', 'edat', 'mhda', 'lr', 'dp']);

/**
 * The part of PubMed's search language that a tracker uses: phrases and words with a field tag, truncation, ranges of
 * days and of PMIDs, AND, OR and NOT from left to right, parentheses.
 */
export function compileTerm(term: string, index: RecordIndex): CompiledTerm {
  const tokens = term.match(/\(|\)|"[^"]*"|\[[^\]]*\]|:|[^\s()[\]":]+/g) ?? [];
  const phrasesNotFound: string[] = [];
  const fieldsNotFound: string[] = [];
  let at = 0;

  const isOperator = (token: string | undefined) => token === 'AND' || token === 'OR' || token === 'NOT';

  function expression(): Predicate {
    let left = operand();
    while (at < tokens.length && tokens[at] !== ')') {
      const operator = isOperator(tokens[at]) ? tokens[at++] : 'AND';
      if (at >= tokens.length) break;
      left = combine(left, operator, operand());
    }
    return left;
  }

  function operand(): Predicate {
    if (tokens[at] === '(') {
      at++;
      const inner = expression();
      if (tokens[at] === ')') at++;
      return inner;
    }
    const first = words();
    const firstField = field();
    if (tokens[at] !== ':') return leaf(first, firstField ?? 'all');
    at++;
    const second = words();
    return range(first, second, field() ?? firstField ?? 'dp');
  }

  /** One quoted phrase, or words up to an operator or a tag. */
  function words(): string {
    const token = tokens[at++] ?? '';
    if (token.startsWith('"')) return token.slice(1, -1);
    const found = [token];
    for (let next = tokens[at]; next !== undefined && /^[^()[":]/.test(next) && !isOperator(next); next = tokens[at]) {
      found.push(next);
      at++;
    }
    return found.join(' ');
  }

  function field(): Field | null {
    const tag = tokens[at];
    if (tag === undefined || !tag.startsWith('[')) return null;
    at++;
    const name = tag.slice(1, -1).trim();
    const known = FIELDS.find(([pattern]) => pattern.test(name.toLowerCase()))?.[1];
    if (known === undefined) fieldsNotFound.push(name);
    return known ?? 'all';
  }

  function leaf(text: string, name: Field): Predicate {
    if (name === 'uid') return (record) => record.pmid === text;
    if (isDateField(name)) return range(text, text, name);
    const lookup = index.lookUp(name, text.toLowerCase());
    if (!lookup.isKnown) phrasesNotFound.push(text);
    return name === 'all' ? (record) => lookup.in(record) || record.pmid === text : lookup.in;
  }

  if (tokens.length === 0) return { matches: () => false, phrasesNotFound, fieldsNotFound };
  return { matches: expression(), phrasesNotFound, fieldsNotFound };
}

const isDateField = (name: Field): name is DateField => DATE_FIELDS.has(name);

function combine(left: Predicate, operator: string | undefined, right: Predicate): Predicate {
  if (operator === 'OR') return (record) => left(record) || right(record);
  if (operator === 'NOT') return (record) => left(record) && !right(record);
  return (record) => left(record) && right(record);
}

function range(from: string, to: string, name: Field): Predicate {
  if (name === 'uid') {
    const [low, high] = [Number(from), Number(to)];
    return (record) => Number(record.pmid) >= low && Number(record.pmid) <= high;
  }
  const dated: DateField = isDateField(name) ? name : 'dp';
  const [low, high] = [fullDay(from, '01/01'), fullDay(to, '12/31')];
  return (record) => record.dates[dated] >= low && record.dates[dated] <= high;
}

/** `2024`, `2024/6` and `2024/06/15` as `YYYY/MM/DD`; what is missing is taken from `rest`. */
function fullDay(text: string, rest: string): string {
  const [year = '', month, day] = text.split('/');
  const [restMonth = '', restDay = ''] = rest.split('/');
  return [year, (month ?? restMonth).padStart(2, '0'), (day ?? restDay).padStart(2, '0')].join('/');
}
