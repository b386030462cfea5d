import type { PaperMatcher } from '../../src/digest/paper-matcher.js';
import { addDays } from '../../src/digest/week.js';
import { FACETS, type Tags } from '../../src/model/tag.js';
import type { Taxonomy } from '../../src/model/taxonomy.js';
import type { Database } from '../../src/store/database.js';
import type { StoredView } from '../../src/store/to-view.js';

/** Facet filters over the store, one facet after the other: slow, simple, and written apart from the library. */
export function facetMatcher(database: Database, taxonomy: Pick<Taxonomy, 'facets'>): PaperMatcher {
  const parents = new Map(taxonomy.facets.flatMap(({ tags }) => tags.map((tag) => [tag.value, tag.parent])));
  const matches = (filters: string, tags: Tags): boolean => {
    const query = new URLSearchParams(filters);
    const relevance = query.get('relevance') ?? 'core';
    if (relevance !== 'any' && tags.relevance !== null && tags.relevance !== relevance) return false;
    return FACETS.filter((facet) => facet !== 'relevance').every((facet) => {
      const values = (query.get(facet) ?? '').split(',').filter(Boolean);
      const has = [tags[facet]].flat().flatMap((value) => {
        const all: string[] = [];
        for (let at = value; at; at = parents.get(at) ?? null) all.push(at);
        return all;
      });
      const wanted = values.filter((value) => !value.startsWith('-'));
      return (
        (wanted.length === 0 || wanted.some((value) => has.includes(value))) &&
        !values.some((value) => value.startsWith('-') && has.includes(value.slice(1)))
      );
    });
  };
  const tagsOf = async (pmids: readonly string[]) => {
    if (pmids.length === 0) return [];
    const rows = await database.all<{ view: string }>(
      `SELECT "view" FROM "paper_view" WHERE "pmid" IN (${pmids.map(Number).join(', ')})`,
    );
    return rows.map((row) => JSON.parse(row.view) as StoredView);
  };
  return {
    match: async (filters, pmids) =>
      new Set((await tagsOf(pmids)).filter((paper) => matches(filters, paper.tags)).map((paper) => paper.pmid)),
    matchIssued: (filters, papers) =>
      Promise.resolve(new Set(papers.filter((paper) => matches(filters, paper.tags)).map((paper) => paper.pmid))),
    countWeeks: async (filters, from, before) => {
      const rows = await database.all<{ added: string; view: string }>(
        'SELECT p."added", v."view" FROM "paper" p JOIN "paper_view" v ON v."pmid" = p."pmid" WHERE p."added" >= ? AND p."added" < ? AND p."retracted" = 0',
        [from, before],
      );
      const counts: number[] = [];
      for (let week = from; week < before; week = addDays(week, 7))
        counts.push(
          rows.filter(
            (row) =>
              row.added >= week &&
              row.added < addDays(week, 7) &&
              matches(filters, (JSON.parse(row.view) as StoredView).tags),
          ).length,
        );
      return counts;
    },
    wanted: (filters) =>
      Object.fromEntries(
        [...new URLSearchParams(filters)].map(([facet, values]) => [
          facet,
          values.split(',').filter((value) => !value.startsWith('-')),
        ]),
      ),
    describe: (filters) => (filters === '' ? null : filters),
  };
}
