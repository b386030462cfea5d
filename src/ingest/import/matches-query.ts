import type { Paper } from '../../model/paper.js';
import type { TaxonomyQuery } from '../../model/taxonomy.js';

/** Words as PubMed compares them: without case, and every other sign as good as a space. */
const normalise = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();

/** One text of all, a bar between them, so that a phrase never crosses from one to the next. */
const joined = (texts: readonly string[]) => texts.map((text) => ` ${normalise(text)} `).join('|');

/** A phrase as it stands in a joined text: whole words, or with any ending where it ends in `*`. */
const phrase = (word: string) => (word.endsWith('*') ? ` ${normalise(word.slice(0, -1))}` : ` ${normalise(word)} `);

/** The parts of a record that a query looks at. */
export type Searchable = Pick<
  Paper,
  'title' | 'vernacularTitle' | 'abstract' | 'otherAbstracts' | 'keywords' | 'mesh' | 'supplementaryMesh' | 'chemicals'
>;

/**
 * Whether a record is one that the query asks for, judged by its fields: a word in title, abstract, keywords, headings
 * or substances, a heading, or a substance. A word that is excluded takes back what only the texts said.
 */
export function queryMatcher(query: TaxonomyQuery): (paper: Searchable) => boolean {
  const words = query.words.map(phrase);
  const excluded = query.exclude.map(phrase);
  const headings = new Set(query.mesh.map(normalise));
  const substances = new Set(query.substances.map(normalise));
  return (paper) => {
    const mesh = [...paper.mesh.map((heading) => heading.name), ...paper.supplementaryMesh.map(({ name }) => name)];
    const chemicals = paper.chemicals.map((chemical) => chemical.name);
    if (mesh.some((name) => headings.has(normalise(name)))) return true;
    if (chemicals.some((name) => substances.has(normalise(name)))) return true;
    const indexed = joined([...mesh, ...chemicals]);
    if (words.some((word) => indexed.includes(word))) return true;
    const text = joined([
      paper.title,
      paper.vernacularTitle ?? '',
      ...paper.abstract.map((section) => section.text),
      ...paper.otherAbstracts.map((section) => section.text),
      ...paper.keywords.map((keyword) => keyword.text),
    ]);
    return words.some((word) => text.includes(word)) && !excluded.some((word) => text.includes(word));
  };
}
