import { CUES, HEADINGS, type Cue } from './english-cues.js';
import { PhraseMatcher } from './phrase-matcher.js';
import type { Token } from './tokenise.js';

/** What a sentence does in its paper. `exclusion`: who or what was left out. `future`: also limitations. */
export const ROLES = [
  'title',
  'background',
  'aim',
  'population',
  'methods',
  'intervention',
  'outcomes',
  'results',
  'conclusion',
  'future',
  'exclusion',
] as const;
export type Role = (typeof ROLES)[number];

const matcher = new PhraseMatcher();
const cueOfEntry: Cue[] = [];
for (const cue of Object.keys(CUES) as Cue[]) {
  for (const phrase of CUES[cue]) cueOfEntry[matcher.add(phrase)] = cue;
}

/** The role that a printed heading gives ("MATERIALS AND METHODS"), null when it says nothing. */
export function roleOfHeading(label: string): Role | null {
  const folded = label.toLowerCase();
  // "BACKGROUND AND AIMS": background, but its last sentence is the aim.
  if (/background|introduction|context|rationale/.test(folded)) return 'background';
  for (const [words, role] of HEADINGS) if (words.test(folded)) return role as Role;
  return null;
}

/** Cues found in a sentence. */
export function findCues(tokens: readonly Token[]): Set<Cue> {
  const cues = new Set<Cue>();
  for (const hit of matcher.search(tokens)) {
    const cue = cueOfEntry[hit.entry];
    if (cue) cues.add(cue);
  }
  return cues;
}

/** The role of a sentence under a heading: the heading decides, except where the sentence plainly does otherwise. */
export function roleUnderHeading(section: Role, cues: ReadonlySet<Cue>, last: boolean, only: boolean): Role {
  if (section === 'exclusion') return section;
  if (cues.has('future') && (section === 'conclusion' || section === 'background')) {
    return section === 'conclusion' ? 'future' : cues.has('aim') ? 'aim' : 'background';
  }
  if (section === 'background') return cues.has('aim') || (last && !only) ? 'aim' : 'background';
  if (section === 'aim') return !last && !cues.has('aim') && cues.has('background') ? 'background' : 'aim';
  if (section === 'methods') {
    if (cues.has('outcomes')) return 'outcomes';
    if (cues.has('population')) return 'population';
    if (cues.has('intervention')) return 'intervention';
    return cues.has('aim') && !cues.has('methods') ? 'aim' : 'methods';
  }
  return section;
}

/**
 * Roles of the sentences of an unlabelled abstract. They have the same parts in the same order, so a cue moves on
 * and nothing moves back: background until the aim or the first word on how it was done, then methods, results
 * from the first finding, and conclusion and outlook at the end.
 */
export function rolesWithoutHeadings(sentences: readonly ReadonlySet<Cue>[]): Role[] {
  if (sentences.length === 1) return ['aim'];
  const start = findStart(sentences);
  const roles: Role[] = [];
  let inResults = false;
  for (const [at, cues] of sentences.entries()) {
    const late = at >= sentences.length - 2 || at / sentences.length > 0.7;
    const role = at < start ? 'background' : roleFrom(cues, { late, last: at === sentences.length - 1, inResults });
    if (role === 'results') inResults = true;
    roles.push(role);
  }
  return roles;
}

/** Where the paper begins to speak of itself: its aim, else the first sentence on methods or findings. */
function findStart(sentences: readonly ReadonlySet<Cue>[]): number {
  const aim = sentences.findIndex((cues) => cues.has('aim'));
  const action = sentences.findIndex(
    (cues, at) =>
      cues.has('population') ||
      (!cues.has('background') && at > 0 && (cues.has('methods') || cues.has('outcomes') || cues.has('results'))),
  );
  if (aim !== -1 && (action === -1 || aim <= action + 2)) return action === -1 ? aim : Math.min(aim, action);
  return action === -1 ? countOpening(sentences) : action;
}

/** How many sentences lead in where a text names neither its aim nor its methods: those that speak of what is known. */
function countOpening(sentences: readonly ReadonlySet<Cue>[]): number {
  if (sentences.length < 3) return 0;
  const end = sentences.findIndex((cues, at) => at > 0 && !cues.has('background'));
  return sentences[0]?.has('results') === true ? 0 : Math.min(end === -1 ? 1 : end, sentences.length - 2);
}

function roleFrom(
  cues: ReadonlySet<Cue>,
  { late, last, inResults }: { late: boolean; last: boolean; inResults: boolean },
): Role {
  if (late && cues.has('future') && !cues.has('aim')) return 'future';
  if (late && cues.has('conclusion') && !cues.has('aim')) return 'conclusion';
  if (inResults) return last && !cues.has('results') ? 'conclusion' : 'results';
  if (cues.has('aim')) return 'aim';
  if (cues.has('outcomes')) return 'outcomes';
  if (cues.has('population')) return 'population';
  if (cues.has('results') && !cues.has('methods')) return cues.has('intervention') ? 'intervention' : 'results';
  if (cues.has('intervention')) return 'intervention';
  if (cues.has('methods')) return 'methods';
  return last ? 'conclusion' : 'results';
}
