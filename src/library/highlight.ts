import { tokenise, type Token } from '../store/analyse.js';
import type { StoredView } from '../store/to-view.js';
import type { Term } from './parse-query.js';

/** Where a text has what was looked for; offsets as in evidence: UTF-16, `value.slice(start, end) === text`. */
export interface Highlight {
  field: 'title' | 'vernacularTitle' | 'abstract' | 'keywords' | 'mesh';
  index: number;
  start: number;
  end: number;
  text: string;
}

/** A paper that says it in every sentence is not underlined whole. */
const MOST_HIGHLIGHTS = 100;

/** The words of a paper by which `q` found it. */
export function highlight(view: StoredView, terms: readonly Term[]): Highlight[] {
  const wanted = terms.filter((term) => !term.not && term.kind !== 'exact');
  if (wanted.length === 0) return [];
  const found: Highlight[] = [];
  const look = (field: Highlight['field'], index: number, value: string | null) => {
    if (!value || found.length >= MOST_HIGHLIGHTS) return;
    const tokens = tokenise(value);
    const marked = new Set<number>();
    for (const term of wanted) markTokens(tokens, term, marked);
    // neighbours of one phrase are shown as one
    let from = -1;
    for (let i = 0; i <= tokens.length; i++) {
      if (marked.has(i)) {
        if (from < 0) from = i;
        if (marked.has(i + 1)) continue;
        const start = tokens[from]!.start;
        const { end } = tokens[i]!;
        found.push({ field, index, start, end, text: value.slice(start, end) });
        from = -1;
      }
    }
  };
  look('title', 0, view.title);
  look('vernacularTitle', 0, view.vernacularTitle);
  view.abstract.forEach(({ text }, index) => look('abstract', index, text));
  view.keywords.forEach((text, index) => look('keywords', index, text));
  view.mesh.forEach(({ name }, index) => look('mesh', index, name));
  return found.slice(0, MOST_HIGHLIGHTS);
}

function markTokens(tokens: readonly Token[], term: Term, marked: Set<number>): void {
  switch (term.kind) {
    case 'word':
      tokens.forEach((token, i) => {
        if (token.stem === term.stem) marked.add(i);
      });
      return;
    case 'prefix':
      tokens.forEach((token, i) => {
        if (token.raw.startsWith(term.prefix)) marked.add(i);
      });
      return;
    case 'phrase':
      for (let i = 0; i + term.tokens.length <= tokens.length; i++)
        if (term.tokens.every((raw, k) => tokens[i + k]!.raw === raw)) term.tokens.forEach((_, k) => marked.add(i + k));
      return;
    case 'exact':
      return;
  }
}
