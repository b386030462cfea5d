import type { PaperPagesStore, StoredPaper } from '../store/paper-pages.store.js';
import type { Shelf } from './shelf.js';

/** Characters of views that are kept: some 3,000 papers, the ones that are looked at again and again. */
const KEPT_CHARACTERS = 16_000_000;

/**
 * Papers as the store has them, those of the last pages from memory: the same object as long as the paper is the same,
 * so that others may keep what they made of it beside it. A paper is forgotten when the catalogue hears that it changed.
 */
export class ReadyPapers {
  private readonly kept = new Map<number, StoredPaper>();
  private characters = 0;

  constructor(
    private readonly pages: PaperPagesStore,
    private readonly shelf: Shelf,
  ) {
    shelf.watch((pmids) => {
      if (pmids === null) {
        this.kept.clear();
        this.characters = 0;
      } else for (const pmid of pmids) this.forget(pmid);
    });
  }

  /** These papers, in the order of the numbers; those that are not there are left out. */
  async findMany(pmids: readonly number[]): Promise<StoredPaper[]> {
    const missing = pmids.filter((pmid) => !this.kept.has(pmid));
    const { version } = this.shelf;
    const read = missing.length === 0 ? [] : await this.pages.findMany(missing);
    const fresh = new Map(read.map((paper) => [Number(paper.pmid), paper]));
    const found = pmids.flatMap((pmid) => {
      const paper = fresh.get(pmid) ?? this.kept.get(pmid);
      return paper ?? [];
    });
    for (const pmid of pmids) {
      const paper = fresh.get(pmid) ?? this.kept.get(pmid);
      // what was read while the catalogue went on may be older than it says
      if (paper && version === this.shelf.version) this.keep(pmid, paper);
    }
    return found;
  }

  /** The least recently used goes first. */
  private keep(pmid: number, paper: StoredPaper): void {
    this.forget(pmid);
    this.kept.set(pmid, paper);
    this.characters += paper.view.length;
    while (this.characters > KEPT_CHARACTERS && this.kept.size > 1)
      this.forget(this.kept.keys().next().value as number);
  }

  private forget(pmid: number): void {
    const paper = this.kept.get(pmid);
    if (!paper) return;
    this.kept.delete(pmid);
    this.characters -= paper.view.length;
  }
}
