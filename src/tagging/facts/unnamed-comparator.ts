import type { Sentence } from '../analyse-text.js';
import type { NamedDrug, Naming } from './drug-words.js';

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
/** "patients who did not receive the drug", "those not given it". Only blanks and small words may follow up to the name. */
const NOT_GIVEN =
  /\b((?:did not|didn't|had not|have not|never) (?:receive|received|get|undergo|use|used)|not (?:receiving|given|treated with|exposed to|administered|using|on)|unexposed to)\s+(?:(?:any|the|intravenous|iv|intranasal|intraoperative|adjunctive|[a-z]+-dose) ){0,2}$/i;
/** Those who went without, named after those who did not: "the non-exposed group". */
const UNEXPOSED =
  /\b(?:(?:non-?exposed|unexposed|non-?treated|non-?recipient)(?: (?:groups?|cohorts?|patients|participants|subjects|children|women|individuals|controls|animals|rats|mice|offspring))?|non-?(?:exposed|recipients))\b/i;
/** Behind "those who received the drug". */
const DID_NOT = /\b(?:and|than|versus|vs\.?|with|to) (?:(?:those|patients|participants|subjects|the ones|individuals) )?(who (?:did not|never did|had not))\b/i; // prettier-ignore
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
  const spared = findSpared(text, sentence, tracked);
  if (spared) return spared;
  if (!controls) return null;
  const against = AGAINST_CONTROLS.exec(text) ?? CONTROL_GROUP.exec(text);
  if (!against) return null;
  const name = against[1] ?? against[0].replace(/ ?\($/, '').replace(/^(?:one|an?|the|and) /i, '');
  const start = against.index + against[0].lastIndexOf(name);
  const users = tracked.some(({ end }) => USERS.test(text.slice(end - sentence.start, end - sentence.start + 20)));
  if (!users && (areHealthy() || OF_DISEASE.test(text.slice(Math.max(0, start - 40), start)))) return null;
  return { start, end: start + name.length, score: 1 };
}

/** Those of whom a sentence says that they went without the drug. */
function findSpared(
  text: string,
  { start }: Sentence,
  tracked: readonly NamedDrug[],
): Omit<Unnamed, 'sentence'> | null {
  for (const named of tracked) {
    const from = named.start - start;
    const before = text.slice(Math.max(0, from - 70), from);
    const given = NOT_GIVEN.exec(before);
    if (given && SOMEBODY.test(text))
      return { start: from - before.length + given.index, end: named.end - start, score: 2 };
  }
  const found = UNEXPOSED.exec(text);
  if (found) return { start: found.index, end: found.index + found[0].length, score: 2 };
  const non = tracked.some((named) => USERS.test(text.slice(named.end - start, named.end - start + 20)))
    ? /\bnon-?users\b/i.exec(text)
    : null;
  if (non) return { start: non.index, end: non.index + non[0].length, score: 2 };
  const rest = DID_NOT.exec(text);
  const named = tracked[0];
  if (!rest?.[1] || !named || named.end - start > rest.index) return null;
  const end = rest.index + rest[0].length;
  return { start: end - rest[1].length, end, score: 1.5 };
}
