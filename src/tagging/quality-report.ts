import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { loadTaxonomy } from '../taxonomy/load-taxonomy.js';
import { calibrate } from './calibrate.js';
import { crossValidate, type HeldOut } from './cross-validate.js';
import { evaluate } from './evaluate.js';
import { scoreFacts, type FactScore } from './facts/score-facts.js';
import { fitTagger } from './fit-tagger.js';
import type { FittedFacet } from './judge-paper.js';
import type { FacetWeights } from './logit.js';
import { parseLabelled, type LabelledPaper } from './labelled.js';
import { renderQuality } from './render-quality.js';
import { createTagger, type Tagger, type TaggerWeights } from './tag-paper.js';

/**
 * `npm run quality -- FILE…` scores the tagger on labelled papers and writes docs/quality.md;
 * `npm run quality -- --fit FILE…` fits the weights first and writes src/tagging/weights.ts;
 * `--teach=FILE` names papers that are learnt from and never judged, such as those that were written to teach;
 * `npm run quality -- --floor FILE…` writes what these papers reach to data/quality-floor.json, below which the
 * tests let no change fall.
 */
const DEALS = 2;
const TAXONOMY = 'data/taxonomy.yaml';

const files = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const TEACH = '--teach=';
const teaching = process.argv.filter((argument) => argument.startsWith(TEACH));
if (files.length === 0) {
  process.stderr.write('Usage: npm run quality -- [--fit] [--teach=FILE] FILE… (labelled papers as JSON lines)\n');
  process.exitCode = 1;
} else await run(files, process.argv.includes('--fit'));

async function run(names: readonly string[], fit: boolean): Promise<void> {
  const taxonomy = loadTaxonomy(readFileSync(TAXONOMY, 'utf8'), TAXONOMY);
  const sets = names.map((name) => readLabelled(name));
  const labelled = sets.flat();
  if (process.argv.includes('--floor')) {
    writeFloor(createTagger(taxonomy), labelled);
    return;
  }
  const taught = teaching.flatMap((argument) => readLabelled(argument.slice(TEACH.length)));
  const deals = await crossValidate({ taxonomy, labelled, taught }, DEALS);
  // One deal: in several, the same tag would count several times towards a bin.
  const calibration = calibrate((deals[0] ?? []).flatMap(({ given }) => given));
  const weights: TaggerWeights = { facets: fit ? fitTagger(taxonomy, [...labelled, ...taught]) : {}, calibration };
  if (fit) writeFileSync('src/tagging/weights.ts', renderWeights(weights, labelled.length + taught.length));
  const tagger = fit ? createTagger(taxonomy, new Map(), weights) : createTagger(taxonomy);
  const fitted = evaluate(labelled.map((entry) => ({ labelled: entry, tags: tagger(entry.paper).tags })));
  const heldOut = deals.map((deal) => evaluate(deal));
  const [first = []] = deals;
  const ofSet = (deal: readonly HeldOut[], set: readonly LabelledPaper[]): HeldOut[] =>
    deal.filter((judged) => set.includes(judged.labelled));
  const factsOf = (deal: readonly HeldOut[]): FactScore[] =>
    scoreFacts(deal.map(({ labelled: { facts: labels }, facts, factEvidence }) => ({ labels, facts, factEvidence })));
  const report = {
    papers: labelled.length,
    taught: taught.length,
    fitted,
    heldOut,
    facts: factsOf(first),
    sets: sets.map((set) => ({
      papers: set.length,
      heldOut: deals.map((deal) => evaluate(ofSet(deal, set))),
      facts: factsOf(ofSet(first, set)),
    })),
    confidence: weights.calibration,
    version: taxonomy.version,
  };
  writeFileSync('docs/quality.md', renderQuality(report));
  for (const { facet, micro, macroF1, accuracy } of heldOut[0]?.facets ?? []) {
    const macro = macroF1 === null ? '' : ` macro ${macroF1}`;
    process.stdout.write(
      `${facet} held out: micro ${micro.f1}${macro}${accuracy === null ? '' : ` accuracy ${accuracy}`}\n`,
    );
  }
}

function readLabelled(name: string): LabelledPaper[] {
  const lines = readFileSync(name, 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map(parseLabelled);
}

function writeFloor(tagger: Tagger, labelled: readonly LabelledPaper[]): void {
  const { facets } = evaluate(labelled.map((entry) => ({ labelled: entry, tags: tagger(entry.paper).tags })));
  const micro = Object.fromEntries(facets.map((score) => [score.facet, score.micro.f1]));
  writeFileSync('data/quality-floor.json', `${JSON.stringify({ papers: labelled.length, micro }, null, 2)}\n`);
}

function renderWeights(weights: TaggerWeights, papers: number): string {
  const text = JSON.stringify(compact(weights));
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return [
    '// Written by `npm run quality -- --fit FILE…`. Do not edit: what was learnt from labelled papers stands here,',
    '// what the tags mean stands in data/taxonomy.yaml.',
    '',
    `/** JSON of \`TaggerWeights\`, fitted to ${papers} labelled papers: a text costs nothing until it is read. */`,
    `export const WEIGHTS = ${JSON.stringify(text)};`,
    '/** Tells these weights from others. */',
    `export const WEIGHTS_DIGEST = '${digest}';`,
    '',
  ].join('\n');
}

/** Zeros say nothing. */
function compact(weights: TaggerWeights): TaggerWeights {
  const nonZero = (record: Record<string, number>): Record<string, number> =>
    Object.fromEntries(Object.entries(record).filter(([, value]) => value !== 0));
  const look = ({ shared, tags }: FacetWeights): FacetWeights => ({
    shared: nonZero(shared),
    tags: Object.fromEntries(
      Object.entries(tags).map(([tag, { bias, slopes }]) => [tag, { bias, slopes: nonZero(slopes) }]),
    ),
  });
  const facets = Object.entries(weights.facets).map(([facet, { first, second, threshold }]): [string, FittedFacet] => {
    const words = { ...second.words, figures: look(second.words.figures) };
    return [facet, { first: look(first), second: { ...second, words }, threshold }];
  });
  return { facets: Object.fromEntries(facets), calibration: weights.calibration };
}
