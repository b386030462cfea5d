import type { Recognition } from '../../taxonomy/recognition.js';
import type { AnalysedText, Sentence } from '../analyse-text.js';
import { PhraseMatcher, type Hit } from '../phrase-matcher.js';

/** A drug where a sentence names it. */
export interface NamedDrug {
  /** True for the drug that this taxonomy is about. */
  tracked: boolean;
  /** Nothing that acts, or what everybody gets: placebo, saline, usual care. */
  inert: boolean;
  /** Offsets into the field's value. */
  start: number;
  end: number;
  from: number;
  to: number;
}

/** A sentence with the drugs that it names. */
export interface Naming {
  sentence: Sentence;
  drugs: readonly NamedDrug[];
}

/** Comparators of every field of medicine; a taxonomy adds its own in the word list `comparator`. */
const COMPARATORS: readonly string[] = ['[active|inert] placebo', '[normal|isotonic|physiological] saline', 'vehicle', 'sham', 'usual care', 'standard [of] (care|treatment|therapy)', 'treatment as usual', 'waiting list', 'waitlist', 'no (treatment|intervention|premedication|medication)', 'dextrose', 'distilled water']; // prettier-ignore
/** UTF-16 units behind which a route is that of something else. */
const FARTHEST_ROUTE = 130;
/** A phrase of a route tag that names the route, and is not only a sign of it: without lists, gaps and figures. */
const NAMES_A_ROUTE = /^[^{~\d]+$/;
const SIGN_OF_A_ROUTE = /saline|induction|operati|ventilat|antidepressant|sequence|ng ml/i;
/** Of words that stand for themselves or with one other word, as "D-cycloserine". */
const LIKE_A_DRUG = /[a-z](?:ine|pam|lam|fol|tal|ium|one|tan|ol)$/;
/** Behind it something else is spoken of. */
const NEXT = /[,;)]|\b(?:and|or|then|versus|vs)\b/;
/** Word lists of the taxonomy that name other drugs. */
const OTHERS = ['other-drug', 'comparator'] as const;

/**
 * The names of drugs, as the taxonomy's word lists say them: `drug` for the tracked one, `other-drug` and `comparator`
 * for others. A taxonomy without the latter is read with what every field has.
 */
export class DrugWords {
  private readonly matcher: PhraseMatcher;
  private readonly kinds: ('drug' | 'other' | 'comparator' | undefined)[] = [];
  private readonly routes: (string | undefined)[] = [];
  private shortForms: ReadonlySet<string> = new Set();
  private shortFormsOfOthers: ReadonlySet<string> = new Set();
  /** What was found in the sentences of the paper that is read. */
  private hits = new Map<Sentence, readonly Hit[]>();

  constructor({ vocabulary, tags }: Recognition) {
    this.matcher = new PhraseMatcher(vocabulary);
    if (Object.hasOwn(vocabulary, 'drug')) this.kinds[this.matcher.add('{drug}')] = 'drug';
    for (const list of OTHERS) if (Object.hasOwn(vocabulary, list)) this.kinds[this.matcher.add(`{${list}}`)] = 'other';
    for (const { facet, tag, strong, phrases } of tags)
      if (facet === 'route')
        for (const phrase of [...strong, ...phrases])
          if (NAMES_A_ROUTE.test(phrase) && !SIGN_OF_A_ROUTE.test(phrase)) this.routes[this.matcher.add(phrase)] = tag;
    for (const phrase of COMPARATORS) this.kinds[this.matcher.add(phrase)] = 'comparator';
  }

  /** Learns the short forms that a paper defines for the drug: "fictamol (FCT)". */
  read({ sentences, abbreviations }: AnalysedText): void {
    this.hits = new Map();
    const forms = new Set<string>();
    const others = new Set<string>();
    for (const { short, sentence, from, to } of abbreviations) {
      const home = sentences[sentence];
      if (!home) continue;
      const tokens = home.tokens.slice(from, to);
      const names = this.matcher
        .search(tokens)
        .some((hit) => this.kinds[hit.entry] === 'drug' && hit.to === tokens.length);
      if (names) forms.add(short);
      else if (tokens.length <= 2 && LIKE_A_DRUG.test(tokens.at(-1)?.text ?? '')) others.add(short);
    }
    this.shortForms = forms;
    this.shortFormsOfOthers = others;
  }

  /**
   * The route that is said nearest to a dose, by the words of the taxonomy's route tags; rather before than behind it.
   * Where the paper has route tags, one of these.
   */
  findRoute(sentence: Sentence, start: number, end: number, possible: readonly string[]): string | null {
    const { tokens } = sentence;
    let nearest: string | null = null;
    let least = FARTHEST_ROUTE;
    for (const { entry, from, to } of this.hitsIn(sentence)) {
      const route = this.routes[entry];
      const first = tokens[from];
      const last = tokens[to - 1];
      if (route === undefined || !first || !last) continue;
      if (possible.length > 0 && !possible.includes(route)) continue;
      const behind = first.start - end;
      if (behind * 1.5 >= least) continue;
      const between = behind >= 0 ? sentence.text.slice(end - sentence.start, first.start - sentence.start) : '';
      const distance = behind >= 0 ? behind * (NEXT.test(between) ? 3 : 1.5) : Math.max(0, start - last.end);
      if (distance < least) {
        least = distance;
        nearest = route;
      }
    }
    return nearest;
  }

  /** Whether a paper names a route anywhere: a tag may rest on signs only. */
  namesRoute({ sentences, labels }: AnalysedText, route: string): boolean {
    const names = (hits: readonly Hit[]): boolean => hits.some(({ entry }) => this.routes[entry] === route);
    return (
      sentences.some((sentence) => names(this.hitsIn(sentence))) ||
      labels.some(({ tokens }) => names(this.matcher.search(tokens)))
    );
  }

  /** Drugs in the order in which the sentence names them; of two that overlap the longer one. */
  find(sentence: Sentence): NamedDrug[] {
    const { tokens } = sentence;
    const found: NamedDrug[] = [];
    const add = (from: number, to: number, kind: 'drug' | 'other' | 'comparator'): void => {
      const first = tokens[from];
      const last = tokens[to - 1];
      if (!first || !last) return;
      const named = {
        tracked: kind === 'drug',
        inert: kind === 'comparator',
        start: first.start,
        end: last.end,
        from,
        to,
      };
      const at = found.findIndex((other) => from < other.to && other.from < to);
      const known = found[at];
      if (!known) found.push(named);
      // one name inside another: the longer; of equals the tracked one
      else if (to - from > known.to - known.from || (to - from === known.to - known.from && named.tracked))
        found[at] = named;
    };
    for (const { entry, from, to } of this.hitsIn(sentence)) {
      const kind = this.kinds[entry];
      if (kind) add(from, to, kind);
    }
    if (this.shortForms.size > 0)
      for (const [at, { text }] of tokens.entries()) if (this.shortForms.has(text)) add(at, at + 1, 'drug');
    return found.sort((one, other) => one.from - other.from);
  }

  /** Short forms that a paper has defined for something whose name ends like that of a drug. */
  findShortFormsOfOthers({ tokens }: Sentence): NamedDrug[] {
    const found: NamedDrug[] = [];
    if (this.shortFormsOfOthers.size === 0) return found;
    for (const [at, { text, start, end }] of tokens.entries())
      if (this.shortFormsOfOthers.has(text))
        found.push({ tracked: false, inert: false, start, end, from: at, to: at + 1 });
    return found;
  }

  private hitsIn(sentence: Sentence): readonly Hit[] {
    let hits = this.hits.get(sentence);
    if (!hits) this.hits.set(sentence, (hits = this.matcher.search(sentence.tokens)));
    return hits;
  }
}
