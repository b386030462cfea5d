import type { Sentence } from './analyse-text.js';
import { isNumeral } from './facts/read-number.js';
import { PhraseMatcher } from './phrase-matcher.js';
import { hasSign } from './word-signs.js';

/**
 * What a paper names only to say that it tells nothing of it: what could not be pooled, what is told elsewhere, what
 * lies beyond its scope. set-aside.ts reads the verbs of a clause; here stand set phrases, written as in
 * taxonomy/phrase.ts. Like those of english-cues.ts they belong to the language, not to a drug.
 */
const MEASURED =
  '(assessed|measured|rated|scored|extracted|abstracted|pooled|combined|tabulated|counted|quantified|analyzed|examined|studied|evaluated|collected|gathered|tested|assayed|sought|performed|carried out|undertaken|administered|addressed|explored|investigated|looked for|looked at|captured|ascertained|obtained|taken|drawn|followed up|modelled|summarized|synthesized|discussed|covered|reviewed|attempted|planned|considered further|considered here|used|part of|our concern|our subject|ours|at issue|the subject|on offer|continued|available|included|compared|of interest|dealt with|pursued|asked|put to)';
const TAKEN_IN =
  '(eligible|admitted|accepted|enrolled|included|recruited|allowed|approached|entered|invited|taken|permitted|considered eligible|represented)';
const DOES =
  '(assess|measure|examine|evaluate|address|consider|discuss|cover|test|study|extract|abstract|collect|analyze|investigate|explore|review|look|capture|pool|rate|ask|deal|dwell|touch|include|model|quantify)';
const BE = '(was|were|is|are|be|been|being)';
const HAVE_BEEN = '(was|were|is|are|be|been|being|has been|have been|had been)';
const PLACE = `(outside|beyond) (our|the|this|its|their|the present) ~2 (scope|remit|limit|aim|purview|bound|confine|brief|ambit|compass|article|review|paper|report|analysis)`;
const OFF = '(left out|left aside|left to other|set aside|put aside|omitted|screened out|treated elsewhere|barred)';

/** Behind what is set aside: "… were not pooled", "… lie beyond our scope". */
const BEHIND = [
  `${HAVE_BEEN} ~2 not ~2 ${MEASURED}`,
  `${HAVE_BEEN} not [to be] ~1 ${TAKEN_IN}`,
  `(had|has|have|will|could|would) not ~1 (be|been) ~1 (${TAKEN_IN}|${MEASURED})`,
  `${HAVE_BEEN} ~2 (excluded|ineligible|${OFF})`,
  `${HAVE_BEEN} not ~1 (systematically|formally|routinely|specifically|consistently|reliably|uniformly|separately) (recorded|reported|noted|documented|monitored|registered)`,
  `${BE} (an|a|the|one) [further|usual|common] (exclusion|reason for exclusion|ground for exclusion)`,
  `${BE} [reason for|ground for] exclusion`,
  '(precluded|prevented|barred) (entry|enrolment|inclusion|participation)',
  'excludes',
  `${BE} ~2 too ~3 (to|for)`,
  `${BE} (inconsistently|unevenly|incompletely|variously|variably|haphazardly|seldom|sparsely) (reported|recorded|assessed|measured|documented|defined|described|tabulated)`,
  `(${BE}|lie|lay|fall|fell|remain) ~2 ${PLACE}`,
  `(described|reviewed|covered|treated|reported|discussed|published|presented|dealt with|given|handled|examined|set out) ~4 elsewhere`,
  '(will|to) be (reported|published|presented|described|analyzed|dealt with|examined) separately',
  '(subject|topic|matter|business) (of|for) (another|a companion)',
  'left (to|for) (other|another|later)',
  'not [be] (rehearsed|repeated|restated|recounted|discussed|considered|treated) (here|further|again)',
  'await* (analysis|assay|publication|report)',
  'nothing ~2 (can|could|may) be (said|concluded|inferred)',
] as const;

/** The same where another verb comes first: "Vomiting is a concern of others and we do not discuss it". */
const BEHIND_ALL = [
  `(did|do|could|can) not ~1 ${DOES} (it|them|these|this|that)`,
  `(and|but|or) (was|were|is|are) not ~2 ${MEASURED}`,
  '(subject|topic|matter|question) ~2 (treated|covered|discussed|reviewed|described|considered) elsewhere',
] as const;

/** Before it: "we did not assess …", "no history of …". */
const AHEAD = [
  `(did|do|does|could|can|will|would) not ~1 ${DOES}`,
  '(no|none of the) ~1 (trial|study|paper|author|program|series|experiment) ~3 (assessed|measured|examined|looked|addressed|considered|evaluated|collected|tested)',
  '(no|none|without|nor|never) ~3 history of',
  '(none|nobody|no one) ~2 (with|had) a (past|history)',
  '(leaving|setting) (aside|out)',
] as const;

/** Around it: "no … was taken", "nor was … measured". */
const AROUND = [
  'no ~8 (was|were|is|are|been) ~1 (carried out|performed|made|taken|collected|gathered|held|acquired|undertaken|planned|drawn|obtained|offered|measured|assessed|tested|examined|sought|applied|administered|run|envisaged)',
  `(neither|nor) ~8 (was|were|is|are|been) ~2 ${MEASURED}`,
  `nor (was|were|is|are) ~8 ${MEASURED}`,
] as const;

type Side = 'behind' | 'behind all' | 'ahead' | 'around';

const matcher = new PhraseMatcher();
const sides: Side[] = [];
for (const [side, phrases] of [
  ['behind', BEHIND],
  ['behind all', BEHIND_ALL],
  ['ahead', AHEAD],
  ['around', AROUND],
] as const) {
  for (const phrase of phrases) sides[matcher.add(phrase)] = side;
}

/** So many words may stand between a phrase and what sets it aside. */
const REACH = 16;
/** Another statement begins: what follows is said of something else. */
const OTHER = new Set(['but', 'whereas', 'while', 'although', 'though', 'however', 'because', 'since']);
const VERBS = new Set(['was', 'were', 'is', 'are', 'has', 'have', 'had', 'did', 'does', 'do', 'rose', 'fell', 'increased', 'decreased', 'occurred', 'showed', 'improved', 'declined', 'exceeded', 'went', 'led', 'will', 'may', 'can', 'could']); // prettier-ignore
const RELATIVE = new Set(['who', 'that', 'which', 'whom', 'whose']);

interface Cue {
  side: Side;
  from: number;
  to: number;
}
const known = new WeakMap<Sentence, readonly Cue[]>();

function cuesOf(sentence: Sentence): readonly Cue[] {
  let cues = known.get(sentence);
  if (!cues) {
    cues = matcher.search(sentence.tokens).map(({ entry, from, to }) => ({ side: sides[entry] as Side, from, to }));
    known.set(sentence, cues);
  }
  return cues;
}

/** Whether the sentence names the words `from` to `to` only to say that it tells nothing of them. */
export function isUntold(sentence: Sentence, from: number, to: number): boolean {
  if (sentence.role === 'title' || !hasSign(sentence, 'aside')) return false;
  for (const cue of cuesOf(sentence)) {
    if (cue.side === 'around') {
      if (cue.from < from && to < cue.to) return true;
    } else if (cue.side === 'ahead') {
      if (cue.to <= from && from - cue.to <= REACH && !isParted(sentence, cue.to, from, false)) return true;
    } else if (cue.from >= to && cue.from - to <= REACH) {
      if (!isParted(sentence, to, cue.from, cue.side === 'behind')) return true;
    }
  }
  return false;
}

/** Whether another statement begins between two words. */
function isParted(sentence: Sentence, from: number, to: number, atVerbs: boolean): boolean {
  const { tokens } = sentence;
  // "patients who were not enrolled": said of the patients only
  if (atVerbs && to > from && RELATIVE.has(tokens[to - 1]?.word.lower ?? '')) return true;
  for (let at = from; at < to; at += 1) {
    const token = tokens[at];
    const word = token?.word.lower ?? '';
    if (OTHER.has(word)) return true;
    if (token?.breakBefore === true && isAtSemicolon(sentence, at)) return true;
    if (!atVerbs) continue;
    // "of those with pain, 40 were excluded"
    if (isNumeral(word)) return true;
    if (!VERBS.has(word)) continue;
    if (!RELATIVE.has(tokens[at - 1]?.word.lower ?? '')) return true;
  }
  return false;
}

function isAtSemicolon({ text, start, tokens }: Sentence, at: number): boolean {
  const from = (tokens[at - 1]?.end ?? start) - start;
  const to = (tokens[at]?.start ?? start) - start;
  return text.slice(from, to).includes(';');
}
