import { processSettings, readOverrides } from '../boot.js';
import type { FactEvidence, Facts, Tagging, Tags } from '../model/tag.js';
import { AppError } from '../problem.js';
import { evaluate, type Evaluation, type FacetScore } from '../tagging/evaluate.js';
import { scoreFacts, type FactScore } from '../tagging/facts/score-facts.js';
import { parseLabelled, type LabelledPaper } from '../tagging/labelled.js';
import { createTagger } from '../tagging/tag-paper.js';
import { readTaxonomy } from '../taxonomy/read-taxonomy.js';
import { print, tell, type ExitCode } from './command.js';
import { readLines } from './read-lines.js';

export interface EvalOptions {
  format: string;
  errors?: boolean;
}

type Scored = { labelled: LabelledPaper; tags: Tags; facts: Facts; factEvidence: FactEvidence[] };

/**
 * `eval FILE`: what the tagger gives against what readers gave. People's own decisions (overrides.yaml) are scored
 * apart, on the papers that they are about: they say nothing about the tagger.
 */
export async function evalCommand(file: string, options: EvalOptions): Promise<ExitCode> {
  const { TAXONOMY } = processSettings().settings;
  const taxonomy = await readTaxonomy(TAXONOMY);
  const overrides = readOverrides(TAXONOMY, taxonomy);
  const tagger = createTagger(taxonomy);
  const corrected = createTagger(taxonomy, overrides);
  const pairs: Scored[] = [];
  const decided: Scored[] = [];
  const unreadable: { line: number; error: string; detail: string }[] = [];
  for await (const { number, text } of readLines(file)) {
    try {
      if (text === null) throw new AppError('record-unreadable', 'the line is too long for a record');
      const labelled = parseLabelled(text);
      pairs.push(keep(labelled, tagger(labelled.paper)));
      if (overrides.has(labelled.paper.pmid ?? '')) decided.push(keep(labelled, corrected(labelled.paper)));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      unreadable.push({ line: number, error: error.code, detail: error.message });
    }
  }
  const result = evaluate(pairs);
  const facts = scoreFacts(pairs.map((pair) => ({ ...pair, labels: pair.labelled.facts })));
  if (result.facets.length === 0)
    throw new AppError('file-unreadable', `${file} holds no labelled record: each line needs "labels"`);
  const byEditors = decided.length > 0 ? { before: evaluate(pairs.filter(isAbout(decided))), after: evaluate(decided) } : null; // prettier-ignore
  if (options.format === 'json') {
    const { errors, ...figures } = result;
    const report = { taxonomyVersion: tagger.version, ...figures, facts, editors: byEditors, unreadable };
    print(JSON.stringify(options.errors ? { ...report, errors } : report, null, 2));
  } else {
    printText(result, options.errors ?? false);
    if (facts.length > 0) printFacts(facts);
    if (byEditors) {
      print(
        `\nPapers that people decided about (${byEditors.after.papers}): the tagger alone, then with their decisions`,
      );
      printFacets(byEditors.before.facets);
      printFacets(byEditors.after.facets);
    }
    for (const { line, detail } of unreadable) tell(`line ${line}: ${detail}`);
  }
  return unreadable.length > 0 ? 2 : 0;
}

/** What scoring needs; the texts are let go. */
function keep({ paper, ...noted }: LabelledPaper, { tags, facts, factEvidence }: Tagging): Scored {
  return {
    labelled: { paper: { ...paper, title: '', abstract: [], otherAbstracts: [] }, ...noted },
    tags,
    facts,
    factEvidence,
  };
}

const isAbout =
  (decided: readonly Scored[]) =>
  ({ labelled }: Scored): boolean =>
    decided.some((one) => one.labelled.paper.pmid === labelled.paper.pmid);

const figure = (value: number | null): string => (value === null ? '    –' : value.toFixed(3));

function printText({ papers, facets, errors }: Evaluation, withErrors: boolean): void {
  print(`${papers} papers`);
  printFacets(facets);
  for (const { facet, tags } of facets) {
    print(`\n${facet.padEnd(34)} precision recall     F1  papers`);
    for (const { tag, precision, recall, f1, support } of tags)
      print(`  ${tag.padEnd(32)}     ${figure(precision)}  ${figure(recall)}  ${figure(f1)}  ${String(support).padStart(6)}`); // prettier-ignore
  }
  if (!withErrors) return;
  print('\npmid       facet        tag');
  for (const { pmid, facet, tag, kind } of errors)
    print(`${(pmid ?? '–').padEnd(10)} ${facet.padEnd(12)} ${tag.padEnd(32)} ${kind}`);
}

function printFacets(facets: readonly FacetScore[]): void {
  print('facet        papers  precision  recall  micro F1  macro F1  accuracy');
  for (const { facet, papers, micro, macroF1, accuracy } of facets)
    print(
      `${facet.padEnd(12)} ${String(papers).padStart(6)}      ${figure(micro.precision)}   ${figure(micro.recall)}     ${figure(micro.f1)}     ${figure(macroF1)}     ${figure(accuracy)}`,
    );
}

function printFacts(scores: readonly FactScore[]): void {
  print('\nfact         papers  precision  recall  accuracy');
  for (const { fact, papers, precision, recall, accuracy } of scores)
    print(`${fact.padEnd(12)} ${String(papers).padStart(6)}      ${figure(precision)}   ${figure(recall)}     ${figure(accuracy)}`); // prettier-ignore
}
