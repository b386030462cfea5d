/**
 * The words by which English abstracts say how many were studied. Nothing here depends on the drug.
 * `person`, `animal`: who is counted. `weak`: who they are (men, women, controls, cases), said of all or of a part.
 */
export type Counted = 'person' | 'animal' | 'weak' | 'control';

const PERSONS = 'patients participants subjects volunteers adults children individuals persons people adolescents inpatients outpatients veterans infants neonates newborns parturients respondents youths youth students probands survivors mothers primiparas pregnant soldiers physicians clinicians nurses anesthesiologists anaesthesiologists psychiatrists teenagers toddlers clients consumers humans preschoolers primigravidas enrollees recipients candidates completers attendees alcoholics offenders prisoners inmates detainees arrestees undergraduates trainees surgeons neurologists oncologists pediatricians paediatricians dentists therapists psychologists practitioners stakeholders teachers workers ss pediatric pts'; // prettier-ignore
const WEAK = 'women men females males cases users girls boys abusers nonusers dependents families twins addicts smokers nonsmokers drinkers callers decedents deaths relatives caregivers experts pharmacists providers members staff questionnaires'; // prettier-ignore
const CONTROLS = 'controls hcs hvs';
const ANIMALS = 'rats mice animals monkeys macaques dogs cats rabbits pigs piglets swine sheep horses gerbils hamsters chicks ferrets zebrafish baboons goats calves rodents cows ponies lambs chickens pigeons primates marmosets ewes mares foals birds turtles llamas alpacas camels foxes bears deer larvae pups kittens puppies beagles donkeys raccoons lemurs tamarins gilts minipigs chimpanzees gorillas wolves lions tigers seals'; // prettier-ignore
const SINGULAR: Readonly<Record<string, string>> = { children: 'child', women: 'woman', men: 'man', mice: 'mouse', people: 'person', calves: 'calf', families: 'family', wolves: 'wolf', ponies: 'pony', puppies: 'puppy', larvae: 'larva' }; // prettier-ignore

const COUNTED = new Map<string, Counted>();
const SINGULARS = new Set<string>();
const know = (words: string, kind: Counted): void => {
  for (const word of words.split(' ')) {
    const singular = SINGULAR[word] ?? word.replace(/s$/, '');
    COUNTED.set(word, kind);
    if (singular !== word) {
      COUNTED.set(singular, kind);
      SINGULARS.add(singular);
    }
  }
};
know(PERSONS, 'person');
know(WEAK, 'weak');
know(CONTROLS, 'control');
know(ANIMALS, 'animal');
SINGULARS.delete('youth');
// adjectives, not heads
for (const word of ['pregnant', 'pediatric', 'adult', 'male', 'female', 'control']) COUNTED.delete(word);

/** Who a word counts, null when nobody. */
export const countedOf = (lower: string): Counted | null => COUNTED.get(lower) ?? null;
/** A form that each of those asked filled in. */
export const isForm = (lower: string): boolean => lower === 'questionnaires';
export const isSingular = (lower: string): boolean => SINGULARS.has(lower);

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Words that may stand between a number and whom it counts; any other word may too, but not these. */
export const STOPS = set('of in to were was with for from at on by had have has who that which received during after before while when is are be been as than then but versus vs because into between among across using per underwent completed achieved showed reported experienced developed required mg kg g ml l mcg µg μg ug ng min mins minute minutes h hr hrs hour hours s sec seconds day days week weeks month months year years yr yrs y old mm cm mmhg hz points point items item times fold sessions session infusions infusion treatments treatment doses dose studies study trials trial articles papers publications records reports sites centers centres hospitals clinics countries groups group arms arm cohorts datasets databases citations rcts reviews years-old visits procedures surgeries operations scans samples cells slices neurons genes proteins regions electrodes channels tablets dollars usd cases-control posts tweets comments questions interviews focus themes percent'); // prettier-ignore

/** The participants are taken in: the total. */
export const ENROLLED = set('randomized randomised randomly randomization randomisation enrolled enroled recruited included participated assigned allocated entered enrolling enrolled recruiting'); // prettier-ignore
export const STUDIED = set('studied analyzed analysed investigated treated evaluated examined underwent undergoing scheduled received receiving given identified reviewed assessed tested divided anesthetized anaesthetized surveyed responded interviewed scanned used consented selected collected retrieved extracted followed genotyped monitored observed imaged'); // prettier-ignore
/** More than took part. */
export const SCREENED = set('screened approached invited contacted eligible eligibility'); // prettier-ignore
/** A part of them, as results tell. */
export const PART = set('excluded withdrew withdrawn dropped discontinued died reported experienced achieved had showed improved developed required remitted relapsed refused declined lost failed responding remained remaining continued complained vomited exhibited demonstrated needed suffered stopped attained reached'); // prettier-ignore
/** What is said right before a total. */
export const TOTAL_BEFORE = set('included enrolled recruited randomized randomised comprised comprising involving involved studied including consisted analyzed analysed sample cohort evaluated examined investigated tested enrolling recruiting treated randomizing randomising selected include includes surveyed interviewed investigate examine evaluate assess treat enroll recruit randomize randomise series population contained assessed containing records charts data reviewed assigned allocated'); // prettier-ignore
/** What is said right before a part, a bound or a mean. */
export const PART_BEFORE = set('only remaining other another additional further excluded average least most up excluding maximum minimum'); // prettier-ignore
export const GROUP_WORDS = set('group groups arm arms each per condition conditions cohort cohorts'); // prettier-ignore
export const STUDY_WORDS = set('studies trials rcts study trial reports articles cohorts'); // prettier-ignore
