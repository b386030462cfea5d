import { noFacts, type FactEvidence, type Facts, type Tags } from '../../model/tag.js';
import type { Taggable } from '../../model/taggable.js';
import type { Recognition } from '../../taxonomy/recognition.js';
import type { AnalysedText } from '../analyse-text.js';
import type { Mentions } from '../find-mentions.js';
import { findComparator } from './comparator.js';
import { findDoses, type RouteFinder } from './doses.js';
import { DrugWords } from './drug-words.js';
import { findFinding } from './finding.js';
import { findParticipants } from './participants.js';
import { findTrials } from './trials.js';

export interface Extraction {
  facts: Facts;
  factEvidence: FactEvidence[];
}

export type FactFinder = (paper: Taggable, text: AnalysedText, mentions: Mentions, tags: Tags) => Extraction;

/** Papers that only use the drug have no facts about it. */
const WITHOUT_FACTS = 'incidental';

/** Builds the extraction of facts for a taxonomy: who was studied, doses, comparator, trial numbers and the finding. */
export function createFactFinder(recognition: Recognition): FactFinder {
  const words = new DrugWords(recognition);
  return (paper, text, mentions, tags) => {
    const facts = noFacts();
    const factEvidence: FactEvidence[] = [];
    const trials = findTrials(paper, text);
    facts.trials = trials.value;
    if (tags.relevance !== WITHOUT_FACTS) {
      words.read(text);
      const participants = findParticipants(text, tags);
      if (participants) {
        facts.participants = participants.value;
        factEvidence.push({ fact: 'participants', spans: participants.spans });
      }
      const doses = findDoses(text.sentences, words, createRouteFinder(text, words, tags.route));
      if (doses) {
        facts.doses = doses.value;
        factEvidence.push({ fact: 'doses', spans: doses.spans });
      }
      const comparator = findComparator(text.sentences, words, tags.study);
      if (comparator) {
        facts.comparator = comparator.value;
        factEvidence.push({ fact: 'comparator', spans: comparator.spans });
      }
      const finding = findFinding(paper, text, { study: tags.study, drugSentences: mentions.drugSentences });
      if (finding) {
        facts.finding = finding.value;
        factEvidence.push({ fact: 'finding', spans: finding.spans });
      }
    }
    if (trials.spans.length > 0) factEvidence.push({ fact: 'trials', spans: trials.spans });
    return { facts, factEvidence };
  };
}

/** The route named nearest to a dose, else the only one that the paper has, where it names that at all. */
function createRouteFinder(text: AnalysedText, words: DrugWords, routes: readonly string[]): RouteFinder {
  const [only] = routes;
  let named: boolean | null = null;
  return (sentence, from, to) => {
    const near = words.findRoute(sentence, from, to, routes);
    if (near !== null || only === undefined || routes.length > 1) return near;
    named ??= words.namesRoute(text, only);
    return named ? only : null;
  };
}
