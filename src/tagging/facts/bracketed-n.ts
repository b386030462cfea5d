import type { Sentence } from '../analyse-text.js';
import { LONGEST_NOUN_PHRASE, nounAfter } from './counted-noun.js';
import { countedOf, GROUP_WORDS, STUDY_WORDS } from './counted-words.js';
import { gapBefore, isNumeral, type ReadNumber } from './read-number.js';
import { weigh, type Candidate } from './weigh-count.js';

/** "(n = 48)": of whom, tells what stands before the bracket. */
export function readN(sentence: Sentence, number: ReadNumber): Candidate | null {
  const { tokens } = sentence;
  const n = number.from - 1;
  // "with 82.5% (n = 33) completing the study"
  if (/%\s*[([]\s*$/.test(gapBefore(sentence, n)) || tokens[n - 1]?.word.lower === 'percent') return null;
  const noun = nounAfter(sentence, number);
  if (noun) {
    const counted = weigh(sentence, { ...number, from: n }, noun.kind, noun.to);
    const total = tokens[n]?.text === 'N';
    return {
      ...counted,
      value: number.value,
      score: counted.score + (total ? 2 : 1),
      total: counted.total || total,
      n: true,
    };
  }
  const candidate = weigh(sentence, number, 'bare', number.to);
  candidate.from = n;
  candidate.of = 'arm';
  candidate.n = true;
  const next = sentence.text.slice((tokens[number.to - 1]?.end ?? 0) - sentence.start);
  if (/^\s*(?:\/\s*|in )total\b/i.test(next))
    return { ...candidate, of: 'all', total: true, score: candidate.score + 2.5 };
  if (/^\s*(?:\/|per|in|for)?\s*(?:each|every|\/?\s*group|per|arm)/i.test(next)) return { ...candidate, of: 'each' };
  for (let at = n - 1; at >= 0 && at >= n - LONGEST_NOUN_PHRASE; at -= 1) {
    const word = tokens[at]?.word.lower ?? '';
    if (at < n - 1 && /^(to|receive|received|of|included|n)$/.test(word)) break;
    if (GROUP_WORDS.has(word)) return candidate;
    // "in the original sample (N = 50) … in the confirmatory sample (N = 55)"
    if (SAMPLE.test(word) && ONE_OF_SAMPLES.test(tokens[at - 1]?.word.lower ?? '')) return candidate;
    if (STUDY_WORDS.has(word)) {
      if (/^(study|trial)$/.test(word)) return { ...candidate, of: 'all', score: candidate.score + 1 };
      if (!hasNumberBefore(sentence, at)) return null;
      return { ...candidate, kind: 'person', of: 'all', pooled: true, score: candidate.score + 1.5 };
    }
    const kind = countedOf(word);
    if (!kind) continue;
    const counted = weigh(sentence, { ...number, from: at, to: at + 1 }, kind, number.to);
    const total = tokens[n]?.text === 'N' || word === 'sample';
    const control = kind === 'control' || /^(control|healthy)$/i.test(tokens[at - 1]?.text ?? '');
    const score = counted.score + (total || at === 0 ? 1 : 0);
    return { ...counted, value: number.value, from: at, score, n: true, kind: control ? 'control' : kind };
  }
  if (/sample|total/i.test(tokens[n - 1]?.text ?? '') || tokens[n]?.text === 'N')
    return { ...candidate, of: 'all', score: candidate.score + 1 };
  return candidate;
}

const SAMPLE = /^(sample|set|dataset)$/;
const ONE_OF_SAMPLES =
  /^(original|confirmatory|discovery|replication|validation|derivation|training|testing|test|development|independent|first|second)$/;

function hasNumberBefore({ tokens }: Sentence, at: number): boolean {
  for (let place = at - 1; place >= 0 && place >= at - 4; place -= 1)
    if (isNumeral(tokens[place]?.text ?? '')) return true;
  return false;
}
