import type { Paper } from '../../model/paper.js';
import type { TaxonomyQuery } from '../../model/taxonomy.js';

/** Words as PubMed compares them: without case, and every other sign as good as a space. */
const normalise = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();

/** A text as phrases are looked for in it; one text at a time, so that no phrase crosses from one to the next. */
const searched = (text: string) => ` ${normalise(text)} `;

/** A phrase as it stands in such a text: whole words, or with any ending where it ends in `*`. */
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
    const holdsAny = (phrases: readonly string[]) => (text: string | null) => {
      const words = searched(text ?? '');
      return phrases.some((one) => words.includes(one));
    };
    if ([...mesh, ...chemicals].some(holdsAny(words))) return true;
    const texts = [
      paper.title,
      paper.vernacularTitle,
      ...paper.abstract.map((section) => section.text),
      ...paper.otherAbstracts.map((section) => section.text),
      ...paper.keywords.map((keyword) => keyword.text),
    ];
    return texts.some(holdsAny(words)) && !(excluded.length > 0 && texts.some(holdsAny(excluded)));
  };
}
