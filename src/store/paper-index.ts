import type { Paper } from '../model/paper.js';
import { FACETS, type Facet, type Facts, type Tags } from '../model/tag.js';
import type { Dialect, Sql, Value } from './database.js';
import { GAP, paperWords, TEXT_FIELDS, type PaperWords } from './paper-words.js';

/** What the index holds of a paper's texts: a value for each column of the two tables, or of the two vectors. */
export interface IndexedTexts {
  terms: readonly string[];
  words: readonly string[];
  /** How many words are beyond the limits and are not looked at. */
  cut: number;
}

/** @param dialect of the database that it is for */
export function textsOf(paper: Paper, dialect: Dialect): IndexedTexts {
  const words = paperWords(paper);
  const { stems, raw, exact, cut } = words;
  if (dialect === 'postgres') return { terms: [termsVector(words)], words: [wordsVector(words)], cut };
  return {
    terms: [...TEXT_FIELDS.map((field) => stems[field].join(' ')), exact.join(' ')],
    words: TEXT_FIELDS.map((field) => raw[field].join(' ')),
    cut,
  };
}

/**
 * Makes papers findable by their words and whole values. Called in the transaction that stores them, which also writes
 * `indexed_as` and `words_cut`. `paper_terms` holds stems and whole values, `paper_words` the words in order (SQLite:
 * FTS5 without content; PostgreSQL: two vectors in `paper_text`).
 * @param known those of them that may be in the index already
 */
export async function indexTexts(
  sql: Sql,
  papers: readonly { pmid: number; texts: IndexedTexts }[],
  known: readonly number[],
): Promise<void> {
  if (sql.dialect === 'postgres') {
    await sql.insert(
      'paper_text',
      ['pmid', 'terms', 'words'],
      papers.map(({ pmid, texts }) => [pmid, ...texts.terms, ...texts.words]),
      'ON CONFLICT ("pmid") DO UPDATE SET "terms" = excluded."terms", "words" = excluded."words"',
    );
    return;
  }
  for (const table of ['paper_terms', 'paper_words'])
    for (const pmid of known) await sql.run(`DELETE FROM "${table}" WHERE "rowid" = ?`, [pmid]);
  await sql.insert(
    'paper_terms',
    ['rowid', ...TEXT_FIELDS, 'exact'],
    papers.map(({ pmid, texts }) => [pmid, ...texts.terms]),
  );
  await sql.insert(
    'paper_words',
    ['rowid', ...TEXT_FIELDS],
    papers.map(({ pmid, texts }) => [pmid, ...texts.words]),
  );
}

/** PostgreSQL's weight letters in the order of TEXT_FIELDS. */
export const FIELD_LETTER = { title: 'A', keywords: 'B', abstract: 'C', names: 'D' } as const;

/** A position per field carries its weight; tokens are letters and figures, so nothing needs escaping. */
function termsVector(words: PaperWords): string {
  const places = new Map<string, string[]>();
  TEXT_FIELDS.forEach((field, index) => {
    for (const stem of words.stems[field]) {
      const list = places.get(stem);
      const place = `${index + 1}${FIELD_LETTER[field]}`;
      if (list) list.push(place);
      else places.set(stem, [place]);
    }
  });
  for (const token of words.exact) places.set(token, ['9']);
  return [...places].map(([token, list]) => `'${token}':${list.join(',')}`).join(' ');
}

function wordsVector(words: PaperWords): string {
  const places = new Map<string, string[]>();
  let position = 0;
  for (const field of TEXT_FIELDS) {
    // no phrase goes from one field into the next
    position++;
    for (const token of words.raw[field]) {
      position++;
      if (token === GAP) continue;
      const list = places.get(token);
      const place = `${position}${FIELD_LETTER[field]}`;
      if (list) list.push(place);
      else places.set(token, [place]);
    }
  }
  return [...places].map(([token, list]) => `'${token}':${list.join(',')}`).join(' ');
}

/** First character of the tag alphabet: `paper.tags` holds one character a tag, by the numbers of `tag_name`. */
export const FIRST_TAG_CHARACTER = 0x100;

export interface TaggedPaper {
  pmid: string | number;
  tags: Tags;
  facts: Facts;
}

/**
 * Makes papers findable by their tags and facts: the one door to what the catalogue in memory reads of them. Called in
 * the transaction that writes them into the views; a revision has to follow when they changed (insertRevisions).
 */
export async function indexTags(sql: Sql, rows: readonly TaggedPaper[]): Promise<void> {
  if (rows.length === 0) return;
  const numbers = await numberTags(sql, [...new Set(rows.flatMap(({ tags }) => tagNames(tags)))]);
  const values = rows.map(({ pmid, tags, facts }): Value[] => [
    Number(pmid),
    tagNames(tags)
      .map((name) => String.fromCharCode(FIRST_TAG_CHARACTER + (numbers.get(name) ?? 0)))
      .join(''),
    tags.relevance,
    tags.study,
    facts.participants?.unit === 'participants' ? facts.participants.value : null,
  ]);
  for (let at = 0; at < values.length; at += 1000) {
    const part = values.slice(at, at + 1000);
    await sql.run(updateTags(part.length), part.flat());
  }
}

/** PostgreSQL cannot tell the types of a list of values; SQLite does not mind being told. */
const updateTags = (rows: number): string =>
  `UPDATE "paper" SET "tags" = t."column2", "relevance" = t."column3", "study" = t."column4", "participants" = t."column5"
   FROM (VALUES ${Array<string>(rows).fill('(CAST(? AS integer), CAST(? AS text), CAST(? AS text), CAST(? AS text), CAST(? AS integer))').join(', ')}) AS t
   WHERE "paper"."pmid" = t."column1"`;

const tagNames = (tags: Tags): string[] =>
  FACETS.flatMap((facet: Facet) => [tags[facet] ?? []].flat().map((value) => `${facet}/${value}`));

/** Numbers of tags, given once and for ever: a store outlives its taxonomies. */
async function numberTags(sql: Sql, names: readonly string[]): Promise<Map<string, number>> {
  const read = async () =>
    new Map(
      (await sql.all<{ id: number; name: string }>('SELECT "id", "name" FROM "tag_name"')).map((row) => [
        row.name,
        row.id,
      ]),
    );
  const known = await read();
  const added = names.filter((name) => !known.has(name));
  if (added.length === 0) return known;
  await sql.insert(
    'tag_name',
    ['name'],
    added.map((name) => [name]),
    'ON CONFLICT ("name") DO NOTHING',
  );
  return read();
}
