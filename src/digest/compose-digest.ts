import { CORRECTION_KINDS, type Correction, type Digest, type DigestPaper, type Usual } from '../model/issue.js';
import type { PaperView } from '../model/paper-view.js';
import type { Period } from '../model/period.js';
import type { FacetDefinition } from '../model/taxonomy.js';
import { earlierVersions, findParents, isNotice } from './kinship.js';
import { placePapers, type Wanted } from './place.js';
import { pickHighlights } from './rank.js';
import { summarise } from './summarise.js';

export const DISCLAIMER = 'Not medical advice.';

/** What a reader knows of an earlier paper. */
export interface Told {
  /** The week in which it was news; null = before there were issues. */
  issue: string | null;
  preprint: boolean;
}

export interface DigestInput {
  period: Period;
  timeZone: string;
  state: Digest['state'];
  issuedAt: string | null;
  complete: boolean;
  completeThrough: string | null;
  taxonomyVersion: string;
  facets: readonly FacetDefinition[];
  /** Under the reader's filters, each PMID once, with the tags that count for this digest and `late` as seen from it. */
  papers: readonly PaperView[];
  corrections: readonly Correction[];
  /** Papers that this reader was offered before. */
  told: ReadonlyMap<string, Told>;
  usual: Usual | null;
  wanted: Wanted;
}

/**
 * Whether a paper can be news at all: notices of errata and retractions are not, nor is what has been retracted.
 * One function for issues, pages and mails.
 */
export const isNews = (paper: PaperView): boolean => !isNotice(paper) && !paper.status.retracted;

/** The preprint that this paper is the journal version of, if its reader was told of it. */
export const toldPreprint = (paper: PaperView, told: ReadonlyMap<string, Told>): string | null =>
  earlierVersions(paper).find((pmid) => told.get(pmid)?.preprint) ?? null;

function toDigestPaper(paper: PaperView): DigestPaper {
  const light: DigestPaper & Partial<PaperView> = { ...paper };
  delete light.abstract;
  delete light.mesh;
  return light;
}

const correctionKey = (correction: Correction) =>
  `${correction.kind} ${correction.pmid} ${correction.kind === 'erratum' || correction.kind === 'update' ? correction.noticePmid : ''}`;

/** The gravest first; each once. */
function arrangeCorrections(corrections: readonly Correction[]): Correction[] {
  const distinct = new Map<string, Correction>();
  for (const correction of corrections) {
    const key = correctionKey(correction);
    if (!distinct.has(key)) distinct.set(key, correction);
  }
  return [...distinct.values()].sort(
    (a, b) =>
      CORRECTION_KINDS.indexOf(a.kind) - CORRECTION_KINDS.indexOf(b.kind) ||
      a.seenAt.localeCompare(b.seenAt) ||
      Number(a.pmid) - Number(b.pmid),
  );
}

/**
 * The digest of a period for one reader's filters. Pure: the same input gives the same digest, whether it is shown on
 * a page, served as JSON or mailed.
 */
export function composeDigest(input: DigestInput): Digest {
  const nowPublished: Correction[] = [];
  const news = input.papers.filter((paper) => {
    // an issue keeps what it was issued with; its status is live and shows the retraction
    if (input.state === 'issued' ? isNotice(paper) : !isNews(paper)) return false;
    const preprint = toldPreprint(paper, input.told);
    if (preprint === null) return true;
    nowPublished.push({
      kind: 'update',
      pmid: preprint,
      title: paper.title,
      noticePmid: paper.pmid,
      seenAt: paper.listedAt,
      issue: input.told.get(preprint)?.issue ?? null,
    });
    return false;
  });

  const parents = findParents(news);
  const standing = news.filter((paper) => !parents.has(paper.pmid));
  const sections = placePapers(standing, input.facets, input.wanted);
  for (const section of sections) {
    for (const group of section.groups)
      group.pmids = group.pmids.flatMap((pmid) => [
        pmid,
        ...news.filter((paper) => parents.get(paper.pmid) === pmid).map((paper) => paper.pmid),
      ]);
  }

  const byPmid = new Map(news.map((paper) => [paper.pmid, toDigestPaper(paper)]));
  const papers = sections
    .flatMap((section) => section.groups.flatMap((group) => group.pmids))
    .flatMap((pmid) => byPmid.get(pmid) ?? []);
  const corrections = arrangeCorrections([...input.corrections, ...nowPublished]);
  const byStudy: Record<string, number> = {};
  for (const { tags } of papers) if (tags.study) byStudy[tags.study] = (byStudy[tags.study] ?? 0) + 1;
  const counts = {
    papers: papers.length,
    late: papers.filter((paper) => paper.late).length,
    corrections: corrections.length,
    usual: input.usual,
    byStudy,
  };
  return {
    week: input.period.key,
    from: input.period.from,
    to: input.period.to,
    timeZone: input.timeZone,
    state: input.state,
    issuedAt: input.issuedAt,
    complete: input.complete,
    completeThrough: input.completeThrough,
    taxonomyVersion: input.taxonomyVersion,
    summary: summarise(counts, sections, corrections),
    counts,
    highlights: pickHighlights(standing),
    sections,
    papers,
    corrections,
    disclaimer: DISCLAIMER,
  };
}
