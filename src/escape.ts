/**
 * The one place where text from PubMed or from a visitor is made harmless for where it is shown. Every renderer goes
 * through it; nothing else in the program writes `&lt;`.
 */

/** Control characters and the marks that reverse the direction of text: they can hide or forge what a reader sees. */
const INVISIBLE =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF\uFFFE\uFFFF]/g;

const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Anything of the two above, or half of a pair: looked for first, because most texts have nothing of it. */
const SUSPECT =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069\uD800-\uDFFF\uFEFF\uFFFE\uFFFF]/;

const clean = (text: string) =>
  SUSPECT.test(text) ? text.replace(LONE_SURROGATE, '\uFFFD').replace(INVISIBLE, '') : text;

/** Words of Latin, Greek and Cyrillic letters with single spaces between: nearly every text, and already one line. */
const PLAIN_LINE = /^(?:[!-~\u00A1-\u167F]+(?: [!-~\u00A1-\u167F]+)*)?$/;

/** One line of plain text: no control characters, every run of white space one space, halves of surrogate pairs replaced. */
export const oneLine = (text: string): string =>
  PLAIN_LINE.test(text)
    ? text
    : clean(text)
        .replace(/[\s\u2028\u2029]+/gu, ' ')
        .trim();

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For HTML and XML, in text and in quoted attributes alike. */
export const escapeHtml = (text: string): string =>
  clean(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/** For Markdown (CommonMark and GitHub's): every character that could begin markup, on one line. */
export const escapeMarkdown = (text: string): string =>
  oneLine(text)
    .replace(/[\\`*_{}[\]<>#|~$!]/g, '\\$&')
    .replace(/&(?=#?\w+;)/g, '\\&')
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/^([-+=])/, '\\$1')
    .replace(/\b(https?|ftp|www)(:\/\/|\.)/gi, '$1\u200B$2');

/** An address that may stand in a link: http, https or a path of this site. @returns null for anything else */
export function safeUrl(url: string | null | undefined): string | null {
  if (!url) return null;
  if (/^\/(?!\/)[^\s\\]*$/.test(url)) return url;
  if (!URL.canParse(url)) return null;
  const { protocol, href } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? href : null;
}
