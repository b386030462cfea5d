import type { PaperView } from '../../src/model/paper-view.js';
import { authors, aView } from './a-view.js';

const people = (value: number) => ({ value, unit: 'participants' as const });
const animals = (value: number) => ({ value, unit: 'animals' as const });
const dose = (text: string, value: number, unit: string, route: string | null) => ({ text, value, unit, route });

/** Nineteen authored, fictional papers of all kinds that a week brings. */
const AUTHORED: Parameters<typeof aView>[0][] = [
  {
    title: 'Esketamine nasal spray versus quetiapine augmentation after two failed antidepressants: a randomised, rater-blinded trial over 32 weeks',
    tags: { study: 'rct', condition: ['depression', 'treatment-resistant-depression'], direction: ['formulations', 'formulation-intranasal'], route: ['intranasal'], compound: ['esketamine'], safety: ['safety', 'dissociation'], care: ['comparison-antidepressants'], species: ['human'] },
    facts: { participants: people(412), doses: [dose('56 or 84 mg twice weekly', 84, 'mg', 'intranasal')], comparator: 'quetiapine', trials: ['NCT09900001'], finding: 'More patients were in remission at week 8 with esketamine (29%) than with quetiapine (18%), and fewer relapsed by week 32.' },
    doi: '10.9999/fict.2026.101',
  },
  {
    title: 'Repeated intravenous ketamine for chronic post-traumatic stress disorder in veterans: individual-patient-data meta-analysis of nine trials',
    journal: { title: 'The Fictional Lancet of Mind', iso: 'Fict Lancet Mind', issn: null, volume: null, issue: null, pages: null },
    tags: { study: 'meta-analysis', condition: ['depression', 'ptsd'], direction: ['new-conditions'], route: ['iv'], compound: ['racemic'], population: ['veterans-military'], species: ['human'] },
    facts: { participants: people(611), doses: [dose('0.5 mg/kg over 40 min', 0.5, 'mg/kg', 'iv')], finding: 'Symptom scores fell by 4.1 points more than with midazolam at 24 hours, but the difference was gone by week 4 (certainty: low).' },
    authors: authors(7, 2),
  },
  {
    title: 'Ketamine for acute suicidality in emergency departments: consensus guideline of the Fictional Society of Emergency Psychiatry',
    tags: { study: 'guideline', condition: ['suicidality'], care: ['protocols-monitoring', 'patient-selection'], route: ['iv', 'intranasal'], species: ['human'] },
    facts: { finding: 'A single dose may be offered alongside, never instead of, safety planning and follow-up within 72 hours.' },
    authors: [{ name: 'Fictional Society of Emergency Psychiatry', given: null, family: null, initials: null, orcid: null, collective: true, affiliations: [] }],
  },
  {
    title: 'Resting-state theta cordance predicts response to a first ketamine infusion in bipolar depression',
    tags: { study: 'observational', condition: ['depression', 'bipolar-depression'], direction: ['biomarkers', 'biomarker-electrophysiology'], route: ['iv'], mechanism: ['circuits-connectivity'], species: ['human'] },
    facts: { participants: people(64), doses: [dose('0.5 mg/kg', 0.5, 'mg/kg', 'iv')], finding: 'Baseline frontal theta cordance separated responders from non-responders with an area under the curve of 0.74.' },
    authors: authors(2, 4),
  },
  {
    title: 'Ketamine-assisted psychotherapy for alcohol use disorder: open-label pilot with mindfulness-based relapse prevention',
    tags: { study: 'clinical-trial', condition: ['substance-use-disorder'], direction: ['combinations', 'combination-psychotherapy', 'new-conditions'], route: ['im'], care: ['psychotherapy-integration'], species: ['human'] },
    facts: { participants: people(22), doses: [dose('0.8 mg/kg weekly for 3 weeks', 0.8, 'mg/kg', 'im')], trials: ['NCT09900005'], finding: 'Heavy-drinking days fell from 61% to 19% over twelve weeks; two participants dropped out because of nausea.' },
  },
  {
    title: 'Sublingual ketamine lozenges at home: adverse events in a telehealth cohort of 11,441 people',
    tags: { study: 'observational', condition: ['depression', 'anxiety'], direction: ['formulations', 'formulation-oral'], route: ['sublingual'], safety: ['safety', 'dissociation', 'nausea-vomiting'], care: ['access-cost', 'protocols-monitoring'], species: ['human'] },
    facts: { participants: people(11441), finding: 'Side effects were reported after 7.9% of sessions and led 3.2% of clients to stop; blood pressure was recorded in fewer than half.' },
    authors: authors(5, 1),
  },
  {
    title: 'Bladder-wall thickness and urinary symptoms in people who use ketamine several times a week',
    tags: { study: 'observational', condition: ['ketamine-misuse'], safety: ['safety', 'urinary'], compound: ['racemic'], species: ['human'] },
    facts: { participants: people(138), finding: 'Wall thickness rose with grams used per week and fell within a year of abstinence in two thirds.' },
  },
  {
    title: 'Low-dose ketamine to spare opioids after spinal fusion in adolescents: double-blind randomised trial',
    tags: { study: 'rct', condition: ['acute-pain'], route: ['iv'], population: ['children-adolescents'], species: ['human'] },
    facts: { participants: people(96), doses: [dose('0.1 mg/kg/h for 48 h', 0.1, 'mg/kg/h', 'iv')], comparator: 'saline', finding: 'Morphine use in the first 48 hours did not differ between groups (1.02 vs 1.07 mg/kg; P = 0.61).' },
  },
  {
    title: 'Subanaesthetic ketamine infusions for complex regional pain syndrome: five-year registry of relapse and retreatment',
    tags: { study: 'observational', condition: ['chronic-pain'], direction: ['new-conditions'], route: ['iv'], care: ['durability-relapse'], species: ['human'] },
    facts: { participants: people(203), finding: 'Half of the patients had asked for a second course within seven months.' },
  },
  {
    title: 'Induction with ketamine or etomidate in critically ill adults: trial sequential analysis',
    tags: { study: 'meta-analysis', condition: ['anaesthesia-sedation'], route: ['iv'], safety: ['safety', 'cardiovascular', 'mortality'], species: ['human'] },
    facts: { participants: people(2384), comparator: 'etomidate', finding: 'Mortality at 28 days was probably lower with ketamine (risk ratio 0.93), at the cost of more hypotension after intubation.' },
  },
  {
    title: '(2R,6R)-hydroxynorketamine restores synaptic AMPA currents in the lateral habenula of chronically stressed mice',
    tags: { study: 'animal', condition: ['depression'], direction: ['formulations', 'formulation-metabolite-prodrug'], compound: ['metabolite'], mechanism: ['nmda-glutamate', 'neuroplasticity'], route: ['intraperitoneal'], species: ['animal'] },
    facts: { participants: animals(84), doses: [dose('10 mg/kg', 10, 'mg/kg', 'intraperitoneal')], finding: 'A single dose normalised firing for at least seven days without changing locomotion.' },
  },
  {
    title: 'Plasma norketamine-to-ketamine ratio and antidepressant response: a population pharmacokinetic model',
    tags: { study: 'computational', direction: ['biomarkers', 'biomarker-blood'], mechanism: ['pharmacokinetics'], species: ['human'] },
    facts: { participants: people(71) },
  },
  {
    title: 'How NMDA receptor GluN2B subunits shape the rapid antidepressant window: a narrative review',
    tags: { study: 'review', mechanism: ['nmda-glutamate', 'neuroplasticity'], species: ['human', 'animal'] },
    facts: {},
  },
  {
    title: 'Ketamine for obsessive-compulsive disorder with exposure and response prevention: protocol of a factorial randomised trial',
    tags: { study: 'protocol', condition: ['ocd'], direction: ['combinations', 'combination-psychotherapy', 'new-conditions'], route: ['iv'], species: ['human'] },
    facts: { participants: people(120), trials: ['NCT09900014'] },
  },
  {
    title: '"I met my grief and it had a colour": patients’ accounts of ketamine treatment after bereavement',
    tags: { study: 'qualitative', condition: ['depression'], care: ['patient-experience', 'psychotherapy-integration'], species: ['human'] },
    facts: { participants: people(17), finding: 'Participants valued preparation more than the experience itself.' },
  },
  {
    title: '[Refractory status epilepticus treated with early ketamine: two paediatric cases].',
    vernacularTitle: 'Estado epiléptico refractario tratado con ketamina precoz: dos casos pediátricos.',
    language: ['spa'],
    tags: { study: 'case-report', condition: ['epilepsy-seizures'], direction: ['new-conditions'], route: ['iv'], population: ['children-adolescents'], species: ['human'] },
    facts: { participants: people(2) },
  },
  {
    title: 'Emergence delirium after strabismus surgery: intranasal ketamine against dexmedetomidine',
    tags: { study: 'rct', condition: ['delirium-cognitive', 'anaesthesia-sedation'], direction: ['formulations', 'formulation-intranasal'], route: ['intranasal'], population: ['children-adolescents'], species: ['human'] },
    facts: { participants: people(180), doses: [dose('3 mg/kg', 3, 'mg/kg', 'intranasal')], comparator: 'dexmedetomidine', finding: 'Delirium was less frequent after dexmedetomidine (12% vs 27%).' },
  },
  {
    title: 'What a clinic costs: budget impact of supervised esketamine in a public health system',
    tags: { study: 'economic', condition: ['depression', 'treatment-resistant-depression'], care: ['access-cost'], species: ['human'] },
    facts: { finding: 'Monitoring time, not the drug, made up most of the cost once patents had lapsed.' },
  },
  {
    title: 'Arketamine in 5xFAD mice: microglial TREM2 signalling and spatial memory',
    tags: { study: 'animal', condition: ['alzheimers-dementia'], direction: ['formulations', 'formulation-enantiomer', 'new-conditions'], compound: ['arketamine'], mechanism: ['inflammation-immune'], species: ['animal'] },
    facts: { participants: animals(48), finding: 'Treated mice found the platform faster, and the effect was lost when TREM2 was blocked.' },
  },
]; // prettier-ignore

/** A full week without filters: `count` fictional papers, the authored ones over and over with new numbers. */
export function aWeek(count = 60, firstPmid = 90000001): PaperView[] {
  const papers = Array.from({ length: count }, (_, index) => {
    const authored = AUTHORED[index % AUTHORED.length]!;
    const round = Math.floor(index / AUTHORED.length);
    const pmid = String(firstPmid + index);
    const participants = authored.facts?.participants;
    return aView({
      ...authored,
      pmid,
      title: round === 0 ? authored.title! : `${authored.title!.replace(/[.\]]+$/, '')} (cohort ${round + 1})`,
      authors: authored.authors ?? authors((index % 6) + 1, index),
      added: `2026-11-${16 + (index % 7)}`,
      links: {
        pubmed: `https://pubmed.ncbi.nlm.nih.gov/${pmid}/`,
        doi: authored.doi ? `https://doi.org/${authored.doi}` : null,
        fullText: authored.doi ? `https://pmc.ncbi.nlm.nih.gov/articles/PMC${pmid}/` : null,
      },
      facts: {
        ...authored.facts,
        ...(participants ? { participants: { ...participants, value: participants.value + round * 7 } } : {}),
      },
    });
  });
  const first = papers[0];
  if (first && count > 30) {
    papers.push(
      aView({
        pmid: String(firstPmid + count),
        title: 'Esketamine or quetiapine: what the relapse curve does not show',
        authors: authors(1, 6),
        publicationTypes: ['Letter', 'Comment'],
        related: [{ type: 'CommentOn', pmid: first.pmid, text: 'J Fict Psychiatry. 2026;12(3):101-9' }],
        tags: { study: 'commentary', condition: ['depression', 'treatment-resistant-depression'], species: ['human'] },
      }),
      aView({
        pmid: String(firstPmid + count + 1),
        title: 'Intranasal ketamine for burning mouth syndrome: crossover trial',
        added: '2026-11-05',
        late: true,
        tags: { study: 'rct', condition: ['chronic-pain'], direction: ['formulations', 'formulation-intranasal', 'new-conditions'], route: ['intranasal'], species: ['human'] },
        facts: { participants: { value: 31, unit: 'participants' }, finding: 'Pain fell by 1.9 points more than with placebo spray.' },
      }),
    ); // prettier-ignore
  }
  return papers;
}
