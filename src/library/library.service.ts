import { NO_FILTER, type Filter, type Sort } from '../model/filter.js';
import type { Facet } from '../model/tag.js';
import type { ChangesStore } from '../store/changes.store.js';
import type { PaperPagesStore, StoredPaper, WholePaper } from '../store/paper-pages.store.js';
import type { StoredView } from '../store/to-view.js';
import { allBits, countBits, eachBit, hasBit, type Bits } from './bits.js';
import { NO_DAY, once, placeOf, type Catalogue } from './catalogue.js';
import { countFacets } from './count-facets.js';
import { countMatrix, type Matrix } from './count-matrix.js';
import { countTimeline, type Interval, type Timeline } from './count-timeline.js';
import { readCursor, renderCursor } from './cursor.js';
import { describeChange, fieldsOf, type Change } from './describe-change.js';
import { findSimilar, type Similarity } from './find-similar.js';
import { Kept } from './kept.js';
import { orderPapers, positionOf, scores, type Position } from './order-papers.js';
import type { Term } from './parse-query.js';
import { ReadyPapers } from './ready-papers.js';
import { renderFilter } from './render-filter.js';
import { select, selected, type FindPapers } from './select-papers.js';
import type { Shelf } from './shelf.js';

export interface PapersPage {
  papers: StoredPaper[];
  next: string | null;
  /** Under the filter, on all pages. */
  total: number;
  /** Of the library: the same query and version give the same page. */
  version: number;
}

/** How many revisions are looked through for one answer, when few of them are under the filters. */
const MOST_REVISIONS = 20_000;

interface Chosen {
  catalogue: Catalogue;
  /** Never to be changed: it is kept. */
  papers: Bits;
  total: number;
  worth: Uint16Array | null;
}

/** Sets that filters choose are kept for the next page and the next reader: bytes, 30 kB a set at 250,000 papers. */
const KEPT_SETS = 8_000_000;

interface ChosenSet {
  papers: Bits;
  total: number;
  terms: readonly Term[];
}

/** Reads the library: everything that shows papers goes through here, so the same filter gives the same papers everywhere. */
export class LibraryService {
  private readonly ready: ReadyPapers;

  constructor(
    private readonly shelf: Shelf,
    private readonly pages: PaperPagesStore,
    private readonly revisions: ChangesStore,
  ) {
    this.ready = new ReadyPapers(pages, shelf);
  }

  /**
   * A page of papers under a filter.
   * @throws AppError `invalid-cursor` for a cursor of another query
   */
  async page(filter: Filter, query: { sort: Sort; limit: number; cursor: string | null }): Promise<PapersPage> {
    return this.readPage(filter, query.sort, query.limit, query.cursor);
  }

  /** The papers that became visible last, for feeds; `before` is the `next` of the page before. */
  async newest(filter: Filter, limit: number, before: string | null = null): Promise<PapersPage> {
    return this.readPage(filter, 'listed', limit, before);
  }

  /** Papers that became visible from an instant on and before another, the last first: a part of a feed's archive. */
  async listed(filter: Filter, from: number, before: number): Promise<StoredPaper[]> {
    const { catalogue, papers } = await this.choose(filter, 'listed');
    const places = orderPapers(catalogue, papers, 'listed', null, firstOf(before), catalogue.size);
    const end = places.findIndex((at) => catalogue.listedAt[at]! < from);
    return this.pages.findMany((end < 0 ? places : places.slice(0, end)).map((at) => catalogue.pmids[at]!));
  }

  /** When the last paper before an instant became visible; null = none had. */
  async lastListedAt(filter: Filter, before: number): Promise<number | null> {
    const { catalogue, papers } = await this.choose(filter, 'listed');
    const [last] = orderPapers(catalogue, papers, 'listed', null, firstOf(before), 1);
    return last === undefined ? null : catalogue.listedAt[last]!;
  }

  find(pmid: string): Promise<WholePaper | null> {
    return /^[1-9]\d{0,8}$/.test(pmid) ? this.ready.find(pmid) : Promise.resolve(null);
  }

  /** Rises with every change of what is shown of any paper. */
  async version(): Promise<number> {
    return (await this.shelf.current()).version;
  }

  /** All papers under a filter, in chunks; the set is the one of the beginning. */
  async *stream(filter: Filter, sort: Sort, chunk: number): AsyncIterable<StoredPaper[]> {
    const { catalogue, papers, worth } = await this.choose(filter, sort);
    let after: Position | null = null;
    for (;;) {
      const places = orderPapers(catalogue, papers, sort, worth, after, chunk);
      const last = places[places.length - 1];
      if (last === undefined) return;
      yield await this.pages.findMany(places.map((at) => catalogue.pmids[at]!));
      if (places.length < chunk) return;
      after = positionOf(catalogue, last, sort, worth);
    }
  }

  async count(filter: Filter): Promise<number> {
    return (await this.choose(filter, 'added')).total;
  }

  /** PMIDs under a filter, ascending by (added, pmid). */
  async pmids(filter: Filter): Promise<string[]> {
    const { catalogue, papers } = await this.choose(filter, 'added');
    const pmids: string[] = [];
    eachBit(papers, (at) => pmids.push(String(catalogue.pmids[at])));
    return pmids;
  }

  /** Counts of every value of every facet. */
  async facets(filter: Filter): Promise<ReturnType<typeof countFacets>> {
    const catalogue = await this.shelf.current();
    return countFacets(catalogue, await select(catalogue, filter, this.shelf.finder(catalogue)));
  }

  /** Papers over time. @param openDay the first day that is not over, or not yet seen whole */
  async timeline(filter: Filter, query: { by: Facet | null; interval: Interval; openDay: string }): Promise<Timeline> {
    const { catalogue, papers } = await this.choose(filter, 'added');
    return countTimeline(catalogue, papers, filter, query);
  }

  /** Papers by two facets, or three. */
  async matrix(filter: Filter, query: { rows: Facet; cols: Facet; split: Facet | null }): Promise<Matrix> {
    const { catalogue, papers } = await this.choose(filter, 'added');
    return countMatrix(catalogue, papers, query.rows, query.cols, query.split);
  }

  /**
   * What changed behind a cursor, oldest first: whoever reads on from it and follows each change has an exact copy.
   * @param since a cursor, `now` = behind everything, null = from the beginning
   * @throws AppError `invalid-cursor`
   */
  async changes(
    filter: Filter,
    since: string | null,
    limit: number,
  ): Promise<{ changes: Change[]; next: string; more: boolean }> {
    const query = `changes\n${renderFilter(filter)}`;
    const fields = fieldsOf(filter);
    const { catalogue, papers } = await this.choose(filter, 'added');
    // the catalogue knows every revision up to its version, so no paper looks newer than its change
    const through = catalogue.version;
    let at = since === 'now' ? through : since === null ? 0 : (readCursor(since, query, 1, 'since')[0] ?? 0);
    const changes: Change[] = [];
    let looked = 0;
    while (at < through && changes.length < limit && looked < MOST_REVISIONS) {
      // what is asked for is mostly enough; where few revisions are under the filters, many are looked through
      const rows = await this.revisions.after(at, through, looked === 0 ? limit : 1000);
      if (rows.length === 0) at = through;
      for (const row of rows) {
        looked++;
        at = row.id;
        const place = placeOf(catalogue, row.pmid);
        const change = describeChange(row, place >= 0 && hasBit(papers, place), fields);
        if (change) changes.push(change);
        if (changes.length === limit) break;
      }
    }
    return { changes, next: renderCursor(query, [at]), more: at < through };
  }

  /**
   * Papers most like one, best first; null when there is no such paper. Those in which the drug is no subject are left
   * out, unless the paper itself is one of them.
   */
  async similar(pmid: string, limit: number): Promise<{ paper: StoredPaper; similarity: Similarity }[] | null> {
    const catalogue = await this.shelf.current();
    const at = /^[1-9]\d{0,8}$/.test(pmid) ? placeOf(catalogue, Number(pmid)) : -1;
    const paper = at < 0 ? null : await this.pages.find(pmid);
    if (!paper) return null;
    const find = this.shelf.finder(catalogue);
    const core = selected(await select(catalogue, NO_FILTER, find));
    const among = hasBit(core, at) ? core : allBits(catalogue.size);
    const found = await findSimilar(catalogue, at, JSON.parse(paper.view) as StoredView, among, find, limit);
    const similarities = new Map(found.map((one) => [String(catalogue.pmids[one.at]), one.similarity]));
    const papers = await this.pages.findMany(found.map((one) => catalogue.pmids[one.at]!));
    return papers.flatMap((one) => {
      const similarity = similarities.get(one.pmid);
      return similarity ? [{ paper: one, similarity }] : [];
    });
  }

  private async readPage(
    filter: Filter,
    sort: Sort | 'listed',
    limit: number,
    cursor: string | null,
  ): Promise<PapersPage> {
    const query = `papers\n${sort}\n${renderFilter(filter)}`;
    const after = cursor === null ? null : toPosition(readCursor(cursor, query, 3));
    const { catalogue, papers, total, worth } = await this.choose(filter, sort);
    const places = orderPapers(catalogue, papers, sort, worth, after, limit + 1);
    const last = places[limit - 1];
    let next: string | null = null;
    if (places.length > limit && last !== undefined) {
      const { key, added, pmid } = positionOf(catalogue, last, sort, worth);
      next = renderCursor(query, [key, added, pmid]);
    }
    return {
      papers: await this.ready.findMany(places.slice(0, limit).map((at) => catalogue.pmids[at]!)),
      next,
      total,
      version: catalogue.version,
    };
  }

  private async choose(filter: Filter, sort: Sort | 'listed'): Promise<Chosen> {
    const catalogue = await this.shelf.current();
    const find = this.shelf.finder(catalogue);
    const { papers, total, terms } = await this.chooseSet(catalogue, filter, find);
    const worth = sort === 'match' && filter.q !== null ? await scores(catalogue, terms, find) : null;
    return { catalogue, papers, total, worth };
  }

  private async chooseSet(catalogue: Catalogue, filter: Filter, find: FindPapers): Promise<ChosenSet> {
    const kept = once(
      catalogue,
      'chosen',
      () => new Kept<string, ChosenSet>(KEPT_SETS, (set) => set.papers.byteLength),
    );
    const name = renderFilter(filter);
    const known = kept.get(name);
    if (known) return known;
    const selection = await select(catalogue, filter, find);
    const papers = selected(selection);
    const set = { papers, total: countBits(papers), terms: selection.terms };
    kept.set(name, set);
    return set;
  }
}

/** Before every paper that became visible at this instant, as if one stood there. */
const firstOf = (listedAt: number): Position => ({ key: listedAt, added: NO_DAY, pmid: 0 });

const toPosition = ([key, added, pmid]: (number | null)[]): Position => ({
  key: key ?? null,
  added: added ?? 0,
  pmid: pmid ?? 0,
});
