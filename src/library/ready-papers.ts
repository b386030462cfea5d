import type { PaperPagesStore, StoredPaper, WholePaper } from '../store/paper-pages.store.js';
import { Kept } from './kept.js';
import type { Shelf } from './shelf.js';

/** Characters of views that are kept: some 3,000 papers, the ones that are looked at again and again. */
const KEPT_CHARACTERS = 16_000_000;
/** Of papers with their evidence, which are asked for one by one. */
const KEPT_WHOLE_CHARACTERS = 8_000_000;

const sizeOfWhole = ({ view, evidence }: WholePaper) => view.length + (evidence?.length ?? 0);

/**
 * Papers as the store has them, those of the last pages from memory: the same object as long as the paper is the same,
 * so that others may keep what they made of it beside it. A paper is forgotten when the catalogue hears that it changed.
 */
export class ReadyPapers {
  private readonly kept = new Kept<number, StoredPaper>(KEPT_CHARACTERS, ({ view }) => view.length);
  private readonly whole = new Kept<string, WholePaper>(KEPT_WHOLE_CHARACTERS, sizeOfWhole);
  private state: number | string | null = null;

  constructor(
    private readonly pages: PaperPagesStore,
    private readonly shelf: Shelf,
  ) {
    shelf.watch((pmids) => {
      if (pmids === null) this.kept.clear();
      else for (const pmid of pmids) this.kept.delete(pmid);
    });
  }

  /** These papers, in the order of the numbers; those that are not there are left out. */
  async findMany(pmids: readonly number[]): Promise<StoredPaper[]> {
    const { version } = this.shelf;
    const known = pmids.map((pmid) => this.kept.get(pmid));
    const missing = pmids.filter((_, index) => known[index] === undefined);
    const read = missing.length === 0 ? [] : await this.pages.findMany(missing);
    const fresh = new Map(read.map((paper) => [Number(paper.pmid), paper]));
    // what was read while the catalogue went on may be older than it says
    if (version === this.shelf.version) for (const [pmid, paper] of fresh) this.kept.set(pmid, paper);
    return pmids.flatMap((pmid, index) => known[index] ?? fresh.get(pmid) ?? []);
  }

  /** One paper with its evidence, which may change without a revision: only a store in which nothing changed vouches for it. */
  async find(pmid: string): Promise<WholePaper | null> {
    const state = await this.pages.state();
    if (this.state !== state) {
      this.whole.clear();
      this.state = state;
    }
    const known = this.whole.get(pmid);
    if (known) return known;
    const paper = await this.pages.find(pmid);
    // what is read may be newer than the state that it is kept under: then it is only read once more
    if (paper && this.state === state) this.whole.set(pmid, paper);
    return paper;
  }
}
