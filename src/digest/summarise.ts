import type { Correction, CorrectionKind, Digest, DigestSection } from '../model/issue.js';

/** Designs worth a mention in one line, in this order, with their plurals. */
const NAMED_DESIGNS: readonly (readonly [study: string, one: string, many: string])[] = [
  ['guideline', 'guideline', 'guidelines'],
  ['meta-analysis', 'meta-analysis', 'meta-analyses'],
  ['rct', 'randomised trial', 'randomised trials'],
  ['systematic-review', 'systematic review', 'systematic reviews'],
];

const CORRECTION_NAMES: Record<CorrectionKind, readonly [one: string, many: string]> = {
  retraction: ['retraction', 'retractions'],
  concern: ['expression of concern', 'expressions of concern'],
  gone: ['paper withdrawn from PubMed', 'papers withdrawn from PubMed'],
  update: ['new version of an earlier paper', 'new versions of earlier papers'],
  erratum: ['erratum', 'errata'],
};

export const count = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;

/** "41 papers, usual 37; 1 guideline, 5 randomised trials; most on Depression (12) and PTSD (6); 2 late; 1 retraction" */
export function summarise(
  counts: Digest['counts'],
  sections: readonly DigestSection[],
  corrections: readonly Correction[],
): string {
  const parts: string[] = [];
  const papers = counts.papers === 0 ? 'No new papers' : count(counts.papers, 'paper', 'papers');
  parts.push(counts.usual ? `${papers}, usual ${Math.round(counts.usual.median)}` : papers);

  const designs = NAMED_DESIGNS.flatMap(([study, one, many]) => {
    const number = counts.byStudy[study];
    return number ? [count(number, one, many)] : [];
  });
  if (designs.length > 0) parts.push(designs.join(', '));

  const largest = sections
    .filter((section) => section.facet === 'condition')
    .map((section) => ({ label: section.label, size: section.groups.reduce((sum, g) => sum + g.pmids.length, 0) }))
    .filter(({ size }) => size > 1 && size * 8 >= counts.papers)
    .sort((a, b) => b.size - a.size)
    .slice(0, 3);
  if (largest.length > 0 && counts.papers >= 6)
    parts.push(`most on ${largest.map(({ label, size }) => `${label} (${size})`).join(', ')}`);

  if (counts.late > 0) parts.push(`${counts.late} late`);
  for (const kind of Object.keys(CORRECTION_NAMES) as CorrectionKind[]) {
    const number = corrections.filter((correction) => correction.kind === kind).length;
    if (number > 0) parts.push(count(number, ...CORRECTION_NAMES[kind]));
  }
  return parts.join('; ');
}
