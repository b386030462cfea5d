import type { Evaluation, FacetScore } from './evaluate.js';
import type { FactScore } from './facts/score-facts.js';

/** Scores of the same papers from several deals into folds: the mean and how far apart they lie. */
export interface QualityFigures {
  papers: number;
  /** Records beside them that are learnt from and never judged. */
  taught: number;
  /** The tagger as it is, on the papers its weights were fitted to: flattering. */
  fitted: Evaluation;
  /** Every paper judged by weights that were fitted without it, once per deal. */
  heldOut: Evaluation[];
  /** What was noted of facts, of all files; empty where nobody noted any. */
  facts: FactScore[];
  /** The same, for the papers of each file alone. */
  sets: { papers: number; heldOut: Evaluation[]; facts: FactScore[] }[];
  confidence: { from: number; right: number }[];
  version: string;
}

/** docs/quality.md: figures only, no title, no abstract. */
export function renderQuality(figures: QualityFigures): string {
  const { papers, taught, fitted, heldOut, facts, sets, confidence, version } = figures;
  const lines = [
    '# How good the tags are',
    '',
    'Written by `npm run quality -- FILE…` from labelled papers. Figures only.',
    '',
    `${papers} labelled papers, taxonomy ${version}. “Held out” is what counts: every paper is judged by weights that`,
    `were fitted without it (5 folds, ${heldOut.length} deals of the papers, mean and range). “Fitted” is the tagger as`,
    'it is, on the papers it has learnt from. Phrases were written from the definitions and from medical language, and',
    'mended by reading errors, so the held-out figures are still a little kind.',
    ...(taught === 0
      ? []
      : [`All learn from ${taught} records more, of papers that do not exist; no figure counts these.`]),
    '',
    '## Facets',
    '',
    '| facet | held out, micro F1 | range | held out, macro F1 (tags with 5 papers) | held out, accuracy | fitted, micro F1 |',
    '|---|---|---|---|---|---|',
    ...fitted.facets.map((facet) => facetLine(facet, heldOut)),
    '',
    ...setLines(fitted, sets),
    ...factLines(facts, sets),
    '## Confidence',
    '',
    'A tag given with a raw score from this one on was right so often (held out, at least 50 tags a step):',
    '',
    '| raw score from | right |',
    '|---|---|',
    ...confidence.map(({ from, right }) => `| ${from.toFixed(2)} | ${right.toFixed(2)} |`),
    '',
    '## Tags',
    '',
  ];
  const [first] = heldOut;
  for (const facet of first?.facets ?? []) {
    lines.push(`### ${facet.facet}`, '', '| tag | precision | recall | F1 | papers |', '|---|---|---|---|---|');
    for (const { tag, precision, recall, f1, support } of facet.tags) {
      lines.push(`| ${tag} | ${precision.toFixed(2)} | ${recall.toFixed(2)} | ${f1.toFixed(2)} | ${support} |`);
    }
    lines.push('');
  }
  return lines.join('\n');
}

/** Sets of labelled papers are of different kinds: what counts for real papers is read off real papers. */
function setLines(fitted: Evaluation, sets: QualityFigures['sets']): string[] {
  if (sets.length < 2) return [];
  const scoreOf = ({ facets }: Evaluation, { facet }: FacetScore): FacetScore[] =>
    facets.filter((score) => score.facet === facet);
  return [
    '## Sets',
    '',
    'Held out, micro F1 of each set (one file each, in the order in which they were given):',
    '',
    `| facet | ${sets.map(({ papers }, at) => `set ${at + 1}, ${papers} papers`).join(' | ')} |`,
    `|---|${sets.map(() => '---|').join('')}`,
    ...fitted.facets.map((facet) => {
      const cells = sets.map(({ heldOut }) =>
        mean(heldOut.flatMap((deal) => scoreOf(deal, facet)).map(({ micro }) => micro.f1)),
      );
      return `| ${facet.facet} | ${cells.join(' | ')} |`;
    }),
    '',
  ];
}

/** Nothing is fitted to facts but the rules, by reading errors of the sets whose errors are read. */
function factLines(all: readonly FactScore[], sets: QualityFigures['sets']): string[] {
  const rows = all.flatMap((whole) => [
    factLine(whole, 'all'),
    ...sets.flatMap(({ facts }, at) =>
      facts.filter(({ fact }) => fact === whole.fact).map((score) => factLine(score, String(at + 1))),
    ),
  ]);
  if (rows.length === 0) return [];
  return [
    '## Facts',
    '',
    'What the tagger states against what readers noted. Precision: of what it states, what is right; recall: of what the',
    'papers state; accuracy: papers with the right answer, be it that there is none. A finding is right when one of its',
    'sentences is one that the reader would quote, a comparator when it names one that the reader named.',
    '',
    '| fact | set | papers | precision | recall | accuracy |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ];
}

function factLine({ fact, papers, precision, recall, accuracy }: FactScore, set: string): string {
  const figures = [precision, recall, accuracy].map((value) => value?.toFixed(3) ?? '');
  return `| ${fact} | ${set} | ${papers} | ${figures.join(' | ')} |`;
}

function facetLine(fitted: FacetScore, heldOut: readonly Evaluation[]): string {
  const same = heldOut.flatMap(({ facets }) => facets.filter(({ facet }) => facet === fitted.facet));
  const micro = same.map((score) => score.micro.f1);
  const cells = [
    fitted.facet,
    mean(micro),
    `${Math.min(...micro).toFixed(3)}–${Math.max(...micro).toFixed(3)}`,
    mean(same.flatMap(({ macroF1 }) => macroF1 ?? [])),
    fitted.accuracy === null ? '' : mean(same.flatMap(({ accuracy }) => accuracy ?? [])),
    fitted.micro.f1.toFixed(3),
  ];
  return `| ${cells.join(' | ')} |`;
}

function mean(values: readonly number[]): string {
  return values.length === 0 ? '' : (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(3);
}
