import type { Facet } from '../../model/tag.js';
import type { FacetDefinition } from '../../model/taxonomy.js';
import { html, type Fragment, type Html } from '../html.js';
import { papersHref, withFacet } from './filter-links.js';
import type { Filter } from '../../model/filter.js';
import { STUDY_CLASSES, studyClass, type StudyClass } from './study-class.js';

interface Axis {
  facet: Facet;
  values: readonly { value: string; label: string; total: number }[];
}

/** What `GET /stats/matrix` gives. */
export interface Matrix {
  rows: Axis;
  cols: Axis;
  counts: readonly (readonly number[])[];
  split: Axis | null;
  splitCounts: readonly (readonly (readonly number[])[])[] | null;
  total: number;
}

/** Steps of colour between an empty cell and the fullest one. */
const STEPS = 6;

/** Step of a count: by its logarithm, as a few cells hold most of the papers. */
export const heatStep = (count: number, most: number): number =>
  count === 0 ? 0 : Math.max(1, Math.min(STEPS, Math.ceil((STEPS * Math.log(count + 1)) / Math.log(most + 1))));

/** Papers of a cell by kind of design; those whose design is not known are in none. */
export function byClass(split: Axis | null, counts: readonly number[] | undefined): Map<StudyClass, number> {
  const kinds = new Map<StudyClass, number>();
  split?.values.forEach(({ value }, index) => {
    const kind = studyClass(value);
    kinds.set(kind, (kinds.get(kind) ?? 0) + (counts?.[index] ?? 0));
  });
  return kinds;
}

/** A strip whose parts are as long as their shares. */
function strip(kinds: ReadonlyMap<StudyClass, number>): Fragment {
  const total = [...kinds.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let at = 0;
  return html`<svg class="strip" viewBox="0 0 100 5" preserveAspectRatio="none" aria-hidden="true" focusable="false">${STUDY_CLASSES.map(
    ({ key }) => {
      const width = (100 * (kinds.get(key) ?? 0)) / total;
      const x = at;
      at += width;
      return width > 0 && html`<rect class="${key}" x="${x.toFixed(1)}" width="${width.toFixed(1)}" height="5" />`;
    },
  )}</svg>`;
}

const inWords = (kinds: ReadonlyMap<StudyClass, number>): string =>
  STUDY_CLASSES.flatMap(({ key, label }) => {
    const count = kinds.get(key) ?? 0;
    return count > 0 ? [`${count} ${label.toLowerCase()}`] : [];
  }).join(', ');

export interface MapInput {
  matrix: Matrix;
  facets: readonly FacetDefinition[];
  /** What the map is limited to; links keep it. */
  filter: Filter;
}

/** Values of the columns under their parents: a parent with children stands above them, one without is a column itself. */
function columnGroups(definition: FacetDefinition, cols: Axis): { label: string; value: string; columns: number[] }[] {
  const place = new Map(cols.values.map(({ value }, index) => [value, index]));
  const tops = definition.tags.filter((tag) => tag.parent === null);
  return tops.map((top) => {
    const children = definition.tags.filter((tag) => tag.parent === top.value);
    const columns = (children.length > 0 ? children : [top]).flatMap((tag) => place.get(tag.value) ?? []);
    return { label: top.label, value: top.value, columns };
  });
}

/**
 * Condition × direction: how much evidence there is, of what kind, and where there is none. A table, so that it is its
 * own text alternative; each cell leads to its papers.
 */
export function renderMap({ matrix, facets, filter }: MapInput): Html {
  const { rows, cols, counts, split, splitCounts } = matrix;
  const colFacet = facets.find(({ facet }) => facet === cols.facet);
  const rowFacet = facets.find(({ facet }) => facet === rows.facet);
  if (!colFacet || !rowFacet) return html``;
  const groups = columnGroups(colFacet, cols);
  const columns = groups.flatMap((group) => group.columns);
  const most = Math.max(1, ...counts.flatMap((row) => columns.map((column) => row[column] ?? 0)));
  const parents = new Map(rowFacet.tags.map((tag) => [tag.value, tag.parent]));
  const href = (choice: readonly (readonly [Facet, string])[]) =>
    papersHref(choice.reduce((chosen, [facet, value]) => withFacet(chosen, facet, [value], []), filter));
  const starts = new Set(groups.map((group) => group.columns[0]));

  /** A value without children is a column by itself. */
  const isAlone = (group: (typeof groups)[number]) =>
    group.columns.length === 1 && cols.values[group.columns[0] ?? -1]?.value === group.value;

  const cell = (row: number, column: number): Html => {
    const count = counts[row]?.[column] ?? 0;
    const [r, c] = [rows.values[row], cols.values[column]];
    const edge = starts.has(column) && ' edge';
    if (count === 0 || !r || !c) return html`<td class="h0${edge}"><span class="visually-hidden">0</span></td>`;
    const kinds = byClass(split, splitCounts?.[row]?.[column]);
    const words = inWords(kinds);
    return html`<td class="h${heatStep(count, most)}${edge}"><a href="${href([
      [rows.facet, r.value],
      [cols.facet, c.value],
    ])}" title="${r.label} × ${c.label}: ${count} ${count === 1 ? 'paper' : 'papers'}${words !== '' && `: ${words}`}">${count}${strip(kinds)}</a></td>`;
  };

  return html`<div class="scroll-x map-scroll" tabindex="0" role="region" aria-label="Evidence map, scrolls sideways">
<table class="map"><caption class="visually-hidden">Papers by ${rowFacet.label.toLowerCase()} and ${colFacet.label.toLowerCase()}</caption>
<thead><tr><td rowspan="2"></td><th rowspan="2" scope="col" class="all n">All</th>${groups.map((group) =>
    isAlone(group)
      ? html`<th scope="col" rowspan="2" class="col alone edge"><a href="${href([[cols.facet, group.value]])}"><span>${group.label}</span></a></th>`
      : html`<th scope="colgroup" colspan="${group.columns.length}" class="group edge"><a href="${href([[cols.facet, group.value]])}">${group.label}</a></th>`,
  )}</tr>
<tr>${groups.map(
    (group) =>
      !isAlone(group) &&
      group.columns.map(
        (column) =>
          html`<th scope="col" class="col${starts.has(column) && ' edge'}"><span>${cols.values[column]?.label}</span></th>`,
      ),
  )}</tr></thead>
<tbody>${rows.values.map(
    (row, index) =>
      html`<tr><th scope="row"${parents.get(row.value) && html` class="child"`}><a href="${href([[rows.facet, row.value]])}">${row.label}</a></th><td class="all n">${row.total > 0 ? row.total.toLocaleString('en') : ''}</td>${columns.map((column) => cell(index, column))}</tr>`,
  )}</tbody></table></div>
<ul class="key" aria-label="Colours of the strips">${STUDY_CLASSES.map(({ key, label }) => html`<li><span class="dot ${key}"></span>${label}</li>`)}</ul>`;
}
