import type { Span } from '../../model/tag.js';
import type { Taggable } from '../../model/taggable.js';
import type { AnalysedText } from '../analyse-text.js';
import { hasSign } from '../word-signs.js';

/** Registries whose numbers can be told by their form; with the words that authors put in between. */
const BETWEEN = '(?:\\s(?:identifier|number|registration|no\\.?|nr\\.?|id))?[\\s:#-]{0,3}';
const FORMS: readonly [registry: string, number: string][] = [
  ['NCT', '\\d{8}'],
  ['ISRCTN', '\\d{8}'],
  ['ACTRN', '126\\d{11}'],
  ['ChiCTR', '(?:[A-Z]{2,4}-?)?\\d{8,10}'],
  ['DRKS', '\\d{8}'],
  ['IRCT', '\\d{8,20}N\\d{1,3}'],
  ['CTRI', '\\/?20\\d{2}\\/\\d{2,3}\\/\\d{6}'],
  ['UMIN', '\\d{9}'],
  ['jRCT', 's?\\d{9,10}'],
  ['PACTR', '\\d{15,16}'],
  ['KCT', '\\d{7}'],
  ['TCTR', '\\d{11}'],
  ['SLCTR', '\\/?20\\d{2}\\/\\d{3}'],
  ['RBR', '\\d?[a-z0-9]{6,7}'],
  ['LBCTR', '\\d{10}'],
  ['RPCEC', '\\d{8}'],
  ['NTR', '\\d{3,5}'],
  ['NL', '\\d{4,5}'],
  ['EudraCT', '20\\d{2}-\\d{6}-\\d{2}'],
  ['EUCT', '20\\d{2}-5\\d{5}-\\d{2}(?:-\\d{2})?'],
];
const TRIAL = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${FORMS.map(([name, number]) => `(?:${name === 'EUCT' ? 'EU ?CT|CTIS' : name})${BETWEEN}(?:${number})`).join('|')})(?![\\p{L}\\p{N}])`,
  'giu',
);
export interface TrialNumbers {
  value: string[];
  /** Where the texts say them; those of the data banks stand in none. */
  spans: Span[];
}

/** Registry numbers from the record's data banks and from its texts, each once, data banks first. */
export function findTrials(paper: Taggable, { sentences }: AnalysedText): TrialNumbers {
  const numbers = new Set(paper.trials);
  const spans: Span[] = [];
  if (!sentences.some((sentence) => hasSign(sentence, 'registry'))) return { value: [...numbers], spans };
  const read = (value: string, field: 'title' | 'abstract', index: number): void => {
    const seen = new Set<string>();
    for (const match of value.matchAll(TRIAL)) {
      const number = normalise(match[0]);
      // a year ("UMIN 2012"), a Dutch abbreviation: only what has the registry's own form
      if (number === null || seen.has(number)) continue;
      seen.add(number);
      numbers.add(number);
      const start = match.index;
      spans.push({ field, index, start, end: start + match[0].length, text: match[0], rule: 'registry number' });
    }
  };
  read(paper.title, 'title', 0);
  paper.abstract.forEach(({ text }, index) => read(text, 'abstract', index));
  return { value: [...numbers], spans: spans.slice(0, 12) };
}

/** `NCT 01234567` → `NCT01234567`; EU numbers stand without a prefix, as the registers write them. */
function normalise(text: string): string | null {
  const registry = /^(?:EU ?CT|CTIS|[A-Za-z]+?(?=[\s:#\d/-]|identifier|number)|[A-Za-z]+)/i.exec(text)?.[0] ?? '';
  const number = text
    .slice(registry.length)
    .replace(/^(?:\s(?:identifier|number|registration|no\.?|nr\.?|id))?[\s:#-]*/i, '')
    .toUpperCase();
  const name = registry.toUpperCase().replace(' ', '');
  if (name === 'EUDRACT' || name === 'EUCT' || name === 'CTIS') return number;
  if (name === 'CTRI' || name === 'SLCTR') return `${name}/${number.replace(/^\//, '')}`;
  if (name === 'RBR') return `RBR-${number.toLowerCase()}`;
  return `${name}${number}`;
}
