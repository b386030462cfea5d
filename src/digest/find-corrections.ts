import type { CorrectionKind } from '../model/issue.js';
import type { PaperStatus } from '../model/paper.js';
import type { StoredView } from '../store/to-view.js';

export interface SeenCorrection {
  kind: CorrectionKind;
  pmid: string;
  title: string;
  noticePmid: string | null;
  seenAt: number;
}

/** States of a paper that are corrections, and the references that name their notices (PubMed DTD, RefType). */
const STATES: readonly { state: keyof PaperStatus; kind: CorrectionKind; notices: readonly string[] }[] = [
  { state: 'retracted', kind: 'retraction', notices: ['RetractionIn', 'RetractedandRepublishedIn'] },
  { state: 'concern', kind: 'concern', notices: ['ExpressionOfConcernIn'] },
  { state: 'gone', kind: 'gone', notices: [] },
  { state: 'updated', kind: 'update', notices: ['UpdateIn'] },
  { state: 'corrected', kind: 'erratum', notices: ['ErratumIn', 'CorrectedandRepublishedIn'] },
];

/** The same, told by the notice: it may reach us before the corrected paper's own record is revised. */
const NOTICES: Readonly<Record<string, CorrectionKind>> = {
  RetractionOf: 'retraction',
  ExpressionOfConcernFor: 'concern',
  ErratumFor: 'erratum',
  UpdateOf: 'update',
};

const newest = (view: StoredView, types: readonly string[]) =>
  view.related
    .flatMap(({ type, pmid }) => (types.includes(type) && pmid !== null ? [pmid] : []))
    .sort((a, b) => Number(b) - Number(a))[0] ?? null;

/**
 * What a change of a paper corrects: itself, when its state became one of those above, or the papers of which it is a
 * notice, when it is new. Titles of the latter are the notice's until the caller knows better.
 */
export function findCorrections(change: {
  pmid: string;
  at: number;
  changed: string[];
  view: StoredView;
}): SeenCorrection[] {
  const { view, changed, at } = change;
  if (changed.includes('created'))
    return view.related.flatMap(({ type, pmid }) => {
      const kind = NOTICES[type];
      return kind && pmid !== null ? [{ kind, pmid, title: view.title, noticePmid: view.pmid, seenAt: at }] : [];
    });
  return STATES.flatMap(({ state, kind, notices }) =>
    changed.includes(`status.${state}`) && view.status[state]
      ? [{ kind, pmid: view.pmid, title: view.title, noticePmid: newest(view, notices), seenAt: at }]
      : [],
  );
}
