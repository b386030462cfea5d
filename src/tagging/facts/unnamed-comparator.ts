import type { Sentence } from '../analyse-text.js';
import type { Naming } from './drug-words.js';

/** Where the other side is said without a name. Offsets count from the beginning of the sentence. */
export interface Unnamed {
  sentence: Sentence;
  start: number;
  end: number;
  score: number;
}

/** "the control group (n = 40) received conventional care": what the controls got. */
const CONTROLS_GOT =
  /\bcontrols?(?: (?:group|arm|subjects|participants|patients|women|animals|rats|mice))?(?:,? ?\([^()]{1,40}\))?,? (?:received|receives|was given|were given|underwent|will receive|was treated with|were treated with) ((?:[a-z][\w-]*,? ){0,5}?[a-z][\w-]*)(?= ?[,;.(]| (?:while|whereas|and the|alone|during|before|after|for|in|at|via)\b|$)/i;
const WITHOUT = new Set(['no', 'without', 'non']);
const WHO_WITHOUT = /^[\s-]+(?:\w+\s)?(?:groups?|arms?|users?|use|exposure|treatment|controls?|cohort)\b/i;
/** People, groups or arms: whoever goes without the drug. */
const SOMEBODY = /\b(?:groups?|arms?|patients|participants|subjects|those|cohorts?|controls?|women|children|versus|vs|than|compared)\b/i; // prettier-ignore
const AGAINST_CONTROLS =
  /\b(?:compared|comparison|relative|than|versus|vs\.?|over|against|between|superior)\b[^.;]{0,60}?\b((?:(?:inactive|active|untreated|drug[ -]?na[iï]ve|poly[ -]?drug[ -]us(?:er|ing)|non[ -]?using|vehicle) )?controls?(?: (?:groups?|arms?|conditions?|therapy|treatments?|subjects|animals|rats|mice|women|patients|participants))?)\b/i;
const CONTROL_GROUP =
  /\bone control(?= and\b)|\band \d+ (?:\w+ ){0,2}(controls|comparisons|comparators)\b|\b(?:one |an? |the |and )controls? (?:group|arm)\b|\bcontrol(?: group)? \(/i;
const OF_DISEASE = /\b(?:healthy|normal|matched|unaffected|non-?depressed|nonclinical|wild[- ]?type|sham|environmental|HC|case)[\s-]+(?:\w+[\s-]){0,2}$/i; // prettier-ignore
const HEALTHY = /\b(?:healthy|normal|non-?depressed) (?:\w+ ){0,2}(?:controls?|volunteers|subjects|participants|comparisons?|individuals)\b/i; // prettier-ignore
const USERS = /^[\s-]*(?:us(?:ers?|e|ing)|abus\w+|depend\w+|addict\w+|exposed|exposure)\b/i;

/**
 * Controls that are only called so, and those who went without the drug: read where no treatment is named, in the
 * sentences that compare something.
 */
export function findUnnamed(comparing: readonly Naming[]): Unnamed | null {
  // where the healthy are the controls, "controls" are they
  let sick: boolean | undefined;
  const areHealthy = (): boolean => (sick ??= comparing.some(({ sentence }) => HEALTHY.test(sentence.text)));
  let best: Unnamed | null = null;
  for (const naming of comparing) {
    const { sentence } = naming;
    const found = readSentence(naming, areHealthy);
    if (!found) continue;
    const score = found.score - (sentence.role === 'background' ? 2 : 0);
    if (score > 0 && (!best || score > best.score)) best = { sentence, ...found, score };
  }
  return best;
}

function readSentence({ sentence, drugs }: Naming, areHealthy: () => boolean): Omit<Unnamed, 'sentence'> | null {
  const { text } = sentence;
  const controls = /control|comparator|comparisons/i.test(text);
  const got = controls ? CONTROLS_GOT.exec(text) : null;
  if (got?.[1]) {
    const end = got.index + got[0].length;
    const article = /^(?:an?|the) /i.exec(got[1])?.[0].length ?? 0;
    return { start: end - got[1].length + article, end, score: 3 };
  }
  const tracked = drugs.filter((named) => named.tracked);
  if (tracked.length === 0) return null;
  for (const named of tracked) {
    const without = sentence.tokens[named.from - 1];
    if (!without || !WITHOUT.has(without.word.lower) || !SOMEBODY.test(text) || HEALTHY.test(text)) continue;
    const end = named.end - sentence.start;
    const who = WHO_WITHOUT.exec(text.slice(end, end + 40));
    return { start: without.start - sentence.start, end: end + (who ? who[0].length : 0), score: 2 };
  }
  if (!controls) return null;
  const against = AGAINST_CONTROLS.exec(text) ?? CONTROL_GROUP.exec(text);
  if (!against) return null;
  const name = against[1] ?? against[0].replace(/ ?\($/, '').replace(/^(?:one|an?|the|and) /i, '');
  const start = against.index + against[0].lastIndexOf(name);
  const users = tracked.some(({ end }) => USERS.test(text.slice(end - sentence.start, end - sentence.start + 20)));
  if (!users && (areHealthy() || OF_DISEASE.test(text.slice(Math.max(0, start - 40), start)))) return null;
  return { start, end: start + name.length, score: 1 };
}
