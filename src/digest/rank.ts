import type { DigestPaper } from '../model/issue.js';

/** Study designs, strongest first: what a reader with two minutes should see before the rest. */
const DESIGNS = [
  'guideline',
  'meta-analysis',
  'rct',
  'systematic-review',
  'clinical-trial',
  'observational',
  'economic',
  'review',
  'qualitative',
  'case-report',
  'protocol',
  'computational',
  'animal',
  'in-vitro',
  'commentary',
  'correction',
];

/** Designs that can be a highlight whatever their size. */
const STRONG = new Set(['guideline', 'meta-analysis', 'rct', 'systematic-review', 'clinical-trial']);
/** An observational study is a highlight from this many participants on. */
const LARGE = 500;
const MOST_HIGHLIGHTS = 5;

type Ranked = Pick<DigestPaper, 'pmid' | 'added' | 'tags' | 'facts'>;

/** Without a design (not yet tagged): between the case reports and what is no study of people. */
const designRank = (study: string | null) => {
  const rank = DESIGNS.indexOf(study ?? 'case-report');
  return rank < 0 ? DESIGNS.indexOf('case-report') : rank;
};

/** Whether nothing in the paper comes from people. */
export const isAnimalOnly = ({ tags }: Pick<Ranked, 'tags'>): boolean =>
  !tags.species.includes('human') &&
  (tags.species.includes('animal') || tags.study === 'animal' || tags.study === 'in-vitro');

const peopleIn = ({ facts }: Pick<Ranked, 'facts'>) =>
  facts.participants?.unit === 'participants' ? facts.participants.value : 0;

/** Strength of evidence first: people before animals, then the design, then the size; newest first among equals. */
export function compareStrength(a: Ranked, b: Ranked): number {
  return (
    Number(isAnimalOnly(a)) - Number(isAnimalOnly(b)) ||
    designRank(a.tags.study) - designRank(b.tags.study) ||
    peopleIn(b) - peopleIn(a) ||
    Number(a.facts.finding === null) - Number(b.facts.finding === null) ||
    (a.added < b.added ? 1 : a.added > b.added ? -1 : 0) ||
    Number(b.pmid) - Number(a.pmid)
  );
}

/** The few that nobody should miss: at most five and at most a third of the papers; none when none is strong. */
export function pickHighlights(papers: readonly Ranked[]): string[] {
  return papers
    .filter(
      (paper) =>
        !isAnimalOnly(paper) &&
        (STRONG.has(paper.tags.study ?? '') || (paper.tags.study === 'observational' && peopleIn(paper) >= LARGE)),
    )
    .sort(compareStrength)
    .slice(0, Math.min(MOST_HIGHLIGHTS, Math.ceil(papers.length / 3)))
    .map((paper) => paper.pmid);
}
