/**
 * How medical abstracts say what a sentence does. These are properties of the language, not of a drug, which is why
 * they stand here and not in the taxonomy. Phrases are written as in taxonomy/phrase.ts.
 */
const STUDY =
  '(study|trial|review|survey|report|article|paper|analysis|work|experiment|investigation|meta analysis|protocol|research|project|chapter|registry|evaluation|column|overview|commentary|editorial|essay)';
const DOES =
  '(aim*|investigate*|evaluate*|examine*|assess*|compare*|determine*|explore*|describe*|test*|seek|sought|summar*|review*|address*|characteri*|identify|quantify|outline*|elucidate*|discuss*|focus*|synthesize*|present*|analyze*|provide*|consider*|offer*|study|studied|map*|critically)';
const TO_DO =
  '(investigate|evaluate|examine|assess|compare|determine|explore|describe|test|summarize|review|address|characterize|identify|quantify|elucidate|study|establish|understand|clarify|estimate|analyze|ascertain|find out|report|verify|observe|measure|develop|provide|discuss|confirm|validate|replicate|synthesize|critically|systematically|further)';

export const CUES = {
  aim: [
    `(this|the present|our|the current|present|current) [${'systematic|narrative|scoping|randomized|retrospective|prospective|pilot|observational|literature|case'}] ${STUDY} ~4 ${DOES}`,
    `we ~2 (aim|aimed|sought|hypothesized|hypothesize|set out|investigated|examined|evaluated|explored|tested|compared|studied|assessed|report|describe|present|reviewed|review|discuss|summarize|conducted|performed|undertook|propose)`,
    `(here|herein|therefore|thus|accordingly|in this ${STUDY}) ~1 (we|I (examine|review|discuss|consider|describe|argue))`,
    `to [help] (determine|understand|elucidate|clarify|address|test|explore|better understand) (how|this|these|whether|if|the) ~12 (we|was|were)`,
    `(aim|objective|purpose|goal|object|intent) [of ~6] (is|was|were|are|to|of)`,
    `(was|is|were) (designed|undertaken|conducted|performed|aimed|intended|carried out|planned) ~3 (to|at)`,
    `in order to ${TO_DO}`,
    `to ${TO_DO} (whether|if|the|how)`,
    `(it was|our|the|we) hypothes*`,
    'primary (aim|objective)',
    'secondary (aim|objective)',
    `(this|the present) ${STUDY} (is|was) (a|an|the)`,
  ],
  population: [
    '(patient|participant|subject|adult|individual|child|woman|people|inpatient|outpatient|volunteer|veteran|adolescent) ~3 (were|was) [also] (enrolled|recruited|included|randomized|selected|studied|allocated|assigned|eligible|divided)',
    '(enrolled|recruited|included|studied|comprised) ~6 (patient|participant|subject|adult|individual|child|woman|people|inpatient|outpatient|volunteer|veteran|adolescent)',
    '(eligible|inclusion criterion|aged ~3 year|were included|were recruited)',
    '(sprague dawley|wistar|c57bl|balb) ~3 (rat|mouse|mice)',
    '(male|female|adult|young) (rat|mouse)',
  ],
  intervention: [
    '(received|receiving|was given|were given|was administered|were administered|injected|infused|treated with|underwent)',
    '(randomized|randomly|allocated|assigned|divided) ~6 (to|into) ~3 (receive|one of|group|either)',
  ],
  outcomes: [
    '(primary|secondary|main|efficacy|safety|key|co primary|exploratory) ~2 (outcome|end point|endpoint|measure|variable)',
    'outcome (measure|was|were|include)',
    '(was|were) ~2 (assessed|measured|evaluated|recorded|rated|monitored|quantified|scored|determined|compared|collected) (using|by|with|at|before|during|for|via|through|every|in)',
    '(was|were) [also] (assessed|measured|evaluated|recorded|rated|monitored|scored)',
  ],
  methods: [
    '(database|pubmed|medline|embase|cochrane library) ~6 (searched|search|until|from|for)',
    'we searched',
    '(we|were) ~3 (extracted|screened|pooled)',
    '(double blind|single blind|placebo controlled|open label|retrospective|prospective|cross sectional) ~4 (study|trial|design|analysis|review|cohort)',
    '(was|were) (calculated|analyzed|performed|conducted|used|obtained|searched|conducted)',
    '(regression|anova|kaplan meier|propensity score|random effect|linear mixed) ~3 (model|analysis|was|were)',
  ],
  results: [
    '(significantly|significant)',
    '(p|ci|95|or|hr|rr|smd|md|aor|ahr) (0|1|001|05|95|ci)',
    '(we|were) (found|observed|identified|noted)',
    '(there was|there were) ~2 (no|not|a|significant|difference|improvement|increase|decrease|reduction)',
    '(compared|relative) (to|with) (placebo|baseline|control|saline|vehicle|midazolam)',
    '(result|finding|data|analysis) (showed|revealed|demonstrated|indicated|suggested)',
    '(was|were) (associated|correlated|reduced|increased|lower|higher|greater|decreased|similar|improved|attenuated|reported|seen|well tolerated|observed|enrolled|included in the analysis)',
    '(reported|experienced|achieved|improved|decreased|reduced|increased|attenuated|reversed|prevented|abolished|produced|induced|showed|demonstrated|exhibited)',
    '(mean|median|range) ~3 (0|1|2|3|4|5|6|7|8|9|sd|iqr)',
  ],
  conclusion: [
    '(in conclusion|to conclude|in summary|in sum|overall|taken together|collectively|altogether|conclusively|in short|thus)',
    '(we|the author|author) ~2 (conclude|suggest|recommend|believe|propose that|speculate)',
    '(these|our|this|the present|the|present|current) ~4 (finding|result|data|evidence|study|observation|case|report|trial|review|meta analysis|analysis) ~3 (suggest*|indicate*|support*|demonstrate*|show|imply|implie*|highlight*|provide*|underscore*|confirm*|reveal*|add|extend|point|emphasize*|contribute*)',
    '(may|might|could|should) (be|represent|provide|have|offer|serve|prove) ~6 (useful|effective|promising|option|alternative|safe|beneficial|considered|valuable|treatment|therapy|target|role|feasible|potential)',
    '(appear|appears|seem|seems) (to be|to have|safe|effective|feasible|promising)',
    '(is|are) (a|an) (promising|effective|safe|useful|viable|feasible|valuable|potential|novel|reasonable|appropriate|suitable)',
    '(implication|clinical relevance|clinical practice)',
  ],
  future: [
    '(future|further|additional|more|larger|ongoing|subsequent|confirmatory|long term) ~4 (study|research|trial|work|investigation|evidence|data|evaluation|exploration|efforts|experiment|rct) ~8 (need*|require*|warrant*|necessary|should|must|will|could|are|may|to|is|explore*|examin*|investigat*)',
    '(need|call|necessity) for ~4 (study|research|trial|investigation|evidence|data)',
    '(warrant*|require*|need*|deserve*|merit*) ~3 (further|future|additional|more|larger) ~2 (study|research|trial|investigation|exploration|evaluation)',
    '(remain*|remains) (to be|unclear|unknown|uncertain|controversial|elusive|poorly understood|limited)',
    'future (direction|research|study|perspective|trial)',
    '(limitation|limited by) ~2 (of|include|this|the|is|was)',
  ],
  background: [
    '(has|have) (been|emerged|shown|demonstrated|become|gained|attracted|recently|received|long)',
    '(is|are) (a|an|the) ~3 (common|major|leading|serious|debilitating|chronic|severe|frequent|prevalent|disabling|antagonist|anesthetic|agent|drug|medication|disorder|disease|condition|problem|complication)',
    '(is|are) (associated|characterized|known|widely|commonly|often|increasingly|frequently|considered|thought|believed|used)',
    '(previous|prior|recent|earlier|accumulating|growing|emerging|preliminary|preclinical) ~3 (study|evidence|research|data|finding|work|report|trial)',
    '(little|less|not much) is known',
    '(however|although|despite|while)',
    '(affect*|estimated|prevalence of|up to|approximately) ~8 (people|population|worldwide|patient|individual|adult|american)',
  ],
} as const;

export type Cue = keyof typeof CUES;

/** Words of printed section headings, in the order in which they decide. */
export const HEADINGS: readonly [RegExp, string][] = [
  [/exclusion/, 'exclusion'],
  [/limitation|regist|funding|plain language|prospero|identifier|disclos|keyword|conflict|acknowledg|ethic/, 'future'],
  [/future|perspective|next steps/, 'future'],
  [
    /conclu|discussion|interpretation|implication|significance|lesson|relevance to|summary|take home|clinical relevance|key point|comment/,
    'conclusion',
  ],
  [/outcome|measure|end ?point|assessment/, 'outcomes'],
  [/participant|patient|population|subject|sample|inclusion|eligib|condition|diagnos|animals/, 'population'],
  [/intervention|exposure|treatment|dosage|administration/, 'intervention'],
  [
    /result|finding|observation|synthesis|case|experience|report|evidence acqui|content|expert opinion|areas covered|recommendation|data summary/,
    'results',
  ],
  [/objective|aim|purpose|goal|question|hypothes|study ob/, 'aim'],
  [
    /method|design|setting|material|procedure|data source|search|analys|selection|extraction|approach|data col|protocol|strategy/,
    'methods',
  ],
  [/background|introduction|context|rationale|importance|what is known|overview|significance of/, 'background'],
];
