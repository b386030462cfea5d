import { MAIL_FORMATS, WEBHOOK_STYLES, type Wish } from '../../model/subscription.js';
import { FREQUENCIES, WEEKDAYS } from '../../model/period.js';
import type { Taxonomy } from '../../model/taxonomy.js';
import type { ProblemItem } from '../../problem.js';
import { fromQueryString } from '../../subscriptions/read-wish.js';
import { html, type Fragment, type Html } from '../html.js';

/** What a form holds: the fields of a browser's POST. */
export type Fields = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Facets that the form offers as boxes; all other filters travel along as they came. */
const OFFERED = ['condition', 'direction', 'study', 'population'] as const;

/** What the form shows and sends back. */
export interface FormState {
  email: string;
  /** Ticked values of the offered facets. */
  ticked: Readonly<Record<string, readonly string[]>>;
  q: string;
  /** The other filters, as a query string. */
  more: string;
  frequency: string;
  weekday: string;
  timeZone: string;
  format: string;
  sendEmpty: boolean;
  webhookUrl: string;
  webhookStyle: string;
}

const isOffered = (name: string): boolean => (OFFERED as readonly string[]).includes(name);

/** Takes filters apart into what the form shows as boxes and what it carries along. */
function takeApart(query: Readonly<Record<string, readonly string[]>>): Pick<FormState, 'ticked' | 'q' | 'more'> {
  const ticked: Record<string, string[]> = {};
  const more = new URLSearchParams();
  for (const [name, values] of Object.entries(query)) {
    if (name === 'q') continue;
    for (const value of isOffered(name) ? values.flatMap((each) => each.split(',')) : values) {
      if (value === '') continue;
      if (isOffered(name) && !value.startsWith('-')) (ticked[name] ??= []).push(value);
      else more.append(name, value);
    }
  }
  return { ticked, q: query['q']?.[0] ?? '', more: more.toString() };
}

/** The form as somebody finds it who comes with filters in the address. */
export const emptyForm = (queryString: string): FormState => ({
  email: '',
  ...takeApart(fromQueryString(queryString)),
  frequency: 'weekly',
  weekday: 'monday',
  timeZone: 'UTC',
  format: 'html',
  sendEmpty: false,
  webhookUrl: '',
  webhookStyle: 'json',
});

/** The form of a reader who is known. */
export const formOf = (wish: Wish): FormState => ({
  ...emptyForm(wish.filters),
  frequency: wish.frequency,
  weekday: wish.weekday,
  timeZone: wish.timeZone,
  format: wish.format,
  sendEmpty: wish.sendEmpty,
  webhookUrl: wish.webhook?.url ?? '',
  webhookStyle: wish.webhook?.style ?? 'json',
});

const listOf = (value: Fields[string]): string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : [...value];
const first = (value: Fields[string]): string => listOf(value)[0] ?? '';

/** What somebody sent, to be shown again with what was wrong. */
export const formSent = (fields: Fields): FormState => ({
  email: first(fields['email']),
  ticked: Object.fromEntries(OFFERED.map((facet) => [facet, listOf(fields[facet])])),
  q: first(fields['q']),
  more: first(fields['more']),
  frequency: first(fields['frequency']),
  weekday: first(fields['weekday']),
  timeZone: first(fields['timeZone']),
  format: first(fields['format']),
  sendEmpty: first(fields['sendEmpty']) !== '',
  webhookUrl: first(fields['webhookUrl']).trim(),
  webhookStyle: first(fields['webhookStyle']),
});

/** The form's fields in the shape of `POST /api/v1/subscriptions`: one reader of both. */
export function toRequest(form: FormState, withEmail: boolean): Record<string, unknown> {
  const filters: Record<string, string[]> = fromQueryString(form.more);
  for (const [facet, values] of Object.entries(form.ticked))
    if (values.length > 0) filters[facet] = [...(filters[facet] ?? []), ...values];
  if (form.q.trim() !== '') filters['q'] = [form.q];
  return {
    ...(withEmail ? { email: form.email } : {}),
    filters,
    frequency: form.frequency,
    weekday: form.weekday,
    timeZone: form.timeZone,
    format: form.format,
    sendEmpty: form.sendEmpty,
    ...(form.webhookUrl === '' ? {} : { webhook: { url: form.webhookUrl, style: form.webhookStyle } }),
  };
}

/** What was wrong, with the field it belongs to. */
type Problems = readonly ProblemItem[];

const under = (problems: Problems, pointer: string): Fragment =>
  problems
    .filter((item) => item.pointer === pointer || item.pointer?.startsWith(`${pointer}/`))
    .map(
      (item) =>
        html`<span class="field-error" role="alert">${item.value ? `${item.value}: ` : ''}${item.message}</span>`,
    );

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

const option = (value: string, label: string, chosen: string): Html =>
  html`<option value="${value}"${value === chosen && html` selected`}>${label}</option>`;

const radio = (name: string, value: string, label: string, chosen: string): Html =>
  html`<label class="choice"><input type="radio" name="${name}" value="${value}"${value === chosen && html` checked`} /> ${label}</label>`;

function facetBoxes(form: FormState, taxonomy: Pick<Taxonomy, 'facets'>): Fragment {
  return OFFERED.map((name) => {
    const facet = taxonomy.facets.find((each) => each.facet === name);
    if (!facet) return null;
    const ticked = form.ticked[name] ?? [];
    return html`<details${ticked.length > 0 && html` open`}>
<summary>${facet.label}${ticked.length > 0 && `: ${ticked.length} chosen`}</summary>
<div class="choices">${facet.tags.map(
      (tag) =>
        html`<label class="choice${tag.parent !== null && ' below'}"><input type="checkbox" name="${name}" value="${tag.value}"${ticked.includes(tag.value) && html` checked`} /> ${tag.label}</label>`,
    )}</div>
</details>`;
  });
}

/**
 * The fields of a subscription, the same for signing up and for changing. They work without a script.
 * @param moreInWords the filters that the form carries along, in words; null = none
 */
export function renderFields(
  form: FormState,
  problems: Problems,
  taxonomy: Pick<Taxonomy, 'facets' | 'noun'>,
  moreInWords: string | null,
): Html {
  const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
  if (form.timeZone !== '' && !zones.includes(form.timeZone)) zones.unshift(form.timeZone);
  return html`<fieldset>
<legend>Which papers</legend>
<p class="hint">Nothing chosen means every new paper on ${taxonomy.noun}. Within a list any of the chosen values is enough; of several lists, each has to fit.</p>
${under(problems, '/filters')}
${facetBoxes(form, taxonomy)}
<p><label for="q">Words that must appear</label><input type="search" id="q" name="q" value="${form.q}" maxlength="300" placeholder="infusion* &quot;open label&quot; -mice" /></p>
${form.more !== '' && html`<p class="notice">Also: ${moreInWords ?? form.more}. <label class="choice"><input type="checkbox" name="dropMore" value="yes" /> Leave this out</label></p><input type="hidden" name="more" value="${form.more}" />`}
</fieldset>
<fieldset>
<legend>When and how</legend>
<p class="choices">${FREQUENCIES.map((frequency) => radio('frequency', frequency, capital(frequency), form.frequency))}${under(problems, '/frequency')}</p>
<p><label for="weekday">Day of a weekly digest</label><select id="weekday" name="weekday">${WEEKDAYS.map((day) => option(day, capital(day), form.weekday))}</select>${under(problems, '/weekday')}</p>
<p><label for="timeZone">Time zone</label><select id="timeZone" name="timeZone" data-time-zone>${zones.map((zone) => option(zone, zone.replaceAll('_', ' '), form.timeZone))}</select>${under(problems, '/timeZone')}</p>
<p class="choices">${MAIL_FORMATS.map((format) => radio('format', format, format === 'html' ? 'With layout' : 'Plain text only', form.format))}${under(problems, '/format')}</p>
<p><label class="choice"><input type="checkbox" name="sendEmpty" value="yes"${form.sendEmpty && html` checked`} /> Write even when there is nothing new</label></p>
<details${form.webhookUrl !== '' && html` open`}>
<summary>Post it to a program or chat instead of mailing it</summary>
<p><label for="webhookUrl">Address that takes the post</label><input type="url" id="webhookUrl" name="webhookUrl" value="${form.webhookUrl}" maxlength="2000" placeholder="https://" />${under(problems, '/webhook/url')}</p>
<p class="choices">${WEBHOOK_STYLES.map((style) => radio('webhookStyle', style, style === 'json' ? 'JSON' : capital(style), form.webhookStyle))}${under(problems, '/webhook/style')}</p>
</details>
</fieldset>`;
}

/** The problem of the address, for the page that asks for one. */
export const emailProblem = (problems: Problems): Fragment => under(problems, '/email');
