/**
 * One written form per word, so that the taxonomy lists a word once: case, accents, Greek letters, British and
 * American spelling and plurals are folded, in the phrases and in the papers alike. Offsets are never taken from
 * folded text, so folding may change its length.
 */

const GREEK: Record<string, string> = {
  α: 'alpha', β: 'beta', γ: 'gamma', δ: 'delta', ε: 'epsilon', ζ: 'zeta', η: 'eta', θ: 'theta', κ: 'kappa', λ: 'lambda',
  μ: 'mu', σ: 'sigma', τ: 'tau', φ: 'phi', χ: 'chi', ψ: 'psi', ω: 'omega', ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ı: 'i',
}; // prettier-ignore
const SPECIAL = new RegExp(`[${Object.keys(GREEK).join('')}]`, 'gu');

/** British spellings that no general rule reaches. */
const SPELLINGS: Record<string, string> = {
  tumour: 'tumor',
  behaviour: 'behavior',
  behavioural: 'behavioral',
  colour: 'color',
  labour: 'labor',
  odour: 'odor',
  tumourous: 'tumorous',
  centre: 'center',
  fibre: 'fiber',
  programme: 'program',
  randomise: 'randomize',
  paralyse: 'paralyze',
  paralysed: 'paralyzed',
  analyse: 'analyze',
  analysed: 'analyzed',
  analysing: 'analyzing',
  signalling: 'signaling',
  modelling: 'modeling',
  modelled: 'modeled',
  labelled: 'labeled',
  labelling: 'labeling',
  counselling: 'counseling',
  judgement: 'judgment',
  practise: 'practice',
  licence: 'license',
  grey: 'gray',
  mould: 'mold',
  sulphate: 'sulfate',
  vapour: 'vapor',
  neighbour: 'neighbor',
};

/** Plurals whose singular no ending gives. */
const SINGULARS: Record<string, string> = {
  children: 'child',
  women: 'woman',
  men: 'man',
  mice: 'mouse',
  feet: 'foot',
  teeth: 'tooth',
  criteria: 'criterion',
  phenomena: 'phenomenon',
  psychoses: 'psychosis',
  diagnoses: 'diagnosis',
  analyses: 'analysis',
  prognoses: 'prognosis',
  metastases: 'metastasis',
  synapses: 'synapse',
  doses: 'dose',
  responses: 'response',
  diseases: 'disease',
  cases: 'case',
  nurses: 'nurse',
  horses: 'horse',
  relapses: 'relapse',
  purposes: 'purpose',
  courses: 'course',
  databases: 'database',
  increases: 'increase',
  decreases: 'decrease',
  dementias: 'dementia',
  headaches: 'headache',
  aches: 'ache',
  toothaches: 'toothache',
  troches: 'troche',
};
/** Words on -s that are no plurals, or whose meaning hangs on it. */
const NO_PLURALS = new Set(['aids', 'news', 'species', 'series', 'diabetes', 'herpes', 'rabies', 'caries', 'always', 'perhaps', 'has', 'was', 'does', 'yes', 'gas', 'pons', 'sars', 'lens', 'trans', 'its']); // prettier-ignore

/** Folds case, accents and Greek letters: `β` and `Beta`, `é` and `e`. */
export function foldLetters(word: string): string {
  const lower = word.toLowerCase();
  let plain = true;
  for (let at = 0; at < lower.length; at += 1) {
    if (lower.charCodeAt(at) > 127) {
      plain = false;
      break;
    }
  }
  if (plain) return lower;
  return lower
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(SPECIAL, (letter) => GREEK[letter] ?? letter);
}

/** The one form under which a word of a phrase and a word of a paper meet. */
export function foldWord(word: string): string {
  return foldSpelling(foldPlural(foldLetters(word)));
}

/** anaesthesia, haemorrhage, oedema, diarrhoea: words that merely look so ("aerosol") fold alike on both sides. */
export function foldDigraphs(word: string): string {
  return word.includes('ae') || word.includes('oe') ? word.replace(/[ao]e/gu, 'e') : word;
}

function foldSpelling(word: string): string {
  const listed = SPELLINGS[word];
  if (listed !== undefined) return listed;
  if (word.length < 5) return word;
  let folded = foldDigraphs(word);
  if (folded.includes('is')) {
    folded = folded.replace(/is(e|ed|es|ing|er|ers|ation|ations)$/u, (ending, rest: string, at: number) =>
      at >= 4 ? `iz${rest}` : ending,
    );
  }
  return folded;
}

function foldPlural(word: string): string {
  const length = word.length;
  if (length < 4 || word.charCodeAt(length - 1) !== 115) return SINGULARS[word] ?? word;
  const listed = SINGULARS[word];
  if (listed !== undefined) return listed;
  if (NO_PLURALS.has(word)) return word;
  if (/(ss|us|is|itis|sis|ous)$/u.test(word)) return word;
  if (word.endsWith('ies')) return length > 5 ? `${word.slice(0, -3)}y` : word.slice(0, -1);
  if (/(ss|sh|ch|x|zz)es$/u.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}
