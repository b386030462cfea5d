import type { DigestPaper } from '../model/issue.js';
import type { Facet } from '../model/tag.js';
import type { FacetDefinition } from '../model/taxonomy.js';
import { oneLine } from '../escape.js';
import { isAnimalOnly } from './rank.js';

/** What a reader is told about a paper, as plain lines; each rendering escapes and lays them out. */
export interface PaperWords {
  title: string;
  /** "Abara A et al. J Fict Psychiatry, 2026 Nov" */
  citation: string;
  /** "Randomised trial · 412 participants · vs quetiapine · 84 mg, intranasal"; empty when nothing is known */
  design: string;
  /** The short form for one-line entries: "Randomised trial, 412 participants". */
  brief: string;
  finding: string | null;
  /** Labels of the topics, most specific ones only. */
  tags: string[];
  /** What a reader must know before reading: retracted, preprint, late … */
  flags: string[];
}

export type Labels = (facet: Facet, value: string) => string;

/** Labels of a taxonomy's tags; a value it does not know stands for itself. */
export function labelsOf(facets: readonly FacetDefinition[]): Labels {
  const labels = new Map(
    facets.flatMap(({ facet, tags }) => tags.map((tag) => [`${facet} ${tag.value}`, tag.label] as const)),
  );
  return (facet, value) => labels.get(`${facet} ${value}`) ?? value;
}

/** NLM writes languages as MARC codes, which differ from ISO 639-3 in these. */
const MARC: Record<string, string> = {
  alb: 'sqi', arm: 'hye', baq: 'eus', bur: 'mya', chi: 'zho', cze: 'ces', dut: 'nld', fre: 'fra', geo: 'kat', ger: 'deu',
  gre: 'ell', ice: 'isl', mac: 'mkd', may: 'msa', per: 'fas', rum: 'ron', slo: 'slk', wel: 'cym',
}; // prettier-ignore
const languageNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

function languageName(code: string): string | null {
  if (!/^[a-z]{2,3}$/.test(code) || code === 'und' || code === 'mul') return null;
  return languageNames.of(MARC[code] ?? code) ?? null;
}

/** "Abara A", "Abara A, Dormer D" or "Abara A et al."; a group by its name. */
export function shortAuthors(authors: DigestPaper['authors']): string {
  const names = authors.map((author) =>
    author.collective || !author.family
      ? author.name
      : author.initials
        ? `${author.family} ${author.initials}`
        : author.family,
  );
  if (names.length <= 2) return oneLine(names.join(', '));
  return oneLine(`${names[0]} et al.`);
}

function doses(paper: DigestPaper, label: Labels): string[] {
  const given = paper.facts.doses.slice(0, 2).map((dose) => {
    const route = dose.route ? label('route', dose.route).toLowerCase() : null;
    return route && !dose.text.toLowerCase().includes(route) ? `${dose.text}, ${route}` : dose.text;
  });
  if (given.length > 0) return given;
  return paper.tags.route.length > 0 && paper.tags.route.length <= 3
    ? [paper.tags.route.map((route) => label('route', route).toLowerCase()).join(', ')]
    : [];
}

function topics(paper: DigestPaper, facets: readonly FacetDefinition[], label: Labels): string[] {
  const parents = new Map(facets.flatMap(({ facet, tags }) => tags.map((t) => [`${facet} ${t.value}`, t.parent])));
  return (['condition', 'direction', 'population'] as const).flatMap((facet) => {
    const values = paper.tags[facet];
    const isParent = (value: string) => values.some((other) => parents.get(`${facet} ${other}`) === value);
    // beside its condition, "new conditions" says nothing
    const implied = (value: string) => value === 'new-conditions' && paper.tags.condition.length > 0;
    return values.filter((value) => !isParent(value) && !implied(value)).map((value) => label(facet, value));
  });
}

function flagsOf(paper: DigestPaper): string[] {
  const flags: string[] = [];
  if (paper.status.retracted) flags.push('Retracted');
  if (paper.status.concern) flags.push('Expression of concern');
  if (paper.status.corrected) flags.push('Corrected');
  if (paper.status.gone) flags.push('No longer in PubMed');
  if (paper.status.preprint) flags.push('Preprint');
  if (paper.late) flags.push('Late');
  const language = paper.language.includes('eng') ? null : languageName(paper.language[0] ?? '');
  if (language) flags.push(`In ${language}`);
  return flags;
}

export function describePaper(paper: DigestPaper, facets: readonly FacetDefinition[], label: Labels): PaperWords {
  const { participants, comparator, finding } = paper.facts;
  const study = paper.tags.study ? label('study', paper.tags.study) : null;
  const size = participants
    ? `${participants.value.toLocaleString('en')} ${participants.value === 1 ? participants.unit.slice(0, -1) : participants.unit}`
    : null;
  const animals = isAnimalOnly(paper) && !/^(animal|in-vitro)$/.test(paper.tags.study ?? '') ? 'animal study' : null;
  const citation = [shortAuthors(paper.authors), paper.journal.iso ?? paper.journal.title].filter(Boolean).join('. ');
  return {
    title: oneLine(paper.title).replace(/(?<!\.)\.$/, '') || 'Untitled',
    citation: oneLine([citation.replace(/\.\.(?= )/, '.'), paper.published.text].filter(Boolean).join(', ')),
    design: [study, animals, size, comparator ? `vs ${comparator}` : null, ...doses(paper, label)]
      .filter((part) => part !== null)
      .map(oneLine)
      .join(' · '),
    brief: [study, animals, size].filter((part) => part !== null).join(', '),
    finding: finding === null ? null : oneLine(finding),
    tags: topics(paper, facets, label),
    flags: flagsOf(paper),
  };
}
