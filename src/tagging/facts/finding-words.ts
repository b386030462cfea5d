/** What the words of a sentence say about its being the finding of a paper. None of these is meant for a whole text. */

/** "In conclusion", "Our findings suggest": what follows is the conclusion, wherever it stands. */
export const CONCLUDES =
  /^(?:in (?:conclusion|summary|sum|short)|to conclude|conclusions?|overall|taken together|together|collectively|altogether|thus|therefore|hence|based on)\b|\b(?:we|the authors?|it (?:is|was|can be|may be)) (?:conclude|concluded|suggest|suggested)\b|\b(?:these|our|this|the|present|current|study|trial|preliminary) (?:[\w-]+ ){0,4}(?:results?|findings?|data|study|evidence|observations?|trial|analysis|meta-analysis|review|cases?|report|series|work) (?:[\w-]+ ){0,3}(?:suggest|indicate|support|demonstrate|show|provide|confirm|reveal|highlight|imply|extend|establish|identif|point)/i;

/** A finding told as one: "showed that …", "we found …", "there was no …", "was as effective as …". */
export const STATES =
  /\b(?:(?:suggest|indicat|show|demonstrat|conclud|confirm|reveal|found|find|establish|evidence|observ|support)\w* (?:\w+ )?that|we (?:found|show(?:ed)?|observed|demonstrated?|report(?:ed)?|identified)|there (?:was|were|is) (?:a|no)|(?:was|were|is|are) (?:(?:as|not|also|more|significantly|generally|well|highly) )?(?:associated|effective|efficacious|superior|safe|tolerated|inferior|comparable))\b/i;

/** No difference is a result, too; other plain outcomes are signs of words (word-signs.ts). */
export const NO_DIFFERENCE = /\bno (?:\w+ )?(?:differences?|effects?|evidence|benefits?|associations?)\b/i;

/** What still has to be done or is not known. */
export const TO_DO =
  /\b(?:(?:is|are|remains?|be|appears?|seems?) (?:\w+ )?(?:warranted|needed|required|necessary|desirable|lacking|awaited|inconclusive|unclear|unknown|called for)|(?:warrants?|requires?|needs?|deserves?|merits?|awaits?) (?:a|an|to be|for|any|further|larger|more|additional|future|replicat\w+|confirm\w+|investigat\w+)|(?:need|call)s? (?:for|to)|(?:should|must) (?:\w+ )?(?:be )?(?:further |remain )?(?:aim|explor|examin|investigat|focus|evaluat|test|address|confirm|includ|replicat|interpret|verif|preliminary)\w*|future (?:[\w-]+ ){0,3}(?:stud|research|trial|work|investigation|direction|plan)\w*|further (?:[\w-]+ ){0,3}(?:stud|research|trial|work|investigation|action|evaluation|validation|exploration|evidence)\w*|remains? to be|ha(?:ve|s) yet to|limitations?|limited by|in larger (?:\w+ )?(?:studies|trials|samples))\b|^if (?:shown|confirmed|replicated|proven)/i;

/** What a paper says about itself without saying what it found. */
export const ABOUT_ITSELF =
  /\b(?:we|this (?:(?:narrative|systematic|scoping|brief|short|critical|comprehensive|mini|literature|current|selective|clinical|case|special) ?-?)?(?:article|paper|review|chapter|study|work|report|manuscript|editorial|commentary|overview|letter|column|issue|section)|the (?:article|paper|review|authors?|(?:present|current) (?:review|article|paper|work|chapter))) (?:will |also |then |briefly |critically |further |aims? to |seeks? to |attempts? to )?(?:discuss\w*|describ\w*|review\w*|summari\w*|outlin\w*|present\w*|explor\w*|examin\w*|aims?|address\w*|consider\w*|focus\w*|provides? an? (?:[\w-]+ )?(?:overview|update|discussion|summary|introduction|synopsis)|highlights? the|propos\w*|offers?)\b|\b(?:are|is|will be) (?:also )?(?:(?:discussed|reviewed|presented|described|summari[sz]ed|outlined)\b|considered\b(?! (?:preliminary|exploratory|tentative)))|\bconcludes? with (?:an?|the|some|suggestions|recommendations|thoughts|directions)\b|^in this (?:\w+ )?(?:review|article|paper|chapter|commentary|letter), (?:we|the authors?)\b(?! (?:show|demonstrate|conclude|found|find|argue|suggest))|^expected (?:results?|outcomes?)\b|^\W*\d+[.)] +[a-z]|^(?:\W*\d+[.)] *)?to (?:evaluate|assess|determine|investigate|examine|compare|explore|describe)\b|\bwere (?:omitted|excluded)\b|^at baseline\b|\b(?:analysis|trial|study)\b[^.]{0,60} (?:examines?|investigates?|evaluates?|tests?|assesses|explores?) (?:whether|if|how)\b|\b(?:paper|study|article|review|aim|purpose|objective)\b[^.]{0,30} (?:is|was) to [a-z]|^\W*(?:\d{4}|©)\s+[A-Z]|\b(?:Inc|Ltd|LLC)\.$|\b(?:Elsevier|Springer|Wiley)\b|copyright|all rights reserved|psyc\s?info database|registration|clinicaltrials\.gov|^(?:trial|funding|level of evidence|registry|keywords?|doi|protocol regist)/i; // prettier-ignore

/** What a finding may be good for, not the finding: "has implications for …", "is the first study to …", advice. */
export const BEYOND =
  /\b(?:implications?|insights?|shed(?:s|ding)? (?:\w+ )?light|(?:is|was|represents?|provides?|are|knowledge,?|among) (?:\w+ )?(?:the )?first|first (?:study|report|trial|evidence|investigation|demonstration|case|analysis)|(?:our|the|current|existing) (?:understanding|knowledge)|groundwork|foundation|add(?:s|ing)? to|(?:can|could|may|might|will|to) (?:inform|guide|help|aid|pave|facilitate|open|lead)|valuable|importance of|important (?:step|to|for)|(?:new|novel|future) (?:targets?|approach\w*|strateg\w+|treatments?|therap\w+|drugs?|antidepressants?|interventions?)|development of|contribut\w+ to|growing body|framework|promise|(?:should|must) (?:\w+ )?be|ha(?:s|ve) to be|it is (?:important|essential|crucial|necessary)|recommend\w*|clinicians|caution|taken into account|aware(?:ness)?)\b/i;

/** It goes on from the sentence before: "Moreover, …", "However, …", "This effect …", not "These findings suggest …". */
export const LEANS =
  /^(?:moreover|furthermore|additionally|in addition|also|further|besides|conversely|for example|in particular|specifically|notably|interestingly|similarly|likewise|in contrast|by contrast|finally|lastly|secondly|as expected|rather|consistently|importantly|however|but|nevertheless|nonetheless|yet|still|this|these|it|they|such|those|both)\b(?! (?:\w+ )?(?:study|results?|findings?|data|trial|review|analysis|case)\b)/i;

/** Beside the question: how the groups began, what is known from others, secondary analyses, harms. */
export const ASIDE =
  /\b(?:exploratory|secondary|subgroup|post[- ]hoc|blood levels?|plasma (?:levels?|concentrations?)|sensitivity analys\w+|adverse|side[- ]effects?|previous(?:ly)?|prior|recent(?:ly)?|studies have|ha(?:s|ve) been|several studies|baseline|demographic\w*|were (?:included|enrolled|recruited)|completed the)\b/i;

/** What was asked or expected. */
export const ASKS =
  /\b(?:we (?:predicted|hypothesi[sz]ed|expected|aimed|sought|tested)|hypothes[ie]s|aim of|to (?:test|determine|assess|examine|investigate|evaluate) (?:the|whether|if|how))\b/i;

/** What was done, not what came out. */
export const DONE =
  /\b(?:was|were|is|are) (?:then |also )?(?:studied|investigated|examined|assessed|evaluated|compared|analy[sz]ed|measured|recorded|tested|performed|conducted|used|calculated)\b/i;

/** "CONCLUSION The drug …": a heading that the text lost its colon of. */
export const HEADING = /^(?:CONCLUSIONS?|RESULTS?|INTERPRETATION|DISCUSSION|FINDINGS)[\s:]+(?=[A-Z])/;
/** One of a conclusion, in any letters. */
export const CONCLUSION_HEADING = /^(?:conclusions?|interpretation|discussion)\b[\s:–-]+(?=[A-Z])/i;

/** A heading under which no result stands, unless it names one as well ("Limitations and conclusions"). */
export const BARREN_LABEL =
  /^(?!.*(?:conclu|result|finding|interpret|discussion)).*(?:limitation|implication|regist|funding|disclos|conflict|ethic|keyword|availab)/i;
/** The same within a text that has lost its headings: "PRACTICAL IMPLICATIONS: …". */
export const BARREN_HEADING =
  /^(?:(?:strengths and )?limitations?|(?:practical|clinical) implications?|levels? of evidence|plain[- ]language summary|lay summary|impact statement|(?:trial|study|protocol|clinical trial) registration|funding|keywords?|conflicts? of interest)\s?[:–—.]/i;

/** A sentence whose subject is work still to be done: "Larger randomised trials of ketamine are warranted". */
export const OUTLOOK =
  /^(?:(?:therefore|thus|hence|however|nevertheless|moreover|furthermore|ultimately|finally|in addition|additionally|overall|in conclusion|but),? )?(?:it remains to be\b|(?:(?:the )?results (?:from|of) )?(?:further|additional|future|more|larger?|long[- ]term|longer|prospective|randomi[sz]ed|controlled|placebo-controlled|double-blind|well-designed|high-quality|ongoing|follow-up|confirmatory)\b[^.;:]{0,50}?\b(?:stud(?:y|ies)|trials?|research|work|investigations?|evaluations?|exploration|evidence|data|replication|experience|rcts?)\b(?:(?!\b(?:show|suggest|found|demonstrated|indicat|reveal|supported|support that|report))[^.;]){0,200}?\b(?:(?:is|are|be) (?:\w+ )?(?:warranted|needed|required|necessary|desirable|merited|awaited|called for|expected to)|should|must|will|remains? to)\b)/i;

/** What was expected beforehand; "as we predicted, …" is a result. */
export const EXPECTED =
  /^(?:(?:thus|therefore|hence|here|specifically|accordingly),? )?(?:we (?:\w+ )?(?:predicted|hypothesi[sz]ed?|anticipated|expected) (?:that|a|an|to)\b|(?:it was|the study was|our|the) (?:hypothesi[sz]ed|hypothesis was) that\b)(?!.*\b(?:found|showed|confirmed|observed|supported)\b)/i;

/** What is printed behind an abstract: registry numbers, disclosures, a publisher's year. */
export const IMPRINT =
  /registration|registered (?:at|in|with|on|under)|clinical\s?trials?\.gov|NCT ?-?\d{5}|^\W*\d{4}\.?$|\bregist(?:ry|er)\b|\b\d{4};\d|\b(?:Ltd|Inc|LLC)\.?$|^(?:disclosure|funding|conflicts? of interest)/i;

/** Words that say nothing about what a paper is on. */
const FUNCTION_WORDS: ReadonlySet<string> = new Set(['the', 'and', 'for', 'with', 'from', 'are', 'was', 'were', 'that', 'this', 'study', 'trial', 'randomized', 'randomised', 'controlled', 'after', 'using', 'between', 'during', 'among', 'effects', 'effect', 'patients']); // prettier-ignore
/** Letters by which words are compared: "reduces", "reduction". */
export const STEM = 6;

/**
 * How a word is compared with those of the title: its beginning ("reduces", "reduction"), null for one that says
 * nothing about the subject. @param word in small letters
 */
export function stemOf(word: string): string | null {
  return word.length < 3 || FUNCTION_WORDS.has(word) ? null : word.slice(0, STEM);
}
