/** Study designs in five kinds, strongest first: what the colours of charts and entries stand for. */
export const STUDY_CLASSES = [
  { key: 'synthesis', label: 'Guidelines and syntheses' },
  { key: 'trial', label: 'Trials' },
  { key: 'people', label: 'Other studies of people' },
  { key: 'lab', label: 'Animals, cells, models' },
  { key: 'text', label: 'Reviews and comments' },
] as const;
export type StudyClass = (typeof STUDY_CLASSES)[number]['key'];

const CLASS_OF: Record<string, StudyClass> = {
  guideline: 'synthesis',
  'meta-analysis': 'synthesis',
  'systematic-review': 'synthesis',
  rct: 'trial',
  'clinical-trial': 'trial',
  observational: 'people',
  'case-report': 'people',
  qualitative: 'people',
  economic: 'people',
  animal: 'lab',
  'in-vitro': 'lab',
  computational: 'lab',
  review: 'text',
  protocol: 'text',
  commentary: 'text',
  correction: 'text',
};

/** Kind of a design; one that the taxonomy of another drug adds counts among the texts, as does an unknown one. */
export const studyClass = (study: string | null): StudyClass => CLASS_OF[study ?? ''] ?? 'text';
