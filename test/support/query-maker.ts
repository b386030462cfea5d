import { DateTime } from 'luxon';
import type { Taxonomy } from '../../src/model/taxonomy.js';
import { Random } from './random.js';
import { words, type Known, type Query } from './reference-library.js';

/** Some real records hold a letter that was lost on its way; asking for it is refused, as what is not UTF-8. */
const isReadable = (value: string) => !value.includes('\ufffd');

/** Makes queries that readers could ask about these papers: most of them find something. */
export class QueryMaker {
  constructor(
    private readonly known: readonly Known[],
    private readonly taxonomy: Pick<Taxonomy, 'facets'>,
    private readonly random: Random,
  ) {}

  make(): Query {
    const { random } = this;
    const query: Record<string, string | string[]> = {};
    const target = random.pick(this.known);
    if (random.chance(0.55)) for (const facet of random.some(this.taxonomy.facets, 2)) query[facet.facet] = this.facet(facet);
    if (random.chance(0.2)) query['relevance'] = random.pick(['any', 'core', 'mention,incidental', '-incidental', 'any,-mention', '-core']);
    if (random.chance(0.6)) query['q'] = this.words(target);
    if (random.chance(0.25)) Object.assign(query, this.span(target));
    for (const [name, chance] of [['journal', 0.06], ['author', 0.1], ['mesh', 0.08], ['publicationType', 0.1], ['language', 0.08], ['trial', 0.05], ['pmid', 0.04]] as const)
      if (random.chance(chance)) {
        const values = [target, random.pick(this.known)].slice(0, 1 + random.below(2)).flatMap((one) => this.value(name, one)).filter(isReadable);
        if (values.length > 0) query[name] = values;
      }
    if (random.chance(0.06)) query['minParticipants'] = String(random.pick([0, 1, 20, 100, 999_999_999]));
    if (random.chance(0.1)) query['freeFullText'] = random.pick(['true', 'false']);
    if (random.chance(0.12)) query['retracted'] = random.pick(['include', 'exclude', 'only']);
    return query;
  } // prettier-ignore

  private facet({ tags }: Taxonomy['facets'][0]): string[] | string {
    const values = this.random.some(tags, 3).map(({ value }) => (this.random.chance(0.25) ? `-${value}` : value));
    return this.random.chance(0.5) ? values : values.join(',');
  }

  private span({ paper }: Known): Record<string, string> {
    const { random } = this;
    const around = (days: number) => DateTime.fromISO(paper.added, { zone: 'utc' }).plus({ days }).toISODate() ?? paper.added; // prettier-ignore
    return {
      ...(random.chance(0.7) ? { from: around(-random.below(900)) } : {}),
      ...(random.chance(0.5) ? { to: around(random.below(900)) } : {}),
      ...(random.chance(0.4) ? { dateType: random.pick(['added', 'published']) } : {}),
    };
  }

  private value(name: string, { paper }: Known): string[] {
    const { random } = this;
    const upper = (text: string | null) => (text === null ? [] : [random.chance(0.3) ? text.toUpperCase() : text]);
    switch (name) {
      case 'journal':
        return upper(random.pick([paper.journal.title, paper.journal.iso, paper.journal.issn]));
      case 'author': {
        if (paper.authors.length === 0) return [];
        const { family, initials, name: whole } = random.pick(paper.authors);
        if (family === null) return [whole];
        const form = random.below(4);
        return [form === 0 || !initials ? family : form === 1 ? `${family} ${initials}` : form === 2 ? `${family}, ${[...initials].join('.')}.` : `${family} ${initials.slice(0, 1)}`]; // prettier-ignore
      }
      case 'mesh':
        return paper.mesh.length === 0
          ? []
          : upper(random.pick(paper.mesh.flatMap(({ ui, name: text }) => [ui, text])));
      case 'publicationType':
        return paper.publicationTypes.length === 0 ? [] : upper(random.pick(paper.publicationTypes).name);
      case 'language':
        return paper.language;
      case 'trial':
        return paper.trials.length > 0 ? [random.pick(paper.trials).toLowerCase()] : ['NCT00000000'];
      default:
        return [paper.pmid];
    }
  }

  private words(target: Known): string {
    const { random } = this;
    const { paper } = target;
    const texts = [paper.title, ...paper.abstract.map(({ text }) => text), ...paper.keywords.map(({ text }) => text)].filter((text) => words(text).length > 0); // prettier-ignore
    if (random.chance(0.08)) return random.pick([paper.pmid, paper.doi ?? paper.pmid, paper.trials[0] ?? paper.pmid]);
    if (texts.length === 0) return 'ketamine';
    const terms = Array.from({ length: 1 + random.below(3) }, () => this.term(random.pick(texts)));
    return terms.some((term) => !COMMON_ONLY.test(term)) ? terms.join(' ') : `${terms.join(' ')} ketamine`;
  }

  private term(text: string): string {
    const { random } = this;
    const all = words(text);
    const at = random.below(all.length);
    const word = all[at] ?? 'ketamine';
    const kind = random.below(10);
    if (kind < 4) return random.chance(0.2) ? word.toUpperCase() : word;
    if (kind < 6 && [...word].length >= 4) return `${[...word].slice(0, 3 + random.below(3)).join('')}*`;
    if (kind < 8) return `"${all.slice(at, at + 2 + random.below(3)).join(random.pick([' ', ', ', '-']))}"`;
    if (kind < 9) return `-${random.pick([word, `"${all.slice(at, at + 2).join(' ')}"`])}`;
    // as it stands, with whatever signs it has
    return text.split(/\s+/).find((part) => part.includes(word)) ?? word;
  }
}

const COMMON_ONLY = /^-?(a|an|and|are|as|at|be|been|but|by|can|did|do|does|for|from|had|has|have|in|into|is|it|its|may|nor|not|of|on|or|our|such|than|that|the|their|them|then|there|these|they|this|those|to|was|we|were|which|while|who|will|with)$/i; // prettier-ignore
