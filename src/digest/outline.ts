import { DateTime } from 'luxon';
import type { Correction, CorrectionKind, Digest, DigestPaper } from '../model/issue.js';
import type { Taxonomy } from '../model/taxonomy.js';
import { oneLine, safeUrl } from '../escape.js';
import { findParents } from './kinship.js';
import { describePaper, labelsOf, type PaperWords } from './describe-paper.js';

/** Where and for whom a digest is rendered; nothing in it changes what the digest says. */
export interface Rendering {
  taxonomy: Pick<Taxonomy, 'name' | 'noun' | 'facets'>;
  /** The reader's filters in words; null = all. */
  filters: string | null;
  /** End of the last complete sync. */
  asOf: string | null;
  /** This digest on the web; null = nowhere. */
  pageUrl: string | null;
  /** Base of this site's addresses: '' on its own pages, `PUBLIC_URL` elsewhere; null = do not link to it. */
  site: string | null;
}

/** How much is shown in full. `tight` and `lines` keep long digests within what mail programs show. */
export type Density = 'normal' | 'tight' | 'lines';

export interface Entry extends PaperWords {
  /** Its number in reading order, by which the digest refers to it. */
  number: number;
  pmid: string;
  /** In full, or as one line. */
  full: boolean;
  pubmed: string | null;
  doi: string | null;
  fullText: string | null;
  /** Its page here: the words behind each tag. */
  page: string | null;
  replies: Entry[];
}

export interface CorrectionLine {
  pmid: string;
  /** "Retracted", "Now published" … */
  heading: string;
  title: string;
  url: string | null;
  notice: string | null;
  /** "was in 2026-W12" */
  issue: string | null;
}

export interface OutlineSection {
  id: string;
  label: string;
  groups: { label: string | null; entries: Entry[] }[];
  seeAlso: number[];
}

/** What every rendering walks through: the same words in the same order, whatever the format. */
export interface Outline {
  title: string;
  dates: string;
  filters: string | null;
  summary: string;
  notices: string[];
  highlights: Entry[];
  sections: OutlineSection[];
  corrections: CorrectionLine[];
  footer: string[];
  pageUrl: string | null;
}

export const ATTRIBUTION = 'Courtesy of the U.S. National Library of Medicine.';

/** Up to this many papers, all are shown in full. */
const FEW = 12;

const CORRECTION_HEADINGS: Record<CorrectionKind, string> = {
  retraction: 'Retracted',
  concern: 'Expression of concern',
  gone: 'No longer in PubMed',
  update: 'New version',
  erratum: 'Corrected',
};

/** "16–22 November 2026", "30 November – 6 December 2026", "22 November 2026". */
export function dateSpan(from: string, to: string): string {
  const first = DateTime.fromISO(from, { zone: 'UTC', locale: 'en-GB' });
  const last = DateTime.fromISO(to, { zone: 'UTC', locale: 'en-GB' });
  if (from === to) return first.toFormat('d MMMM yyyy');
  if (first.hasSame(last, 'month')) return `${first.toFormat('d')}–${last.toFormat('d MMMM yyyy')}`;
  const start = first.hasSame(last, 'year') ? 'd MMMM' : 'd MMMM yyyy';
  return `${first.toFormat(start)} – ${last.toFormat('d MMMM yyyy')}`;
}

/** "week 47 of 2026", "November 2026"; a day needs no other name than its date. */
function periodName(key: string): string {
  const week = /^(\d{4})-W(\d{2})$/.exec(key);
  if (week) return `week ${Number(week[2])} of ${week[1]}`;
  const format = key.length === 7 ? 'MMMM yyyy' : 'd MMMM yyyy';
  return DateTime.fromISO(key, { zone: 'UTC', locale: 'en-GB' }).toFormat(format);
}

/** "Ketamine digest, week 47 of 2026" */
export const digestTitle = (digest: Pick<Digest, 'week'>, taxonomy: Pick<Taxonomy, 'name'>): string =>
  oneLine(`${taxonomy.name} digest, ${periodName(digest.week)}`);

function noticesOf(digest: Digest): string[] {
  const notices: string[] = [];
  const through = digest.completeThrough
    ? `known to be complete through ${digest.completeThrough}`
    : 'not yet complete';
  if (digest.state === 'open') notices.push(`This week is still open; papers are being added.`);
  if (digest.state === 'retrospective')
    notices.push('A look back: this week was before this tracker began to report news.');
  if (!digest.complete && digest.state !== 'open')
    notices.push(`Incomplete: PubMed could not be read whole in time (${through}). What is missing will follow.`);
  return notices;
}

/** How many entries at the top of a section of `size` are shown in full. */
function fullOf(size: number, density: Density): number {
  if (density === 'lines') return 0;
  if (density === 'tight') return 1;
  return size <= 3 ? 1 : size <= 8 ? 2 : 3;
}

/** What is mailed and shown of a digest, before any markup. */
export function outlineDigest(digest: Digest, rendering: Rendering, density: Density = 'normal'): Outline {
  const { taxonomy, site } = rendering;
  const label = labelsOf(taxonomy.facets);
  const byPmid = new Map(digest.papers.map((paper) => [paper.pmid, paper]));
  const parents = findParents(digest.papers);
  const highlighted = new Set(digest.highlights);
  const few = digest.papers.length <= FEW && density === 'normal';
  const numbers = new Map(digest.papers.map((paper, index) => [paper.pmid, index + 1]));

  const toEntry = (paper: DigestPaper, full: boolean): Entry => ({
    ...describePaper(paper, taxonomy.facets, label),
    number: numbers.get(paper.pmid) ?? 0,
    pmid: paper.pmid,
    full,
    pubmed: safeUrl(paper.links.pubmed),
    doi: safeUrl(paper.links.doi),
    fullText: safeUrl(paper.links.fullText),
    page: site === null ? null : `${site}/papers/${encodeURIComponent(paper.pmid)}`,
    replies: [],
  });

  const entries = new Map<string, Entry>();
  const sections = digest.sections.map((section): OutlineSection => {
    const size = section.groups.reduce((sum, group) => sum + group.pmids.length, 0);
    let left = fullOf(size, density);
    const groups = section.groups.map((group, index) => {
      const standing: Entry[] = [];
      const here = new Map<string, Entry>();
      for (const pmid of group.pmids) {
        const paper = byPmid.get(pmid);
        if (!paper) continue;
        const parent = here.get(parents.get(pmid) ?? '');
        if (parent) {
          const reply = toEntry(paper, false);
          parent.replies.push(reply);
          entries.set(pmid, reply);
          continue;
        }
        const full = few || left-- > 0 || (highlighted.has(pmid) && density !== 'lines');
        const entry = toEntry(paper, full);
        here.set(pmid, entry);
        standing.push(entry);
        entries.set(pmid, entry);
      }
      // papers that stand first need no heading of their own under the section's
      const plain = index > 0 ? 'Other' : null;
      return { label: group.direction === null ? plain : label('direction', group.direction), entries: standing };
    });
    return {
      id: `${section.facet}-${section.value}`.replace(/[^\w-]/g, '-'),
      label: section.label,
      groups,
      seeAlso: section.seeAlso.flatMap((pmid) => numbers.get(pmid) ?? []).sort((a, b) => a - b),
    };
  });

  return {
    title: digestTitle(digest, taxonomy),
    dates: dateSpan(digest.from, digest.to),
    filters: rendering.filters === null ? null : oneLine(rendering.filters),
    summary: digest.summary,
    notices: noticesOf(digest),
    highlights:
      digest.papers.length >= 6
        ? digest.highlights.flatMap((pmid) => {
            const entry = entries.get(pmid);
            return entry ? [entry] : [];
          })
        : [],
    sections,
    corrections: digest.corrections.map((correction) => toLine(correction, rendering)),
    footer: [
      digest.disclaimer,
      `Records ${ATTRIBUTION.charAt(0).toLowerCase()}${ATTRIBUTION.slice(1)}`,
      rendering.asOf ? `Data as of ${rendering.asOf.slice(0, 16).replace('T', ' ')} UTC.` : 'No complete sync yet.',
    ],
    pageUrl: rendering.pageUrl,
  };
}

function toLine(correction: Correction, { site }: Rendering): CorrectionLine {
  const page = (pmid: string) => (site === null ? null : `${site}/papers/${encodeURIComponent(pmid)}`);
  return {
    pmid: correction.pmid,
    heading: CORRECTION_HEADINGS[correction.kind],
    title: oneLine(correction.title).replace(/(?<!\.)\.$/, ''),
    url: page(correction.pmid),
    notice: correction.noticePmid === null ? null : page(correction.noticePmid),
    issue: correction.issue,
  };
}
