import { ANY_RELEVANCE, type Filter, type Sort } from '../../model/filter.js';
import type { Facet } from '../../model/tag.js';
import type { FacetDefinition } from '../../model/taxonomy.js';
import { html, type Fragment, type Html } from '../html.js';

/** How many papers each value has under the other filters, as `GET /facets` says. */
export type FacetCounts = Readonly<Partial<Record<Facet, readonly { value: string; count: number }[]>>>;

export interface FiltersInput {
  filter: Filter;
  sort: Sort;
  counts: FacetCounts;
  facets: readonly FacetDefinition[];
  noun: string;
}

/** Facets that stand open; the others open when something in them is chosen. */
const OPEN: readonly Facet[] = ['condition', 'direction', 'study'];

const number = (value: number) => value.toLocaleString('en');

function valueRow(
  facet: Facet,
  tag: FacetDefinition['tags'][number],
  count: number,
  choice: Filter['facets'][Facet],
): Html {
  const wanted = choice?.wanted.includes(tag.value) ?? false;
  const unwanted = choice?.unwanted.includes(tag.value) ?? false;
  return html`<li class="value${tag.parent !== null && ' child'}${count === 0 && !wanted && !unwanted && ' none'}">
<label title="${tag.definition}"><input type="checkbox" name="${facet}" value="${tag.value}"${wanted && html` checked`} /><span class="name">${tag.label}</span><span class="count num">${number(count)}</span></label>
<label class="not" title="Leave out ${tag.label}"><input type="checkbox" name="${facet}" value="-${tag.value}"${unwanted && html` checked`} aria-label="Leave out ${tag.label}" /><span aria-hidden="true">not</span></label>
</li>`;
}

function facetGroup({ facet, label, tags }: FacetDefinition, { filter, counts }: FiltersInput): Html {
  const choice = filter.facets[facet];
  const chosen = (choice?.wanted.length ?? 0) + (choice?.unwanted.length ?? 0);
  const of = new Map((counts[facet] ?? []).map(({ value, count }) => [value, count]));
  return html`<details class="facet" data-facet="${facet}"${(chosen > 0 || OPEN.includes(facet)) && html` open`}>
<summary>${label}${chosen > 0 && html` <span class="chosen num">${chosen}<span class="visually-hidden"> chosen</span></span>`}</summary>
<fieldset><legend class="visually-hidden">${label}</legend><ul>${tags.map((tag) => valueRow(facet, tag, of.get(tag.value) ?? 0, choice))}</ul></fieldset>
</details>`;
}

/** What is shown at all: the papers about the drug, or also those that only mention or use it. */
function relevance({ filter, counts, facets, noun }: FiltersInput): Fragment {
  const definition = facets.find(({ facet }) => facet === 'relevance');
  if (!definition) return null;
  const choice = filter.facets.relevance;
  const wanted = choice?.wanted[0] ?? '';
  const of = new Map((counts.relevance ?? []).map(({ value, count }) => [value, count]));
  const total = [...of.values()].reduce((sum, count) => sum + count, 0);
  const options: { value: string; label: string; title: string; count: number }[] = [
    {
      value: '',
      label: `About ${noun}`,
      title: definition.tags[0]?.definition ?? '',
      count: of.get(definition.tags[0]?.value ?? '') ?? 0,
    },
    {
      value: ANY_RELEVANCE,
      label: 'Everything',
      title: `Also papers in which ${noun} is only mentioned or only a tool`,
      count: total,
    },
    ...definition.tags.slice(1).map((tag) => ({
      value: tag.value,
      label: `${tag.label} only`,
      title: tag.definition,
      count: of.get(tag.value) ?? 0,
    })),
  ];
  const current = wanted === definition.tags[0]?.value ? '' : wanted;
  return html`<fieldset class="relevance"><legend>Which papers</legend><ul>${options.map(
    (option) =>
      html`<li><label title="${option.title}"><input type="radio" name="relevance" value="${option.value}"${option.value === current && html` checked`} /><span class="name">${option.label}</span><span class="count num">${number(option.count)}</span></label></li>`,
  )}</ul></fieldset>`;
}

function dates({ filter }: FiltersInput): Html {
  return html`<fieldset class="dates"><legend>Date</legend>
<div class="pair"><div><label for="f-from">From</label><input type="date" id="f-from" name="from" value="${filter.from}" min="1900-01-01" /></div>
<div><label for="f-to">To</label><input type="date" id="f-to" name="to" value="${filter.to}" min="1900-01-01" /></div></div>
<label for="f-date-type" class="visually-hidden">Which date</label>
<select id="f-date-type" name="dateType"><option value=""${filter.dateType === 'added' && html` selected`}>Day added to PubMed</option><option value="published"${filter.dateType === 'published' && html` selected`}>Publication date</option></select>
</fieldset>`;
}

const TEXTS = [
  ['author', 'authors', 'Author', 'Family name, initials'],
  ['journal', 'journals', 'Journal', 'Title, abbreviation or ISSN'],
  ['mesh', 'mesh', 'MeSH heading', ''],
  ['publicationType', 'publicationTypes', 'Publication type', ''],
  ['trial', 'trials', 'Trial number', 'NCT…'],
  ['language', 'languages', 'Language', 'eng, ger, spa …'],
  ['pmid', 'pmids', 'PMID', ''],
] as const;

function more({ filter }: FiltersInput): Html {
  const isChosen =
    TEXTS.some(([, list]) => filter[list].length > 0) ||
    filter.minParticipants !== null ||
    filter.freeFullText ||
    filter.retracted !== 'include';
  return html`<details class="facet" data-facet="more"${isChosen && html` open`}><summary>More</summary>
<div class="field"><label for="f-participants">Participants, at least</label><input type="number" id="f-participants" name="minParticipants" min="0" max="999999" inputmode="numeric" value="${filter.minParticipants}" /></div>
<div class="field check"><label><input type="checkbox" name="freeFullText" value="true"${filter.freeFullText && html` checked`} /> Free full text</label></div>
<div class="field"><label for="f-retracted">Retracted papers</label><select id="f-retracted" name="retracted">${(
    [
      ['include', 'Shown and marked'],
      ['exclude', 'Left out'],
      ['only', 'Only these'],
    ] as const
  ).map(
    ([value, label]) =>
      html`<option value="${value === 'include' ? '' : value}"${filter.retracted === value && html` selected`}>${label}</option>`,
  )}</select></div>
${TEXTS.map(
  ([name, list, label, hint]) =>
    html`<div class="field"><label for="f-${name}">${label}</label>${filter[list].map(
      (value) =>
        html`<label class="kept"><input type="checkbox" name="${name}" value="${value}" checked /> ${value}</label>`,
    )}<input type="text" id="f-${name}" name="${name}" placeholder="${hint}" autocomplete="off" /></div>`,
)}
</details>`;
}

/** Every filter as a control of one form that works without JavaScript. */
export function renderFilters(input: FiltersInput): Html {
  return html`<form class="filters" id="filters" data-live="filters" action="/papers" method="get" aria-label="Filters">
<div class="filters-head"><h2>Filters</h2><a class="button close" href="#results">Close</a></div>
${input.sort !== 'added' && html`<input type="hidden" name="sort" value="${input.sort}" />`}
${relevance(input)}
${input.facets.filter(({ facet }) => facet !== 'relevance').map((facet) => facetGroup(facet, input))}
${dates(input)}
${more(input)}
<div class="filters-foot"><button class="primary" type="submit">Show papers</button> <a href="/papers">Clear all</a></div>
</form>`;
}
