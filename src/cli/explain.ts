import { readOverrides } from '../boot.js';
import { AppError } from '../problem.js';
import { PaperPagesStore } from '../store/paper-pages.store.js';
import { PapersStore } from '../store/papers.store.js';
import { renderExplanation } from '../tagging/render-explanation.js';
import { createTagger } from '../tagging/tag-paper.js';
import { toTaggable } from '../tagging/to-taggable.js';
import type { StoredView } from '../store/to-view.js';
import { inTerminal, print, tell, withStore, type ExitCode } from './command.js';

/** `papers show PMID --explain`: the tagger's own account of a stored paper. */
export const papersExplainCommand = (pmid: string): Promise<ExitCode> =>
  withStore(async ({ database, settings, taxonomy }) => {
    const known = /^[1-9]\d{0,8}$/.test(pmid);
    const paper = known ? await new PapersStore(database).findRecord(pmid) : null;
    const stored = known ? await new PaperPagesStore(database).find(pmid) : null;
    if (!paper || !stored) throw new AppError('not-found', `There is no paper with the PMID ${pmid.slice(0, 20)} here`);
    const overrides = readOverrides(settings.TAXONOMY, taxonomy);
    const tagging = createTagger(taxonomy, overrides)(toTaggable(paper), { explain: true });
    const lines = renderExplanation(paper, tagging, taxonomy.facets, overrides.get(pmid) ?? null);
    for (const line of lines) print(inTerminal(line));
    const { tags } = JSON.parse(stored.view) as StoredView;
    if (JSON.stringify(tags) !== JSON.stringify(tagging.tags))
      tell('The stored tags are of another taxonomy or program: run `tag` to bring them up to date.');
    return 0;
  });
