import type { PaperView } from '../model/paper-view.js';

/** Where links to papers lead. The demo's fictional records link nowhere. */
export interface LinkPolicy {
  external: boolean;
}

/** Nest token of the link policy. */
export const LINKS = Symbol('links');

/** NLM: PubMed, DOI and PMC addresses of a paper; `pubmed` is null only where links are off. */
export function linksOf(
  paper: { pmid: string; doi: string | null; pmcid: string | null },
  policy: LinkPolicy,
): { [K in keyof PaperView['links']]: string | null } {
  if (!policy.external) return { pubmed: null, doi: null, fullText: null };
  return {
    pubmed: `https://pubmed.ncbi.nlm.nih.gov/${paper.pmid}/`,
    doi: paper.doi === null ? null : `https://doi.org/${encodeURIComponent(paper.doi).replaceAll('%2F', '/')}`,
    fullText: paper.pmcid === null ? null : `https://pmc.ncbi.nlm.nih.gov/articles/${paper.pmcid}/`,
  };
}

/** Completes a stored view, which is JSON text without `links`, without parsing it. `more` are further members. */
export function completeView(view: string, links: PaperView['links'], more: Record<string, string> = {}): string {
  const members = [
    `"links":${JSON.stringify(links)}`,
    ...Object.entries(more).map(([name, json]) => `${JSON.stringify(name)}:${json}`),
  ];
  return `${view.slice(0, -1)},${members.join(',')}}`;
}
