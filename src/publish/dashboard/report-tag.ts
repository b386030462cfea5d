import type { PaperDetail } from '../../model/paper-view.js';
import type { Facet } from '../../model/tag.js';
import type { FacetDefinition } from '../../model/taxonomy.js';
import { oneLine } from '../../escape.js';

/** A tag of a paper, `condition/ptsd`, or null = a tag is missing. */
export type ReportedTag = { facet: Facet; value: string } | null;

/** Reads `condition/ptsd` of an address; anything that the taxonomy does not know is no tag. */
export function readReportedTag(text: string | undefined, facets: readonly FacetDefinition[]): ReportedTag {
  const [facetName, value, ...rest] = (text ?? '').split('/');
  const facet = facets.find((one) => one.facet === facetName);
  if (!facet || rest.length > 0 || !facet.tags.some((tag) => tag.value === value) || value === undefined) return null;
  return { facet: facet.facet, value };
}

/**
 * What a reader sends to those who run the tracker: enough to judge the case, and the lines by which an editor can
 * decide it in `data/overrides.yaml`.
 */
export function reportText(paper: PaperDetail, tag: ReportedTag, address: string): string {
  const evidence = tag && paper.evidence.find((one) => one.facet === tag.facet && one.tag === tag.value);
  const lines = [
    `Paper: PMID ${paper.pmid}, ${oneLine(paper.title).slice(0, 200)}`,
    address,
    '',
    tag
      ? `The tag ${tag.facet}/${tag.value} looks wrong to me, because: `
      : 'A tag is missing or another should stand here (which, and by which words of the abstract): ',
    '',
  ];
  if (evidence)
    lines.push(
      'It was given for:',
      ...evidence.spans.slice(0, 5).map((span) => `- "${oneLine(span.text)}" (${span.field}, rule ${span.rule})`),
      '',
    );
  lines.push(
    'For data/overrides.yaml:',
    `"${paper.pmid}":`,
    tag ? `  remove: [${tag.facet}/${tag.value}]` : '  add: [facet/tag]',
    '  who: ',
    '  why: ',
  );
  return lines.join('\n');
}

/** A `mailto:` address with the report in it; null when nobody's address is known. */
export function reportMail(to: string | null, pmid: string, text: string): string | null {
  const address =
    to === null ? null : (/<([^<>\s]+@[^<>\s]+)>\s*$/.exec(to)?.[1] ?? /^[^\s<>]+@[^\s<>]+$/.exec(to)?.[0] ?? null);
  if (address === null) return null;
  const subject = encodeURIComponent(`Tag of PMID ${pmid}`);
  return `mailto:${encodeURIComponent(address).replace('%40', '@')}?subject=${subject}&body=${encodeURIComponent(text)}`;
}
