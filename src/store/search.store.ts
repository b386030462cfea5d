import type { Database } from './database.js';
import { FIELD_LETTER } from './paper-index.js';
import { exactToken, type ExactKind, type TextFieldName } from './paper-words.js';

/** What a look-up in the index of words is for. */
export type Lookup =
  | { kind: 'word'; stem: string }
  | { kind: 'prefix'; prefix: string }
  | { kind: 'phrase'; tokens: readonly string[] }
  | { kind: 'exact'; exact: ExactKind; value: string };

/** Looks tokens up. They are letters and figures only (the analyser made them), so no language of a database can be spoken through them. */
export class SearchStore {
  constructor(private readonly database: Database) {}

  /** PMIDs, ascending, of the papers that have it, anywhere or in one field. */
  find(lookup: Lookup, field: TextFieldName | null): Promise<number[]> {
    return this.database.dialect === 'sqlite' ? this.findInSqlite(lookup, field) : this.findInPostgres(lookup, field);
  }

  private findInSqlite(lookup: Lookup, field: TextFieldName | null): Promise<number[]> {
    const table = lookup.kind === 'word' || lookup.kind === 'exact' ? 'paper_terms' : 'paper_words';
    const text =
      lookup.kind === 'word'
        ? `"${lookup.stem}"`
        : lookup.kind === 'exact'
          ? `"${exactToken(lookup.exact, lookup.value)}"`
          : lookup.kind === 'prefix'
            ? `"${lookup.prefix}"*`
            : `"${lookup.tokens.join(' ')}"`;
    return this.database.column<number>(`SELECT "rowid" FROM "${table}" WHERE "${table}" MATCH ? ORDER BY "rowid"`, [
      field === null ? text : `"${field}" : ${text}`,
    ]);
  }

  private async findInPostgres(lookup: Lookup, field: TextFieldName | null): Promise<number[]> {
    const letter = field === null ? '' : FIELD_LETTER[field];
    const one = (token: string, prefix = '') => {
      const marks = `${prefix}${letter}`;
      return `'${token}'${marks === '' ? '' : `:${marks}`}`;
    };
    const [column, text] =
      lookup.kind === 'word'
        ? ['terms', one(lookup.stem)]
        : lookup.kind === 'exact'
          ? ['terms', `'${exactToken(lookup.exact, lookup.value)}'`]
          : lookup.kind === 'prefix'
            ? ['words', one(lookup.prefix, '*')]
            : ['words', lookup.tokens.map((token) => one(token)).join(' <-> ')];
    // one row instead of thousands
    const [list] = await this.database.column<number[] | null>(
      `SELECT array_agg("pmid" ORDER BY "pmid") FROM "paper_text" WHERE "${column}" @@ ?::tsquery`,
      [text],
    );
    return list ?? [];
  }
}
