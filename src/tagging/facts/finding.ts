import type { Span } from '../../model/tag.js';
import type { Taggable } from '../../model/taggable.js';
import type { AnalysedText, Sentence } from '../analyse-text.js';
import type { Found } from './participants.js';

/** Papers that have no finding of their own to state. */
const WITHOUT: ReadonlySet<string | null> = new Set(['protocol', 'correction']);

/** "In conclusion", "Our findings suggest": what follows is the conclusion, wherever it stands. */
const CONCLUDES =
  /^(?:in (?:conclusion|summary|sum|short)|to conclude|conclusions?|overall|taken together|together|collectively|altogether|thus|therefore|hence|based on)\b|\b(?:we|the authors?|it (?:is|was|can be|may be)) (?:conclude|concluded|suggest|suggested)\b|\b(?:these|our|this|the|present|current|study|trial|preliminary) (?:[\w-]+ ){0,4}(?:results?|findings?|data|study|evidence|observations?|trial|analysis|meta-analysis|review|cases?|report|series|work) (?:[\w-]+ ){0,3}(?:suggest|indicate|support|demonstrate|show|provide|confirm|reveal|highlight|imply|extend|establish|identif|point)/i;
/** Words of an outcome. */
const RESULT =
  /\b(?:effective(?:ly|ness)?|efficacy|efficacious|safe(?:ly|ty)?|well[- ]tolerated|reduc\w+|improv\w+|increas\w+|decreas\w+|attenuat\w+|superior|inferior|similar|comparable|associat\w+|predict\w*|correlat\w+|no (?:significant )?(?:difference|effect|evidence|benefit|association)|did not|does not|not (?:associated|effective|superior|significantly)|significant\w*|prevent\w*|revers\w+|produc\w+|induc\w+|enhanc\w+|mediat\w+|alleviat\w+|relie\w+|antidepressant effects?|benefi\w+|promising|useful|alternative|reliev\w+|rapid\w*|better|worse|higher|lower|more|less|fewer|greater|provid\w+|contribut\w+|impair\w*|alter\w*|play\w*|involv\w+|feasible|tolerab\w+|potential|require\w*|risk|role|may|can)\b/i;
const STRONG_RESULT =
  /\b(?:effective|safe|reduc(?:ed|es|tion)|improv(?:ed|es|ement)|increas(?:ed|es)|decreas(?:ed|es)|superior|inferior|similar|associated|predict(?:s|ed)|no (?:significant )?(?:difference|effect|evidence|benefit)|did not|significant(?:ly)?|prevent(?:s|ed)|revers(?:es|ed)|alleviat(?:es|ed)|attenuat(?:es|ed)|induc(?:es|ed)|better|higher|lower|fewer|greater|produc(?:es|ed)|impair(?:s|ed)|feasible|well[- ]tolerated)\b/i;
/** What still has to be done, and what a paper says about itself without saying what it found. */
const OUTLOOK =
  /\b(?:further|future|additional|more|larger|longer|prospective|confirmatory|randomi[sz]ed(?: controlled| clinical)?|controlled|clinical|rigorous|well-designed|long-term|high-quality|adequately powered|ongoing|next)(?:[- ,]+[\w-]+){0,4}[- ]+(?:stud(?:y|ies)|research|trials?|investigations?|work|evidence|data|exploration|evaluation|validation|rcts?)\b[^.]{0,60}\b(?:need\w*|required?|warrant\w*|necessary|should|must|will|could|are to|is essential|encouraged|merit\w*|would|recommended|help|awaited)\b|\b(?:warrants?|warranted|needs?|requires?|merits?|deserves?|remains?|await\w*) (?:to be |for |any )?(?:further|additional|more|future|larger|replicat\w+|confirm\w+|investigat\w+|unclear|unknown|elucidated|determined|established|stud(?:y|ied))|\bneed for\b|\b(?:must|should) (?:\w+ )?(?:remain preliminary|be (?:further )?(?:explored|confirmed|replicated|interpreted|verified|investigated|examined))|^if (?:shown|confirmed|replicated|proven)|\bin (?:larger|future|further) (?:\w+ )?(?:studies|trials|samples|designs?)\b|\b(?:key|crucial|essential|critical|important|necessary) (?:to|for) (?:future|further)\b|\bfuture (?:research(?:ers)?|studies|work|directions?|investigations?|trials?)\b|\b(?:limitations?|limited by)\b|\bremains? (?:unclear|unknown|to be|uncertain)/i;
const ABOUT_ITSELF =
  /\b(?:we|this (?:article|paper|review|chapter|study|work|report|manuscript|editorial|commentary|overview)|the (?:article|paper|review|authors?|present (?:review|article))) (?:will |also |then |briefly |critically |further |aims? to |seeks? to |attempts? to )?(?:discuss\w*|describ\w*|review\w*|summari\w*|outlin\w*|present\w*|explor\w*|examin\w*|aims?|address\w*|consider\w*|focus\w*|provides? an (?:overview|update)|highlights? the|propos\w*|offers?)\b|\b(?:are|is|will be) (?:also )?(?:(?:discussed|reviewed|presented|described|summari[sz]ed|outlined)\b|considered\b(?! (?:preliminary|exploratory|tentative)))|^at baseline\b|\b(?:analysis|trial|study)\b[^.]{0,60} (?:examines?|investigates?|evaluates?|tests?|assesses|explores?) (?:whether|if|how)\b|\b(?:paper|study|article|review|aim|purpose|objective)\b[^.]{0,30} (?:is|was) to [a-z]|^\W*(?:\d{4}|©)\s+[A-Z]|\b(?:Inc|Ltd|LLC)\.$|\b(?:Elsevier|Springer|Wiley)\b|copyright|all rights reserved|psyc\s?info database|registration|clinicaltrials\.gov|^(?:trial|funding|level of evidence|registry|keywords?|doi|protocol regist)/i; // prettier-ignore
/** A heading under which no result stands. */
const LIMITATIONS = /limitation/i;
/** What was done, not what came out. */
const DONE =
  /\b(?:was|were|is|are) (?:then |also )?(?:studied|investigated|examined|assessed|evaluated|compared|analy[sz]ed|measured|recorded|tested|performed|conducted|used|calculated)\b/i;
const PROCEDURE =
  /\b(?:was|were) (?:induced|maintained|intubated|administered|randomi[sz]ed|enrolled|recruited|divided) (?:with|by|to|into|in|before|after|via|using)\b/i;
const PRIMARY = /\b(?:primary|main|principal) (?:outcome|end ?point|efficacy|result|finding|measure|analysis)/i;
const COMPARED = /\b(?:compared (?:with|to)|versus|vs\.?|than|relative to|p\s?[<=>])/i;
const CONTRASTS = /^(?:however|but|although|nevertheless|nonetheless|moreover|furthermore|in addition|additionally|also|these|this|it)\b/i; // prettier-ignore

const SHORTEST = 25;
const LONGEST_TOGETHER = 520;
const ENOUGH = 2;
/** A conclusion that says so plainly: the results need not be looked at. */
const PLAIN = 5;

function isConclusion({ role }: Sentence): boolean {
  return role === 'conclusion' || role === 'future';
}

/**
 * The one or two sentences that state the main result or conclusion, as printed: from a conclusion, labelled or not;
 * else what the results say of the primary outcome, or most plainly.
 */
export function findFinding(
  paper: Taggable,
  { sentences }: AnalysedText,
  { study, drugSentences }: { study: string | null; drugSentences: ReadonlySet<Sentence> },
): Found<string> | null {
  if (WITHOUT.has(study)) return null;
  const abstract = sentences.filter(({ field }) => field === 'abstract');
  const scores = abstract.map(() => 0);
  let best = -1;
  let bestScore = ENOUGH;
  const look = (at: number, sentence: Sentence): void => {
    const first = at === 0 || abstract[at - 1]?.role !== 'conclusion';
    const score = weigh(sentence, { first, left: abstract.length - at, drug: drugSentences.has(sentence) });
    scores[at] = score;
    // of equals the earlier one: a conclusion begins with what matters
    if (score <= bestScore) return;
    best = at;
    bestScore = score;
  };
  for (const [at, sentence] of abstract.entries()) if (isConclusion(sentence)) look(at, sentence);
  if (bestScore < PLAIN)
    for (const [at, sentence] of abstract.entries()) if (!isConclusion(sentence)) look(at, sentence);
  const main = abstract[best];
  if (!main) return null;
  const chosen = [main];
  const next = abstract[best + 1];
  if (next && isContinued(main, next, scores[best + 1] ?? 0)) chosen.push(next);
  const spans = chosen.map((sentence) => spanOfSentence(paper, sentence));
  return { value: spans.map(({ text }) => text).join(' '), spans };
}

function weigh(
  { role, text, label }: Sentence,
  { first, left, drug }: { first: boolean; left: number; drug: boolean },
): number {
  if (text.length < SHORTEST) return 0;
  const concludes = CONCLUDES.test(text);
  if (role !== 'conclusion' && role !== 'results' && role !== 'future' && left > 3 && !concludes) return 0;
  if (ABOUT_ITSELF.test(text) || (label !== null && LIMITATIONS.test(label))) return 0;
  let score: number;
  if (role === 'conclusion') score = label === null ? 3.5 : 4.5;
  else if (role === 'results') score = 1;
  else if (role === 'future') score = 2;
  else score = left <= 2 ? 1 : -1;
  const outlook = OUTLOOK.exec(text);
  // "… with a good profile; further trials are needed" says something first
  if (outlook)
    score -=
      outlook.index > 60 && RESULT.test(text.slice(0, outlook.index)) && /[;,]/.test(text.slice(40, outlook.index + 1))
        ? 1
        : 3;
  if (PROCEDURE.test(text)) score -= 2;
  const plain = STRONG_RESULT.test(text);
  if (role === 'results' && !plain) score -= 0.75;
  if (!plain && DONE.test(text)) score -= 2;
  if (concludes) score += 2;
  if (RESULT.test(text)) score += 0.75;
  if (plain) score += 1;
  if (drug) score += 1;
  if (role === 'conclusion' && first) score += 0.75;
  if (role === 'results' && PRIMARY.test(text)) score += 1.5;
  if (role === 'results' && COMPARED.test(text)) score += 0.5;
  return score;
}

/** A second sentence of the same conclusion, while both stay short; never an outlook. */
function isContinued(main: Sentence, next: Sentence, score: number): boolean {
  if (next.index !== main.index || main.text.length + next.text.length > LONGEST_TOGETHER) return false;
  if (main.role !== 'conclusion' || (next.role !== 'conclusion' && next.role !== 'future')) return false;
  if (OUTLOOK.test(next.text) || ABOUT_ITSELF.test(next.text)) return false;
  return score >= 5 || (CONTRASTS.test(next.text) && score >= 4.5);
}

/** "CONCLUSION The drug …": a heading that the text lost its colon of. */
const HEADING = /^(?:CONCLUSIONS?|RESULTS?|INTERPRETATION|DISCUSSION|FINDINGS)[\s:]+(?=[A-Z])/;

function spanOfSentence(paper: Taggable, { field, index, start: from, end, text: whole, role }: Sentence): Span {
  const value = field === 'title' ? paper.title : (paper.abstract[index]?.text ?? '');
  let start = from + (HEADING.exec(whole)?.[0].length ?? 0);
  // a sentence is said to begin with its first word: "[123I]…", "(S)-…" begin before it
  while (start > 0 && '([{“"‘'.includes(value.charAt(start - 1))) start -= 1;
  const text = value.slice(start, end);
  const rule = role === 'conclusion' || role === 'future' ? 'conclusion' : role === 'results' ? 'main result' : 'stated result'; // prettier-ignore
  return { field, index, start, end, text, rule };
}
