import type { PaperView } from '../model/paper-view.js';

/** RefTypes by which a record says that it is a notice about another one (PubMed DTD, CommentsCorrections/@RefType). */
const NOTICE_OF = new Set(['ErratumFor', 'RetractionOf', 'ExpressionOfConcernFor']);
const NOTICE_TYPES = new Set([
  'Published Erratum',
  'Retraction of Publication',
  'Retraction Notice',
  'Expression of Concern',
]);

type Kin = Pick<PaperView, 'pmid' | 'related' | 'publicationTypes' | 'tags' | 'status'>;

/** Errata, retraction notices and expressions of concern: corrections of another paper, never news themselves. */
export const isNotice = (paper: Kin): boolean =>
  paper.tags.study === 'correction' ||
  paper.publicationTypes.some((type) => NOTICE_TYPES.has(type)) ||
  paper.related.some((related) => NOTICE_OF.has(related.type));

/** PMIDs of the earlier versions that this record replaces: preprints of it, or older editions of a review. */
export const earlierVersions = (paper: Kin): string[] =>
  paper.related.flatMap(({ type, pmid }) => (type === 'UpdateOf' && pmid !== null ? [pmid] : []));

/**
 * Which paper each belongs under: a comment or reply under what it is about, a preprint under its journal version,
 * when both are here. A reply to a comment goes under the paper itself.
 * @returns child → the paper it stands under
 */
export function findParents(papers: readonly Kin[]): Map<string, string> {
  const here = new Map(papers.map((paper) => [paper.pmid, paper]));
  const direct = new Map<string, string>();
  for (const paper of papers) {
    for (const { type, pmid } of paper.related) {
      if (pmid === null || pmid === paper.pmid || !here.has(pmid)) continue;
      if (type === 'CommentOn') direct.set(paper.pmid, pmid);
      if (type === 'UpdateOf' && here.get(pmid)?.status.preprint) direct.set(pmid, paper.pmid);
    }
  }
  const parents = new Map<string, string>();
  for (const child of direct.keys()) {
    let root = child;
    const seen = new Set<string>();
    for (let next = direct.get(root); next !== undefined && !seen.has(next); next = direct.get(root)) {
      seen.add(next);
      root = next;
    }
    // two letters that answer one another: neither is above the other
    if (root !== child && !direct.has(root)) parents.set(child, root);
  }
  return parents;
}
