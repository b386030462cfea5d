import type { Paper } from '../model/paper.js';
import type { Evidence, Facts, FactName, Rejection, Span, Tagging } from '../model/tag.js';
import type { FacetDefinition } from '../model/taxonomy.js';
import type { Override } from './overrides.js';

/** Why a paper has its tags and facts, and what was considered and did not count, in words. */
export function renderExplanation(
  paper: Pick<Paper, 'pmid' | 'title'>,
  tagging: Tagging,
  facets: readonly FacetDefinition[],
  override: Override | null = null,
): string[] {
  const lines = [`${paper.pmid}  ${paper.title}`];
  if (override) lines.push('', ...renderOverride(override));
  for (const { facet, label, tags } of facets) {
    const given = tagging.evidence.filter((entry) => entry.facet === facet);
    const seen = tagging.rejected.filter((entry) => entry.facet === facet);
    if (given.length === 0 && seen.length === 0) continue;
    lines.push('', label);
    const labelOf = (tag: string): string => tags.find(({ value }) => value === tag)?.label ?? tag;
    for (const entry of given) lines.push(...renderGiven(entry, labelOf(entry.tag)));
    for (const tag of new Set(seen.map((entry) => entry.tag))) {
      const own = seen.filter((entry) => entry.tag === tag);
      const title = given.some((entry) => entry.tag === tag) ? 'did not count' : 'not given';
      lines.push(`  – ${labelOf(tag)} (${tag}): ${title}`, ...own.map(renderRejection));
    }
  }
  const facts = tagging.factEvidence.filter(({ fact }) => showFact(fact, tagging.facts) !== null);
  if (facts.length > 0) lines.push('', 'Facts');
  for (const { fact, spans } of facts) {
    lines.push(`  ✓ ${fact}: ${showFact(fact, tagging.facts) ?? ''}`);
    lines.push(...spans.map((span) => `      ${quote(span)}`));
  }
  return lines;
}

function renderOverride({ add, remove, include, who, why }: Override): string[] {
  const name = ({ facet, tag }: { facet: string; tag: string }): string => `${facet}/${tag}`;
  const decisions = [
    ...(include === null ? [] : [include ? 'included' : 'left out']),
    ...add.map((entry) => `added ${name(entry)}`),
    ...remove.map((entry) => `removed ${name(entry)}`),
  ];
  return [`Decided by ${who}: ${decisions.join(', ')}`, `  ${why}`];
}

function renderGiven({ tag, confidence, spans }: Evidence, label: string): string[] {
  return [`  ✓ ${label} (${tag}), confidence ${confidence.toFixed(2)}`, ...spans.map((span) => `      ${quote(span)}`)];
}

function renderRejection({ span, reason }: Rejection): string {
  return `      ${quote(span)}: ${reason}`;
}

const LONGEST_QUOTE = 240;

function quote({ text, field, index, rule }: Span): string {
  const words = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  const place = field === 'title' || field === 'vernacularTitle' ? field : `${field} ${index + 1}`;
  return `“${words}” (${place}; ${rule})`;
}

function showFact(fact: FactName, { participants, doses, comparator, trials, finding }: Facts): string | null {
  if (fact === 'participants') return participants ? `${participants.value} ${participants.unit}` : null;
  if (fact === 'doses')
    return doses.map(({ text, route }) => (route === null ? text : `${text} (${route})`)).join('; ') || null;
  if (fact === 'trials') return trials.join(', ') || null;
  // the quotation below says it
  if (fact === 'finding') return finding === null ? null : 'as stated';
  return comparator;
}
