import { escapeHtml } from '../escape.js';

/** Markup that is safe to send: made by `html`, or vouched for by `raw`. */
export class Html {
  constructor(private readonly markup: string) {}
  toString(): string {
    return this.markup;
  }
}

/** What may stand in a template: texts are escaped, markup is not; nothing comes of null, undefined and false. */
export type Fragment = Html | string | number | null | undefined | false | readonly Fragment[];

const render = (value: Fragment): string => {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.toString();
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? escapeHtml(value) : value.map(render).join('');
};

/**
 * Markup with values in it. Every value is escaped for texts and for quoted attributes, so attributes are always
 * quoted; an address of foreign origin goes through `safeUrl` first, as escaping does not stop `javascript:`.
 */
export const html = (strings: TemplateStringsArray, ...values: readonly Fragment[]): Html =>
  new Html(strings.reduce((text, string, index) => text + render(values[index - 1]) + string));

/** Markup that is known to be safe already: of a renderer that escapes by itself, never a text from outside. */
export const raw = (trusted: string): Html => new Html(trusted);

/** Fragments with something between them. */
export const join = (parts: readonly Fragment[], between: Fragment): Html =>
  html`${parts.map((part, index) => (index === 0 ? part : [between, part]))}`;
